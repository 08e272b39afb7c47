//! One plain form for text that is written in many ways.
//!
//! Folding keeps letters and digits only, in the form a reader's eye takes them for: full-width and
//! half-width become plain (NFKC), capitals small, accents vanish, katakana becomes hiragana, and
//! look-alike characters become one (`0` and `о` read as `o`, `1` and `l` as `i`, `rn` as `m`).
//! Names and texts are folded alike, so equal looks are equal strings. Where a separator stood is
//! remembered beside the text.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Folded text with its word boundaries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// One entry per byte of `text` and one for its end.
    edges: Vec<Edge>,
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
    text.nfkc().filter(|c| !is_invisible(*c)).collect()
}

impl Folded {
    /// Folds `text`.
    pub(crate) fn new(text: &str) -> Self {
        let mut folder = Folder::default();
        let plain = plain(text);
        let mut chars = plain.chars().peekable();
        while let Some(c) = chars.next() {
            folder.push(c, chars.peek().copied());
        }
        folder.finish()
    }

    /// The folded letters and digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// What stood before byte `at`.
    pub(crate) fn edge(&self, at: usize) -> Edge {
        self.edges.get(at).copied().unwrap_or(Edge::Strong)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Small,
    Capital,
    Kana,
    Other,
}

#[derive(Default)]
struct Folder {
    out: Folded,
    pending: Edge,
    last: Option<Class>,
}

impl Folder {
    fn push(&mut self, c: char, next: Option<char>) {
        if is_combining_mark(c) {
            return;
        }
        if !c.is_alphanumeric() {
            self.pending = Edge::Strong;
            self.last = None;
            return;
        }
        let class = classify(c);
        let weak = match (self.last, class) {
            (Some(Class::Capital), Class::Small) => false,
            // IHIVpn: the word starts at the last capital.
            (Some(Class::Capital), Class::Capital) => next.is_some_and(char::is_lowercase),
            (Some(last), now) => last != now,
            (None, _) => false,
        };
        if weak {
            self.pending = self.pending.max(Edge::Weak);
        }
        self.last = Some(class);
        if c.is_ascii() {
            self.emit(c.to_ascii_lowercase());
            return;
        }
        decompose_canonical(c, |part| {
            if !is_combining_mark(part) || class == Class::Kana {
                for low in part.to_lowercase() {
                    self.emit(low);
                }
            }
        });
    }

    fn emit(&mut self, c: char) {
        if is_combining_mark(c) && !matches!(c, '\u{3099}' | '\u{309a}') {
            return;
        }
        let c = look(c);
        // Two letters that read as one: never across a separator.
        let joined = match (self.out.text.as_bytes().last(), c) {
            (Some(b'r'), 'n') => Some('m'),
            (Some(b'v'), 'v') => Some('w'),
            _ => None,
        };
        if let Some(one) = joined.filter(|_| self.pending != Edge::Strong) {
            self.out.text.pop();
            self.out.text.push(one);
            self.pending = Edge::None;
            return;
        }
        let edge = if self.out.text.is_empty() { Edge::Strong } else { self.pending };
        self.pending = Edge::None;
        self.out.text.push(c);
        self.out.edges.push(edge);
        self.out.edges.resize(self.out.text.len(), Edge::None);
    }

    fn finish(mut self) -> Folded {
        self.out.edges.push(Edge::Strong);
        self.out
    }
}

fn classify(c: char) -> Class {
    match c {
        '\u{3041}'..='\u{30ff}' => Class::Kana,
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_uppercase() => Class::Capital,
        _ if c.is_lowercase() => Class::Small,
        _ => Class::Other,
    }
}

/// Characters that take no space: a name cut by them is still that name.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The character a reader takes `c` for. `c` is lower case already.
fn look(c: char) -> char {
    match c {
        '0' | 'о' | 'ο' | 'օ' | 'ø' => 'o',
        '1' | 'l' | 'і' | 'ι' | 'ı' | 'ɩ' | 'ǀ' | 'ӏ' | 'ł' => 'i',
        '3' | 'е' | 'ε' | 'ҽ' | 'ɛ' | 'є' => 'e',
        '5' | 'ѕ' => 's',
        '4' | 'а' | 'α' | 'ɑ' => 'a',
        '8' | 'в' | 'β' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' | 'đ' => 'd',
        'ɡ' | '9' => 'g',
        'һ' | 'н' | 'ħ' => 'h',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' | 'η' | 'ո' => 'n',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' | 'ᴦ' => 'r',
        '7' | 'т' | 'τ' => 't',
        'υ' | 'ս' | 'ц' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ω' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        '2' => 'z',
        'ß' => 's',
        // Kanji that look like kana.
        '工' => 'え',
        '口' => 'ろ',
        '力' => 'か',
        '夕' => 'た',
        '二' => 'に',
        '八' => 'は',
        '卜' => 'と',
        '三' => 'み',
        '一' => 'ー',
        // Katakana as hiragana.
        '\u{30a1}'..='\u{30f6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        Folded::new(text).as_str().to_owned()
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
            "hi\u{200b}tachi",
        ] {
            assert_eq!(fold(text), fold("hitachi"), "{text}");
        }
        for text in ["ミツビシ", "ﾐﾂﾋﾞｼ", "みつびし", "三ツビシ"] {
            assert_eq!(fold(text), fold("みつびし"), "{text}");
        }
        assert_eq!(fold("rnitsubishi"), fold("mitsubishi"));
    }

    #[test]
    fn edges_follow_separators_digits_and_capitals() {
        let f = Folded::new("IHIVpn-2011x");
        assert_eq!(f.as_str(), "ihivpnzoiix");
        assert_eq!(f.edge(0), Edge::Strong);
        assert_eq!(f.edge(1), Edge::None);
        assert_eq!(f.edge(3), Edge::Weak);
        assert_eq!(f.edge(6), Edge::Strong);
        assert_eq!(f.edge(10), Edge::Weak);
        assert_eq!(f.edge(11), Edge::Strong);
    }
}
