//! Pages for people.

mod readers;

use noroshi_outlet::i18n::Locale;

pub use readers::Readers;

/// The hub's texts, in both languages.
pub const HUB_TEXTS: &[(Locale, &str)] = &[];
