//! Searches for IP addresses, alone or inside a network that is an indicator.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::memchr;

use crate::boundary::{
    ADDRESS, COLON, DIGIT, DOT, HEX, after_escape, clean_end, clean_start, follows_escape, is,
    run_end, run_start,
};
use crate::key::{self, fingerprint};
use crate::{Hit, Matcher, web};

/// Longest text of an IPv6 address.
const MAX_V6: usize = 45;

/// Reports the address in the span, which the caller bounded, and the URLs on it.
pub(crate) fn check_v4(
    m: &Matcher,
    text: &[u8],
    start: usize,
    end: usize,
    hit: &mut impl FnMut(Hit),
) {
    let Some(address) = parse_v4(&text[start..end]) else { return };
    let mut lengths = m.v4_lengths;
    while lengths != 0 {
        let length = lengths.trailing_zeros() as u8;
        lengths &= lengths - 1;
        report(m, key::V4, &v4_key(address, length), (start, end), hit);
    }
    if m.url_on_address {
        web::check_address(m, text, start, &text[start..end], end, hit);
    }
}

/// Reports every IPv6 address: runs of hexadecimal digits, colons and dots.
pub(crate) fn scan_v6(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    const RUN: u8 = HEX | COLON | DOT;
    let mut from = 0;
    while let Some(found) = memchr(b':', text.get(from..).unwrap_or_default()) {
        let at = from + found;
        let (start, end) = (run_start(text, from, at, RUN), run_end(text, at, RUN));
        from = end;
        if clean_start(text, start, ADDRESS) {
            check_v6(m, text, start, end, hit);
        } else {
            // `src:2001:db8::1`: the run took the end of a word.
            let word = text[start..end].iter().take_while(|b| **b != b':').count();
            check_v6(m, text, start + word, end, hit);
        }
        // An escape before the address may end in hexadecimal digits: `%20`, `\u003c`.
        for start in [start + 2, start + 4] {
            if start < end && follows_escape(text, start) {
                check_v6(m, text, start, end, hit);
            }
        }
    }
}

/// Reports the IPv6 address in a run, once punctuation around it is taken off.
fn check_v6(m: &Matcher, text: &[u8], mut start: usize, mut end: usize, hit: &mut impl FnMut(Hit)) {
    if text.get(end).is_some_and(|b| is(*b, ADDRESS)) {
        return;
    }
    while end > start && text[end - 1] == b'.' {
        end -= 1;
    }
    if text[start..end].ends_with(b":") && !text[start..end].ends_with(b"::") {
        end -= 1;
    }
    if text[start..end].starts_with(b":") && !text[start..end].starts_with(b"::") {
        start += 1;
    }
    let span = &text[start..end];
    // Times of day are the usual runs: refuse them before parsing.
    let colons = span.iter().filter(|b| **b == b':').count();
    let short = span.windows(2).any(|w| w == b"::");
    if span.len() > MAX_V6 || colons < 2 || (!short && colons < 6) {
        return;
    }
    if !clean_start(text, start, ADDRESS) {
        return;
    }
    let Some(address) = std::str::from_utf8(span).ok().and_then(|s| s.parse::<Ipv6Addr>().ok())
    else {
        return;
    };
    let mut lengths = m.v6_lengths;
    while lengths != 0 {
        let length = lengths.trailing_zeros() as u8;
        lengths &= lengths - 1;
        report(m, key::V6, &v6_key(address, length), (start, end), hit);
    }
    // Prefix length 128 does not fit the bits of a u128 beside 0..=127.
    if m.v6_hosts {
        report(m, key::V6, &v6_key(address, 128), (start, end), hit);
    }
    let bracketed = start > 0 && text[start - 1] == b'[' && text.get(end) == Some(&b']');
    if m.url_on_address && bracketed {
        let host = format!("[{address}]");
        web::check_address(m, text, start - 1, host.as_bytes(), end + 1, hit);
    }
}

/// The IPv4 address written in exactly these bytes: four decimal numbers without leading zeros.
fn parse_v4(text: &[u8]) -> Option<Ipv4Addr> {
    if !(7..=15).contains(&text.len()) {
        return None;
    }
    let (mut bits, mut dots, mut digits, mut value) = (0u32, 0, 0, 0u32);
    for b in text {
        match b {
            b'0'..=b'9' if digits < 3 && !(digits > 0 && value == 0) => {
                value = value * 10 + u32::from(b - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && value <= 255 => {
                bits = bits << 8 | value;
                (dots, digits, value) = (dots + 1, 0, 0);
            }
            _ => return None,
        }
    }
    (dots == 3 && digits > 0 && value <= 255).then(|| Ipv4Addr::from_bits(bits << 8 | value))
}

/// The key of the IPv4 network of this length that holds the address.
pub(crate) fn v4_key(address: Ipv4Addr, length: u8) -> [u8; 5] {
    let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    let [a, b, c, d] = (address.to_bits() & mask).to_be_bytes();
    [length, a, b, c, d]
}

/// The key of the IPv6 network of this length that holds the address.
pub(crate) fn v6_key(address: Ipv6Addr, length: u8) -> [u8; 17] {
    let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    let mut key = [length; 17];
    key[1..].copy_from_slice(&(address.to_bits() & mask).to_be_bytes());
    key
}

/// Reports the networks filed under this key.
fn report(
    m: &Matcher,
    tag: u8,
    key: &[u8],
    (start, end): (usize, usize),
    hit: &mut impl FnMut(Hit),
) {
    for (found, text, id) in m.table.find(fingerprint(tag, key)) {
        if found == tag && text == key {
            hit(Hit { id, start, end });
        }
    }
}

/// Reports the IPv4 addresses in a run of name bytes: each part between hyphens may be one.
pub(crate) fn check_run(
    m: &Matcher,
    text: &[u8],
    start: usize,
    end: usize,
    hit: &mut impl FnMut(Hit),
) {
    let mut from = start;
    for part in text[start..end].split(|b| *b == b'-') {
        let (part_start, part_end) = (from, from + part.len());
        from = part_end + 1;
        let stop = part_end - part.iter().rev().take_while(|b| **b == b'.').count();
        let skipped = if part_start == start { after_escape(text, start) } else { None };
        for begin in [Some(part_start), skipped].into_iter().flatten().filter(|b| *b < stop) {
            let bounded = clean_start(text, begin, ADDRESS | DOT) && clean_end(text, stop, ADDRESS);
            if is(text[begin], DIGIT) && bounded {
                check_v4(m, text, begin, stop, hit);
            }
        }
    }
}
