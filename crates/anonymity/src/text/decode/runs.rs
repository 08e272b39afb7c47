//! Texts that stand in another as hexadecimal or base64.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER_PERMISSIVE};

/// Shortest run that is read: a name of three letters in base64.
const SHORTEST: usize = 4;
/// Fewest letters in a row that are worth looking for a name in.
const LEAST_TEXT: usize = 3;
/// Longest run that is read; what is longer is a program, not a name.
const LONGEST: usize = 4096;

/// Every piece of readable text that some run of `text` decodes to.
pub(crate) fn hidden(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in runs(text, |b| b.is_ascii_hexdigit()) {
        let even = run.len() / 2 * 2;
        if let Some(Ok(bytes)) = run.get(..even).map(|r| HEXLOWER_PERMISSIVE.decode(r.as_bytes())) {
            readable(&bytes, &mut found);
        }
    }
    // The same signs part words and belong to an alphabet: read it both ways.
    for run in runs(text, |b| b.is_ascii_alphanumeric()) {
        base64(&BASE64_NOPAD, run, &mut found);
    }
    for (signs, alphabet) in [(['+', '/'], &BASE64_NOPAD), (['-', '_'], &BASE64URL_NOPAD)] {
        if text.contains(signs) {
            for run in runs(text, |b| b.is_ascii_alphanumeric() || signs.contains(&char::from(b))) {
                base64(alphabet, run, &mut found);
            }
        }
    }
    found
}

fn runs(text: &str, is_in: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c: char| !u8::try_from(c).is_ok_and(&is_in))
        .filter(|run| (SHORTEST..=LONGEST).contains(&run.len()))
}

fn base64(alphabet: &Encoding, run: &str, found: &mut Vec<String>) {
    // Only what mixes cases or has digits: a word in one case is a word.
    let capitals = run.bytes().filter(u8::is_ascii_uppercase).count();
    if capitals == 0 || capitals == run.len() {
        return;
    }
    // The last characters may carry bits that mean nothing, or belong to what follows.
    let whole = run.len() / 4 * 4;
    for end in (whole..=run.len()).rev() {
        let piece = run.get(..end).unwrap_or_default();
        if let Ok(bytes) = alphabet.decode(piece.as_bytes()) {
            readable(&bytes, found);
            return;
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
    let text = String::from_utf8_lossy(bytes);
    let pieces = text.split(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
    let letters =
        |piece: &&str| piece.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_TEXT;
    found.extend(pieces.filter(letters).map(str::to_owned));
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
        ] {
            assert!(hidden(text).iter().any(|h| h.contains(inside)), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn leaves_words_and_numbers_alone() {
        for text in
            ["invoice", "svchost.exe", "update", "readme", "20261123", "deadbeef", "SYSTEM32"]
        {
            assert!(hidden(text).is_empty(), "{text}: {:?}", hidden(text));
        }
    }
}
