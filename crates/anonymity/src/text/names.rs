//! Tens of thousands of names, looked for in one pass.
//!
//! A long name (6 Latin letters or 3 Japanese characters and more) is found anywhere in the folded
//! text, also with one edit where it is long enough; a short one such as a three-letter brand only
//! as a whole word, or glued to words that lures are made of (`ihivpn`, `neclogin`).

mod keys;
mod lure;
mod matcher;
mod one_edit;
#[cfg(test)]
mod reference;
mod variants;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use self::matcher::{Matcher, Pattern};
use super::fold::{self, Folded};
use super::kana;
use super::plain::Plain;
use crate::AnonymityError;
use crate::register::{MemberId, Register};

/// Latin names from this length on are found inside words.
const INSIDE_FROM: usize = 6;
/// Names with other letters from this length on are found inside words.
const INSIDE_FROM_WIDE: usize = 3;
/// Latin names from this length on are found with one edit, as a word.
const FUZZY_FROM: usize = 6;
/// Latin names from this length on are found with one edit, inside words.
const FUZZY_INSIDE_FROM: usize = 9;
/// A name of which one part stands in kana and the other in Latin letters has at most so many
/// Latin letters beside the kana.
const MIXED_REACH: usize = 24;
/// Most spellings of all names together.
const MOST_PATTERNS: usize = 10_000_000;

/// Where a name came from decides how eagerly it is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eagerness {
    /// A name or brand: inside words too where it is long enough.
    Name,
    /// The owned label of a domain, which may be a plain word: whole words only.
    WholeWord,
}

/// How sure a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Closeness {
    /// One letter differs.
    OneEdit,
    /// The name itself, up to look-alikes.
    Exact,
}

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameHit {
    /// The owner, as numbered when the name was added.
    pub(crate) owner: u32,
    /// How sure it is.
    pub(crate) closeness: Closeness,
}

/// Collects names before the search structure is built.
#[derive(Default)]
pub(crate) struct NameIndexBuilder {
    patterns: BTreeMap<Vec<u8>, Owned>,
}

#[derive(Default)]
struct Owned {
    owners: BTreeSet<u32>,
    inside: bool,
}

/// The names, brands and owned domain labels of everybody in a register, and who each owner is.
///
/// # Errors
/// [`AnonymityError::TooManyNames`] as [`NameIndexBuilder::build`].
pub(crate) fn of_register(
    register: &Register,
) -> Result<(NameIndex, Vec<MemberId>), AnonymityError> {
    let mut builder = NameIndexBuilder::default();
    let mut members = Vec::with_capacity(register.members().len());
    for (owner, member) in (0_u32..).zip(register.members()) {
        members.push(member.id.clone());
        for name in member.names.iter().chain(&member.brands) {
            builder.add(owner, name, Eagerness::Name);
        }
        for domain in &member.domains {
            let label = domain.registrable().and_then(|d| d.split('.').next());
            if let Some(label) = label {
                builder.add(owner, label, Eagerness::WholeWord);
            }
        }
    }
    Ok((builder.build()?, members))
}

impl NameIndexBuilder {
    /// Adds a name in all its variants.
    pub(crate) fn add(&mut self, owner: u32, name: &str, eagerness: Eagerness) {
        for variant in variants::of(&fold::plain(name)) {
            self.insert(owner, &variant, eagerness);
        }
    }

    fn insert(&mut self, owner: u32, name: &str, eagerness: Eagerness) {
        let folded = Folded::new(name);
        let length = folded.bytes().iter().filter(|b| **b & 0xc0 != 0x80).count();
        let latin = folded.bytes().is_ascii();
        if length < 2 || (latin && eagerness == Eagerness::WholeWord && length < 3) {
            return;
        }
        // Of the name itself: folding takes some kanji for the kana they look like.
        let kanji_pair = length == 2 && name.chars().all(is_kanji);
        let long =
            if latin { length >= INSIDE_FROM } else { length >= INSIDE_FROM_WIDE || kanji_pair };
        let entry = self.patterns.entry(folded.bytes().to_vec()).or_default();
        entry.owners.insert(owner);
        entry.inside |= long && eagerness == Eagerness::Name;
    }

    /// Builds the search structure.
    ///
    /// # Errors
    /// [`AnonymityError::TooManyNames`] where there are more than can be numbered.
    pub(crate) fn build(self) -> Result<NameIndex, AnonymityError> {
        if self.patterns.len() > MOST_PATTERNS {
            let detail = format!("{} spellings", self.patterns.len());
            return Err(AnonymityError::TooManyNames { detail });
        }
        let mut owners = Vec::with_capacity(self.patterns.len());
        let mut patterns = Vec::with_capacity(self.patterns.len());
        for (text, owned) in self.patterns {
            patterns.push(Pattern { text: text.into(), inside: owned.inside });
            owners.push(owned.owners.into_iter().collect());
        }
        Ok(NameIndex { matcher: Matcher::new(patterns), owners })
    }
}

/// Finds names in text.
pub(crate) struct NameIndex {
    matcher: Matcher,
    /// By pattern.
    owners: Vec<Box<[u32]>>,
}

impl NameIndex {
    /// Every owner whose name stands in `text`, each once, the surest hit of each.
    pub(crate) fn find(&self, text: &str) -> Vec<NameHit> {
        let mut hits =
            self.hits(&Plain::new(text), |_, owner, closeness| NameHit { owner, closeness });
        hits.sort_unstable_by_key(|h| (h.owner, Reverse(h.closeness)));
        hits.dedup_by_key(|h| h.owner);
        hits
    }

    /// Every place where a name stands, in order, in bytes of the text.
    pub(crate) fn places(&self, text: &str) -> Vec<(Range<usize>, NameHit)> {
        let mut hits = self.hits(&Plain::tracked(text), |place, owner, closeness| {
            (place(), NameHit { owner, closeness })
        });
        hits.sort_unstable_by_key(|(place, h)| (place.start, place.end, h.owner));
        hits.dedup_by_key(|(place, h)| (place.clone(), h.owner));
        hits
    }

    fn hits<T>(
        &self,
        plain: &Plain,
        hit: impl Fn(&dyn Fn() -> Range<usize>, u32, Closeness) -> T,
    ) -> Vec<T> {
        let mut hits = Vec::new();
        let mut search = |plain: &Plain| {
            let text = Folded::of(plain);
            self.matcher.search(&text, &mut |m| {
                let place = || plain.origin(text.source(m.start..m.end));
                let owners = self.owners.get(m.pattern).into_iter().flatten();
                hits.extend(owners.map(|owner| hit(&place, *owner, m.closeness)));
            });
        };
        search(plain);
        if plain.chars.iter().any(|c| kana::is_kana(*c)) {
            search(&kana::romanise(plain, self.matcher.longest().min(MIXED_REACH)));
        }
        hits
    }
}

/// The name without legal forms and group words, where something remains.
pub(crate) fn without_company_forms(name: &str) -> Option<String> {
    variants::without_company_forms(name)
}

/// The name without legal forms, where something remains.
pub(crate) fn without_legal_form(name: &str) -> Option<String> {
    variants::without_legal_form(name)
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> NameIndex {
        let mut b = NameIndexBuilder::default();
        b.add(0, "三菱重工業株式会社", Eagerness::Name);
        b.add(0, "Mitsubishi Heavy Industries, Ltd.", Eagerness::Name);
        b.add(0, "ミツビシ", Eagerness::Name);
        b.add(1, "IHI", Eagerness::Name);
        b.add(2, "Hitachi", Eagerness::Name);
        b.add(3, "energy", Eagerness::WholeWord);
        b.build().unwrap()
    }

    fn owners(text: &str) -> Vec<u32> {
        index().find(text).into_iter().map(|h| h.owner).collect()
    }

    #[test]
    fn finds_names_in_disguise() {
        for text in [
            "三菱重工業 御中.pdf",
            "mitsubishi-heavy-industries.example",
            "MITSUBISHI_HEAVY_INDUSTRIES",
            "ｍｉｔｓｕｂｉｓｈｉ",
            "mitubisi-vpn",
            "rnitsubishi-login",
            "xmitsubshix",
            "ﾐﾂﾋﾞｼ見積",
        ] {
            assert_eq!(owners(text), [0], "{text}");
        }
        for text in ["hitach1", "hitahci", "hitachi", "hiitachi-mail", "myhitachivpn", "日本ヒタチ"]
        {
            assert_eq!(owners(text), [2], "{text}");
        }
        for text in ["ihi", "IHI-vpn", "ihivpn", "IHI2011", "lHI.pdf", "mail.ihi.example"] {
            assert_eq!(owners(text), [1], "{text}");
        }
    }

    #[test]
    fn leaves_other_words_alone() {
        for text in ["delhihills", "nihilism", "mitts", "bioenergyfarm", "svchost.exe", "chita-i"] {
            assert!(owners(text).is_empty(), "{text}");
        }
    }
}
