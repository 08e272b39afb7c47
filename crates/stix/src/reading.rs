//! What reading foreign objects gives: the observables, and what was passed over and why.

use std::fmt;

use crate::{Kind, Observable, pattern::PatternError};

/// What one object or attribute gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectYield {
    /// The observables, in the order they stand there; not deduplicated.
    pub found: Vec<Observable>,
    /// What was there but is not carried on.
    pub skipped: Vec<Skipped>,
}

/// What one MISP attribute gave.
pub type AttributeYield = ObjectYield;

/// Something in an object that does not become an observable.
#[derive(Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands: a property path such as `pattern: file:size` or `hashes.SSDEEP`, at most
    /// 120 characters of it.
    pub path: String,
    /// Why it is passed over.
    pub reason: SkipReason,
    /// Its text, at most 120 characters; for the one who sent it only.
    pub text: String,
}

/// Longest [`Skipped::path`] and [`Skipped::text`], in characters.
const MAX_TEXT: usize = 120;

impl Skipped {
    pub(crate) fn new(path: &str, reason: SkipReason, text: &str) -> Self {
        Self { path: head(path).to_owned(), reason, text: head(text).to_owned() }
    }
}

/// The first [`MAX_TEXT`] characters: names and values of strangers may be as long as a document,
/// and be passed over as often.
pub(crate) fn head(text: &str) -> &str {
    text.char_indices().nth(MAX_TEXT).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Leaves the text out: it may be somebody's secret.
impl fmt::Debug for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Skipped({}: {})", self.path, self.reason.code())
    }
}

/// Why something is passed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// The property or attribute type has no kind of ours.
    #[error("this kind of value is not shared as an indicator")]
    UnsupportedProperty,
    /// The object type has no kind of ours.
    #[error("this type of object is not shared as an indicator")]
    UnsupportedType,
    /// A comparison that names no single value: `LIKE`, `MATCHES`, `>` and so on.
    #[error("only =, IN and ISSUBSET name a value that can be shared")]
    UnsupportedOperator,
    /// A pattern in a language that is not carried.
    #[error("patterns of this language are not carried; use stix, yara, sigma, snort or suricata")]
    UnsupportedPatternType,
    /// `!=` or `NOT`: says what is not bad.
    #[error("the comparison says what the value is not")]
    Negated,
    /// The text is not a value of the kind its place promises. Defanged text ends up here.
    #[error("the text is not a valid {0}")]
    NotAValue(Kind),
    /// A mail address that received the mail: a victim.
    #[error("recipients of a mail are never shared")]
    Recipient,
    /// Names the target of the attack.
    #[error("what names the target of an attack is never shared")]
    Target,
    /// The object was revoked by its author.
    #[error("the author revoked this object")]
    Revoked,
    /// The author says it is harmless.
    #[error("the author marked this indicator as benign")]
    Benign,
    /// The pattern cannot be parsed.
    #[error("{0}")]
    BadPattern(PatternError),
    /// The object lacks a property it needs, or has one of the wrong type.
    #[error("the object has no usable property {0:?}")]
    BadObject(&'static str),
}

impl SkipReason {
    /// A stable code, the same in every language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedProperty => "unsupported-property",
            Self::UnsupportedType => "unsupported-type",
            Self::UnsupportedOperator => "unsupported-operator",
            Self::UnsupportedPatternType => "unsupported-pattern-type",
            Self::Negated => "negated",
            Self::NotAValue(_) => "not-a-value",
            Self::Recipient => "recipient",
            Self::Target => "target",
            Self::Revoked => "revoked",
            Self::Benign => "benign",
            Self::BadPattern(e) => e.code(),
            Self::BadObject(_) => "bad-object",
        }
    }
}
