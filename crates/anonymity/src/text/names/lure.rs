//! Where a word begins and ends, seeing through words that lures are glued from.

use aho_corasick::{AhoCorasick, BuildError};

use super::super::fold::{Edge, Folded};
use super::words;

/// Words that lure names are glued from.
const LURE_WORDS: &str = include_str!("../../../../../reference/lure-words.txt");

/// Finds lure words.
pub(super) struct Lures(AhoCorasick);

/// For every place in a text: may a name begin here, may one end here?
pub(super) struct WordEdges {
    begins: Vec<bool>,
    ends: Vec<bool>,
}

impl Lures {
    pub(super) fn new() -> Result<Self, BuildError> {
        let folded = words(LURE_WORDS).map(|w| Folded::new(w).as_str().to_owned());
        AhoCorasick::new(folded).map(Self)
    }

    /// A name may begin at an edge, or after lure words that begin at one; and end likewise.
    pub(super) fn edges(&self, text: &Folded) -> WordEdges {
        let length = text.as_str().len();
        let at_edge: Vec<bool> = (0..=length).map(|i| text.edge(i) != Edge::None).collect();
        let (mut begins, mut ends) = (at_edge.clone(), at_edge);
        let mut lures: Vec<(usize, usize)> =
            self.0.find_overlapping_iter(text.as_str()).map(|m| (m.start(), m.end())).collect();
        let reach = |places: &mut Vec<bool>, from: usize, to: usize| {
            if places.get(from) == Some(&true)
                && let Some(place) = places.get_mut(to)
            {
                *place = true;
            }
        };
        lures.sort_unstable();
        for &(start, end) in &lures {
            reach(&mut begins, start, end);
        }
        lures.sort_unstable_by_key(|(_, end)| std::cmp::Reverse(*end));
        for &(start, end) in &lures {
            reach(&mut ends, end, start);
        }
        WordEdges { begins, ends }
    }
}

impl WordEdges {
    pub(super) fn begins(&self, at: usize) -> bool {
        self.begins.get(at) == Some(&true)
    }

    pub(super) fn ends(&self, at: usize) -> bool {
        self.ends.get(at) == Some(&true)
    }
}
