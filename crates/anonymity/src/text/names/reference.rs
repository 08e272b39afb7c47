//! What the fast search must find, written so that one can see that it is right.

use proptest::prelude::*;

use super::matcher::{Matcher, Pattern};
use super::{Closeness, FUZZY_FROM, FUZZY_INSIDE_FROM};
use crate::text::entries;
use crate::text::fold::{Edge, Folded};

/// Whether a name may begin at `at`: at an edge, or behind a lure word that may begin there.
fn begins(text: &Folded, at: usize, lures: &[Folded]) -> bool {
    text.edge(at) != Edge::None
        || lures
            .iter()
            .map(Folded::bytes)
            .any(|lure| text.bytes()[..at].ends_with(lure) && begins(text, at - lure.len(), lures))
}

fn ends(text: &Folded, at: usize, lures: &[Folded]) -> bool {
    text.edge(at) != Edge::None
        || lures
            .iter()
            .map(Folded::bytes)
            .any(|lure| text.bytes()[at..].starts_with(lure) && ends(text, at + lure.len(), lures))
}

/// Whether `b` is `a` with one letter inserted, left out, replaced, or two neighbours swapped.
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let without = |word: &[u8], i: usize| [&word[..i], &word[i + 1..]].concat();
    if a.len() + 1 == b.len() {
        return (0..b.len()).any(|i| without(b, i) == a);
    }
    if b.len() + 1 == a.len() {
        return (0..a.len()).any(|i| without(a, i) == b);
    }
    let differing: Vec<usize> = (0..a.len()).filter(|i| a.get(*i) != b.get(*i)).collect();
    let swapped = |i: usize, j: usize| j == i + 1 && a[i] == b[j] && a[j] == b[i];
    a.len() == b.len()
        && match differing[..] {
            [_] => true,
            [i, j] => swapped(i, j),
            _ => false,
        }
}

fn slow(patterns: &[Pattern], text: &Folded) -> Vec<(usize, Closeness)> {
    let lures: Vec<Folded> =
        entries(include_str!("../../../../../reference/lure-words.txt")).map(Folded::new).collect();
    let bytes = text.bytes();
    let mut found = Vec::new();
    for (number, p) in patterns.iter().enumerate() {
        for start in 0..bytes.len() {
            for end in start + 1..=bytes.len().min(start + p.text.len() + 1) {
                let piece = &bytes[start..end];
                let is_word = || begins(text, start, &lures) && ends(text, end, &lures);
                if *piece == *p.text && (p.inside || is_word()) {
                    found.push((number, Closeness::Exact));
                }
                let is_fuzzy = p.text.is_ascii() && p.text.len() >= FUZZY_FROM;
                let anywhere = p.inside && p.text.len() >= FUZZY_INSIDE_FROM;
                if is_fuzzy && is_one_edit(&p.text, piece) && (anywhere || is_word()) {
                    found.push((number, Closeness::OneEdit));
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn fast(patterns: Vec<Pattern>, text: &Folded) -> Vec<(usize, Closeness)> {
    let mut found = Vec::new();
    Matcher::new(patterns).search(text, &mut |m| found.push((m.pattern, m.closeness)));
    found.sort_unstable();
    found.dedup();
    found
}

fn patterns(names: &[(String, bool)]) -> Vec<Pattern> {
    let mut patterns: Vec<Pattern> = names
        .iter()
        .map(|(name, inside)| {
            let folded = Folded::new(name);
            let long = folded.len() >= if folded.bytes().is_ascii() { 6 } else { 4 };
            Pattern { text: folded.bytes().into(), inside: long && *inside }
        })
        .filter(|p| p.text.len() >= 2)
        .collect();
    patterns.sort_by(|a, b| a.text.cmp(&b.text));
    patterns.dedup_by(|a, b| a.text == b.text);
    patterns
}

proptest! {
    // Few letters, so that near misses are everywhere.
    #[test]
    fn fast_and_slow_agree(
        names in proptest::collection::vec(("[ab]{2,7}|[abe]{5,16}|[ab三菱み電ガж]{2,5}", any::<bool>()), 1..12),
        text in "[ab]{0,30}|[abe -]{0,40}|[aAbBж三菱み電ガ.-]{0,24}|([ab]{1,4}|vpn|login|-){0,9}",
    ) {
        let text = Folded::new(&text);
        prop_assert_eq!(fast(patterns(&names), &text), slow(&patterns(&names), &text));
    }

    #[test]
    fn one_edit_of_a_long_name_is_found(
        name in "[a-z]{6,20}",
        at in any::<proptest::sample::Index>(),
        kind in 0..4,
        letter in "[a-z]",
        around in "[-/. ]",
    ) {
        let mut word: Vec<char> = name.chars().collect();
        let at = at.index(word.len());
        match kind {
            0 => word.insert(at, letter.chars().next().unwrap()),
            1 => { word.remove(at); }
            2 => word[at] = letter.chars().next().unwrap(),
            _ => word.swap(at, (at + 1) % name.len()),
        }
        let text: String = word.into_iter().collect();
        let text = Folded::new(&format!("x{around}{text}{around}y"));
        let names = patterns(&[(name, true)]);
        prop_assert_eq!(fast(patterns(&[(String::from_utf8(names[0].text.to_vec()).unwrap(), true)]), &text), slow(&names, &text));
    }
}

#[test]
fn leaving_out_what_is_far_from_kana_changes_nothing() {
    let mut builder = super::NameIndexBuilder::default();
    for (owner, name) in
        ["ガス三菱", "Hitachi Densen", "とうきょうイーエックス", "x12ゴム"].iter().enumerate()
    {
        builder.add(u32::try_from(owner).unwrap(), name, super::Eagerness::Name);
    }
    let index = builder.build().unwrap();
    let filler = "Some words that are no name, more than enough of them, and then more still. ";
    for (text, owners) in [
        ("Hitachi でんせん", vec![1]),
        ("トウキョウ イーエックス", vec![2]),
        ("gas三菱", vec![]),
        ("がす 三菱", vec![0]),
        ("Hitachi De", vec![]),
        ("x12gomu", vec![3]),
    ] {
        for text in [
            format!("{filler}{text}"),
            format!("かな{filler}{text}{filler}かな"),
            format!("Hitachi {filler} でんせんいがい {text}{filler}"),
        ] {
            let found: Vec<u32> = index.find(&text).iter().map(|h| h.owner).collect();
            assert_eq!(found, owners, "{text}");
        }
    }
}
