//! Finding a name in text, however it is written.
//!
//! [`fold`] brings text to one plain form (width, case, accents, look-alike letters), [`kana`]
//! brings kana to Latin letters, [`names`] looks for tens of thousands of names in one pass.

pub(crate) mod addresses;
pub(crate) mod decode;
pub(crate) mod fold;
pub(crate) mod kana;
pub(crate) mod names;
