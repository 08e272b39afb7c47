//! One plain form for text that is written in many ways.
//!
//! Folding keeps letters and digits only, in the form a reader's eye takes them for: full-width and
//! half-width become plain (NFKC), capitals small, accents vanish, katakana becomes hiragana, and
//! look-alike characters become one (`0` and `о` read as `o`, `1` and `l` as `i`, `rn` as `m`).
//! Names and texts are folded alike, so equal looks are equal strings. Where a separator stood is
//! remembered beside the text.
//!
//! Running texts come by the megabyte: ASCII, kana and kanji are folded by table.

mod look;

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use self::look::{ASCII, Class, KANA, look, skeleton};
use super::plain::Plain;

/// Zeros behind the folded bytes, so that eight and sixteen of them can be read anywhere.
const PADDING: usize = 16;

/// Folded text with its word boundaries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    /// UTF-8, then [`PADDING`] zeros.
    bytes: Vec<u8>,
    /// Where something stood before a byte, in order.
    edges: Vec<(u32, Edge)>,
    /// For each byte: the character of the plain text it stands for. Empty where the plain text
    /// does not know its places.
    sources: Vec<u32>,
    tracks: bool,
}

/// What stood before a byte of the folded text. The order matters: stronger is greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edge {
    /// The middle of a word.
    #[default]
    None,
    /// A change between letters and digits, small and capital, or scripts.
    Weak,
    /// A separator, or an end of the text.
    Strong,
}

/// The text with full-width and half-width forms made plain and invisible characters removed.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(Plain::new(text).chars.into_iter().collect())
}

impl Folded {
    /// Folds `text`.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(&Plain::new(text))
    }

    /// Folds plain text.
    pub(crate) fn of(plain: &Plain) -> Self {
        let mut folder = Folder::with_room(plain.chars.len() * 2, plain.tracks);
        let mut rest = plain.chars.iter();
        while let Some(c) = rest.next() {
            folder.push(*c, rest.as_slice().first().copied());
            folder.source = folder.source.saturating_add(1);
        }
        folder.finish()
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len().saturating_sub(PADDING)
    }

    /// The folded letters and digits, as UTF-8.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or_default()
    }

    /// The eight bytes from `at` on, zeros behind the end.
    pub(crate) fn eight(&self, at: usize) -> u64 {
        let bytes = self.bytes.get(at..at + 8).and_then(|b| b.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    }

    /// The places before which something stood, in order; both ends of the text among them.
    pub(crate) fn edges(&self) -> impl Iterator<Item = usize> {
        self.edges.iter().filter_map(|(at, _)| usize::try_from(*at).ok()).chain([self.len()])
    }

    /// What stood before byte `at`.
    #[cfg(test)]
    pub(crate) fn edge(&self, at: usize) -> Edge {
        let known = self.edges.iter().find(|(place, _)| usize::try_from(*place) == Ok(at));
        let inside = if at >= self.len() { Edge::Strong } else { Edge::None };
        known.map_or(inside, |(_, edge)| *edge)
    }

    /// The characters of the plain text that a piece of the folded text stands for.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        let source = |at: usize| {
            self.sources.get(at).and_then(|s| usize::try_from(*s).ok()).unwrap_or_default()
        };
        source(range.start)..range.end.checked_sub(1).map_or(0, |last| source(last) + 1)
    }
}

struct Folder {
    out: Folded,
    pending: Edge,
    last: Option<Class>,
    source: u32,
}

impl Folder {
    fn with_room(bytes: usize, tracks: bool) -> Self {
        let bytes = Vec::with_capacity(bytes + PADDING);
        let out = Folded { bytes, edges: Vec::new(), sources: Vec::new(), tracks };
        Self { out, pending: Edge::None, last: None, source: 0 }
    }

    #[inline]
    fn push(&mut self, c: char, next: Option<char>) {
        if let Some(&(byte, class)) = ASCII.get(c as usize) {
            if self.classify(class, next) {
                self.emit_ascii(byte);
            }
            return;
        }
        match c {
            '\u{3000}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309b}'..='\u{30ff}' => {
                let Some(kana) = KANA.get(c as usize - 0x3000) else { return };
                if self.classify(kana.class, next) {
                    self.emit_wide(kana.base);
                    if let Some(mark) = kana.mark {
                        self.emit_wide(mark);
                    }
                }
            }
            '\u{4e00}'..='\u{9fff}' => {
                self.classify(Class::Other, next);
                self.emit_wide(look(c));
            }
            _ => self.push_rare(c, next),
        }
    }

    fn push_rare(&mut self, c: char, next: Option<char>) {
        if is_combining_mark(c) || !self.classify(Class::of(c), next) {
            return;
        }
        // A capital's look is its own: Η is H, though η reads as n.
        if let Some(letters) = skeleton(c).filter(|_| c.is_uppercase()) {
            letters.bytes().for_each(|b| self.emit_ascii(ascii_look(b)));
            return;
        }
        decompose_canonical(c, |part| {
            if is_combining_mark(part) {
                return;
            }
            for low in part.to_lowercase().filter(|low| !is_combining_mark(*low)) {
                let seen = look(low);
                match skeleton(seen) {
                    _ if seen.is_ascii() => self.emit_ascii(ascii_look(seen as u8)),
                    Some(letters) => letters.bytes().for_each(|b| self.emit_ascii(ascii_look(b))),
                    None => self.emit_wide(seen),
                }
            }
        });
    }

    /// Remembers what the character is; no where it only parts words.
    #[inline]
    fn classify(&mut self, class: Class, next: Option<char>) -> bool {
        let weak = match (self.last, class) {
            (_, Class::Separator) => {
                self.pending = Edge::Strong;
                self.last = None;
                return false;
            }
            (Some(Class::Capital), Class::Small) | (None, _) => false,
            // IHIVpn: the word starts at the last capital.
            (Some(Class::Capital), Class::Capital) => next.is_some_and(char::is_lowercase),
            (Some(last), now) => last != now,
        };
        if weak {
            self.pending = self.pending.max(Edge::Weak);
        }
        self.last = Some(class);
        true
    }

    #[inline]
    fn emit_ascii(&mut self, byte: u8) {
        // Two letters that read as one: never across a separator.
        let joined = match (byte, self.out.bytes.last_mut()) {
            (b'n', Some(last)) if *last == b'r' => Some((last, b'm')),
            (b'v', Some(last)) if *last == b'v' => Some((last, b'w')),
            _ => None,
        };
        if self.pending != Edge::Strong
            && let Some((last, one)) = joined
        {
            *last = one;
            self.pending = Edge::None;
            return;
        }
        self.mark_edge();
        self.push_byte(byte);
    }

    #[inline]
    fn emit_wide(&mut self, c: char) {
        self.mark_edge();
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.push_byte(byte);
        }
    }

    #[inline]
    fn push_byte(&mut self, byte: u8) {
        self.out.bytes.push(byte);
        if self.out.tracks {
            self.out.sources.push(self.source);
        }
    }

    #[inline]
    fn mark_edge(&mut self) {
        let at = self.out.bytes.len();
        let edge = if at == 0 { Edge::Strong } else { self.pending };
        if edge != Edge::None {
            self.out.edges.push((u32::try_from(at).unwrap_or(u32::MAX), edge));
            self.pending = Edge::None;
        }
    }

    fn finish(mut self) -> Folded {
        self.out.bytes.resize(self.out.bytes.len() + PADDING, 0);
        self.out
    }
}

fn ascii_look(byte: u8) -> u8 {
    ASCII.get(usize::from(byte)).map_or(byte, |(look, _)| *look)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        String::from_utf8(Folded::new(text).bytes().to_vec()).unwrap()
    }

    #[test]
    fn one_look_is_one_string() {
        for text in [
            "HITACHI",
            "ｈｉｔａｃｈｉ",
            "h-i.t_a c/h\\i",
            "hltach1",
            "Hítāçhì",
            "нітасні",
            "ΗΙΤΑСΗΙ",
            "hi\u{200b}tachi",
            "𝐡𝐢𝐭𝐚𝐜𝐡𝐢",
            "ⓗⓘⓣⓐⓒⓗⓘ",
            "ꓧꓲꓔꓮꓚꓧꓲ",
        ] {
            assert_eq!(fold(text), fold("hitachi"), "{text}");
        }
        for text in ["ミツビシ", "ﾐﾂﾋﾞｼ", "みつびし", "三ツビシ", "ミツヒ\u{3099}シ"]
        {
            assert_eq!(fold(text), fold("みつびし"), "{text}");
        }
        assert_eq!(fold("rnitsubishi"), fold("mitsubishi"));
    }

    #[test]
    fn edges_follow_separators_digits_and_capitals() {
        let f = Folded::new("IHIVpn-2011x");
        assert_eq!(f.bytes(), b"ihivpnzoiix");
        assert_eq!(f.edge(0), Edge::Strong);
        assert_eq!(f.edge(1), Edge::None);
        assert_eq!(f.edge(3), Edge::Weak);
        assert_eq!(f.edge(6), Edge::Strong);
        assert_eq!(f.edge(10), Edge::Weak);
        assert_eq!(f.edge(11), Edge::Strong);
    }

    #[test]
    fn sources_lead_back() {
        let f = Folded::of(&Plain::tracked("a-ガr n"));
        assert_eq!(f.bytes(), "aか\u{3099}rn".as_bytes());
        assert_eq!(f.source(1..7), 2..3);
        assert_eq!(f.source(7..9), 3..6);
    }
}
