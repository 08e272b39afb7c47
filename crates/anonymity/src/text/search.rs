//! Names of members in running text: what a desk writes, a mail, a log.

use std::borrow::Cow;

use crate::AnonymityError;
use crate::register::{MemberId, Register};
use crate::text::names::NameIndex;
use crate::text::{decode, fold, names};

/// The first byte in UTF-8 of full-width forms.
const FULL_WIDTH: u8 = 0xef;

/// Finds every member that a text names, however the name is written or encoded.
pub struct NameSearch {
    index: NameIndex,
    members: Vec<MemberId>,
}

impl NameSearch {
    /// Prepares the names, brands and domain labels of a register.
    ///
    /// # Errors
    /// [`AnonymityError::TooManyNames`] where the register cannot be searched for.
    pub fn new(register: &Register) -> Result<Self, AnonymityError> {
        let (index, members) = names::of_register(register)?;
        Ok(Self { index, members })
    }

    /// The members that the text names, in the order of the register, each once.
    pub fn members_in(&self, text: &str) -> Vec<&MemberId> {
        let mut owners: Vec<u32> = Vec::new();
        let mut look = |text: &str| owners.extend(self.index.find(text).iter().map(|h| h.owner));
        look(text);
        for misread in decode::misread(text) {
            look(&misread);
        }
        // Encodings are ASCII; only full-width ASCII needs to be made plain first.
        let is_narrow = !text.as_bytes().contains(&FULL_WIDTH);
        let plain = if is_narrow { Cow::Borrowed(text) } else { fold::plain(text) };
        if plain.contains('%') {
            look(&decode::percent_japanese(&plain));
        }
        if has_punycode(&plain) {
            look(&decode::unicode_host(&plain));
        }
        for hidden in decode::hidden(&plain) {
            for inner in decode::hidden(&hidden) {
                look(&inner);
            }
            look(&hidden);
        }
        owners.sort_unstable();
        owners.dedup();
        owners
            .into_iter()
            .filter_map(|o| usize::try_from(o).ok().and_then(|i| self.members.get(i)))
            .collect()
    }
}

fn has_punycode(text: &str) -> bool {
    text.match_indices("--").any(|(at, _)| {
        let before = at.checked_sub(2).and_then(|from| text.get(from..at));
        before.is_some_and(|xn| xn.eq_ignore_ascii_case("xn"))
    })
}
