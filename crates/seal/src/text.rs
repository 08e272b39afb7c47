//! Letters and digits for bytes: lower-case base32 (RFC 4648 alphabet, no padding) and hexadecimal.

use data_encoding::{BASE32_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Lower-case base32 without padding.
pub(crate) fn base32(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(BASE32_NOPAD.encode(bytes));
    text.make_ascii_lowercase();
    text
}

/// The `N` bytes that [`base32`] wrote as `text`: lower case only, no spare bits.
pub(crate) fn from_base32<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let upper = Zeroizing::new(text.to_ascii_uppercase());
    let bytes = Zeroizing::new(BASE32_NOPAD.decode(upper.as_bytes()).ok()?);
    <[u8; N]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The `N` bytes written as hexadecimal in either case.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    <[u8; N]>::try_from(bytes.as_slice()).ok()
}

/// Bytes of the checksum of [`checked_base32`].
const CHECKSUM_LEN: usize = 4;

/// `prefix`, then lower-case base32 of `bytes` and a checksum over both.
pub(crate) fn checked_base32(prefix: &str, bytes: &[u8]) -> Zeroizing<String> {
    let checked = Zeroizing::new([bytes, &checksum(prefix, bytes)].concat());
    Zeroizing::new(format!("{prefix}{}", base32(&checked).as_str()))
}

/// The bytes that [`checked_base32`] wrote, which must be `len`. White space anywhere is ignored:
/// mail programs break long lines.
pub(crate) fn from_checked_base32(
    prefix: &str,
    text: &str,
    len: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    // No more than it can have, with room for a line break behind every character.
    if text.len() > 4 * (prefix.len() + 2 * (len + CHECKSUM_LEN)) {
        return None;
    }
    let mut upper = Zeroizing::new(String::with_capacity(text.len()));
    let (mut ahead, mut compact) = (prefix.chars(), text.chars().filter(|c| !c.is_whitespace()));
    if !ahead.all(|letter| compact.next() == Some(letter)) {
        return None;
    }
    for letter in compact {
        if !letter.is_ascii() || letter.is_ascii_uppercase() {
            return None;
        }
        upper.push(letter.to_ascii_uppercase());
    }
    let mut bytes = Zeroizing::new(BASE32_NOPAD.decode(upper.as_bytes()).ok()?);
    if bytes.len() != len + CHECKSUM_LEN {
        return None;
    }
    let (kept, sum) = bytes.split_at_checked(len)?;
    if sum != checksum(prefix, kept) {
        return None;
    }
    bytes.truncate(len);
    Some(bytes)
}

fn checksum(prefix: &str, bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(b"noroshi/1/checksum\0")
        .chain_update(prefix)
        .chain_update(bytes)
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}
