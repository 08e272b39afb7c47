//! Ed25519 signatures (RFC 8032) that are bound to a purpose.
//!
//! Every signature covers a prefix that names what it is for, so a signed receipt can never be
//! presented as a signed batch of releases, whatever its bytes are.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::text::{from_hex, hex};
use crate::{Entropy, SealError, random_bytes};

/// What a signature is for. Each purpose signs under its own prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// The head of a batch of released objects.
    ReleaseBatch,
    /// The proof that a report was filed.
    Receipt,
    /// The anonymity certificate of a context release.
    Certificate,
    /// A member's signature under the sharing agreement.
    Agreement,
    /// The head of a daily tree of receipts.
    DayTree,
    /// The public state a batch of context releases was decided on.
    AnonymityRecord,
    /// A document served beside releases, with its name.
    Document,
    /// The proof that a report with a key of its own was filed.
    KeyedReceipt,
    /// An authority's statement: seal to this key, from then until then.
    KeyStatement,
    /// A report key's answer to a challenge.
    Possession,
    /// A reporter's answer to a question of the desk.
    MailboxAnswer,
    /// What a reporter files under its report key.
    Submission,
}

impl Domain {
    /// Every purpose.
    pub const ALL: [Self; 12] = [
        Self::ReleaseBatch,
        Self::Receipt,
        Self::Certificate,
        Self::Agreement,
        Self::DayTree,
        Self::AnonymityRecord,
        Self::Document,
        Self::KeyedReceipt,
        Self::KeyStatement,
        Self::Possession,
        Self::MailboxAnswer,
        Self::Submission,
    ];

    /// The bytes put before the message. Each ends in its only NUL, so none is the start of another
    /// and no message can move the border.
    fn prefix(self) -> &'static [u8] {
        match self {
            Self::ReleaseBatch => b"noroshi/1/release-batch\0",
            Self::Receipt => b"noroshi/1/receipt\0",
            Self::Certificate => b"noroshi/1/certificate\0",
            Self::Agreement => b"noroshi/1/agreement\0",
            Self::DayTree => b"noroshi/1/day-tree\0",
            Self::AnonymityRecord => b"noroshi/1/anonymity-record\0",
            Self::Document => b"noroshi/1/document\0",
            Self::KeyedReceipt => b"noroshi/1/keyed-receipt\0",
            Self::KeyStatement => b"noroshi/1/key-statement\0",
            Self::Possession => b"noroshi/1/possession\0",
            Self::MailboxAnswer => b"noroshi/1/mailbox-answer\0",
            Self::Submission => b"noroshi/1/submission\0",
        }
    }

    fn bind(self, message: &[u8]) -> Vec<u8> {
        [self.prefix(), message].concat()
    }
}

/// The hub's secret signing key. Wiped from memory when dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// A fresh key.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self::from_seed(*Zeroizing::new(random_bytes(entropy)))
    }

    /// The key of a stored 32-byte seed (RFC 8032's private key).
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = Zeroizing::new(seed);
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// The seed, to be stored where only the hub reads it.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs `message` for one purpose.
    pub fn sign(&self, domain: Domain, message: &[u8]) -> Signature {
        Signature(self.0.sign(&domain.bind(message)).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, secret)", self.verifying_key().key_id())
    }
}

/// A public key. Its text form is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads 32 bytes; refuses points of small order, under which foreign signatures could
    /// verify, and non-canonical spellings.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SealError> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| SealError::BadPublicKey)?;
        // A point has one canonical spelling; with a second one, one key would have two names.
        let canonical = key.to_edwards().compress().to_bytes() == *bytes;
        if key.is_weak() || !canonical {
            return Err(SealError::BadPublicKey);
        }
        Ok(Self(key))
    }

    /// The 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The short name of this key.
    pub fn key_id(&self) -> KeyId {
        let digest: [u8; 32] = Sha256::digest(self.to_bytes()).into();
        KeyId::of_digest(&digest)
    }

    /// Checks that this key signed `message` for this purpose (strict RFC 8032 rules: no malleable
    /// or small-order signatures).
    pub fn verify(
        &self,
        domain: Domain,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SealError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(&domain.bind(message), &signature).map_err(|_| SealError::BadSignature)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.to_bytes()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.key_id())
    }
}

impl FromStr for VerifyingKey {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        Self::from_bytes(&from_hex(text).ok_or(SealError::BadPublicKey)?)
    }
}

/// The short public name of a key: the first 8 bytes of the SHA-256 of its public half, printed as
/// 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// Stands where a key must not be named.
    pub(crate) const NOBODY: Self = Self([0; 8]);

    /// The first 8 bytes of a digest.
    pub(crate) fn of_digest(digest: &[u8; 32]) -> Self {
        let mut id = [0; 8];
        id.iter_mut().zip(digest).for_each(|(out, byte)| *out = *byte);
        Self(id)
    }

    /// The 8 bytes.
    pub fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// From 8 stored bytes.
    pub fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl FromStr for KeyId {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        from_hex(text).map(Self).ok_or(SealError::BadKeyId)
    }
}

/// An Ed25519 signature. Its text form is 128 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// From 64 stored bytes.
    pub fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// From stored bytes of unknown length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        bytes.try_into().map(Self).map_err(|_| SealError::MalformedSignature)
    }

    /// The 64 bytes.
    pub fn to_bytes(self) -> [u8; 64] {
        self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

impl FromStr for Signature {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        from_hex(text).map(Self).ok_or(SealError::MalformedSignature)
    }
}
