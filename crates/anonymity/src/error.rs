//! What can be wrong with the data this crate is given.

/// A register, a list or a vocabulary that cannot be used. The texts name entries of public data
/// (the register is public), never a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnonymityError {
    /// The file is not TOML of the expected shape.
    #[error("the {what} file cannot be read: {detail}")]
    Unreadable {
        /// Which file: `register` or `vocabulary`.
        what: &'static str,
        /// What the TOML reader says, with line and column.
        detail: String,
    },
    /// Two members share an id.
    #[error(
        "register entry {position} repeats the id of an earlier entry: give each member its own id"
    )]
    DuplicateMember {
        /// Counted from 1.
        position: usize,
    },
    /// A member without an id, or with one that is not plain text.
    #[error(
        "register entry {position} has no usable id: use 1 to 64 letters, digits, '-', '_' or '.'"
    )]
    BadMemberId {
        /// Counted from 1.
        position: usize,
    },
    /// A member without a name.
    #[error(
        "register entry {position} has no name, or an empty one: give the registered name first"
    )]
    NoName {
        /// Counted from 1.
        position: usize,
    },
    /// A name or brand too short to look for, or too long to be one.
    #[error(
        "register entry {position}: {text:?} cannot be looked for: names have 2 to 200 letters or digits"
    )]
    UnusableName {
        /// Counted from 1.
        position: usize,
        /// The name as given.
        text: String,
    },
    /// A weight of zero says the member can never be the victim, which is never true.
    #[error("register entry {position} has weight 0: the smallest weight is 1")]
    ZeroWeight {
        /// Counted from 1.
        position: usize,
    },
    /// A size between no numbers, or one that allows a firm of nothing.
    #[error(
        "nothing lies between {least} and {most}: give the least first, from 1, then the most a firm of this size has"
    )]
    BadSize {
        /// As given.
        least: u64,
        /// As given.
        most: u64,
    },
    /// A member without a place in the label tree.
    #[error(
        "register entry {position} has no label path, or an empty step in it: give for example [\"energy\", \"electricity\"]"
    )]
    NoLabelPath {
        /// Counted from 1.
        position: usize,
    },
    /// A member that left before it joined.
    #[error("register entry {position} left before it joined: check both dates")]
    LeftBeforeJoined {
        /// Counted from 1.
        position: usize,
    },
    /// A domain that is none, or that is a public suffix and so would match strangers.
    #[error("register entry {position}: {text:?} is not a domain a member can own")]
    BadDomain {
        /// Counted from 1.
        position: usize,
        /// The domain as given.
        text: String,
    },
    /// A network that is none.
    #[error(
        "register entry {position}: {text:?} is not an address or a prefix such as 192.0.2.0/25"
    )]
    BadNetwork {
        /// Counted from 1.
        position: usize,
        /// The network as given.
        text: String,
    },
    /// More names than the search structure can hold.
    #[error("the register has too many names to search for at once: {detail}")]
    TooManyNames {
        /// What the search library says.
        detail: String,
    },
    /// The vocabulary lists a term twice in one group.
    #[error("the vocabulary lists {id:?} twice: remove one")]
    DuplicateTerm {
        /// The repeated id.
        id: String,
    },
    /// A parameter of the policy that promises nothing.
    #[error("the policy parameter {what} cannot be used: {why}")]
    BadParameter {
        /// The setting.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Text that is no share.
    #[error("{text:?} is not a share: write a fraction such as 1/4 or a decimal such as 0.25")]
    BadRatio {
        /// The beginning of the text as given.
        text: String,
    },
    /// A certificate whose signature does not belong to it.
    #[error(
        "the certificate was not signed with this key, or was changed: do not rely on it and ask the hub's operator for the right key"
    )]
    BadCertificateSignature,
    /// A certificate that does not follow from public data.
    #[error(
        "the certificate's {what} does not follow from the public register, parameters and releases: check that these are the ones of its date; if they are, tell all members"
    )]
    CertificateDiffers {
        /// The statement that differs.
        what: &'static str,
    },
}
