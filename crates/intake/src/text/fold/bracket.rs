//! `[.]`, `(dot)`, `[at]`, `[:]`, `[://]` in every kind of bracket.

/// What stands for what inside brackets, longest first where one begins another.
const MEANINGS: [(&[u8], &[u8]); 24] = [
    (b"://", b"://"),
    (b":", b":"),
    ("：".as_bytes(), b":"),
    (b"//", b"//"),
    (b"/", b"/"),
    (b".", b"."),
    ("．".as_bytes(), b"."),
    ("。".as_bytes(), b"."),
    ("｡".as_bytes(), b"."),
    ("․".as_bytes(), b"."),
    (b"dot", b"."),
    (b"d0t", b"."),
    (b"point", b"."),
    (b"punkt", b"."),
    ("ｄｏｔ".as_bytes(), b"."),
    ("ドット".as_bytes(), b"."),
    ("どっと".as_bytes(), b"."),
    ("点".as_bytes(), b"."),
    (b"@", b"@"),
    ("＠".as_bytes(), b"@"),
    (b"at", b"@"),
    ("ａｔ".as_bytes(), b"@"),
    ("アットマーク".as_bytes(), b"@"),
    ("アット".as_bytes(), b"@"),
];

const OPENING: [&[u8]; 8] = [
    b"[",
    b"(",
    b"{",
    "［".as_bytes(),
    "（".as_bytes(),
    "｛".as_bytes(),
    "【".as_bytes(),
    "〔".as_bytes(),
];

const CLOSING: [&[u8]; 8] = [
    b"]",
    b")",
    b"}",
    "］".as_bytes(),
    "）".as_bytes(),
    "｝".as_bytes(),
    "】".as_bytes(),
    "〕".as_bytes(),
];

/// Reads a bracketed separator at `start`: what it stands for, and its length in bytes.
pub(super) fn read(text: &[u8], start: usize) -> Option<(&'static [u8], usize)> {
    let rest = text.get(start..)?;
    let rest = strip_any(rest, &OPENING)?;
    let rest = strip_any(rest, &OPENING).unwrap_or(rest);
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let (meaning, rest) = MEANINGS.iter().find_map(|(written, meaning)| {
        let head = rest.get(..written.len())?;
        head.eq_ignore_ascii_case(written).then(|| (*meaning, &rest[written.len()..]))
    })?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let rest = strip_any(rest, &CLOSING)?;
    let rest = strip_any(rest, &CLOSING[..1]).unwrap_or(rest);
    Some((meaning, text.len() - start - rest.len()))
}

fn strip_any<'a>(text: &'a [u8], prefixes: &[&[u8]]) -> Option<&'a [u8]> {
    prefixes.iter().find_map(|p| text.strip_prefix(*p))
}
