//! Hashes, JA3 and JA4 fingerprints, CVE numbers.

use noroshi_stix::Kind;

use super::chars::{at, before, line_start, text};
use super::context::{ends_with_word, lead, position_ignoring_case};
use super::scan::Scan;
use super::{Candidate, words};
use crate::DropReason;

/// Reads an atom without meaning as a host: hashes in it, a CVE number, a JA4 fingerprint.
pub(super) fn read<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
    has_dash: bool,
) {
    if has_dash {
        if scan.buf[start..end].get(..4).is_some_and(|h| h.eq_ignore_ascii_case(b"CVE-")) {
            return cve(scan, start, end);
        }
        if end - start == JA4_LEN && scan.found(Kind::Ja4, text(scan.buf, start, end), start, end) {
            return;
        }
    }
    if end - start >= 32 {
        hashes(scan, start, end);
    }
}

/// Length of a JA4 fingerprint: ten, twelve and twelve characters.
const JA4_LEN: usize = 36;

fn cve<S: FnMut(Candidate<'_>)>(scan: &mut Scan<'_, '_, S>, start: usize, end: usize) {
    let mut stop = start + 4;
    let mut dashes = 0;
    while stop < end && (at(scan.buf, stop).is_ascii_digit() || at(scan.buf, stop) == b'-') {
        dashes += usize::from(at(scan.buf, stop) == b'-');
        if dashes > 1 {
            break;
        }
        stop += 1;
    }
    let raw = text(scan.buf, start, stop).trim_end_matches('-');
    scan.found(Kind::Cve, raw, start, stop);
}

/// Runs of hexadecimal digits between dots and underscores, of the length of a hash.
fn hashes<S: FnMut(Candidate<'_>)>(scan: &mut Scan<'_, '_, S>, start: usize, end: usize) {
    let mut from = start;
    while from < end {
        let mut to = from;
        let mut letters = false;
        while to < end && at(scan.buf, to).is_ascii_hexdigit() {
            letters |= !at(scan.buf, to).is_ascii_digit();
            to += 1;
        }
        let bounded = !joins(before(scan.buf, from)) && !joins(at(scan.buf, to));
        if let Some(kind) = kind_of_len(to - from).filter(|_| letters && bounded) {
            hash(scan, kind, from, to);
        }
        // To the next separator within the atom.
        while to < end && !matches!(at(scan.buf, to), b'.' | b'_' | b'-') {
            to += 1;
        }
        from = to + 1;
    }
}

/// Bytes that make a run part of something longer: letters, digits, the hyphens of UUIDs.
fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn kind_of_len(len: usize) -> Option<Kind> {
    Some(match len {
        32 => Kind::Md5,
        40 => Kind::Sha1,
        56 => Kind::Sha224,
        64 => Kind::Sha256,
        96 => Kind::Sha384,
        128 => Kind::Sha512,
        _ => return None,
    })
}

fn hash<S: FnMut(Candidate<'_>)>(scan: &mut Scan<'_, '_, S>, kind: Kind, start: usize, end: usize) {
    let raw = text(scan.buf, start, end);
    let label = lead(scan.buf, start);
    if ends_with_word(label, &words::OTHER_HASHES) {
        return scan.dropped(DropReason::NotAFileHash, start, end);
    }
    let kind = match fingerprint_label(scan.buf, start) {
        Some(b's') if kind == Kind::Md5 => {
            return scan.dropped(DropReason::NotAFileHash, start, end);
        }
        Some(_) if kind == Kind::Md5 => Kind::Ja3,
        _ => kind,
    };
    scan.found(kind, raw, start, end);
}

/// Whether `ja3` (gives 0) or `ja3s` (gives `s`) labels what starts at `start`.
fn fingerprint_label(buf: &[u8], start: usize) -> Option<u8> {
    let from = line_start(buf, start).max(start.saturating_sub(48));
    let near = buf.get(from..start)?;
    let label = position_ignoring_case(near, b"ja3")?;
    let between = near.get(label + 3..)?;
    let other_hash = between.split(|b| !b.is_ascii_hexdigit()).any(|run| run.len() >= 8);
    if other_hash || position_ignoring_case(between, b"md5").is_some() {
        return None;
    }
    let next = between.first().copied().unwrap_or(0).to_ascii_lowercase();
    Some(if next == b's' { b's' } else { 0 })
}
