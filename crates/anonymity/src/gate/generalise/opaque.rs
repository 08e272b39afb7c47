//! Telling words from identifiers and encoded blobs.

/// Shortest run looked at: anything shorter may be a word in some language.
const SHORTEST: usize = 12;
/// From this length on digits and letters in turns all along are an id (`x7Kq2Lm`).
const TURNS_ALL_ALONG_FROM: usize = 6;
/// From this length on, and with this many consonants in a row, nobody reads it aloud.
const UNREADABLE: (usize, usize) = (10, 6);
/// From this length on digits and the letters up to `f` in turns are a number, as beacons write
/// them (`1f3a90bc`).
const SHORT_HEX_FROM: usize = 8;
/// From this length on a run of hexadecimal digits is a blob even without letters above `f`.
const HEX_FROM: usize = 16;
/// From this length on digits and letters in turns are a blob (base32).
const TURNS_FROM: usize = 16;
/// From this length on a run needs to look like words, or it is a blob.
const WORDS_FROM: usize = 20;

/// Whether the text holds a run of letters and digits that nobody would read aloud: a hash, a
/// UUID, base64, a beacon id.
pub(crate) fn is_opaque(text: &str) -> bool {
    // The signs of base64 also part words, so it is read both ways.
    let joined = || {
        let joined = text.replace(['+', '/'], "");
        joined.len() < text.len() && joined.split(|c| !is_run_char(c)).any(is_opaque_run)
    };
    is_uuid(text) || text.split(|c: char| !is_run_char(c)).any(is_opaque_run) || joined()
}

fn is_run_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '='
}

fn is_opaque_run(run: &str) -> bool {
    let run = run.trim_end_matches('=');
    if run.len() < TURNS_ALL_ALONG_FROM {
        return false;
    }
    let count = |f: fn(&u8) -> bool| run.bytes().filter(f).count();
    let digits = count(u8::is_ascii_digit);
    // Changes between digit, small and capital: words and CamelCase have few, base64 has many.
    let changes = run.as_bytes().windows(2).filter(|w| class(w.first()) != class(w.last())).count();
    if digits > 0 && digits < run.len() && changes * 2 > run.len() {
        return true;
    }
    if run.len() < SHORT_HEX_FROM {
        return false;
    }
    if run.len() >= UNREADABLE.0 && longest_consonants(run) >= UNREADABLE.1 {
        return true;
    }
    let hex = run.bytes().all(|b| b.is_ascii_hexdigit());
    if hex && digits > 0 && (run.len() >= HEX_FROM || changes >= 3) {
        return true;
    }
    if run.len() < SHORTEST {
        return false;
    }
    let capitals = count(u8::is_ascii_uppercase);
    let smalls = count(u8::is_ascii_lowercase);
    let mixed = digits > 0 && capitals + smalls > 0 && changes * 4 >= run.len();
    // In CamelCase the small letters between capitals are words; in base64 they are one or two.
    let humps = run.split(|c: char| !c.is_ascii_lowercase()).filter(|h| !h.is_empty()).count();
    let jumping = capitals > 0 && humps >= 3 && smalls * 2 < humps * 5;
    let turns = run.as_bytes().windows(2).filter(|w| is_digit(w.first()) != is_digit(w.last()));
    let turning = run.len() >= TURNS_FROM && turns.count() >= 4;
    let vowels = run.bytes().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    let letters = capitals + smalls;
    let unreadable =
        run.len() >= WORDS_FROM && (vowels * 6 < letters || longest_consonants(run) >= 7);
    mixed || jumping || turning || unreadable
}

fn is_digit(byte: Option<&u8>) -> bool {
    byte.is_some_and(u8::is_ascii_digit)
}

fn class(byte: Option<&u8>) -> u8 {
    match byte {
        b if is_digit(b) => 0,
        Some(b) if b.is_ascii_lowercase() => 1,
        _ => 2,
    }
}

fn longest_consonants(run: &str) -> usize {
    let consonant = |b: &u8| b.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(b);
    run.as_bytes().split(|b| !consonant(b)).map(<[u8]>::len).max().unwrap_or(0)
}

fn is_uuid(text: &str) -> bool {
    text.as_bytes().windows(36).any(|w| {
        w.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_are_opaque() {
        for text in [
            "d41d8cd98f00b204",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "dGFyby55YW1hZGFAZXhhbXBsZQ==",
            "aGVsbG8gd29ybGQ",
            "a8Kx92LmQ4zT",
            "bcdfghjklmnpqrstvwxz",
            "7b2271223a317d0a",
            "1f3a90bc",
            "x7Kq2Lm",
            "a1b2c3",
            "qzxkvwptrm",
            "dv+e/3r/nv94/57/e/94/w==",
            "QpZtWxLbKvRsYnGm",
        ] {
            assert!(is_opaque(text), "{text}");
        }
    }

    #[test]
    fn words_are_not() {
        for text in [
            "index.php",
            "wp-content",
            "updateService2",
            "administrator-login",
            "DownloadManagerInstaller",
            "internationalization",
            "UsdEuroBankDetails",
            "McAfeeVirusScanUpdate",
            "quarterly_report_2011.doc",
            "sitemap20110805",
            "face2face",
            "decade90",
            "Web2Print",
            "html5shiv",
            "log4j2",
            "strengths",
        ] {
            assert!(!is_opaque(text), "{text}");
        }
    }
}
