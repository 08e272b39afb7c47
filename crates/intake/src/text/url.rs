//! URLs, with a scheme or without, however the scheme was spoilt.

use std::borrow::Cow;

use noroshi_stix::{Kind, Observable};

use super::chars::{at, before, char_at, text};
use super::host::{is_ideographic, is_known_suffix};
use super::scan::Scan;
use super::{Candidate, Outcome, ip, words};
use crate::DropReason;

/// How schemes are written, and what they stand for. Longer ones first.
const SCHEMES: [(&str, &str); 22] = [
    ("hxxps", "https"),
    ("h**ps", "https"),
    ("h__ps", "https"),
    ("hxtps", "https"),
    ("htxps", "https"),
    ("https", "https"),
    ("httxs", "https"),
    ("hxxp", "http"),
    ("h**p", "http"),
    ("h__p", "http"),
    ("hxtp", "http"),
    ("htxp", "http"),
    ("http", "http"),
    ("meow", "http"),
    ("hxps", "https"),
    ("htps", "https"),
    ("fxxp", "ftp"),
    ("hxp", "http"),
    ("htp", "http"),
    ("ftp", "ftp"),
    ("fxp", "ftp"),
    ("f*p", "ftp"),
];

/// Reads the URL whose scheme ends at `colon`, where `://` stands. Returns where to go on.
pub(super) fn with_scheme<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    colon: usize,
) -> usize {
    let buf = scan.buf;
    let after = colon + 3;
    let Some((scheme, scheme_start, spoilt)) = scheme_before(buf, colon) else { return after };
    let host_start = after + usize::from(spoilt && at(buf, after) == b' ');
    let end = extent(buf, host_start, before(buf, scheme_start));
    let end = international_end(buf, host_start, end);
    let rest = String::from_utf8_lossy(&buf[host_start.min(end)..end]);
    let rest: Cow<'_, str> =
        if rest.contains("&amp;") { rest.replace("&amp;", "&").into() } else { rest };
    let host = host_of(&rest);
    if !host.contains(['.', '[']) {
        return end.max(after);
    }
    let meant = spoilt || scan.is_meant(scheme_start, end);
    take(scan, &format!("{scheme}://{rest}"), scheme_start, end, meant);
    end.max(after)
}

/// Rewrites a value that begins with a spoilt scheme; others are returned as they are.
pub(super) fn with_plain_scheme(value: &str) -> Option<Cow<'_, str>> {
    let Some(colon) = value.find("://") else { return Some(format!("http://{value}").into()) };
    let (scheme, start, _) = scheme_before(value.as_bytes(), colon)?;
    (start == 0).then(|| format!("{scheme}{}", value.get(colon..).unwrap_or_default()).into())
}

/// The scheme that ends at `end`: what it stands for, where it starts, whether it was spoilt.
fn scheme_before(buf: &[u8], end: usize) -> Option<(&'static str, usize, bool)> {
    let head = &buf[..end];
    let (written, scheme) = SCHEMES.iter().find(|(written, _)| {
        head.len().checked_sub(written.len()).is_some_and(|cut| {
            head[cut..].eq_ignore_ascii_case(written.as_bytes())
                // `sftp`, `xmpp`: a letter before makes another scheme, except before `http`.
                && (!before(head, cut).is_ascii_alphabetic() || written.len() > 3 && written.starts_with("ht"))
        })
    })?;
    Some((*scheme, end - written.len(), !matches!(*written, "http" | "https" | "ftp")))
}

/// The host of what follows `://`.
fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() }
}

fn take<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    raw: &str,
    start: usize,
    end: usize,
    meant: bool,
) -> bool {
    if scan.knows(Kind::Url, raw.as_bytes()) {
        return true;
    }
    let Ok(observable) = Observable::parse(Kind::Url, raw) else {
        if meant {
            scan.dropped(DropReason::Malformed, start, end);
        }
        return false;
    };
    let Observable::Url(url) = &observable else { return false };
    let alternative = |name: &str| {
        let top = name.rsplit('.').next().unwrap_or_default();
        words::ALTERNATIVE_SUFFIXES.contains(&top)
    };
    match url.domain() {
        Some(name) if !name.has_known_suffix() && !alternative(name.as_str()) => {
            scan.dropped(DropReason::UnknownSuffix, start, end);
        }
        _ => scan.hand_over_as(Outcome::Found(observable), start, end, meant),
    }
    true
}

/// Reads `host/path`, `host:80/path`, `host:80:/path` where the host is at `start..end`. Returns
/// where to go on, or nothing where the host stands alone.
pub(super) fn without_scheme<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> Option<usize> {
    let buf = scan.buf;
    let mut path = end;
    if at(buf, path) == b':' {
        path += 1;
        while at(buf, path).is_ascii_digit() {
            path += 1;
        }
        let digits = path - end - 1;
        if !(1..=5).contains(&digits) {
            return None;
        }
        path += usize::from(buf[path..].starts_with(b":/"));
    }
    let port = text(buf, end, path).trim_matches(':').to_owned();
    let opens = at(buf, path + 1).is_ascii_alphanumeric()
        || matches!(at(buf, path + 1), b'_' | b'~' | b'.' | b'%' | b'?');
    let previous = before(buf, start);
    // After another scheme (`ldap://`) the path is not one of the web.
    let slashes = buf[..start].ends_with(b"//") && !buf[..start].ends_with(b"://");
    let in_path = (previous == b'/' && !slashes) || previous == b'=';
    if at(buf, path) != b'/' || !opens || in_path {
        return None;
    }
    let stop = extent(buf, path, before(buf, start));
    let segment_end = (path + 1..stop).find(|i| matches!(at(buf, *i), b'/' | b'?' | b'#'));
    let segment = text(buf, path + 1, segment_end.unwrap_or(stop));
    if segment_end.is_none() && !is_path_segment(segment) {
        return None;
    }
    let scheme = if port == "443" { "https" } else { "http" };
    let usual = matches!(port.as_str(), "" | "80" | "443");
    let port = if usual { String::new() } else { format!(":{port}") };
    let raw = format!("{scheme}://{}{port}{}", text(buf, start, end), text(buf, path, stop));
    let meant = scan.is_meant(start, stop);
    take(scan, &raw, start, stop, meant).then_some(stop)
}

/// Whether a single segment after a host makes a path: not a port, a protocol or another host.
fn is_path_segment(segment: &str) -> bool {
    if segment.bytes().all(|b| b.is_ascii_digit()) && segment.len() <= 5 {
        return false;
    }
    if ["tcp", "udp", "http", "https", "tls"].contains(&segment.to_ascii_lowercase().as_str()) {
        return false;
    }
    let Some((_, top)) = segment.rsplit_once('.') else { return true };
    let file = words::FILE_SUFFIXES.iter().any(|(t, _)| t.eq_ignore_ascii_case(top));
    let name = segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    !(ip::quad(segment.as_bytes()).is_some() || (name && !file && is_known_suffix(top)))
}

/// End of the URL characters from `start`, without what belongs to the sentence around. `opener` is
/// the byte before the URL: emphasis around it is not part of it.
fn extent(buf: &[u8], start: usize, opener: u8) -> usize {
    let mut open = 0_usize;
    let mut end = start;
    loop {
        let byte = at(buf, end);
        let goes_on = match byte {
            b'(' => {
                open += 1;
                true
            }
            b')' => {
                let balanced = open > 0;
                open = open.saturating_sub(1);
                balanced
            }
            b'[' => end == start,
            b']' => at(buf, start) == b'[' && !buf[start..end].contains(&b']'),
            b',' => comma_goes_on(buf, end + 1),
            b';' => buf[start..end].ends_with(b"&amp"),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&*+=%".contains(&byte),
        };
        if !goes_on || end - start > MAX_LEN {
            break;
        }
        end += 1;
    }
    while end > start {
        let last = before(buf, end);
        let emphasis = last == opener && matches!(last, b'_' | b'+' | b'~');
        if !(matches!(last, b'.' | b',' | b':' | b'!' | b'?' | b'*' | b'(' | b'&') || emphasis) {
            break;
        }
        end -= 1;
    }
    end
}

/// Longest URL looked at, in bytes.
const MAX_LEN: usize = 8 * 1024;

/// A comma belongs to a URL where a path or query goes on after it, not another entry of a list.
fn comma_goes_on(buf: &[u8], from: usize) -> bool {
    if !at(buf, from).is_ascii_alphanumeric() {
        return false;
    }
    let mut to = from;
    while to - from < 256
        && (at(buf, to).is_ascii_alphanumeric() || b"-._~:/?#@!$&+=%".contains(&at(buf, to)))
    {
        to += 1;
    }
    let tail = &buf[from..to];
    let first = tail.split(|b| *b == b'/').next().unwrap_or_default();
    tail.iter().any(|b| matches!(b, b'/' | b'='))
        && !first.contains(&b'.')
        && !first.contains(&b':')
}

/// Where a URL ends whose host has letters outside ASCII: Japanese goes on after `.com` without a
/// blank, so the host ends where a known suffix meets an ideograph.
fn international_end(buf: &[u8], start: usize, end: usize) -> usize {
    let ascii_host = &buf[start.min(end)..end];
    if at(buf, end) < 0x80 || ascii_host.iter().any(|b| matches!(b, b'/' | b'?' | b'#')) {
        return end;
    }
    let mut at_char = end;
    let mut label = ascii_host.iter().rposition(|b| *b == b'.').map_or(start, |i| start + i + 1);
    while let Some(c) =
        char_at(buf, at_char).filter(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | 'ー'))
    {
        if c == '.' {
            label = at_char + 1;
        } else if is_ideographic(c) && label > start && at_char > label {
            let top = text(buf, label, at_char);
            let digits = top.bytes().all(|b| b.is_ascii_digit());
            if digits || (top.is_ascii() && is_known_suffix(top)) {
                return at_char;
            }
        }
        at_char += c.len_utf8();
        if at_char - start > 255 {
            return end;
        }
    }
    // No suffix so far: the letters belong to the sentence unless the name goes on in ASCII.
    let top = text(buf, label, at_char);
    if label <= start || top.is_empty() || !is_known_suffix(top) {
        return end;
    }
    extent(buf, at_char, 0).max(at_char)
}
