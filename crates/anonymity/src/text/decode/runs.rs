//! Texts that stand in another as hexadecimal or base64.

use super::charsets::readings;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER_PERMISSIVE};

/// Shortest run that is read: a name of three letters in base64.
const SHORTEST: usize = 4;
/// Fewest letters in a row that are worth looking for a name in.
const LEAST_TEXT: usize = 3;
/// Longest run that is read; what is longer is a program, not a name.
const LONGEST: usize = 4096;

/// From this length on a run is read at each of the four places an encoding may begin at.
const SHIFTED_FROM: usize = 12;
/// From this length on a capital and small letters are a word and nothing encoded.
const WORD_FROM: usize = 8;

/// Every piece of readable text that some run of `text` decodes to.
pub(crate) fn hidden(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for outer in runs(text, is_sign_or_letter) {
        for run in runs(outer, |b| b.is_ascii_hexdigit()) {
            let even = run.len() / 2 * 2;
            if let Some(Ok(bytes)) =
                run.get(..even).map(|r| HEXLOWER_PERMISSIVE.decode(r.as_bytes()))
            {
                readable(&bytes, &mut found);
            }
        }
        // The same signs part words and belong to an alphabet: read it both ways.
        for run in runs(outer, |b| b.is_ascii_alphanumeric()) {
            base64(&BASE64_NOPAD, run, &mut found);
        }
        for (signs, alphabet) in [(b"+/", &BASE64_NOPAD), (b"-_", &BASE64URL_NOPAD)] {
            if outer.bytes().any(|b| signs.contains(&b)) {
                for run in runs(outer, |b| b.is_ascii_alphanumeric() || signs.contains(&b)) {
                    base64(alphabet, run, &mut found);
                }
            }
        }
    }
    found
}

fn is_sign_or_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Runs of ASCII characters of a kind, of a length worth reading.
fn runs(text: &str, is_in: impl Fn(u8) -> bool + Copy) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(|b| is_in(*b))?;
            let rest = bytes.get(start..)?;
            let length = rest.iter().position(|b| !is_in(*b)).unwrap_or(rest.len());
            at = start + length;
            if (SHORTEST..=LONGEST).contains(&length) {
                return text.get(start..at);
            }
        }
    })
}

fn base64(alphabet: &Encoding, run: &str, found: &mut Vec<String>) {
    // Only what mixes cases or has digits: a word in one case is a word, also with a capital.
    let capitals = run.bytes().filter(u8::is_ascii_uppercase).count();
    let small = run.bytes().filter(u8::is_ascii_lowercase).count();
    let is_word = run.len() >= WORD_FROM
        && capitals == 1
        && small + 1 == run.len()
        && run.starts_with(|c: char| c.is_ascii_uppercase());
    if capitals == 0 || capitals == run.len() || is_word {
        return;
    }
    let starts = if run.len() >= SHIFTED_FROM { 4 } else { 1 };
    for start in 0..starts {
        let run = run.get(start..).unwrap_or_default();
        // The last characters may carry bits that mean nothing, or belong to what follows.
        let whole = run.len() / 4 * 4;
        for end in (whole..=run.len()).rev() {
            let piece = run.get(..end).unwrap_or_default();
            if let Ok(bytes) = alphabet.decode(piece.as_bytes()) {
                readable(&bytes, found);
                break;
            }
        }
    }
}

/// Runs of letters and digits, as UTF-8 or as UTF-16 with one byte in two empty.
fn readable(bytes: &[u8], found: &mut Vec<String>) {
    let narrow: Vec<u8>;
    let zeros = bytes.iter().filter(|b| **b == 0).count();
    let bytes = if bytes.len() >= 6 && zeros * 5 >= bytes.len() * 2 {
        narrow = bytes.iter().copied().filter(|b| *b != 0).collect();
        &narrow
    } else {
        bytes
    };
    for text in readings(bytes) {
        let pieces = text.split(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
        let is_text = |piece: &&str| {
            let letters = piece.chars().filter(|c| c.is_alphanumeric()).count();
            letters >= LEAST_TEXT || (letters == 2 && !piece.is_ascii())
        };
        found.extend(pieces.filter(is_text).map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn finds_what_is_encoded() {
        for (text, inside) in [
            ("x_68697461636869.bin", "hitachi"),
            ("687474703A2F2F6E65632E636F6D", "http://nec.com"),
            ("run-aGl0YWNoaS5jby5qcA", "hitachi.co.jp"),
            ("aGl0YWNoaS5jby5qcA==", "hitachi.co.jp"),
            ("/b/aABpAHQAYQBjAGgAaQA=/", "hitachi"),
            ("TkVD", "NEC"),
            ("5LiJ6I+x6YeN5bel", "三菱重工"),
            ("xxaGl0YWNoaS5jby5qcA", "hitachi"),
            ("data-xaGl0YWNoaS5jby5qcA", "hitachi"),
            ("8E4F9548", "三菱"),
            ("jk+VSI9kjUg", "三菱重工"),
            ("CU7xg82R5V0", "三菱重工"),
            ("GyRCOzBJKRsoQg", "三菱"),
        ] {
            assert!(hidden(text).iter().any(|h| h.contains(inside)), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn leaves_words_and_numbers_alone() {
        for text in ["invoice", "svchost.exe", "update", "readme", "20261123", "SYSTEM32"] {
            assert!(hidden(text).is_empty(), "{text}: {:?}", hidden(text));
        }
    }
}
