//! Tens of thousands of names, looked for in one pass.
//!
//! A long name (6 Latin letters or 3 Japanese characters and more) is found anywhere in the folded
//! text, also with one edit where it is long enough; a short one such as a three-letter brand only
//! as a whole word, or glued to words that lures are made of (`ihivpn`, `neclogin`).

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;

use super::fold::{Edge, Folded};
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

/// Words that lure names are glued from.
const LURE_WORDS: &str = include_str!("../../../../reference/lure-words.txt");

/// Legal forms and group words around a company's own name.
const COMPANY_FORMS: &str = include_str!("../../../../reference/company-forms.txt");

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
    /// Adds a name with its variants: without its legal form, kana as Latin letters, both Latin
    /// spellings of Japanese.
    pub(crate) fn add(&mut self, owner: u32, name: &str, eagerness: Eagerness) {
        let plain: String = name.nfkc().collect();
        let mut variants = BTreeSet::from([plain.clone()]);
        variants.extend(without_company_forms(&plain));
        for v in variants.clone() {
            if kana::has_kana(&v) {
                variants.insert(kana::romanise(&v));
            }
        }
        for v in variants.clone() {
            if v.is_ascii() {
                variants.extend(kana::kunrei(&v.to_ascii_lowercase()));
            }
        }
        for v in &variants {
            let joined: String = v.chars().filter(|c| c.is_alphanumeric()).collect();
            for text in [v, &joined] {
                self.insert(owner, text, eagerness);
            }
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
        let mut halves: HashMap<String, Vec<Half>> = HashMap::new();
        for (i, (text, _)) in sorted.iter().enumerate() {
            if text.is_ascii() && text.len() >= FUZZY_FROM {
                let (left, right) = text.split_at(text.len() / 2);
                halves.entry(left.to_owned()).or_default().push(Half { pattern: i, left: true });
                halves.entry(right.to_owned()).or_default().push(Half { pattern: i, left: false });
            }
        }
        let (half_texts, half_of): (Vec<_>, Vec<_>) = halves.into_iter().unzip();
        let (texts, patterns): (Vec<_>, Vec<_>) = sorted.into_iter().unzip();
        let too_many =
            |e: aho_corasick::BuildError| AnonymityError::TooManyNames { detail: e.to_string() };
        Ok(NameIndex {
            exact: AhoCorasick::new(&texts).map_err(too_many)?,
            halves: AhoCorasick::new(&half_texts).map_err(too_many)?,
            texts,
            patterns,
            half_of,
            lure: words(LURE_WORDS).map(|w| Folded::new(w).as_str().to_owned()).collect(),
        })
    }
}

struct Half {
    pattern: usize,
    left: bool,
}

/// Finds names in text.
pub(crate) struct NameIndex {
    exact: AhoCorasick,
    halves: AhoCorasick,
    texts: Vec<String>,
    patterns: Vec<Pattern>,
    half_of: Vec<Vec<Half>>,
    lure: HashSet<String>,
}

impl NameIndex {
    /// Every owner whose name stands in `text`, each once, the surest hit of each.
    pub(crate) fn find(&self, text: &str) -> Vec<NameHit> {
        let mut hits: HashMap<u32, Closeness> = HashMap::new();
        self.find_folded(&Folded::new(text), &mut hits);
        if kana::has_kana(text) {
            let plain: String = text.nfkc().collect();
            self.find_folded(&Folded::new(&kana::romanise(&plain)), &mut hits);
        }
        let mut hits: Vec<NameHit> =
            hits.into_iter().map(|(owner, closeness)| NameHit { owner, closeness }).collect();
        hits.sort_by_key(|h| h.owner);
        hits
    }

    fn find_folded(&self, text: &Folded, hits: &mut HashMap<u32, Closeness>) {
        for m in self.exact.find_overlapping_iter(text.as_str()) {
            let Some(pattern) = self.patterns.get(m.pattern().as_usize()) else { continue };
            if pattern.inside || self.is_word(text, m.start(), m.end()) {
                note(hits, pattern, Closeness::Exact);
            }
        }
        for m in self.halves.find_overlapping_iter(text.as_str()) {
            for half in self.half_of.get(m.pattern().as_usize()).into_iter().flatten() {
                self.try_half(text, half, (m.start(), m.end()), hits);
            }
        }
    }

    /// One half of a name stands at `at`: does the whole name stand there with one edit?
    fn try_half(
        &self,
        text: &Folded,
        half: &Half,
        at: (usize, usize),
        hits: &mut HashMap<u32, Closeness>,
    ) {
        let (Some(name), Some(pattern)) =
            (self.texts.get(half.pattern), self.patterns.get(half.pattern))
        else {
            return;
        };
        let anywhere = pattern.inside && name.len() >= FUZZY_INSIDE_FROM;
        for length in [name.len(), name.len() - 1, name.len() + 1] {
            let span = if half.left {
                Some((at.0, at.0 + length))
            } else {
                at.1.checked_sub(length).map(|start| (start, at.1))
            };
            let Some((start, end)) = span else { continue };
            let Some(window) = text.as_str().get(start..end) else { continue };
            if one_edit(name.as_bytes(), window.as_bytes())
                && (anywhere || self.is_word(text, start, end))
            {
                note(hits, pattern, Closeness::OneEdit);
            }
        }
    }

    /// Whether `start..end` is a word by itself, or the rest of its word is made of lure words.
    fn is_word(&self, text: &Folded, start: usize, end: usize) -> bool {
        let edge = |at| text.edge(at) != Edge::None;
        if edge(start) && edge(end) {
            return true;
        }
        let (left, right) = text.word_around(start, end);
        let rest = |from: usize, to: usize| text.as_str().get(from..to).unwrap_or_default();
        (edge(start) || self.is_lure(rest(left, start)))
            && (edge(end) || self.is_lure(rest(end, right)))
    }

    /// Whether the text is a sequence of lure words and nothing else.
    fn is_lure(&self, text: &str) -> bool {
        // No lure is that long; a bound keeps hostile text linear.
        if text.len() > 40 || !text.is_ascii() {
            return false;
        }
        let mut reachable = vec![false; text.len() + 1];
        if let Some(first) = reachable.first_mut() {
            *first = true;
        }
        for end in 1..=text.len() {
            let ok = (0..end).any(|start| {
                reachable.get(start) == Some(&true)
                    && text.get(start..end).is_some_and(|w| self.lure.contains(w))
            });
            if let Some(slot) = reachable.get_mut(end) {
                *slot = ok;
            }
        }
        reachable.last() == Some(&true)
    }
}

fn note(hits: &mut HashMap<u32, Closeness>, pattern: &Pattern, closeness: Closeness) {
    for owner in &pattern.owners {
        let best = hits.entry(*owner).or_insert(closeness);
        *best = (*best).max(closeness);
    }
}

/// Whether the two differ by exactly one insertion, deletion, substitution or swap of neighbours.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let same = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    let (long, short) =
        (long.get(same..).unwrap_or_default(), short.get(same..).unwrap_or_default());
    match (long, short) {
        ([_, l @ ..], s) if long.len() == short.len() + 1 => l == s,
        ([x, l @ ..], [y, s @ ..]) if long.len() == short.len() => {
            l == s
                || matches!((l, s), ([x2, l2 @ ..], [y2, s2 @ ..]) if x == y2 && y == x2 && l2 == s2)
        }
        _ => false,
    }
}

/// The name without legal forms and group words, where something remains.
fn without_company_forms(name: &str) -> Option<String> {
    let mut text = name.to_owned();
    loop {
        let before = text.clone();
        for form in words(COMPANY_FORMS) {
            let cut = if form.is_ascii() {
                strip_ascii_suffix(&text, form)
            } else {
                text.strip_suffix(form).or_else(|| text.strip_prefix(form))
            };
            if let Some(rest) = cut {
                text = rest.trim_matches([' ', ',', '.', '　', '・']).to_owned();
            }
        }
        if text == before {
            break;
        }
    }
    (text != name && text.chars().filter(|c| c.is_alphanumeric()).count() >= 2).then_some(text)
}

/// A Latin form is cut only where it is a word of its own: `Inc.` but not the end of `Zinc`.
fn strip_ascii_suffix<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(form.len())?;
    let (rest, tail) = (text.get(..start)?, text.get(start..)?);
    (tail.eq_ignore_ascii_case(form) && rest.ends_with([' ', ',', '.', '　'])).then_some(rest)
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

    #[test]
    fn counts_one_edit_as_one() {
        assert!(one_edit(b"hitachi", b"hitahci"));
        assert!(one_edit(b"hitachi", b"hitach"));
        assert!(one_edit(b"hitachi", b"hiitachi"));
        assert!(!one_edit(b"hitachi", b"hitachi"));
        assert!(!one_edit(b"hitachi", b"hxtachx"));
    }
}
