//! API keys: what a member's tools show at the door.
//!
//! A key is `nrsh_<id>_<secret>`: the id (12 letters or digits, public) finds the stored digest, the
//! secret (32 letters or digits, 160 random bits) proves the right to it. The hub and the outlet
//! store only a keyed digest, so a stolen database opens nothing.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::VerifyingKey;
use crate::text::{base32, from_base32};
use crate::{Entropy, SealError, random_bytes};

/// What every key starts with: lets secret scanners find keys that were committed by accident.
pub const API_KEY_PREFIX: &str = "nrsh_";

const ID_LEN: usize = 12;
const SECRET_BYTES: usize = 20;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A whole API key, secret included. Wiped from memory when dropped.
pub struct ApiKey {
    text: Zeroizing<String>,
}

impl ApiKey {
    /// A fresh key.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        let id = public_id(&random_bytes::<ID_LEN>(entropy));
        let secret = Zeroizing::new(random_bytes::<SECRET_BYTES>(entropy));
        let secret = base32(secret.as_slice());
        Self { text: Zeroizing::new(format!("{API_KEY_PREFIX}{id}_{}", secret.as_str())) }
    }

    /// Reads a key as a client sends it.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let rest = text.strip_prefix(API_KEY_PREFIX).ok_or(SealError::BadApiKey)?;
        let (id, secret) = rest.split_once('_').ok_or(SealError::BadApiKey)?;
        if id.len() != ID_LEN || !id.bytes().all(|byte| ALPHABET.contains(&byte)) {
            return Err(SealError::BadApiKey);
        }
        from_base32::<SECRET_BYTES>(secret).ok_or(SealError::BadApiKey)?;
        Ok(Self { text: Zeroizing::new(text.to_owned()) })
    }

    /// The whole key, to be shown once to its owner.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The public part: names the key in lists and finds its digest.
    pub fn id(&self) -> &str {
        self.text.get(API_KEY_PREFIX.len()..API_KEY_PREFIX.len() + ID_LEN).unwrap_or_default()
    }

    /// What is stored: a BLAKE3 hash of the key, keyed with the installation's pepper.
    pub fn digest(&self, pepper: &[u8; 32]) -> KeyDigest {
        let mut hasher = blake3::Hasher::new_keyed(pepper);
        hasher.update(b"noroshi/1/api-key\0");
        hasher.update(self.text.as_bytes());
        KeyDigest(hasher.finalize().into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(secret)")
    }
}

/// The stored digest of an API key. Compare only with [`KeyDigest::matches`].
#[derive(Clone)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// From 32 stored bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From stored bytes of unknown length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        bytes.try_into().map(Self).map_err(|_| SealError::BadDigest)
    }

    /// The 32 bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are digests of the same key. Takes the same time whatever the answer.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(..)")
    }
}

/// Twelve letters or digits made of as many random bytes.
pub(crate) fn public_id(bytes: &[u8]) -> String {
    let letters = bytes.iter().take(ID_LEN).filter_map(|b| ALPHABET.get(usize::from(b % 32)));
    letters.map(|&letter| char::from(letter)).collect()
}

/// What the digests of a hub's API keys are keyed with, derived from its public key: whoever knows
/// which hub a shelf belongs to can check keys. Keys are random, so this need not be secret; it
/// keeps one hub's digests from being compared with another's.
pub fn key_pepper(hub: &VerifyingKey) -> [u8; 32] {
    blake3::derive_key("noroshi 2026 API key digests", &hub.to_bytes())
}
