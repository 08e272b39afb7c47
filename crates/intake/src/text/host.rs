//! Atoms with dots: addresses, names of hosts, and all the things that only look like names.

mod doubt;

use noroshi_stix::{Kind, Observable};

use super::chars::{at, before, char_before, text};
use super::scan::Scan;
use super::{Candidate, Outcome, digest, ip, url, words};
use crate::DropReason;

/// Reads an atom that has a dot somewhere. Returns where to go on.
pub(super) fn dotted<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
    mask: u8,
) -> usize {
    if char_before(scan.buf, start).is_some_and(|c| !c.is_ascii() && c.is_alphabetic())
        && let Some(from) = international_start(scan, start)
    {
        return read(scan, from, trim_end(scan.buf, start, end));
    }
    let (start, end) = trim(scan.buf, start, end);
    if end - start < 4 || memchr::memchr(b'.', &scan.buf[start..end]).is_none() {
        if end - start >= 13 {
            digest::read(scan, start, end, true);
        }
        return end;
    }
    use super::chars::{DASH, HEX_LETTER, LETTER};
    if mask & (LETTER | HEX_LETTER | DASH) == 0 {
        return ip::v4(scan, start, end);
    }
    match address_within(scan, start, end) {
        Some(next) => next,
        None => read(scan, start, end),
    }
}

/// `198.51.100.1-198.51.100.9`, `IP198.51.100.7`, `v1.2.3.4`.
fn address_within<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> Option<usize> {
    let buf = scan.buf;
    let tail = buf[start..end].iter().rev().take_while(|b| b.is_ascii_digit() || **b == b'.');
    let from = end - tail.count();
    if from == end || from == start {
        return None;
    }
    let prefix = &buf[start..from];
    if let Some(first) = prefix.strip_suffix(b"-").filter(|p| ip::quad(p).is_some()) {
        ip::v4(scan, start, start + first.len());
        return Some(if ip::quad(&buf[from..end]).is_some() {
            ip::v4(scan, from, end)
        } else {
            end
        });
    }
    let from_quad = from + usize::from(at(buf, from) == b'.');
    ip::quad(&buf[from_quad..end])?;
    let word = text(buf, start, from).to_ascii_lowercase();
    if ["ip", "ipv4-", "addr", "host", "src", "dst", "from", "ip_", "ip-"].contains(&word.as_str())
    {
        return Some(ip::v4(scan, from_quad, end));
    }
    if ["v", "ver", "version", "rev", "r", "build"].contains(&word.as_str()) {
        scan.dropped(DropReason::Version, start, end);
    }
    Some(end)
}

/// Without dots, hyphens and emphasis at the ends.
fn trim(buf: &[u8], start: usize, end: usize) -> (usize, usize) {
    let (mut start, mut end) = (start, trim_end(buf, start, end));
    while start < end && matches!(at(buf, start), b'.' | b'-') {
        start += 1;
    }
    while start + 1 < end && at(buf, start) == b'_' && before(buf, end) == b'_' {
        start += 1;
        end -= 1;
    }
    (start, trim_end(buf, start, end))
}

fn trim_end(buf: &[u8], start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && matches!(before(buf, end), b'.' | b'-') {
        end -= 1;
    }
    end
}

/// Where a name with letters of other scripts begins whose ASCII part begins at `start`. Chinese
/// and Japanese stand without blanks in a sentence, so such a name must be defanged and bounded.
fn international_start<S: FnMut(Candidate<'_>)>(
    scan: &Scan<'_, '_, S>,
    start: usize,
) -> Option<usize> {
    let mut from = start;
    let mut ideographs = false;
    let mut letters = 0;
    while let Some(c) = char_before(scan.buf, from) {
        let part = c.is_ascii_alphanumeric() || c.is_alphabetic() || matches!(c, '-' | '.' | 'ー');
        if !part || letters > 63 {
            break;
        }
        ideographs |= is_ideographic(c);
        letters += 1;
        from -= c.len_utf8();
    }
    if !ideographs {
        return Some(from);
    }
    let bounded =
        char_before(scan.buf, from).is_none_or(|c| c.is_whitespace() || "「『\"'`(|[".contains(c));
    (bounded && scan.is_meant(start, start + 1) && letters <= 20).then_some(from)
}

/// Scripts that are written without blanks between words.
pub(super) fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..)
}

/// Reads a name. Returns where to go on.
fn read<S: FnMut(Candidate<'_>)>(scan: &mut Scan<'_, '_, S>, start: usize, end: usize) -> usize {
    let raw = text(scan.buf, start, end);
    let top = raw.rsplit('.').next().unwrap_or_default();
    let shaped = (2..=24).contains(&top.len()) && top.bytes().all(|b| b.is_ascii_alphabetic())
        || top.starts_with("xn--");
    let meant = scan.is_meant(start, end);
    if !shaped || (!meant && !is_known_suffix(top)) {
        if end - start >= 32 {
            digest::read(scan, start, end, false);
        }
        return end;
    }
    // A plain name that was taken before needs no second thought.
    if !meant
        && scan.remembers(Kind::Domain, raw.as_bytes())
        && !matches!(at(scan.buf, end), b'/' | b':')
    {
        return end;
    }
    if !meant && let Some(reason) = doubt::not_a_host(scan.buf, start, end) {
        scan.dropped(reason, start, end);
        return end;
    }
    if let Some(next) = url::without_scheme(scan, start, end) {
        return next;
    }
    take(scan, raw, start, end, meant);
    end
}

/// Hands over a name whose suffix exists.
pub(super) fn take<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    raw: &str,
    start: usize,
    end: usize,
    meant: bool,
) {
    if scan.knows(Kind::Domain, raw.as_bytes()) {
        return;
    }
    let Ok(Observable::Domain(name)) = Observable::parse(Kind::Domain, raw) else { return };
    let alternative = raw.rsplit('.').next().is_some_and(|t| is_alternative(t) && meant);
    if !name.has_known_suffix() && !alternative {
        if meant {
            scan.dropped(DropReason::UnknownSuffix, start, end);
        }
    } else if name.registrable().is_none() {
        scan.dropped(DropReason::PublicSuffix, start, end);
    } else {
        scan.hand_over(Outcome::Found(Observable::Domain(name)), start, end);
    }
}

fn is_alternative(top: &str) -> bool {
    words::ALTERNATIVE_SUFFIXES.iter().any(|s| s.eq_ignore_ascii_case(top))
}

/// Whether a top-level domain exists.
pub(super) fn is_known_suffix(top: &str) -> bool {
    let mut lower = [0; 64];
    let Some(lower) = lower.get_mut(..top.len()) else { return false };
    lower.copy_from_slice(top.as_bytes());
    lower.make_ascii_lowercase();
    psl::suffix(lower).is_some_and(|s| s.is_known())
}
