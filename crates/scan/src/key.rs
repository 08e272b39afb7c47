//! What an indicator is filed under: a tag, a text in the one form that is searched, a fingerprint.

/// A host or domain: matches itself and what lies below it.
pub(crate) const DOMAIN: u8 = 0;
/// The host of a URL indicator: only tells that looking at the path is worth it.
pub(crate) const URL_HOST: u8 = 1;
/// A URL: host, port unless 80 or 443, path and query; no scheme.
pub(crate) const URL: u8 = 2;
/// The domain of a mail address indicator.
pub(crate) const MAIL_HOST: u8 = 3;
/// A mail address in lower case.
pub(crate) const MAIL: u8 = 4;
/// A digest in lower-case hexadecimal, JA3 included.
pub(crate) const DIGEST: u8 = 5;
/// A JA4 fingerprint in lower case.
pub(crate) const JA4: u8 = 6;
/// A CVE number in upper case.
pub(crate) const CVE: u8 = 7;
/// The most telling word of a file name, mutex or registry key; its number is a place in the list
/// of those.
pub(crate) const ANCHOR: u8 = 8;
/// An IPv4 network: prefix length and four bytes.
pub(crate) const V4: u8 = 9;
/// An IPv6 network: prefix length and sixteen bytes.
pub(crate) const V6: u8 = 10;

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The running hash of no bytes.
pub(crate) const EMPTY: u64 = 0x2545_f491_4f6c_dd1d;

/// Adds one byte to a running hash, in either case. Names are hashed from their last byte to their
/// first, so that the hash of `example.net` is on the way to that of `a.example.net`.
#[inline]
pub(crate) fn step(hash: u64, byte: u8) -> u64 {
    step_exact(hash, byte | 0x20)
}

/// Adds one byte to a running hash, its case included.
#[inline]
pub(crate) fn step_exact(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(MULTIPLIER).rotate_left(23)
}

/// The fingerprint of a running hash: every bit depends on every byte.
#[inline]
pub(crate) fn finish(hash: u64) -> u64 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 29)
}

/// The running hash of a whole name.
pub(crate) fn name_hash(name: &[u8]) -> u64 {
    name.iter().rev().fold(EMPTY, |h, b| step(h, *b))
}

/// The fingerprint of other keys, the tag being part of it. Of long keys, which are digests, the
/// first bytes tell enough.
pub(crate) fn fingerprint(tag: u8, text: &[u8]) -> u64 {
    let mut hash = step_exact(EMPTY, tag);
    for chunk in text.chunks(8).take(3) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(MULTIPLIER).rotate_left(23);
    }
    finish(hash ^ text.len() as u64)
}
