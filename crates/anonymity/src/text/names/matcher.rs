//! The search itself: at every place of a text a few hashes, and a closer look where one is known.
//!
//! A name that counts inside words is known by its first bytes; one that counts as a word is asked
//! for only where a word begins. One wrong letter leaves the beginning or the end of a long name
//! whole, so both are known; a short name is known by every form with one letter left out, asked
//! for words of its length, because one wrong letter in both leaves an equal rest.

use super::keys::{Bits, Keys, first, hash};
use super::lure::{Lures, WordEdges};
use super::one_edit;
use super::{Closeness, FUZZY_FROM, FUZZY_INSIDE_FROM};
use crate::text::fold::Folded;

/// How many bytes of a name that counts inside words are hashed: as many as it has, at most.
const INSIDE_BYTES: [usize; 4] = [4, 6, 9, 12];
/// How many bytes of a name that counts as a word are hashed.
const WORD_BYTES: [usize; 7] = [2, 3, 4, 5, 6, 7, 8];
/// How many letters at either end of a long name are hashed, by its length.
const PIECE_LETTERS: [usize; 2] = [4, 6];
/// How many bytes decide whether a place is worth a closer look, in Latin and other scripts.
const GLANCE_BYTES: (usize, usize) = (4, 6);
/// How many bytes decide whether all but the shortest are worth it.
const SECOND_GLANCE_BYTES: usize = 6;
/// How many of the sizes to ask for where a second glance says no: those of four bytes.
const SHORTEST: usize = 1;
/// And where it says yes.
const ALL: usize = usize::MAX;
/// Names from this length on have a whole piece of six letters on one side of a wrong one.
const LONG_PIECE_FROM: usize = 13;

/// A name to look for.
pub(super) struct Pattern {
    pub(super) text: Box<[u8]>,
    /// Whether it is also looked for inside words.
    pub(super) inside: bool,
}

/// Finds patterns in folded text.
pub(super) struct Matcher {
    patterns: Vec<Pattern>,
    longest: usize,
    /// The first bytes of everything that is looked for at every place: small enough to stay in
    /// the nearest cache, where the tables behind it do not.
    glance: Bits,
    /// The first six bytes of those that have six.
    second_glance: Bits,
    /// Whether some name in another script is too short for the first.
    has_short_wide: bool,
    inside: [Keys; INSIDE_BYTES.len()],
    words: [Keys; WORD_BYTES.len()],
    pieces: [Keys; PIECE_LETTERS.len()],
    /// Names of six to eight letters, whole and with each letter left out.
    shortened: Keys,
    /// The first and last three letters of those: one wrong letter leaves one of them.
    short_ends: (Bits, Bits),
    lures: Lures,
}

/// A pattern in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub(super) pattern: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) closeness: Closeness,
}

impl Matcher {
    pub(super) fn new(patterns: Vec<Pattern>) -> Self {
        let mut inside: [Vec<_>; INSIDE_BYTES.len()] = Default::default();
        let mut words: [Vec<_>; WORD_BYTES.len()] = Default::default();
        let mut pieces: [Vec<_>; PIECE_LETTERS.len()] = Default::default();
        let mut shortened = Vec::new();
        let (mut heads, mut tails) = (Vec::new(), Vec::new());
        let (mut glance, mut second_glance) = (Vec::new(), Vec::new());
        for (number, pattern) in (0_u32..).zip(&patterns) {
            let text = &pattern.text;
            let (sizes, lists) = match pattern.inside {
                true => (&INSIDE_BYTES[..], &mut inside[..]),
                false => (&WORD_BYTES[..], &mut words[..]),
            };
            if pattern.inside {
                glance.extend(glance_of(text));
                second_glance.push(hash(first(eight(text), SECOND_GLANCE_BYTES)));
            }
            let fits = sizes.iter().zip(lists).rfind(|(size, _)| **size <= text.len());
            if let Some((size, list)) = fits {
                list.push((hash_of(text, *size), number, 0));
            }
            if !text.is_ascii() || text.len() < FUZZY_FROM {
                continue;
            }
            if text.len() < FUZZY_INSIDE_FROM {
                let (head, tail) = (text.iter().take(3), text.iter().rev().take(3).rev());
                heads.push(hash(bytes(head)));
                tails.push(hash(bytes(tail)));
                // The third and fourth of six letters swapped leave neither.
                let mut swapped = text.to_vec();
                swapped.swap(2, 3);
                heads.push(hash(bytes(swapped.iter().take(3))));
                let whole = u128::from(eight(text));
                let forms = (0..text.len()).map(|i| without(whole, i));
                shortened.extend(forms.chain([eight(text)]).map(|form| (hash(form), number, 0)));
                continue;
            }
            let long = usize::from(text.len() >= LONG_PIECE_FROM);
            if let (Some(size), Some(list)) = (PIECE_LETTERS.get(long), pieces.get_mut(long)) {
                let (left, right) = text.split_at(*size);
                list.push((hash_of(left, *size), number, Side::Left.hint(three(right.iter()))));
                let (left, right) = text.split_at(text.len() - *size);
                let near = three(left.iter().rev());
                glance.extend(glance_of(text).into_iter().chain(glance_of(right)));
                for piece in [text, right] {
                    second_glance.push(hash(first(eight(piece), SECOND_GLANCE_BYTES)));
                }
                list.push((hash_of(right, *size), number, Side::Right.hint(near)));
            }
        }
        Self {
            longest: patterns.iter().map(|p| p.text.len()).max().unwrap_or_default() + 2,
            glance: Bits::new(glance),
            second_glance: Bits::new(second_glance),
            has_short_wide: patterns.iter().any(|p| p.inside && glance_of(&p.text).is_none()),
            short_ends: (Bits::new(heads), Bits::new(tails)),
            inside: inside.map(Keys::new),
            words: words.map(Keys::new),
            pieces: pieces.map(Keys::new),
            shortened: Keys::new(shortened),
            lures: Lures::new(),
            patterns,
        }
    }

    /// Length of the longest pattern in bytes, with room for a wrong letter.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `found` for every pattern that stands in the text.
    pub(super) fn search(&self, text: &Folded, found: &mut impl FnMut(Match)) {
        let edges = self.lures.edges(text);
        let search = Search { matcher: self, text, bytes: text.bytes(), edges };
        for (at, byte) in search.bytes.iter().enumerate() {
            // Names begin where characters do.
            if byte & 0xc0 == 0x80 {
                continue;
            }
            let eight = text.eight(at);
            let latin = byte.is_ascii();
            let glance = if latin { GLANCE_BYTES.0 } else { GLANCE_BYTES.1 };
            let is_unseen = !latin && self.has_short_wide;
            if is_unseen || self.glance.may_have(hash(first(eight, glance))) {
                let second = hash(first(eight, SECOND_GLANCE_BYTES));
                let sizes = if self.second_glance.may_have(second) { ALL } else { SHORTEST };
                search.inside(at, eight, sizes, found);
                if latin {
                    search.pieces(at, eight, sizes, found);
                }
            }
            if search.edges.begins(at) {
                search.words(at, eight, found);
                if latin {
                    search.shortened(at, eight, found);
                }
            }
        }
    }
}

/// One text being searched.
struct Search<'a> {
    matcher: &'a Matcher,
    text: &'a Folded,
    bytes: &'a [u8],
    edges: WordEdges,
}

impl Search<'_> {
    #[inline]
    fn inside(&self, at: usize, eight: u64, sizes: usize, found: &mut impl FnMut(Match)) {
        for (size, keys) in INSIDE_BYTES.iter().zip(&self.matcher.inside).take(sizes) {
            if keys.is_empty() {
                continue;
            }
            let hash = match size.checked_sub(8) {
                None | Some(0) => hash(first(eight, *size)),
                Some(more) => hash_long(eight, self.text.eight(at + more)),
            };
            for entry in keys.of(hash) {
                self.exact(at, entry.pattern, found);
            }
        }
    }

    #[inline]
    fn words(&self, at: usize, eight: u64, found: &mut impl FnMut(Match)) {
        for (size, keys) in WORD_BYTES.iter().zip(&self.matcher.words) {
            if keys.is_empty() {
                continue;
            }
            for entry in keys.of(hash(first(eight, *size))) {
                self.exact(at, entry.pattern, found);
            }
        }
    }

    fn exact(&self, at: usize, pattern: u32, found: &mut impl FnMut(Match)) {
        let Some((pattern, p)) = self.pattern(pattern) else { return };
        let end = at + p.text.len();
        if self.bytes.get(at..end) == Some(&p.text) && (p.inside || self.is_word(at, end)) {
            found(Match { pattern, start: at, end, closeness: Closeness::Exact });
        }
    }

    /// Where one end of a long name stands, does the rest stand beside it with one edit?
    #[inline]
    fn pieces(&self, at: usize, eight: u64, sizes: usize, found: &mut impl FnMut(Match)) {
        for (size, keys) in PIECE_LETTERS.iter().zip(&self.matcher.pieces).take(sizes) {
            if keys.is_empty() {
                continue;
            }
            let mut near = None;
            for entry in keys.of(hash(first(eight, *size))) {
                let (after, before) = near.get_or_insert_with(|| {
                    let after = self.bytes.get(at + size..).unwrap_or_default().iter();
                    let before = self.bytes.get(..at).unwrap_or_default().iter().rev();
                    (three(after), three(before))
                });
                let (side, beside) = Side::of(entry.hint);
                let text = if side == Side::Left { *after } else { *before };
                if one_edit::is_plausible(beside, text) {
                    self.piece(at, *size, side, entry.pattern, found);
                }
            }
        }
    }

    fn piece(
        &self,
        at: usize,
        size: usize,
        side: Side,
        pattern: u32,
        found: &mut impl FnMut(Match),
    ) {
        let Some((pattern, p)) = self.pattern(pattern) else { return };
        let (name, bytes) = (&p.text, self.bytes);
        let mut note = |start: usize, end: usize| {
            if p.inside || self.is_word(start, end) {
                found(Match { pattern, start, end, closeness: Closeness::OneEdit });
            }
        };
        let rest = name.len() - size;
        if side == Side::Left {
            let (word, text) =
                (|i| name.get(size + i).copied(), |i| bytes.get(at + size + i).copied());
            one_edit::lengths(word, rest, text).for_each(|length| note(at, at + size + length));
        } else {
            let before = |bytes: &[u8], from: usize, i: usize| {
                from.checked_sub(i + 1).and_then(|at| bytes.get(at)).copied()
            };
            let lengths =
                one_edit::lengths(|i| before(name, rest, i), rest, |i| before(bytes, at, i));
            lengths
                .filter_map(|length| at.checked_sub(length))
                .for_each(|start| note(start, at + size));
        }
    }

    /// Words of the length of a short name, give or take a letter.
    #[inline]
    fn shortened(&self, at: usize, eight: u64, found: &mut impl FnMut(Match)) {
        let head_fits = self.matcher.short_ends.0.may_have(hash(first(eight, 3)));
        let ninth = self.bytes.get(at + 8).copied().unwrap_or_default();
        for length in FUZZY_FROM - 1..=FUZZY_INSIDE_FROM {
            let end = at + length;
            if !self.edges.ends(end) {
                continue;
            }
            let word = match length {
                0..=8 => u128::from(first(eight, length)),
                _ => u128::from(eight) | u128::from(ninth) << 64,
            };
            let tail = hash(first(self.text.eight(end - 3), 3));
            if !head_fits && !self.matcher.short_ends.1.may_have(tail) {
                continue;
            }
            let mut last = None;
            let mut look = |form: u64| {
                for entry in self.matcher.shortened.of(hash(form)) {
                    if last == Some(entry.pattern) {
                        continue;
                    }
                    last = Some(entry.pattern);
                    let Some((pattern, p)) = self.pattern(entry.pattern) else { continue };
                    let (name, bytes) = (&p.text, self.bytes);
                    let text = |i: usize| bytes.get(at + i).filter(|_| i < length).copied();
                    let mut lengths = one_edit::lengths(|i| name.get(i).copied(), name.len(), text);
                    if lengths.any(|l| l == length) {
                        let closeness = Closeness::OneEdit;
                        found(Match { pattern, start: at, end, closeness });
                    }
                }
            };
            if length < FUZZY_INSIDE_FROM {
                look(first(eight, length));
            }
            (0..length).for_each(|i| look(without(word, i)));
        }
    }

    fn is_word(&self, start: usize, end: usize) -> bool {
        self.edges.begins(start) && self.edges.ends(end)
    }

    fn pattern(&self, number: u32) -> Option<(usize, &Pattern)> {
        let number = usize::try_from(number).ok()?;
        self.matcher.patterns.get(number).map(|p| (number, p))
    }
}

/// Which end of a name a piece is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    /// The side and the three letters of the rest of the name nearest to the piece.
    fn hint(self, beside: [u8; 3]) -> u32 {
        let [a, b, c] = beside;
        u32::from_le_bytes([a, b, c, u8::from(self == Self::Right)])
    }

    fn of(hint: u32) -> (Self, [u8; 3]) {
        let [a, b, c, side] = hint.to_le_bytes();
        (if side == 0 { Self::Left } else { Self::Right }, [a, b, c])
    }
}

/// The hash of the first `size` bytes of a name.
fn hash_of(text: &[u8], size: usize) -> u64 {
    match size.checked_sub(8) {
        None | Some(0) => hash(first(eight(text), size)),
        Some(more) => hash_long(eight(text), eight(text.get(more..).unwrap_or_default())),
    }
}

/// The hash of more than eight bytes: of the first and the last eight.
fn hash_long(first: u64, last: u64) -> u64 {
    hash(hash(first) ^ last)
}

/// The hash by which a glance knows a pattern; none for the few too short for it.
fn glance_of(text: &[u8]) -> Option<u64> {
    let latin = text.first().is_some_and(u8::is_ascii);
    let size = if latin { GLANCE_BYTES.0 } else { GLANCE_BYTES.1 };
    (text.len() >= size).then(|| hash(first(eight(text), size)))
}

/// The first eight bytes, zeros behind the end.
fn eight(text: &[u8]) -> u64 {
    bytes(text.iter().take(8))
}

/// Up to eight bytes as one number, the first lowest.
fn bytes<'a>(bytes: impl DoubleEndedIterator<Item = &'a u8>) -> u64 {
    bytes.rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Up to nine letters with letter `i` left out.
#[expect(clippy::cast_possible_truncation, reason = "eight letters are left at most")]
fn without(word: u128, i: usize) -> u64 {
    let below = (1_u128 << (8 * i)) - 1;
    (word & below | (word >> 8) & !below) as u64
}

/// Three letters; 0, which no folded text has, where there are fewer.
fn three<'a>(mut letters: impl Iterator<Item = &'a u8>) -> [u8; 3] {
    [(); 3].map(|()| letters.next().copied().unwrap_or(0))
}
