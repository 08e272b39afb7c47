//! What can be wrong with something that was signed, hashed or issued here.

use crate::{KeyId, Purpose};

/// Why a key, signature, receipt or batch was refused. Never contains the text that was refused: it
/// may be a secret with one wrong letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A public key that is malformed, not on the curve, or of small order.
    #[error(
        "this is not a usable Ed25519 public key: expected 64 hexadecimal digits as printed by the hub"
    )]
    BadPublicKey,
    /// A signature in the wrong form.
    #[error("this is not an Ed25519 signature: expected 128 hexadecimal digits")]
    MalformedSignature,
    /// A key identifier in the wrong form.
    #[error("this is not a key identifier: expected 16 hexadecimal digits")]
    BadKeyId,
    /// Signed with another key than the one at hand.
    #[error(
        "this was signed with key {signed_with}, but checked with key {checked_with}: get the hub's key {signed_with}"
    )]
    OtherKey {
        /// The key the signer names.
        signed_with: KeyId,
        /// The key the reader holds.
        checked_with: KeyId,
    },
    /// The signature does not fit content, purpose and key.
    #[error(
        "the signature does not fit this content: it was changed after signing, or signed for another purpose; fetch it again from the hub"
    )]
    BadSignature,
    /// An API key in the wrong form.
    #[error(
        "this is not an API key: expected nrsh_, 12 letters or digits, _, 32 letters or digits; copy it again as a whole"
    )]
    BadApiKey,
    /// A one-time link or session token in the wrong form.
    #[error("this is not a token: expected 52 letters or digits; copy the whole link again")]
    BadToken,
    /// A stored digest of the wrong length.
    #[error("a key digest has 32 bytes, this one has another length: the stored value is damaged")]
    BadDigest,
    /// A stored password hash that cannot be read.
    #[error("a stored password hash is damaged: reset the account's password")]
    BadPasswordHash,
    /// A receipt that cannot be read; the word names the part.
    #[error("this receipt cannot be read ({0}): paste the whole block from BEGIN to END")]
    BadReceipt(&'static str),
    /// A receipt for other content.
    #[error(
        "this receipt is genuine, but for other content: compare with the file exactly as it was sent"
    )]
    OtherContent,
    /// A batch head that cannot be read or made; the word names the part.
    #[error("this batch head is damaged ({0}): fetch the batch again")]
    BadBatch(&'static str),
    /// The objects of a batch are not those that were signed.
    #[error("the objects of this batch are not the {0} that were signed: fetch the batch again")]
    OtherObjects(u32),
    /// A sealing key in the wrong form, or with a wrong letter.
    #[error(
        "this is not a sealing key: expected nrsk_ and about 1,950 letters or digits; copy it again as a whole"
    )]
    BadSealingKey,
    /// An envelope that cannot be read; the words say why.
    #[error("this is not an envelope of noroshi ({0}): fetch it again, as binary")]
    BadEnvelope(&'static str),
    /// A payload that no size class holds.
    #[error("a {purpose} holds at most {limit} bytes: shorten it, or send it in parts")]
    PayloadTooLong {
        /// What it was for.
        purpose: Purpose,
        /// The most bytes it may have.
        limit: usize,
    },
    /// An envelope that names another key.
    #[error(
        "this envelope is sealed for key {sealed_for}, not for {opened_with}: use the key file of {sealed_for}"
    )]
    NotForThisKey {
        /// The key the envelope names.
        sealed_for: KeyId,
        /// The key at hand.
        opened_with: KeyId,
    },
    /// An item that names no key and does not open.
    #[error("this item is not for this mailbox, or was altered")]
    NotForThisMailbox,
    /// An envelope for another purpose.
    #[error("this envelope holds a {sealed_for}, not a {opened_for}: open it as what it is")]
    OtherPurpose {
        /// What it says it is for.
        sealed_for: Purpose,
        /// What it was opened for.
        opened_for: Purpose,
    },
    /// An envelope that does not open although it names this key.
    #[error(
        "this envelope was altered, or it was sealed for another matter than the one given: fetch it again from the hub"
    )]
    Altered,
    /// The cryptographic library failed where it must not.
    #[error("the cipher failed: this is a fault of the program; please report it")]
    Cipher,
    /// A key statement that cannot be read; the words name the part.
    #[error("this key statement cannot be read ({0}): ask the authority for its file again")]
    BadKeyStatement(&'static str),
    /// A sealing key before its time.
    #[error("this sealing key holds only from {0} on: seal with the one before it")]
    KeyNotYetValid(String),
    /// A sealing key after its time.
    #[error("this sealing key expired after {0}: get the authority's new key statement")]
    KeyExpired(String),
    /// A private key file that cannot be read.
    #[error(
        "this is not an authority's key file: expected nrsx_ and letters or digits, as written by noroshi authority keygen"
    )]
    BadAuthorityKey,
    /// A private key file that is protected.
    #[error("this key file is protected: name the passphrase with --passphrase-file")]
    PassphraseNeeded,
    /// A wrong passphrase, or a damaged file.
    #[error("the passphrase does not open this key file: check it, and that the file is whole")]
    WrongPassphrase,
    /// A passphrase that protects nothing.
    #[error("a passphrase needs at least {0} characters; five or six random words are good")]
    ShortPassphrase(usize),
    /// Argon2id could not run.
    #[error("there is not enough memory to derive the key: {0} MiB are needed")]
    NotEnoughMemory(u32),
    /// Not twelve words.
    #[error("there must be twelve words, all English or all Japanese, as they were shown")]
    BadWords,
    /// A word that is in neither list; counted from 1.
    #[error("word {0} is in neither list: check its spelling")]
    UnknownWord(usize),
    /// Twelve known words whose checksum is wrong.
    #[error("these words do not belong together: one of them is wrong, or two changed places")]
    WordsDoNotFit,
    /// Words of another report.
    #[error("these words are genuine, but of another report")]
    OtherReporter,
    /// A message in a mailbox that cannot be read.
    #[error("this mailbox message cannot be read: it was made by another program")]
    BadMailboxMessage,
    /// A daily tree that cannot be made or read; the words name the part.
    #[error("this daily tree is damaged ({0}): fetch it again")]
    BadDayTree(&'static str),
    /// A daily head that does not follow the one before it.
    #[error(
        "this daily head does not follow the one before it ({0}): a day is missing or was changed"
    )]
    BrokenChain(&'static str),
    /// A proof file that cannot be read; the words name the part.
    #[error("this proof cannot be read ({0}): use the file exactly as it was written")]
    BadProof(&'static str),
    /// A receipt that is not in the tree of its day.
    #[error("this receipt is not in the tree that the hub published for {0}")]
    NotInTree(String),
    /// Receipt and head are of different days.
    #[error(
        "the receipt is of {receipt}, the published head of {head}: they do not belong together"
    )]
    OtherDay {
        /// The day on the receipt.
        receipt: String,
        /// The day of the head.
        head: String,
    },
    /// A receipt without a report key.
    #[error("this receipt names no report key: it proves content and day, not who holds the words")]
    NoReportKey,
    /// A challenge or answer in the wrong form.
    #[error("this is not a challenge or answer: copy the whole line again")]
    BadChallenge,
    /// A commitment that was made for another member.
    #[error("the report was not committed to this member: name and words do not fit the receipt")]
    OtherMember,
}
