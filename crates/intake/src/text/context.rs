//! What stands before a candidate on its line: labels that say what a number or name is.

use super::chars::line_start;

/// How far back a label is looked for, in bytes.
const REACH: usize = 48;

/// The end of the line before `start`, at most [`REACH`] bytes, without separators at its end.
pub(super) fn lead(buf: &[u8], start: usize) -> &[u8] {
    let from = line_start(buf, start).max(start.saturating_sub(REACH));
    let mut lead = &buf[from..start];
    loop {
        let trimmed = lead.trim_ascii_end();
        let cut = trimmed
            .strip_suffix(b":")
            .or_else(|| trimmed.strip_suffix(b"="))
            .or_else(|| trimmed.strip_suffix(b"\""))
            .or_else(|| trimmed.strip_suffix(b"'"))
            .or_else(|| trimmed.strip_suffix(b"`"))
            .or_else(|| trimmed.strip_suffix(b"("))
            .or_else(|| trimmed.strip_suffix(b"|"))
            .or_else(|| trimmed.strip_suffix("は".as_bytes()))
            .or_else(|| trimmed.strip_suffix("「".as_bytes()))
            .or_else(|| trimmed.strip_suffix("、".as_bytes()));
        match cut {
            Some(shorter) => lead = shorter,
            None => return trimmed,
        }
    }
}

/// Whether the lead ends with one of these words, whatever its case. An ASCII word must not be the
/// tail of a longer one.
pub(super) fn ends_with_word(lead: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        let Some(cut) = lead.len().checked_sub(word.len()) else { return false };
        let (before, tail) = lead.split_at(cut);
        let whole = !word.is_ascii() || !before.last().is_some_and(u8::is_ascii_alphanumeric);
        whole && tail.eq_ignore_ascii_case(word.as_bytes())
    })
}

/// Whether the lead ends with one of these texts, whatever its case, also as part of a longer word.
pub(super) fn ends_with_any(lead: &[u8], tails: &[&str]) -> bool {
    tails.iter().any(|tail| {
        lead.len()
            .checked_sub(tail.len())
            .is_some_and(|cut| lead[cut..].eq_ignore_ascii_case(tail.as_bytes()))
    })
}

/// Whether one of these words (in lower case) stands within [`REACH`] bytes before `start` on its line.
pub(super) fn mentions(buf: &[u8], start: usize, words: &[&str]) -> bool {
    let from = line_start(buf, start).max(start.saturating_sub(REACH));
    let near = buf[from..start].to_ascii_lowercase();
    words.iter().any(|w| memchr::memmem::find(&near, w.as_bytes()).is_some())
}

/// Whether `haystack` holds `needle`, whatever the case of ASCII letters.
pub(super) fn contains_ignoring_case(haystack: &[u8], needle: &[u8]) -> bool {
    position_ignoring_case(haystack, needle).is_some()
}

/// Offset of the last occurrence of `needle`, whatever the case of ASCII letters.
pub(super) fn position_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|w| w.eq_ignore_ascii_case(needle))
}
