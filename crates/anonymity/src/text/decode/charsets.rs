//! Bytes as text in the character sets of Japanese files and mails, and text that was read in the
//! wrong one.

use std::sync::LazyLock;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_16LE, WINDOWS_1252};

/// Fewest characters that are worth being read another way.
const LEAST_CHARS: usize = 2;
/// Longest word that is read another way, in bytes.
const LONGEST: usize = 4096;

/// Every text the bytes may be: UTF-8, with what is not replaced, and where they are not UTF-8
/// each Japanese character set in which they are whole and Japanese.
pub(super) fn readings(bytes: &[u8]) -> Vec<String> {
    let mut found = vec![String::from_utf8_lossy(bytes).into_owned()];
    let escapes = bytes.windows(2).any(|pair| pair == b"\x1b$");
    if escapes {
        found.extend(whole(ISO_2022_JP, bytes));
    } else if std::str::from_utf8(bytes).is_err() {
        found.extend([SHIFT_JIS, EUC_JP, UTF_16LE].into_iter().filter_map(|set| whole(set, bytes)));
    } else if bytes.len().is_multiple_of(2) && bytes.is_ascii() && bytes.len() >= 4 {
        // Many kanji in UTF-16 are two ASCII bytes: only where nothing else comes of it.
        let is_plain = |c: char| is_japanese(c) || c.is_ascii_graphic() || c == ' ';
        found.extend(whole(UTF_16LE, bytes).filter(|text| text.chars().all(is_plain)));
    }
    found
}

/// The likeliest text: UTF-8 where they are, else the Japanese set that fits; EUC-JP also looks
/// like Shift_JIS, but then like half-width katakana.
pub(super) fn likeliest(bytes: &[u8]) -> String {
    let utf8 = std::str::from_utf8(bytes).map(str::to_owned);
    let half_width = |text: &String| text.chars().filter(|c| *c >= '\u{ff61}').count();
    let japanese = || [SHIFT_JIS, EUC_JP].into_iter().filter_map(|set| whole(set, bytes));
    let japanese = || japanese().min_by_key(half_width);
    utf8.ok().or_else(japanese).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The bytes in one character set, where they are valid in it and at least half Japanese.
fn whole(set: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = set.decode_without_bom_handling_and_without_replacement(bytes)?;
    let japanese = text.chars().filter(|c| is_japanese(*c)).count();
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    (japanese >= LEAST_CHARS && japanese * 2 >= wide).then(|| text.into_owned())
}

/// What the words of a text say that was read in the wrong character set: UTF-8, Shift_JIS or
/// EUC-JP taken for Windows-1252, UTF-8 or EUC-JP taken for Shift_JIS. Expects the text as it came.
pub(crate) fn misread(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for word in text.split([' ', '\t', '\r', '\n', '　', '。', '、']) {
        if word.len() > LONGEST || word.chars().filter(|c| !c.is_ascii()).count() < LEAST_CHARS {
            continue;
        }
        if word.chars().any(|c| matches!(c, '\u{80}'..='\u{ff}')) {
            found.extend(bytes_of(WINDOWS_1252, word).iter().flat_map(|b| japanese_readings(b)));
        } else if word.chars().any(is_telling) {
            found.extend(bytes_of(SHIFT_JIS, word).iter().flat_map(|b| japanese_readings(b)));
        }
    }
    found
}

/// Characters that UTF-8 or EUC-JP shows when taken for Shift_JIS: half-width katakana and rare
/// kanji, those of the second level, which Shift_JIS has from byte E0 on.
fn is_telling(c: char) -> bool {
    match c {
        '\u{ff61}'..='\u{ff9f}' => true,
        '\u{4e00}'..='\u{9fff}' => {
            let at = c as usize - 0x4e00;
            SECOND_LEVEL.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
        }
        _ => false,
    }
}

/// One bit for each of U+4E00 to U+9FFF.
static SECOND_LEVEL: LazyLock<Vec<u64>> = LazyLock::new(|| {
    const FIRST_BYTE: u8 = 0xe0;
    let mut bits = vec![0; (0x9fff - 0x4e00) / 64 + 1];
    for (at, c) in ('\u{4e00}'..='\u{9fff}').enumerate() {
        let mut buffer = [0; 4];
        let (bytes, _, failed) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
        let is_second = !failed && bytes.first().is_some_and(|first| *first >= FIRST_BYTE);
        if let Some(word) = bits.get_mut(at / 64).filter(|_| is_second) {
            *word |= 1 << (at % 64);
        }
    }
    bits
});

/// The bytes that were read as `text`, where the set can write all of it.
fn bytes_of(set: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, failed) = set.encode(text);
    (!failed).then(|| bytes.into_owned())
}

fn japanese_readings(bytes: &[u8]) -> Vec<String> {
    let utf8 = std::str::from_utf8(bytes).ok().map(str::to_owned);
    let sets = [SHIFT_JIS, EUC_JP].into_iter().filter_map(|set| whole(set, bytes));
    utf8.into_iter().chain(sets).collect()
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ff66}'..='\u{ff9f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_japanese_sets() {
        for set in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
            let bytes = set.encode("三菱重工の件").0.into_owned();
            assert!(readings(&bytes).iter().any(|t| t == "三菱重工の件"), "{}", set.name());
        }
        let utf16: Vec<u8> = "三菱ヒタチ".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(readings(&utf16).iter().any(|t| t == "三菱ヒタチ"));
        assert_eq!(readings(b"plain"), ["plain"]);
    }

    #[test]
    fn text_read_in_the_wrong_set() {
        for (set, wrong) in [
            ("UTF-8", WINDOWS_1252),
            ("SJIS", WINDOWS_1252),
            ("EUC", WINDOWS_1252),
            ("UTF-8", SHIFT_JIS),
            ("EUC", SHIFT_JIS),
        ] {
            let name = "三菱重工";
            let bytes = match set {
                "SJIS" => SHIFT_JIS.encode(name).0.into_owned(),
                "EUC" => EUC_JP.encode(name).0.into_owned(),
                _ => name.as_bytes().to_vec(),
            };
            let Some(text) = wrong.decode_without_bom_handling_and_without_replacement(&bytes)
            else {
                continue;
            };
            let found = misread(&format!("x {text} y"));
            assert!(
                found.iter().any(|t| t == name),
                "{set} as {}: {text}: {found:?}",
                wrong.name()
            );
        }
        assert!(misread("経理部の職員が添付ファイルを開封し、感染した。Café").is_empty());
    }
}
