//! Finding a name in text, however it is written.
//!
//! [`plain`] makes width plain, [`fold`] brings text to one look (case, accents, look-alike
//! letters), [`kana`] brings kana to Latin letters, [`decode`] undoes encodings, [`names`] looks
//! for tens of thousands of names in one pass, [`search`] does all of it to a running text.

pub(crate) mod addresses;
pub(crate) mod decode;
pub(crate) mod fold;
pub(crate) mod kana;
pub(crate) mod names;
mod plain;
mod search;

pub use search::NameSearch;

pub(crate) use self::fold::{Folded, plain};

/// The entries of a word list: one per line, `#` starts a comment.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> + Clone {
    list.lines().map(|l| l.split('#').next().unwrap_or_default().trim()).filter(|l| !l.is_empty())
}
