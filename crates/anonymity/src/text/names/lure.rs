//! Where a word begins and ends, seeing through words that lures are glued from.

use super::super::entries;
use super::super::fold::Folded;

/// Words that lure names are glued from.
const LURE_WORDS: &str = include_str!("../../../../../reference/lure-words.txt");

/// Finds lure words.
pub(super) struct Lures {
    forwards: Trie,
    backwards: Trie,
}

/// For every place in a text: may a name begin here, may one end here?
pub(super) struct WordEdges(Vec<u8>);

const BEGINS: u8 = 1;
const ENDS: u8 = 2;

impl Lures {
    pub(super) fn new() -> Self {
        let folded: Vec<Vec<u8>> =
            entries(LURE_WORDS).map(|w| Folded::new(w).bytes().to_vec()).collect();
        let reversed = folded.iter().map(|w| w.iter().rev().copied().collect()).collect();
        Self { forwards: Trie::new(folded), backwards: Trie::new(reversed) }
    }

    /// A name may begin at an edge, or after lure words that begin at one; and end likewise.
    pub(super) fn edges(&self, text: &Folded) -> WordEdges {
        let bytes = text.bytes();
        let mut places = vec![0_u8; bytes.len() + 1];
        for at in text.edges() {
            if let Some(place) = places.get_mut(at) {
                *place = BEGINS | ENDS;
            }
        }
        let has = |places: &[u8], at: usize, what: u8| {
            places.get(at).is_some_and(|place| place & what != 0)
        };
        let mark = |places: &mut [u8], at: usize, what: u8| {
            if let Some(place) = places.get_mut(at) {
                *place |= what;
            }
        };
        for at in 0..bytes.len() {
            if has(&places, at, BEGINS) {
                let rest = bytes.get(at..).unwrap_or_default().iter();
                self.forwards.walk(rest, |length| mark(&mut places, at + length, BEGINS));
            }
        }
        for at in (1..=bytes.len()).rev() {
            if has(&places, at, ENDS) {
                let before = bytes.get(..at).unwrap_or_default().iter().rev();
                self.backwards.walk(before, |length| mark(&mut places, at - length, ENDS));
            }
        }
        WordEdges(places)
    }
}

impl WordEdges {
    #[inline]
    pub(super) fn begins(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|place| place & BEGINS != 0)
    }

    #[inline]
    pub(super) fn ends(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|place| place & ENDS != 0)
    }
}

/// Words by their letters; few enough to stay in the cache.
struct Trie {
    /// By byte: its column, 0 for bytes in no word.
    columns: [u8; 256],
    width: usize,
    /// By node and column: the next node, 0 for none.
    next: Vec<u16>,
    is_word: Vec<bool>,
}

impl Trie {
    fn new(words: Vec<Vec<u8>>) -> Self {
        let mut columns = [0; 256];
        let mut width = 1_u8;
        for &byte in words.iter().flatten() {
            if let Some(column) = columns.get_mut(usize::from(byte)).filter(|c| **c == 0) {
                *column = width;
                width = width.saturating_add(1);
            }
        }
        let width = usize::from(width);
        let mut trie = Self { columns, width, next: vec![0; width], is_word: vec![false] };
        for word in words {
            trie.insert(&word);
        }
        trie
    }

    fn insert(&mut self, word: &[u8]) {
        let mut node = 0;
        for &byte in word {
            let at = self.place(node, byte);
            let known = self.next.get(at).copied().unwrap_or_default();
            node = usize::from(known);
            if known == 0 {
                node = self.is_word.len();
                self.is_word.push(false);
                self.next.resize(self.next.len() + self.width, 0);
                if let (Some(next), Ok(new)) = (self.next.get_mut(at), u16::try_from(node)) {
                    *next = new;
                }
            }
        }
        if let Some(is_word) = self.is_word.get_mut(node) {
            *is_word = true;
        }
    }

    fn place(&self, node: usize, byte: u8) -> usize {
        let column = self.columns.get(usize::from(byte)).copied().unwrap_or_default();
        node * self.width + usize::from(column)
    }

    /// Calls `found` with the length of every word that `letters` begins with.
    #[inline]
    fn walk<'a>(&self, letters: impl Iterator<Item = &'a u8>, mut found: impl FnMut(usize)) {
        let mut node = 0;
        for (length, &byte) in (1..).zip(letters) {
            node = usize::from(self.next.get(self.place(node, byte)).copied().unwrap_or_default());
            if node == 0 {
                return;
            }
            if self.is_word.get(node) == Some(&true) {
                found(length);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_behind_lure_words() {
        let lures = Lures::new();
        let text = Folded::new("mailadminxsupport-y");
        let edges = lures.edges(&text);
        let places = |is: &dyn Fn(usize) -> bool| {
            (0..=text.len()).filter(|at| is(*at)).collect::<Vec<usize>>()
        };
        assert_eq!(places(&|at| edges.begins(at)), [0, 1, 4, 9, 17, 18]);
        assert_eq!(places(&|at| edges.ends(at)), [0, 10, 17, 18]);
    }
}
