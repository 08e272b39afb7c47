//! Names of members in running text: what a desk writes, a mail, a log.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::AnonymityError;
use crate::register::{MemberId, Register};
use crate::text::names::NameIndex;
use crate::text::{decode, fold, names};

/// The first byte in UTF-8 of full-width forms.
const FULL_WIDTH: u8 = 0xef;

/// Bytes a word needs to hold a name in an encoding.
const MIN_ENCODED: usize = 8;

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

    /// Every place where a text names a member, in order, in bytes of the text: names as they are read,
    /// and words that hold one in an encoding. Places of one member do not overlap.
    pub fn places_in(&self, text: &str) -> Vec<(Range<usize>, &MemberId)> {
        let mut found = self.index.places(text);
        // The name itself says better where it stands than the same with a letter more or less.
        found.sort_by_key(|(place, hit)| (Reverse(hit.closeness), place.start, Reverse(place.end)));
        let mut hits: Vec<(Range<usize>, u32)> = Vec::new();
        for (place, hit) in found {
            let overlaps = |(p, owner): &(Range<usize>, u32)| {
                *owner == hit.owner && place.start < p.end && p.start < place.end
            };
            if !hits.iter().any(overlaps) {
                hits.push((place, hit.owner));
            }
        }
        // What only a decoded form shows is the whole word's.
        let found: BTreeSet<u32> = hits.iter().map(|(_, owner)| *owner).collect();
        let mut start = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            let place = start..start + word.trim_end().len();
            start += word.len();
            // Plain words were read above; an encoding needs some length.
            if place.len() >= MIN_ENCODED && may_be_encoded(word) {
                let owners = self.owners_in(word.trim_end());
                let hidden = owners.into_iter().filter(|owner| !found.contains(owner));
                hits.extend(hidden.map(|owner| (place.clone(), owner)));
            }
        }
        hits.sort_unstable_by_key(|(place, owner)| (place.start, Reverse(place.end), *owner));
        hits.into_iter().filter_map(|(place, owner)| Some((place, self.member(owner)?))).collect()
    }

    /// The members that the text names, in the order of the register, each once.
    pub fn members_in(&self, text: &str) -> Vec<&MemberId> {
        self.owners_in(text).into_iter().filter_map(|owner| self.member(owner)).collect()
    }

    fn member(&self, owner: u32) -> Option<&MemberId> {
        usize::try_from(owner).ok().and_then(|i| self.members.get(i))
    }

    /// Numbers of the members that the text names, ascending, each once.
    fn owners_in(&self, text: &str) -> Vec<u32> {
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
    }
}

fn has_punycode(text: &str) -> bool {
    text.match_indices("--").any(|(at, _)| {
        let before = at.checked_sub(2).and_then(|from| text.get(from..at));
        before.is_some_and(|xn| xn.eq_ignore_ascii_case("xn"))
    })
}

/// Whether a word may hold something in percent, hexadecimal, base64, punycode or a wrong character set.
fn may_be_encoded(word: &str) -> bool {
    let long = word.bytes().filter(u8::is_ascii_alphanumeric).count() >= MIN_ENCODED;
    long || word.contains('%') || has_punycode(word) || !word.is_ascii()
}
