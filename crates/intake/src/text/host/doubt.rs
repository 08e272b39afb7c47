//! Whether a name with an existing top-level domain is nevertheless no host.
//!
//! Some endings are both (`.md`, `.py`, `.sh`, `.zip`), sentences run together (`it was late.It`),
//! code has dots. What decides is the list of such endings and words, and what stands around. A
//! defanged name and one with a scheme are never asked.

use super::super::chars::{at, atom_start, before, text};
use super::super::context::mentions;
use super::super::{ip, words};
use crate::DropReason;

/// Why the plain name at `start..end` is not taken; nothing where it is a host.
pub(super) fn not_a_host(buf: &[u8], start: usize, end: usize) -> Option<DropReason> {
    let name = Name::new(text(buf, start, end))?;
    let after_slashes = buf[..start].ends_with(b"//") || buf[..start].ends_with(b"||");
    if after_slashes || buf[..start].ends_with(br"\\") {
        return None;
    }
    if let Some(reason) = by_surroundings(buf, start, end, &name) {
        return Some(reason);
    }
    if let Some(reason) = by_spelling(&name) {
        return Some(reason);
    }
    if is_prose(buf, start, &name) {
        return Some(DropReason::Prose);
    }
    is_file(buf, start, &name).then_some(DropReason::FileName)
}

/// A name taken apart.
struct Name<'a> {
    raw: &'a str,
    lower: String,
    top_len: usize,
    labels: usize,
}

impl<'a> Name<'a> {
    fn new(raw: &'a str) -> Option<Self> {
        let (_, top) = raw.rsplit_once('.')?;
        let labels = raw.bytes().filter(|b| *b == b'.').count() + 1;
        Some(Self { raw, lower: raw.to_ascii_lowercase(), top_len: top.len(), labels })
    }

    /// The last label in lower case.
    fn top(&self) -> &str {
        &self.lower[self.lower.len() - self.top_len..]
    }

    /// Everything before the last label, as written.
    fn rest(&self) -> &str {
        &self.raw[..self.raw.len() - self.top_len - 1]
    }

    fn first(&self) -> &str {
        self.lower.split('.').next().unwrap_or_default()
    }

    /// The label before the last, in lower case.
    fn base(&self) -> &str {
        self.lower.rsplit('.').nth(1).unwrap_or_default()
    }

    fn is_classic(&self) -> bool {
        words::has(&words::CLASSIC_SUFFIXES, self.top())
    }

    fn file_bias(&self) -> Option<i32> {
        words::file_bias(self.top())
    }

    fn top_as_written(&self) -> &str {
        &self.raw[self.raw.len() - self.top_len..]
    }
}

fn by_surroundings(buf: &[u8], start: usize, end: usize, name: &Name<'_>) -> Option<DropReason> {
    let previous = before(buf, start);
    if at(buf, end) == b'(' {
        let quad_end = (end + 1..end + 17)
            .find(|i| !at(buf, *i).is_ascii_digit() && at(buf, *i) != b'.')
            .unwrap_or(end + 1);
        let address = ip::quad(&buf[(end + 1).min(quad_end)..quad_end.min(buf.len())]).is_some();
        if !address && !name.is_classic() {
            return Some(DropReason::Code);
        }
    }
    let opens = &buf[start.saturating_sub(3)..start];
    if opens.ends_with(b"${")
        || opens.ends_with(b"{{")
        || opens.ends_with(b"%=")
        || previous == b'$'
    {
        return Some(DropReason::Code);
    }
    if previous == b'\\' {
        return Some(DropReason::Path);
    }
    if previous == b'/' {
        return after_slash(buf, start, name);
    }
    None
}

fn after_slash(buf: &[u8], start: usize, name: &Name<'_>) -> Option<DropReason> {
    let word_end = start - 1;
    let word = text(buf, atom_start(buf, word_end), word_end);
    let top = name.top_as_written();
    let detection = !word.is_empty()
        && !word.contains('.')
        && top.bytes().all(|b| b.is_ascii_uppercase())
        && name.rest().bytes().any(|b| b.is_ascii_lowercase());
    if detection {
        return Some(DropReason::DetectionName);
    }
    match before(buf, word_end) {
        b'=' | b'|' => None,
        // `HIER_DIRECT/evil.com` in proxy logs; a list `a.com/b.com`.
        _ if word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') && !word.is_empty() => None,
        _ if word.contains('.') && name.file_bias().is_none_or(|b| b <= 0) => None,
        _ if name.is_classic() && word.is_empty() => None,
        _ => Some(DropReason::Path),
    }
}

fn by_spelling(name: &Name<'_>) -> Option<DropReason> {
    let top = name.top_as_written();
    let rest = name.rest();
    if words::has(&words::PRODUCTS, &name.lower) {
        return Some(DropReason::Code);
    }
    let family = name.lower.split('.').any(|l| words::has(&words::FAMILY_WORDS, l));
    if family && rest.bytes().any(|b| b.is_ascii_uppercase()) {
        return Some(DropReason::DetectionName);
    }
    let title = |s: &str| {
        s.len() > 1
            && s.as_bytes()[0].is_ascii_uppercase()
            && s.bytes().skip(1).all(|b| b.is_ascii_lowercase())
    };
    if title(top) {
        let whole = rest.split(['.', '-']).all(|l| title(l) || l.len() == 1);
        let plain = whole && name.is_classic() && !words::has(&words::CODE_HEADS, name.first());
        return (!plain).then_some(DropReason::Prose);
    }
    let shouting = top.bytes().all(|b| b.is_ascii_uppercase());
    if shouting && rest.bytes().any(|b| b.is_ascii_lowercase()) {
        return Some(if name.file_bias().is_some() {
            DropReason::FileName
        } else {
            DropReason::Code
        });
    }
    if words::has(&words::CODE_HEADS, name.first()) && !name.is_classic() {
        return Some(DropReason::Code);
    }
    if name.labels >= 3 && words::has(&words::REVERSED_HEADS, name.first()) && !name.is_classic() {
        return Some(DropReason::Code);
    }
    if name.labels == 2 && name.base().len() == 1 && !matches!(name.top(), "com" | "co" | "me") {
        return Some(DropReason::Prose);
    }
    let numeric = rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (numeric && !name.is_classic() && name.top() != "cc").then_some(DropReason::Prose)
}

/// `It ended.in the morning`, `thank.you`.
fn is_prose(buf: &[u8], start: usize, name: &Name<'_>) -> bool {
    let base = name.base();
    let word = words::has(&words::WORD_SUFFIXES, name.top());
    let ends_sentence = words::has(&words::PROSE_WORDS, base)
        || (base.len() > 5
            && ["ed", "ing", "ly", "ion", "ment", "ness"].iter().any(|t| base.ends_with(t)));
    let letters = name.rest().bytes().all(|b| b.is_ascii_alphabetic() || b == b'\'');
    let prose = letters && name.labels == 2 && !name.is_classic() && ends_sentence;
    prose && (word || name.raw != name.lower) && !mentions(buf, start, &words::NETWORK_WORDS)
}

fn is_file(buf: &[u8], start: usize, name: &Name<'_>) -> bool {
    let Some(bias) = name.file_bias() else { return false };
    if name.lower.starts_with("www.") {
        return false;
    }
    let mut score = bias;
    let parts: Vec<&str> = name.base().split(['_', '-']).collect();
    if words::has(&words::FILE_BASES, name.base())
        || (bias > 0 && parts.len() > 1 && parts.iter().any(|p| words::FILE_BASES.contains(p)))
    {
        score += 3;
    }
    if name.rest().contains('_') {
        score += 2;
    }
    if name.rest().bytes().any(|b| b.is_ascii_uppercase()) {
        score += 2;
    }
    if name.labels > 2 {
        let numbered = name.lower.split('.').any(|l| l.bytes().all(|b| b.is_ascii_digit()));
        score += if numbered { 2 } else { -2 };
    }
    if mentions(buf, start, &words::FILE_WORDS) {
        score += 1;
    }
    if mentions(buf, start, &words::NETWORK_WORDS) {
        score -= 3;
    }
    score >= 2
}
