//! What an upgrade changed.

use std::fmt;

/// One thing that is written otherwise since STIX 2.1. Shows as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which change, stable and the same in every language: one of [`Change::CODES`].
    pub code: &'static str,
    /// What the sentence names, for a text in another language: properties, or a number.
    pub detail: String,
    text: String,
}

impl Change {
    /// Every code of a change.
    pub const CODES: [&str; 9] = [
        "family-assumed",
        "labels-moved",
        "markings-moved",
        "observables-moved",
        "pattern-rewritten",
        "pattern-type-added",
        "property-renamed",
        "published-added",
        "version-added",
    ];

    pub(super) fn new(
        code: &'static str,
        detail: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        debug_assert!(Self::CODES.contains(&code), "{code} is not in the list of codes");
        Self { code, detail: detail.into(), text: text.into() }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
