//! Random names of rows: they carry neither time nor order.

use data_encoding::BASE32_NOPAD;
use noroshi_seal::{Entropy, random_bytes};
use noroshi_stix::Observable;
use sha2::{Digest, Sha256};

/// A fresh id such as `r-4x7kq2...`: the prefix and 128 random bits in lower-case base32.
pub(crate) fn fresh(prefix: &str, entropy: &dyn Entropy) -> String {
    let bytes: [u8; 16] = random_bytes(entropy);
    format!("{prefix}-{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}

/// What equal values share: SHA-256 over kind and normalised value. Keys tables instead of the
/// value, which may be longer than a database index takes.
pub(crate) fn fingerprint(observable: &Observable) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(observable.kind().as_str().as_bytes());
    hash.update([0]);
    hash.update(observable.value().as_bytes());
    hash.finalize().into()
}
