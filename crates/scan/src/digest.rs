//! Searches for digests, JA4 fingerprints and CVE numbers.

use memchr::memchr;

use crate::boundary::{ALNUM, DIGIT, HEX, UNDERSCORE, clean_start, is, run_end, run_start};
use crate::key::{self, fingerprint};
use crate::{Hit, Matcher};

/// Lengths of digests in hexadecimal digits: MD5 and JA3, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
const DIGITS: [usize; 6] = [32, 40, 56, 64, 96, 128];
/// The shortest digest: every run that long covers one of the probed bytes.
const STRIDE: usize = 32;

/// Reports every digest: a run of hexadecimal digits of the right length, not inside a longer word.
pub(crate) fn scan_digests(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    let (mut floor, mut probe) = (0, STRIDE - 1);
    while probe < text.len() {
        if !is(text[probe], HEX) {
            probe += STRIDE;
            continue;
        }
        let start = run_start(text, floor, probe, HEX);
        let end = run_end(text, probe, HEX);
        if end - start >= STRIDE {
            // An escape before the digest may end in hexadecimal digits: `%20`, `\u003c`.
            for skip in [0, 2, 4] {
                let start = start + skip;
                if DIGITS.contains(&end.saturating_sub(start))
                    && clean_start(text, start, ALNUM)
                    && text.get(end).is_none_or(|b| !is(*b, ALNUM))
                {
                    lookup(m, key::DIGEST, text, start, end, u8::to_ascii_lowercase, hit);
                }
            }
        }
        floor = end;
        probe = end + STRIDE;
    }
}

/// Reports every JA4 fingerprint: `t13d1516h2_8daaf6152771_b186095e22b6`.
pub(crate) fn scan_ja4(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    const WORD: u8 = ALNUM | UNDERSCORE;
    let mut from = 0;
    while let Some(found) = memchr(b'_', text.get(from..).unwrap_or_default()) {
        let at = from + found;
        from = at + 1;
        let Some(start) = at.checked_sub(10) else { continue };
        let end = at + 26;
        let Some(span) = text.get(start..end) else { continue };
        let shaped = span[..10].iter().all(|b| is(*b, ALNUM))
            && span[11..23].iter().all(|b| is(*b, HEX))
            && span[23] == b'_'
            && span[24..].iter().all(|b| is(*b, HEX));
        if shaped && clean_start(text, start, WORD) && text.get(end).is_none_or(|b| !is(*b, WORD)) {
            lookup(m, key::JA4, text, start, end, u8::to_ascii_lowercase, hit);
        }
    }
}

/// Reports every CVE number, in either case.
pub(crate) fn scan_cves(m: &Matcher, text: &[u8], hit: &mut impl FnMut(Hit)) {
    let mut from = 0;
    while let Some(found) = memchr(b'-', text.get(from..).unwrap_or_default()) {
        let at = from + found;
        from = at + 1;
        let Some(start) = at.checked_sub(3) else { continue };
        if !text[start..at].eq_ignore_ascii_case(b"cve") || text.get(at + 5) != Some(&b'-') {
            continue;
        }
        let end = run_end(text, at + 6, DIGIT);
        let digits = text[at + 1..at + 5].iter().all(u8::is_ascii_digit);
        if digits
            && end - start <= 28
            && clean_start(text, start, ALNUM)
            && text.get(end).is_none_or(|b| !is(*b, ALNUM))
        {
            lookup(m, key::CVE, text, start, end, u8::to_ascii_uppercase, hit);
        }
    }
}

/// Reports the indicators that equal this span once its letters are brought to one case.
fn lookup(
    m: &Matcher,
    tag: u8,
    text: &[u8],
    start: usize,
    end: usize,
    case: impl Fn(&u8) -> u8,
    hit: &mut impl FnMut(Hit),
) {
    let mut buffer = [0; 128];
    let span = &text[start..end];
    let Some(folded) = buffer.get_mut(..span.len()) else { return };
    for (to, from) in folded.iter_mut().zip(span) {
        *to = case(from);
    }
    for (found, value, id) in m.table.find(fingerprint(tag, folded)) {
        if found == tag && value == folded {
            hit(Hit { id, start, end });
        }
    }
}
