//! Windows registry keys.

use noroshi_stix::Kind;

use super::Candidate;
use super::chars::{at, text};
use super::scan::Scan;

/// Hives as they are written.
const HIVES: [&str; 10] = [
    "HKLM",
    "HKCU",
    "HKCR",
    "HKU",
    "HKCC",
    "HKEY_LOCAL_MACHINE",
    "HKEY_CURRENT_USER",
    "HKEY_CLASSES_ROOT",
    "HKEY_USERS",
    "HKEY_CURRENT_CONFIG",
];

/// Longest key looked at, in bytes.
const MAX_KEY: usize = 1200;

/// Reads the key whose hive is the atom `start..end`. Returns where to go on.
pub(super) fn read<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> Option<usize> {
    let buf = scan.buf;
    let opens = if at(buf, end) == b':' { end + 1 } else { end };
    if at(buf, opens) != b'\\' || !is_hive(text(buf, start, end)) {
        return None;
    }
    let mut to = opens;
    while to - start < MAX_KEY {
        match at(buf, to) {
            b' ' if name_goes_on(buf, to + 1) => to += 1,
            0..=b' ' | b'"' | b'\'' | b'`' | b',' | b';' | b'|' | b'<' | b'>' | 0x7F.. => break,
            _ => to += 1,
        }
    }
    let raw = text(buf, start, to);
    let raw = raw.trim_end_matches(['.', ':', '+', '*', ']', '\\', '?', '!']);
    let raw = if raw.contains('(') { raw } else { raw.trim_end_matches(')') };
    // Escaped in JSON and regular expressions every backslash is double.
    let single = raw.replace(r"\\", r"\");
    scan.found(Kind::RegistryKey, &single, start, to);
    Some(to)
}

fn is_hive(word: &str) -> bool {
    HIVES.iter().any(|h| h.eq_ignore_ascii_case(word))
}

/// Key names have blanks (`Windows NT\CurrentVersion`): whether one of the next words, all written
/// like names, has a backslash and is not the beginning of another path.
fn name_goes_on(buf: &[u8], start: usize) -> bool {
    let mut from = start;
    for _ in 0..4 {
        let mut to = from;
        while !matches!(at(buf, to), 0..=b' ' | b'"' | b'\'' | b'`' | b',' | b';' | b'|' | b'<' | b'>' | 0x7F..)
        {
            to += 1;
        }
        let word = text(buf, from, to);
        let starts_name = word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
        let first = word.split('\\').next().unwrap_or_default();
        if !starts_name || word.contains(':') || is_hive(first) {
            return false;
        }
        if word.contains('\\') {
            return true;
        }
        if at(buf, to) != b' ' {
            return false;
        }
        from = to + 1;
    }
    false
}
