//! Text in whatever character set it comes.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};

/// Text with the character set it was read in.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether some bytes fit no character set and were replaced.
    pub(crate) lossy: bool,
}

/// Decodes text: a byte order mark decides, else UTF-8 where it fits, else the Japanese character
/// set that fits without an error and reads most like Japanese, else UTF-8 with replacements.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        let body = bytes.get(skip..).unwrap_or_default();
        let (text, lossy) = encoding.decode_without_bom_handling(body);
        return Decoded { text, lossy };
    }
    if let Some(text) = utf16_without_mark(bytes) {
        return Decoded { text: Cow::Owned(text), lossy: false };
    }
    match std::str::from_utf8(bytes) {
        // Escape sequences are valid UTF-8, so ISO-2022-JP must be recognised by them.
        Ok(text) if !has_iso_2022_jp_escape(bytes) => {
            Decoded { text: Cow::Borrowed(text), lossy: false }
        }
        Ok(text) => match ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => Decoded { text, lossy: false },
            None => Decoded { text: Cow::Borrowed(text), lossy: false },
        },
        Err(_) => best_japanese(bytes)
            .map(|text| Decoded { text, lossy: false })
            .unwrap_or_else(|| Decoded { text: String::from_utf8_lossy(bytes), lossy: true }),
    }
}

fn has_iso_2022_jp_escape(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1B, bytes)
        .take(8)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")))
}

/// Windows tools write UTF-16 without a mark; every second byte of ASCII text is then zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(64))?;
    if head.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let half = head.len() / 2;
    let encoding = if zeros(1) * 4 >= half * 3 {
        UTF_16LE
    } else if zeros(0) * 4 >= half * 3 {
        UTF_16BE
    } else {
        return None;
    };
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

fn best_japanese(bytes: &[u8]) -> Option<Cow<'_, str>> {
    [SHIFT_JIS, EUC_JP]
        .into_iter()
        .filter_map(|e| e.decode_without_bom_handling_and_without_replacement(bytes))
        .max_by_key(|text| japanese_score(text))
}

/// Higher for text of kana and common characters than for the half-width kana and rare characters
/// that bytes of another character set turn into.
fn japanese_score(text: &str) -> i64 {
    text.chars()
        .take(4096)
        .map(|c| match c {
            '\u{3040}'..='\u{30FF}' => 3,
            '\u{4E00}'..='\u{9FFF}' => 1,
            '\u{FF61}'..='\u{FF9F}' => -2,
            '\u{E000}'..='\u{F8FF}' => -5,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_japanese_character_sets_apart() {
        let text = "不審なメールの送信元はexample.comです。添付ファイルを開かないでください。";
        for encoding in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
            let (bytes, _, _) = encoding.encode(text);
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, text, "{}", encoding.name());
            assert!(!decoded.lossy);
        }
        let utf16: Vec<u8> =
            "ipv4 198.51.100.7".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).text, "ipv4 198.51.100.7");
    }

    #[test]
    fn replaces_what_fits_nothing() {
        let decoded = decode(b"198.51.100.7 \xff\xff\xfe");
        assert!(decoded.lossy);
        assert!(decoded.text.starts_with("198.51.100.7"));
    }
}
