//! Text with full-width and half-width forms made plain and invisible characters removed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The characters of a text in plain form (NFKC).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(super) chars: Vec<char>,
    /// For each character: its first byte and the byte after it in the text given. Empty where
    /// nobody will ask.
    pub(super) places: Vec<(u32, u32)>,
    pub(super) tracks: bool,
}

impl Plain {
    /// Reads `text`.
    pub(crate) fn new(text: &str) -> Self {
        Self::read(text, false)
    }

    /// Reads `text` and remembers where each character came from.
    pub(crate) fn tracked(text: &str) -> Self {
        Self::read(text, true)
    }

    fn read(text: &str, tracks: bool) -> Self {
        let mut plain = Self::with_room(text.len(), tracks);
        if text.is_ascii() && !tracks {
            plain.chars.extend(text.bytes().map(char::from));
            return plain;
        }
        let mut rest = text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            let is_next_alone = rest.peek().is_none_or(|(_, next)| stands_alone(*next));
            if stands_alone(c) && is_next_alone {
                plain.push(narrow(c), start, start + c.len_utf8());
                continue;
            }
            while rest.peek().is_some_and(|(_, next)| !stands_alone(*next)) {
                rest.next();
            }
            let end = rest.peek().map_or(text.len(), |(at, _)| *at);
            let run = text.get(start..end).unwrap_or_default();
            for c in run.nfkc().filter(|c| !is_invisible(*c)) {
                plain.push(c, start, end);
            }
        }
        plain
    }

    /// An empty text with room for one of `bytes` bytes.
    pub(super) fn with_room(bytes: usize, tracks: bool) -> Self {
        Self { chars: Vec::with_capacity(bytes), places: Vec::new(), tracks }
    }

    #[inline]
    fn push(&mut self, c: char, start: usize, end: usize) {
        self.chars.push(c);
        if self.tracks {
            let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
            self.places.push((place(start), place(end)));
        }
    }

    /// Where characters `range` came from, in bytes of the text given.
    pub(crate) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let start = self.places.get(range.start).map_or(0, |p| place(p.0));
        let last = range.end.checked_sub(1).and_then(|i| self.places.get(i));
        start..last.map_or(start, |p| place(p.1))
    }
}

/// The frequent characters that NFKC leaves alone, or only makes narrow, whatever stands before
/// them: ASCII and full-width ASCII, kana, kanji and their punctuation.
fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\x7f' | '\u{3000}'..='\u{3003}' | '\u{3005}'..='\u{3020}'
        | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309e}' | '\u{30a0}'..='\u{30fe}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
}

fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Characters that take no space: a name cut by them is still that name.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slow(text: &str) -> Vec<char> {
        text.nfkc().filter(|c| !is_invisible(*c)).collect()
    }

    #[test]
    fn every_frequent_character_does_stand_alone() {
        for c in (0..0x1_0000).filter_map(char::from_u32).filter(|c| stands_alone(*c)) {
            for before in ["", "か", "e", "ｶ", "\u{301}", "ᄀ"] {
                let text = format!("{before}{c}");
                assert_eq!(Plain::new(&text).chars, slow(&text), "{c:?}");
            }
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "ａｶﾞ三é";
        let plain = Plain::tracked(text);
        assert_eq!(plain.chars.iter().collect::<String>(), "aガ三é");
        assert_eq!(text.get(plain.origin(1..2)), Some("ａｶﾞ"));
        assert_eq!(text.get(plain.origin(0..3)), Some("ａｶﾞ三é"));
    }

    proptest! {
        #[test]
        fn is_nfkc_without_invisible_characters(text in "(?s)[ -~ぁ-んァ-ヶｦ-ﾟ゙゚三菱、ａ-ｚ\u{300}-\u{303}\u{200b}éΩﬁ가각ᄀ-나]{0,24}|.{0,12}") {
            prop_assert_eq!(Plain::new(&text).chars, slow(&text));
        }
    }
}
