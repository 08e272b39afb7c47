//! IPv4 and IPv6 addresses and networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use noroshi_stix::Kind;

use super::chars::{at, atom_start, before, char_at, line_start, text};
use super::context::{ends_with_any, ends_with_word, lead};
use super::scan::Scan;
use super::{Candidate, url, words};
use crate::DropReason;

/// Reads the dotted quad at `start..end` (digits and three dots). Returns where to go on.
pub(super) fn v4<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> usize {
    let Some(octets) = quad(&scan.buf[start..end]) else { return end };
    if octets == [0; 4] || octets[..2] == [255, 255] {
        return end;
    }
    let (prefix, after) = prefix_len(scan.buf, end, 2);
    let meant = scan.is_meant(start, end);
    if !meant
        && prefix.is_none()
        && let Some(reason) = not_an_address(scan, start, end, octets)
    {
        scan.dropped(reason, start, end);
        return end;
    }
    if let Some(len) = prefix.filter(|l| (8..=32).contains(l)) {
        // A firewall writes address/port: where the bits below the prefix are set and the number is
        // a usual port, the narrower reading is the safe one.
        let host_bits = u32::from_be_bytes(octets).checked_shl(len).unwrap_or(0) != 0;
        if !(host_bits && matches!(len, 21 | 22 | 23 | 25)) {
            scan.found(Kind::Ipv4, text(scan.buf, start, after), start, after);
            return after;
        }
    }
    if let Some(next) = url::without_scheme(scan, start, end) {
        return next;
    }
    scan.found(Kind::Ipv4, text(scan.buf, start, end), start, end);
    end
}

/// The four numbers of a dotted quad without leading zeros.
pub(super) fn quad(raw: &[u8]) -> Option<[u8; 4]> {
    if raw.len() > 15 || raw.len() < 7 {
        return None;
    }
    let address: Ipv4Addr = std::str::from_utf8(raw).ok()?.parse().ok()?;
    Some(address.octets())
}

/// `/24` at `index`: the number and where it ends; no number where something else follows.
fn prefix_len(buf: &[u8], index: usize, max_digits: usize) -> (Option<u32>, usize) {
    if at(buf, index) != b'/' {
        return (None, index);
    }
    let mut end = index + 1;
    while at(buf, end).is_ascii_digit() {
        end += 1;
    }
    let digits = end - index - 1;
    let next = at(buf, end);
    let goes_on = next.is_ascii_alphanumeric()
        || matches!(next, b'/' | b'_' | b'-')
        || (next == b'.' && at(buf, end + 1).is_ascii_alphanumeric());
    if digits == 0 || digits > max_digits || goes_on {
        return (None, index);
    }
    (text(buf, index + 1, end).parse().ok(), end)
}

fn not_an_address<S: FnMut(Candidate<'_>)>(
    scan: &Scan<'_, '_, S>,
    start: usize,
    end: usize,
    octets: [u8; 4],
) -> Option<DropReason> {
    let buf = scan.buf;
    let label = lead(buf, start);
    if octets[1..] == [0; 3] {
        return Some(DropReason::Version);
    }
    if ends_with_word(label, &words::VERSION_WORDS) || ends_with_any(label, &words::VERSION_TAILS) {
        return Some(DropReason::Version);
    }
    if ends_with_word(label, &words::SECTION_WORDS) || is_heading(buf, start, end, octets) {
        return Some(DropReason::Section);
    }
    let small = octets.iter().all(|o| *o <= 30);
    match before(buf, start) {
        // `Firefox/1.2.3.4`, but `HIER_DIRECT/203.0.113.60` and `and/198.51.100.7`.
        b'/' => {
            let word = &buf[atom_start(buf, start - 1)..start - 1];
            let product = word.first().is_some_and(u8::is_ascii_alphabetic)
                && word.iter().any(u8::is_ascii_lowercase);
            (product && octets[2..] != [0, 0] && (small || word[0].is_ascii_uppercase())
                || product && octets[1..3] == [0, 0])
            .then_some(DropReason::Version)
        }
        b'@' => small.then_some(DropReason::Version),
        b'|' if is_cef_version(buf, start) => Some(DropReason::Version),
        _ => follows_version(buf, start).then_some(DropReason::Version),
    }
}

/// `4.1.2.3 Network layout` at the start of a line.
fn is_heading(buf: &[u8], start: usize, end: usize, octets: [u8; 4]) -> bool {
    let line = &buf[line_start(buf, start)..start];
    let first = line.iter().all(|b| matches!(b, b' ' | b'\t' | b'#' | b'='));
    let blank = at(buf, end) == b' ' || buf[end..].starts_with("　".as_bytes());
    let title = char_at(buf, end + 1).is_some_and(|c| c.is_alphabetic());
    first && blank && title && octets.iter().all(|o| *o <= 30)
}

/// The fourth field of a CEF header is the version of the sending product.
fn is_cef_version(buf: &[u8], start: usize) -> bool {
    let line = &buf[line_start(buf, start)..start];
    let head = memchr::memmem::find(line, b"CEF:");
    head.is_some_and(|h| line[h..].iter().filter(|b| **b == b'|').count() == 3)
}

/// `versions 7.1.2.3, 7.1.2.4 and 7.1.2.5`: only list words since the label, and more numbers.
fn follows_version(buf: &[u8], start: usize) -> bool {
    let from = line_start(buf, start).max(start.saturating_sub(64));
    let near = &buf[from..start];
    let mut rest = near;
    let mut numbers = 0;
    loop {
        let trimmed = trim_list_words(rest);
        let number = trimmed.len()
            - trimmed.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        if number == trimmed.len() || !trimmed[number..].contains(&b'.') {
            break;
        }
        rest = &trimmed[..number];
        numbers += 1;
    }
    let label = lead(rest, rest.len());
    numbers > 0
        && (ends_with_word(label, &words::VERSION_WORDS)
            || ends_with_any(label, &words::VERSION_TAILS))
}

fn trim_list_words(text: &[u8]) -> &[u8] {
    const BETWEEN: [&str; 14] = [
        " ",
        ",",
        "and",
        "or",
        "to",
        "through",
        "-",
        "~",
        "から",
        "および",
        "と",
        "、",
        "〜",
        "より",
    ];
    let mut text = text;
    while let Some(cut) = BETWEEN.iter().find_map(|w| text.strip_suffix(w.as_bytes())) {
        text = cut;
    }
    text
}

/// Longest text of an address, in bytes, with room for a label.
const MAX_V6: usize = 64;

/// Reads an IPv6 address around the atom `start..end`, which a colon follows. Returns where to go
/// on, or nothing where these are not groups of hexadecimal digits.
pub(super) fn v6<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> Option<usize> {
    let buf = scan.buf;
    let mut from = start;
    if buf[..start].ends_with(b"::") {
        from -= 2;
    }
    let mut to = end;
    while to - from <= MAX_V6
        && (at(buf, to).is_ascii_hexdigit() || matches!(at(buf, to), b':' | b'.'))
    {
        to += 1;
    }
    if to - from > MAX_V6 {
        return Some(to);
    }
    let whole_end = to;
    while to > from && matches!(before(buf, to), b':' | b'.') && !buf[..to].ends_with(b"::") {
        to -= 1;
    }
    let colons = buf[from..to].iter().filter(|b| **b == b':').count();
    if colons < 2 || at(buf, whole_end).is_ascii_alphanumeric() {
        return None;
    }
    // `add:2001:db8::1`: a label may itself be hexadecimal.
    for _ in 0..2 {
        if let Some(address) = text(buf, from, to).parse().ok().filter(is_public_shape) {
            return Some(take_v6(scan, address, from, to));
        }
        let group = buf[from..to].iter().position(|b| *b == b':')?;
        from += group + 1;
    }
    Some(whole_end)
}

fn take_v6<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    address: Ipv6Addr,
    from: usize,
    to: usize,
) -> usize {
    let (prefix, after) = prefix_len(scan.buf, to, 3);
    match prefix.filter(|l| (16..=128).contains(l)) {
        Some(len) => {
            scan.found(Kind::Ipv6, &format!("{address}/{len}"), from, after);
            after
        }
        None => {
            scan.found(Kind::Ipv6, &address.to_string(), from, to);
            to
        }
    }
}

/// Code writes `a::b` and `dead::beef`; addresses begin with an assigned prefix.
fn is_public_shape(address: &Ipv6Addr) -> bool {
    let [first, ..] = address.segments();
    matches!(first >> 12, 2 | 3)
        || matches!(first >> 8, 0xfc | 0xfd | 0xff)
        || first & 0xffc0 == 0xfe80
        || first == 0x64
        || address.to_ipv4_mapped().is_some()
}
