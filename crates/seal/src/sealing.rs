//! Keys of envelopes: the public one that seals, the private one that opens.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::suite::{self, PRIVATE_LEN, PUBLIC_LEN, SUITE};
use crate::text::{checked_base32, from_checked_base32};
use crate::{Entropy, KeyId, SealError, random_bytes};

/// What the text of every sealing key starts with.
pub const SEALING_KEY_PREFIX: &str = "nrsk_";

/// A public key: anybody can seal to it, only the holder of the [`OpeningKey`] opens.
///
/// Its text form is [`SEALING_KEY_PREFIX`] and lower-case base32 of suite, key and a checksum,
/// about 1,960 characters. Line breaks and spaces that a mail program put in do no harm.
#[derive(Clone, PartialEq, Eq)]
pub struct SealingKey(suite::PublicKey);

impl SealingKey {
    /// Bytes of a key.
    pub const LEN: usize = PUBLIC_LEN;

    /// Reads stored bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        let bytes = bytes.try_into().map_err(|_| SealError::BadSealingKey)?;
        suite::public_key(bytes).map(Self).ok_or(SealError::BadSealingKey)
    }

    /// The [`SealingKey::LEN`] bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        suite::public_bytes(&self.0)
    }

    /// The short name of this key, which envelopes for authorities carry.
    pub fn key_id(&self) -> KeyId {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"noroshi/1/sealing-key\0")
            .chain_update([SUITE])
            .chain_update(self.to_bytes())
            .finalize()
            .into();
        KeyId::of_digest(&digest)
    }

    pub(crate) fn public(&self) -> &suite::PublicKey {
        &self.0
    }
}

impl fmt::Display for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[SUITE], self.to_bytes().as_slice()].concat();
        f.write_str(&checked_base32(SEALING_KEY_PREFIX, &bytes))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.key_id())
    }
}

impl FromStr for SealingKey {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let bytes = from_checked_base32(SEALING_KEY_PREFIX, text, 1 + PUBLIC_LEN)
            .ok_or(SealError::BadSealingKey)?;
        match bytes.split_first() {
            Some((&SUITE, key)) => Self::from_slice(key),
            _ => Err(SealError::BadSealingKey),
        }
    }
}

/// A private key. Wiped from memory when dropped; has no `Debug` and cannot be serialised.
pub struct OpeningKey {
    seed: Zeroizing<[u8; PRIVATE_LEN]>,
    public: SealingKey,
}

impl OpeningKey {
    /// A fresh key.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Result<Self, SealError> {
        Self::from_seed(&Zeroizing::new(random_bytes(entropy)))
    }

    /// The key of a stored seed (X-Wing's 32-byte decapsulation key).
    pub fn from_seed(seed: &[u8; PRIVATE_LEN]) -> Result<Self, SealError> {
        let public = suite::public_of(seed).map(SealingKey).ok_or(SealError::Cipher)?;
        Ok(Self { seed: Zeroizing::new(*seed), public })
    }

    /// The public half.
    pub fn sealing_key(&self) -> &SealingKey {
        &self.public
    }

    pub(crate) fn seed(&self) -> &[u8; PRIVATE_LEN] {
        &self.seed
    }
}
