//! Detection rules, carried as opaque text.

use super::Kind;

/// The language of a detection rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is named after its language")]
pub enum RuleLanguage {
    Yara,
    Sigma,
    Suricata,
}

impl RuleLanguage {
    /// STIX `pattern_type` (STIX 2.1, section 10.19).
    pub const fn pattern_type(self) -> &'static str {
        match self {
            Self::Yara => "yara",
            Self::Sigma => "sigma",
            Self::Suricata => "suricata",
        }
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Yara => Kind::Yara,
            Self::Sigma => Kind::Sigma,
            Self::Suricata => Kind::Suricata,
        }
    }
}

/// A detection rule's language and text. We neither run nor rewrite it, and because anything may
/// hide in it, it is released only after a person has read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    language: RuleLanguage,
    text: String,
}

/// Longest rule text accepted, in bytes.
pub(super) const MAX_RULE_LEN: usize = 256 * 1024;

impl Rule {
    /// A rule of 1 byte to 256 KiB; `None` where the text is blank or longer.
    pub fn new(language: RuleLanguage, text: &str) -> Option<Self> {
        (!text.trim().is_empty() && text.len() <= MAX_RULE_LEN)
            .then(|| Self { language, text: text.to_owned() })
    }

    /// Which language.
    pub fn language(&self) -> RuleLanguage {
        self.language
    }

    /// The rule as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}
