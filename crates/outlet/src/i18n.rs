//! Japanese and English texts from `.ftl` files.
//!
//! Texts are data: a crate embeds its files with `include_str!` and loads them together with
//! others' into one [`Texts`]. A lookup never fails: a missing text shows its key, and
//! [`audit`] is the test that none is missing.

mod audit;
mod kinds;
mod locale;
mod texts;

pub use audit::audit;
pub use kinds::kind_label;
pub use locale::{LANG_COOKIE, Locale};
pub use texts::{Speech, Texts, TextsError, Value};

/// The outlet's own texts, for a server that mounts the outlet beside pages of its own.
pub const OUTLET_TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../locales/en/outlet.ftl")),
    (Locale::Ja, include_str!("../locales/ja/outlet.ftl")),
    (Locale::En, include_str!("../locales/en/feed.ftl")),
    (Locale::Ja, include_str!("../locales/ja/feed.ftl")),
];
