//! Byte classes, and looking at single bytes without bounds to mind.

/// The byte at `index`, or 0 past the end.
pub(super) fn at(buf: &[u8], index: usize) -> u8 {
    buf.get(index).copied().unwrap_or(0)
}

/// The byte before `index`, or 0 at the beginning.
pub(super) fn before(buf: &[u8], index: usize) -> u8 {
    index.checked_sub(1).map_or(0, |i| at(buf, i))
}

/// The text of a range that is known to be ASCII, or nothing.
pub(super) fn text(buf: &[u8], start: usize, end: usize) -> &str {
    buf.get(start..end).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
}

/// Not part of an atom. An atom is a run of letters, digits, `.`, `-` and `_`.
pub(super) const OUTSIDE: u8 = 0;
pub(super) const DOT: u8 = 1;
pub(super) const DIGIT: u8 = 2;
/// `a` to `f` in either case.
pub(super) const HEX_LETTER: u8 = 4;
/// Any other letter.
pub(super) const LETTER: u8 = 8;
/// `-` or `_`.
pub(super) const DASH: u8 = 16;

/// The class of every byte.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [OUTSIDE; 256];
    let mut byte = 0_usize;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'.' => DOT,
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' | b'A'..=b'F' => HEX_LETTER,
            b'g'..=b'z' | b'G'..=b'Z' => LETTER,
            b'-' | b'_' => DASH,
            _ => OUTSIDE,
        };
        byte += 1;
    }
    table
}

/// End of the atom that `start` is in.
pub(super) fn atom_end(buf: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < buf.len() && CLASS[usize::from(buf[end])] != OUTSIDE {
        end += 1;
    }
    end
}

/// Start of the atom that ends at `end`.
pub(super) fn atom_start(buf: &[u8], end: usize) -> usize {
    let mut start = end;
    while start > 0 && CLASS[usize::from(at(buf, start - 1))] != OUTSIDE {
        start -= 1;
    }
    start
}

/// Start of the line that `index` is in, or of its last kibibyte where the line is longer.
pub(super) fn line_start(buf: &[u8], index: usize) -> usize {
    let index = index.min(buf.len());
    let from = index.saturating_sub(1024);
    memchr::memrchr(b'\n', &buf[from..index]).map_or(from, |n| from + n + 1)
}

/// The character that starts at `index`, where the bytes are UTF-8.
pub(super) fn char_at(buf: &[u8], index: usize) -> Option<char> {
    let head = buf.get(index..buf.len().min(index + 4))?;
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}

/// The character that ends at `index`, where the bytes are UTF-8.
pub(super) fn char_before(buf: &[u8], index: usize) -> Option<char> {
    (1..=4.min(index)).find_map(|len| {
        let text = std::str::from_utf8(buf.get(index - len..index)?).ok()?;
        text.chars().next_back()
    })
}
