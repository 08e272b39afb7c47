//! What a character looks like and what kind it is.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_security::confusable_detection;

/// Kinds of characters between which a word may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Digit,
    Small,
    Capital,
    Kana,
    Other,
    /// Neither letter nor digit.
    Separator,
}

impl Class {
    pub(super) fn of(c: char) -> Self {
        match c {
            _ if !c.is_alphanumeric() => Self::Separator,
            '\u{3041}'..='\u{30ff}' => Self::Kana,
            _ if c.is_numeric() => Self::Digit,
            _ if c.is_uppercase() => Self::Capital,
            _ if c.is_lowercase() => Self::Small,
            _ => Self::Other,
        }
    }
}

/// The digits and the letter they are read as.
const DIGIT_LOOKS: [u8; 10] = *b"oizeas6tbg";

/// By ASCII character: what it looks like, in small letters, and its class.
pub(super) static ASCII: [(u8, Class); 128] = ascii();

const fn ascii() -> [(u8, Class); 128] {
    let mut table = [(0, Class::Separator); 128];
    let mut i = 0;
    while i < 10 {
        table[b'0' as usize + i] = (DIGIT_LOOKS[i], Class::Digit);
        i += 1;
    }
    let mut letter = b'a';
    while letter <= b'z' {
        let seen = if letter == b'l' { b'i' } else { letter };
        table[letter as usize] = (seen, Class::Small);
        table[letter.to_ascii_uppercase() as usize] = (seen, Class::Capital);
        letter += 1;
    }
    table
}

/// One character of the kana block.
#[derive(Clone, Copy)]
pub(super) struct Kana {
    /// As hiragana, without its voicing mark.
    pub(super) base: char,
    /// The voicing mark.
    pub(super) mark: Option<char>,
    pub(super) class: Class,
}

/// U+3000 to U+30FF.
pub(super) static KANA: LazyLock<Vec<Kana>> = LazyLock::new(|| {
    let chars = (0x3000..=0x30ff).map(|n| char::from_u32(n).unwrap_or(' '));
    let kana = |c: char| {
        let (mut base, mut mark) = (c, None);
        decompose_canonical(c, |part| {
            if is_combining_mark(part) { mark = Some(part) } else { base = look(part) }
        });
        Kana { base, mark, class: Class::of(c) }
    };
    chars.map(kana).collect()
});

/// The character a reader takes `c` for. `c` is lower case already.
pub(super) fn look(c: char) -> char {
    match c {
        'о' | 'ο' | 'օ' | 'ø' => 'o',
        'і' | 'ι' | 'ı' | 'ɩ' | 'ǀ' | 'ӏ' | 'ł' => 'i',
        'е' | 'ε' | 'ҽ' | 'ɛ' | 'є' => 'e',
        'ѕ' | 'ß' => 's',
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' | 'đ' => 'd',
        'ɡ' => 'g',
        'һ' | 'н' | 'ħ' => 'h',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' | 'η' | 'ո' => 'n',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' | 'ᴦ' => 'r',
        'т' | 'τ' => 't',
        'υ' | 'ս' | 'ц' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ω' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
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

/// The Latin letters or digits that look like `c` (UTS 39), where `c` is not one itself.
pub(super) fn skeleton(c: char) -> Option<String> {
    // Scripts of which no character looks Latin, and which fill whole texts.
    if c.is_ascii() || matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
        return None;
    }
    let letters: String = confusable_detection::skeleton(c.encode_utf8(&mut [0; 4]))
        .filter(|part| !is_combining_mark(*part))
        .collect();
    let is_latin = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphanumeric());
    is_latin.then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree_with_the_characters() {
        for c in '\0'..='\x7f' {
            let (seen, class) = ASCII[c as usize];
            assert_eq!(class, Class::of(c), "{c:?}");
            assert_eq!(seen == 0, class == Class::Separator, "{c:?}");
        }
        assert_eq!(KANA['ガ' as usize - 0x3000].base, 'か');
        assert_eq!(KANA['ー' as usize - 0x3000].base, 'ー');
        assert_eq!(KANA['・' as usize - 0x3000].class, Class::Separator);
    }
}
