//! File names, mutexes and registry keys: any text, found by one telling word of theirs.
//!
//! Each is filed under one of its runs of letters, digits, dots, hyphens and underscores: the one
//! fewest other indicators have. Where a log has that run, the whole value is compared around it.
//! Values without any such run (`請求書`) are searched by an automaton; there are few.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use crate::boundary::{ALNUM, DOT, NAME, clean_end, clean_start, is};
use crate::key::{self, finish, name_hash};
use crate::name::LastLabels;
use crate::table::Builder;
use crate::{Hit, Matcher};

/// How a value is compared.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Style {
    /// Letters of either case.
    FileName,
    /// Exactly.
    Mutex,
    /// Letters of either case, `\` also doubled as in JSON; the hive in any spelling.
    Registry(&'static [&'static str]),
}

/// One value; of a registry key what follows the hive.
pub(crate) struct Value {
    pub(crate) id: u32,
    pub(crate) text: Box<str>,
    pub(crate) style: Style,
    /// Where its anchor begins.
    anchor: usize,
}

impl Value {
    /// A value whose anchor is not chosen yet.
    pub(crate) fn new(id: u32, text: &str, style: Style) -> Self {
        Self { id, text: text.into(), style, anchor: 0 }
    }
}

/// All values.
#[derive(Default)]
pub(crate) struct FreeForm {
    values: Vec<Value>,
    /// Values without a word, and which they are.
    wordless: Option<(AhoCorasick, Vec<usize>)>,
    /// Bit n: some anchor without a dot has n bytes (63: 63 or more).
    pub(crate) word_lengths: u64,
}

impl FreeForm {
    /// Chooses anchors and files the values under them; adds what cannot be searched to `lost`.
    pub(crate) fn build(
        mut values: Vec<Value>,
        table: &mut Builder,
        last: &mut LastLabels,
        lost: &mut usize,
    ) -> Self {
        let mut uses: HashMap<u64, u32> = HashMap::new();
        for value in &values {
            for (_, run) in runs(value.text.as_bytes()) {
                *uses.entry(name_hash(run)).or_default() += 1;
            }
        }
        let (mut wordless, mut word_lengths) = (Vec::new(), 0u64);
        for (i, value) in values.iter_mut().enumerate() {
            let rarity = |run: &[u8]| uses.get(&name_hash(run)).copied().unwrap_or_default();
            let best =
                runs(value.text.as_bytes()).min_by_key(|(_, r)| (rarity(r), !r.contains(&b'.')));
            let Some((at, run)) = best else {
                wordless.push(i);
                continue;
            };
            let lower = run.to_ascii_lowercase();
            let number = u32::try_from(i).unwrap_or(u32::MAX);
            if !table.add(finish(name_hash(run)), key::ANCHOR, &lower, number) {
                *lost += 1;
            }
            last.add(&lower);
            if !run.contains(&b'.') {
                word_lengths |= 1 << run.len().min(63);
            }
            value.anchor = at;
        }
        // A registry key without a word would need its doubled backslashes spelled out.
        let before = wordless.len();
        wordless.retain(|i| !matches!(values[*i].style, Style::Registry(_)));
        *lost += before - wordless.len();
        let wordless = if wordless.is_empty() {
            None
        } else {
            let texts = wordless.iter().map(|i| values[*i].text.as_bytes());
            let built = AhoCorasick::new(texts).ok().map(|a| (a, wordless.clone()));
            *lost += if built.is_none() { wordless.len() } else { 0 };
            built
        };
        Self { values, wordless, word_lengths }
    }

    /// Reports the values that have no word to be filed under.
    pub(crate) fn scan_wordless(&self, text: &[u8], hit: &mut impl FnMut(Hit)) {
        let Some((automaton, places)) = &self.wordless else { return };
        for found in automaton.find_overlapping_iter(text) {
            let place = places.get(found.pattern().as_usize());
            let value = place.and_then(|i| self.values.get(*i));
            if let Some(value) = value.filter(|_| bounded(text, found.start(), found.end())) {
                hit(Hit { id: value.id, start: found.start(), end: found.end() });
            }
        }
    }

    /// Bytes of memory held, the automaton aside.
    pub(crate) fn bytes(&self) -> usize {
        self.values.iter().map(|v| size_of::<Value>() + v.text.len()).sum()
    }
}

/// The runs a value can be filed under, as [`crate::name`] trims them: place and bytes.
fn runs(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() && !is(text[at], ALNUM) {
            at += 1;
        }
        if at == text.len() {
            return None;
        }
        let start = at;
        let mut end = at;
        while at < text.len() && is(text[at], NAME | DOT) {
            if is(text[at], ALNUM) {
                end = at + 1;
            }
            at += 1;
        }
        Some((start, &text[start..end]))
    })
}

/// Reports value number `number` if it stands in the text with its anchor at `at`.
pub(crate) fn check(m: &Matcher, text: &[u8], at: usize, number: u32, hit: &mut impl FnMut(Hit)) {
    let Some(value) = m.free.values.get(number as usize) else { return };
    let (before, after) = value.text.as_bytes().split_at(value.anchor.min(value.text.len()));
    let Some(start) = match_before(text, at, before, value.style) else { return };
    let Some(end) = match_after(text, at, after, value.style) else { return };
    let start = match value.style {
        Style::Registry(hives) => match hive_start(text, start, hives) {
            Some(start) => start,
            None => return,
        },
        _ => start,
    };
    if bounded(text, start, end) {
        hit(Hit { id: value.id, start, end });
    }
}

/// Whether a free-form value may stand here: where it begins or ends like a name, no name goes on.
fn bounded(text: &[u8], start: usize, end: usize) -> bool {
    let word = |at: usize| text.get(at).is_some_and(|b| is(*b, NAME | DOT));
    (!word(start) || clean_start(text, start, NAME | DOT))
        && (!word(end.saturating_sub(1)) || clean_end(text, end, NAME))
}

fn same(a: u8, b: u8, style: Style) -> bool {
    a == b || (style != Style::Mutex && a.eq_ignore_ascii_case(&b))
}

/// Where `value`, which ends at `at`, begins in the text.
fn match_before(text: &[u8], mut at: usize, value: &[u8], style: Style) -> Option<usize> {
    for byte in value.iter().rev() {
        at = at.checked_sub(1).filter(|i| same(text[*i], *byte, style))?;
        if *byte == b'\\' && doubled(style) && at > 0 && text[at - 1] == b'\\' {
            at -= 1;
        }
    }
    Some(at)
}

/// Where `value`, which begins at `at`, ends in the text.
fn match_after(text: &[u8], mut at: usize, value: &[u8], style: Style) -> Option<usize> {
    for byte in value {
        text.get(at).filter(|b| same(**b, *byte, style))?;
        at += 1;
        if *byte == b'\\' && doubled(style) && text.get(at) == Some(&b'\\') {
            at += 1;
        }
    }
    Some(at)
}

fn doubled(style: Style) -> bool {
    matches!(style, Style::Registry(_))
}

/// Where the hive begins that stands before `at`, with its one or two backslashes.
fn hive_start(text: &[u8], at: usize, hives: &[&str]) -> Option<usize> {
    let before = text.get(..at)?.strip_suffix(b"\\")?;
    let before = before.strip_suffix(b"\\").unwrap_or(before);
    hives.iter().find_map(|hive| {
        let start = match_before(before, before.len(), hive.as_bytes(), Style::Registry(&[]))?;
        let clean = text[start] == b'\\' || clean_start(text, start, NAME);
        clean.then_some(start)
    })
}

/// The spellings of a registry hive given by its long name.
pub(crate) fn hive_spellings(long: &str) -> Option<&'static [&'static str]> {
    Some(match long {
        "HKEY_LOCAL_MACHINE" => &["HKEY_LOCAL_MACHINE", "HKLM", "HKLM:", r"\REGISTRY\MACHINE"],
        "HKEY_CURRENT_USER" => &["HKEY_CURRENT_USER", "HKCU", "HKCU:"],
        "HKEY_CLASSES_ROOT" => &["HKEY_CLASSES_ROOT", "HKCR", "HKCR:"],
        "HKEY_USERS" => &["HKEY_USERS", "HKU", "HKU:", r"\REGISTRY\USER"],
        "HKEY_CURRENT_CONFIG" => &["HKEY_CURRENT_CONFIG", "HKCC", "HKCC:"],
        _ => return None,
    })
}
