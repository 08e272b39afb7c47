//! Twelve words: all that a reporter has to keep.
//!
//! They are 128 random bits in the spelling of BIP-39, English or Japanese. Both spellings of the
//! same bits give the same keys.

use bip39::{Error, Language, Mnemonic};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::{Entropy, SealError, random_bytes};

/// Bytes behind twelve words.
const SEED_LEN: usize = 16;
const WORD_COUNT: usize = 12;
/// Longest text that is looked at, in bytes; twelve Japanese words have less than 300.
const MAX_TEXT_LEN: usize = 2_000;

/// Which list the words are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WordList {
    /// The English list.
    #[default]
    English,
    /// The Japanese list, in hiragana.
    Japanese,
}

/// The secret behind a report. Wiped from memory when dropped; has no `Debug`, cannot be
/// serialised, and leaves only through [`Words::expose`].
pub struct Words(Zeroizing<[u8; SEED_LEN]>);

impl Words {
    /// Fresh words, for one report.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self(Zeroizing::new(random_bytes(entropy)))
    }

    /// Reads words as people type them: either list, any case, width and spacing.
    ///
    /// Errors: [`SealError::BadWords`], [`SealError::UnknownWord`], [`SealError::WordsDoNotFit`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        if text.len() > MAX_TEXT_LEN {
            return Err(SealError::BadWords);
        }
        // Room for the longest decomposition: a string that grows leaves copies behind.
        let mut normal = Zeroizing::new(String::with_capacity(MAX_TEXT_LEN * 6));
        normal.extend(text.nfkd().flat_map(char::to_lowercase));
        if normal.split_whitespace().count() != WORD_COUNT {
            return Err(SealError::BadWords);
        }
        let read = |language| Mnemonic::parse_in_normalized(language, &normal);
        let words = match (read(Language::English), read(Language::Japanese)) {
            (Ok(words), _) | (_, Ok(words)) => words,
            (Err(english), Err(japanese)) => return Err(nearer(&english, &japanese)),
        };
        let (bytes, _) = words.to_entropy_array();
        let bytes = Zeroizing::new(bytes);
        let seed = bytes.first_chunk().ok_or(SealError::BadWords)?;
        Ok(Self(Zeroizing::new(*seed)))
    }

    /// The words, to be shown once to the reporter. Japanese words stand apart by an ideographic
    /// space.
    pub fn expose(&self, list: WordList) -> Result<Zeroizing<String>, SealError> {
        let (language, between) = match list {
            WordList::English => (Language::English, ' '),
            WordList::Japanese => (Language::Japanese, '\u{3000}'),
        };
        let words = Mnemonic::from_entropy_in(language, self.0.as_slice())
            .map_err(|_| SealError::BadWords)?;
        let mut out = Zeroizing::new(String::with_capacity(MAX_TEXT_LEN));
        for word in words.words() {
            if !out.is_empty() {
                out.push(between);
            }
            // The list is decomposed; people write composed letters.
            out.extend(word.nfc());
        }
        Ok(out)
    }

    pub(crate) fn seed(&self) -> &[u8; SEED_LEN] {
        &self.0
    }
}

/// What to say when neither list fits: that of the list that went further.
fn nearer(english: &Error, japanese: &Error) -> SealError {
    match (english, japanese) {
        (Error::UnknownWord(e), Error::UnknownWord(j)) => SealError::UnknownWord(*e.max(j) + 1),
        _ => SealError::WordsDoNotFit,
    }
}
