//! URLs and mail addresses: looked at only where their host is the host of such an indicator.

use crate::boundary::{DOT, NAME, clean_end, clean_start};
use crate::key::{self, finish, name_hash, step, step_exact};
use crate::{Hit, Matcher};

/// Bytes that never stand in a normalised URL's path or query: a URL in a log ends before them.
fn ends_url(byte: u8) -> bool {
    !byte.is_ascii_graphic() || b"\"<>`{}\\#".contains(&byte)
}

/// Bytes at which a URL in a log may end, the text going on.
const SEPARATORS: &[u8] = b",;')]|?&!*";
/// Bytes that, in a row at the end of a URL in a log, may not belong to it.
const TRAILERS: &[u8] = b",;')]|?&!*.:";

/// The host, port and rest of a URL as they are searched: `evil.example:8080`, `/a?b=c`.
pub(crate) fn url_parts(url: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = (rest.get(..path)?, rest.get(path..)?);
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => (authority.get(..at)?, authority.get(at..)?),
        _ => (authority, ""),
    };
    Some((host, if matches!(port, ":80" | ":443") { "" } else { port }, path))
}

/// The fingerprint of a URL.
pub(crate) fn url_fingerprint(host: &[u8], port: &[u8], path: &[u8]) -> u64 {
    finish(port.iter().chain(path).fold(name_hash(host), |h, b| step_exact(h, *b)))
}

/// As [`check_url`], for an address whose canonical text is `host`; looks whether there is any URL
/// on it.
pub(crate) fn check_address(
    m: &Matcher,
    text: &[u8],
    start: usize,
    host: &[u8],
    end: usize,
    hit: &mut impl FnMut(Hit),
) {
    let known = m
        .table
        .find(finish(name_hash(host)))
        .any(|(tag, value, _)| tag == key::URL_HOST && value == host);
    if known {
        check_url(m, text, start, host, end, hit);
    }
}

/// Reports the URL indicators on the host that stands at `start` and whose text ended at `end`:
/// every one that ends where a URL in a log can end. `host` is in the form of the indicators.
pub(crate) fn check_url(
    m: &Matcher,
    text: &[u8],
    start: usize,
    host: &[u8],
    end: usize,
    hit: &mut impl FnMut(Hit),
) {
    let port_len = match text.get(end..) {
        Some([b':', rest @ ..]) => {
            match rest.iter().take(6).take_while(|b| b.is_ascii_digit()).count() {
                digits @ 1..=5 => digits + 1,
                _ => 0,
            }
        }
        _ => 0,
    };
    let path_start = end + port_len;
    let port = match &text[end..path_start] {
        b":80" | b":443" => &[],
        other => other,
    };
    let hash = port.iter().fold(name_hash(host), |h, b| step_exact(h, *b));
    let with_scheme = text.get(..start).is_some_and(|before| before.ends_with(b"://"));
    let mut span = Span { m, text, start, host, port, path_start, implied: false };
    match text.get(path_start) {
        Some(b'/') => span.walk(hash, hit),
        Some(b'?') => {
            span.implied = true;
            span.walk(step_exact(hash, b'/'), hit);
        }
        _ if with_scheme && clean_end(text, path_start, NAME) => {
            span.implied = true;
            // Full stops behind a bare host end a sentence.
            let dots = if port_len > 0 { 0 } else { trailing_dots(&text[start..end]) };
            span.report(step_exact(hash, b'/'), path_start, path_start - dots, hit);
        }
        _ => {}
    }
}

fn trailing_dots(text: &[u8]) -> usize {
    text.iter().rev().take_while(|b| **b == b'.').count()
}

/// A URL found in text: everything but its end.
struct Span<'a> {
    m: &'a Matcher,
    text: &'a [u8],
    start: usize,
    host: &'a [u8],
    port: &'a [u8],
    path_start: usize,
    /// The text has no `/` after the host, the indicator has.
    implied: bool,
}

impl Span<'_> {
    /// Tries every end.
    fn walk(&self, mut hash: u64, hit: &mut impl FnMut(Hit)) {
        let rest = &self.text[self.path_start..];
        let len = rest.iter().take(self.m.longest_path + 1).take_while(|b| !ends_url(**b)).count();
        let trailing = rest[..len].iter().rev().take_while(|b| TRAILERS.contains(b)).count();
        for (i, byte) in rest[..len].iter().enumerate() {
            if (i > 0 || self.implied) && (SEPARATORS.contains(byte) || i + trailing >= len) {
                let end = self.path_start + i;
                self.report(hash, end, end, hit);
            }
            hash = step_exact(hash, *byte);
        }
        if rest.get(len).is_none_or(|b| ends_url(*b)) {
            let end = self.path_start + len;
            self.report(hash, end, end, hit);
        }
    }

    /// Reports the URLs whose path ends at `path_end`, as ending at `end`.
    fn report(&self, hash: u64, path_end: usize, end: usize, hit: &mut impl FnMut(Hit)) {
        for (tag, value, id) in self.m.table.find(finish(hash)) {
            if tag == key::URL && self.is(value, &self.text[self.path_start..path_end]) {
                hit(Hit { id, start: self.start, end });
            }
        }
    }

    /// Whether `value` is host, port and path.
    fn is(&self, value: &[u8], path: &[u8]) -> bool {
        let rest = value.strip_prefix(self.host).and_then(|v| v.strip_prefix(self.port));
        let rest = if self.implied { rest.and_then(|v| v.strip_prefix(b"/")) } else { rest };
        rest == Some(path)
    }
}

/// Reports the mail address indicators whose domain is the span `start..end`, `hash` being its
/// running hash: every local part that can begin where the text allows.
pub(crate) fn check_mail(
    m: &Matcher,
    text: &[u8],
    start: usize,
    end: usize,
    mut hash: u64,
    hit: &mut impl FnMut(Hit),
) {
    let Some(at_sign) = start.checked_sub(1).filter(|i| text[*i] == b'@') else { return };
    hash = step(hash, b'@');
    for begin in (at_sign.saturating_sub(64)..at_sign).rev() {
        let byte = text[begin];
        if !byte.is_ascii_alphanumeric() && !b"!#$%&'*+/=?^_`{|}~.-".contains(&byte) {
            return;
        }
        hash = step(hash, byte);
        let plus = begin > 0 && text[begin - 1] == b'+';
        if plus || !clean_start(text, begin, NAME | DOT) {
            continue;
        }
        for (tag, value, id) in m.table.find(finish(hash)) {
            if tag == key::MAIL && value.eq_ignore_ascii_case(&text[begin..end]) {
                hit(Hit { id, start: begin, end });
            }
        }
    }
}
