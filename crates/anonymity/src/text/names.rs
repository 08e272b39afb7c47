//! Tens of thousands of names, looked for in one pass.
//!
//! A long name (6 Latin letters or 3 Japanese characters and more) is found anywhere in the folded
//! text, also with one edit where it is long enough; a short one such as a three-letter brand only
//! as a whole word, or glued to words that lures are made of (`ihivpn`, `neclogin`).

mod lure;
mod one_edit;
mod variants;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use aho_corasick::AhoCorasick;

use self::lure::{Lures, WordEdges};
use super::fold::{self, Folded};
use super::kana;
use crate::AnonymityError;

/// Latin names from this length on are found inside words.
const INSIDE_FROM: usize = 6;
/// Names with other letters from this length on are found inside words.
const INSIDE_FROM_WIDE: usize = 3;
/// Latin names from this length on are found with one edit, as a word.
const FUZZY_FROM: usize = 6;
/// Latin names from this length on are found with one edit, inside words.
const FUZZY_INSIDE_FROM: usize = 9;

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
    patterns: HashMap<String, Pattern>,
}

#[derive(Default)]
struct Pattern {
    owners: BTreeSet<u32>,
    inside: bool,
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
        let folded = folded.as_str();
        let length = folded.chars().count();
        let latin = folded.is_ascii();
        if length < 2 || (latin && eagerness == Eagerness::WholeWord && length < 3) {
            return;
        }
        // Of the name itself: folding takes some kanji for the kana they look like.
        let kanji_pair = length == 2 && name.chars().all(is_kanji);
        let long =
            if latin { length >= INSIDE_FROM } else { length >= INSIDE_FROM_WIDE || kanji_pair };
        let entry = self.patterns.entry(folded.to_owned()).or_default();
        entry.owners.insert(owner);
        entry.inside |= long && eagerness == Eagerness::Name;
    }

    /// Builds the search structure.
    pub(crate) fn build(self) -> Result<NameIndex, AnonymityError> {
        let mut sorted: Vec<(String, Pattern)> = self.patterns.into_iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut halves: HashMap<&str, Vec<Half>> = HashMap::new();
        for (i, (text, pattern)) in sorted.iter().enumerate() {
            if text.is_ascii() && text.len() >= FUZZY_FROM {
                let anywhere = pattern.inside && text.len() >= FUZZY_INSIDE_FROM;
                let (left, right) = text.split_at(text.len() / 2);
                let near = three(|i| right.as_bytes().get(i).copied());
                let half = Half { pattern: i, is_left: true, anywhere, beside: near };
                halves.entry(left).or_default().push(half);
                let near = three(|i| left.as_bytes().iter().rev().nth(i).copied());
                let half = Half { pattern: i, is_left: false, anywhere, beside: near };
                halves.entry(right).or_default().push(half);
            }
        }
        let (half_texts, half_of): (Vec<&str>, Vec<Vec<Half>>) = halves.into_iter().unzip();
        let too_many =
            |e: aho_corasick::BuildError| AnonymityError::TooManyNames { detail: e.to_string() };
        let halves = AhoCorasick::new(&half_texts).map_err(too_many)?;
        let (texts, patterns): (Vec<_>, Vec<_>) = sorted.into_iter().unzip();
        Ok(NameIndex {
            exact: AhoCorasick::new(&texts).map_err(too_many)?,
            halves,
            half_of,
            texts,
            patterns,
            lures: Lures::new().map_err(too_many)?,
        })
    }
}

/// Finds names in text.
pub(crate) struct NameIndex {
    exact: AhoCorasick,
    /// Left and right halves of long Latin names: with one edit, one half is still whole.
    halves: AhoCorasick,
    half_of: Vec<Vec<Half>>,
    texts: Vec<String>,
    patterns: Vec<Pattern>,
    lures: Lures,
}

struct Half {
    pattern: usize,
    is_left: bool,
    /// Whether the name is also looked for inside words.
    anywhere: bool,
    /// The three letters of the other half nearest to this one: most candidates end here.
    beside: [u8; 3],
}

/// One text being searched.
struct Search<'a> {
    index: &'a NameIndex,
    text: &'a Folded,
    /// Asked for by few texts, so computed at first use.
    edges: OnceCell<WordEdges>,
    hits: &'a mut Vec<NameHit>,
}

impl NameIndex {
    /// Every owner whose name stands in `text`, each once, the surest hit of each.
    pub(crate) fn find(&self, text: &str) -> Vec<NameHit> {
        let mut hits = Vec::new();
        self.find_folded(&Folded::new(text), &mut hits);
        if kana::has_kana(text) {
            let romanised = kana::romanise(&fold::plain(text));
            self.find_folded(&Folded::new(&romanised), &mut hits);
        }
        hits.sort_unstable_by_key(|h| (h.owner, std::cmp::Reverse(h.closeness)));
        hits.dedup_by_key(|h| h.owner);
        hits
    }

    fn find_folded(&self, text: &Folded, hits: &mut Vec<NameHit>) {
        let mut search = Search { index: self, text, edges: OnceCell::new(), hits };
        search.exact();
        search.with_one_edit();
    }
}

impl Search<'_> {
    fn exact(&mut self) {
        for m in self.index.exact.find_overlapping_iter(self.text.as_str()) {
            let Some(pattern) = self.index.patterns.get(m.pattern().as_usize()) else { continue };
            if pattern.inside || (self.begins(m.start()) && self.ends(m.end())) {
                self.note(pattern, Closeness::Exact);
            }
        }
    }

    /// Where one half of a name stands, does the other stand beside it with one edit?
    fn with_one_edit(&mut self) {
        let text = self.text.as_str().as_bytes();
        for m in self.index.halves.find_overlapping_iter(self.text.as_str()) {
            let (start, end) = (m.start(), m.end());
            let after = three(|i| text.get(end + i).copied());
            let before = three(|i| start.checked_sub(i + 1).and_then(|at| text.get(at)).copied());
            for half in self.index.half_of.get(m.pattern().as_usize()).into_iter().flatten() {
                let near = if half.is_left { after } else { before };
                if one_edit::is_plausible(half.beside, near)
                    && self.other_half(half, start, end)
                    && let Some(pattern) = self.index.patterns.get(half.pattern)
                {
                    self.note(pattern, Closeness::OneEdit);
                }
            }
        }
    }

    fn other_half(&self, half: &Half, start: usize, end: usize) -> bool {
        if !half.anywhere && !(if half.is_left { self.begins(start) } else { self.ends(end) }) {
            return false;
        }
        let text = self.text.as_str().as_bytes();
        let Some(name) = self.index.texts.get(half.pattern) else { return false };
        let (left, right) = name.as_bytes().split_at(name.len() / 2);
        if half.is_left {
            one_edit::lengths(
                |i| right.get(i).copied(),
                right.len(),
                |i| text.get(end + i).copied(),
            )
            .any(|length| half.anywhere || self.ends(end + length))
        } else {
            let before = |i: usize| start.checked_sub(i + 1).and_then(|at| text.get(at)).copied();
            let letter = |i: usize| left.iter().rev().nth(i).copied();
            one_edit::lengths(letter, left.len(), before).any(|length| {
                half.anywhere || start.checked_sub(length).is_some_and(|at| self.begins(at))
            })
        }
    }

    fn begins(&self, at: usize) -> bool {
        self.edges().begins(at)
    }

    fn ends(&self, at: usize) -> bool {
        self.edges().ends(at)
    }

    fn edges(&self) -> &WordEdges {
        self.edges.get_or_init(|| self.index.lures.edges(self.text))
    }

    fn note(&mut self, pattern: &Pattern, closeness: Closeness) {
        self.hits.extend(pattern.owners.iter().map(|&owner| NameHit { owner, closeness }));
    }
}

/// The name without legal forms and group words, where something remains.
pub(crate) fn without_company_forms(name: &str) -> Option<String> {
    variants::without_company_forms(name)
}

/// The first three letters `letter` gives; 0, which no folded text has, where there are fewer.
fn three(letter: impl Fn(usize) -> Option<u8>) -> [u8; 3] {
    [0, 1, 2].map(|i| letter(i).unwrap_or(0))
}

/// The entries of a word list: one per line, `#` starts a comment.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(|l| l.split('#').next().unwrap_or_default().trim()).filter(|l| !l.is_empty())
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
