//! An authority's key file: one secret, from which its opening key and its signing key come.
//!
//! The text is `nrsx_`, base32 of the fields below and a checksum. Plain: `0`, the secret.
//! Protected: `1`, memory in KiB and passes of Argon2id, a salt, and the secret under
//! ChaCha20-Poly1305 with the derived key.

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _, inout::InOutBuf};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use zeroize::Zeroizing;

use crate::argon::{self, Cost};
use crate::text::{checked_base32, from_checked_base32};
use crate::{Entropy, KeyStatement, OpeningKey, SealError, SealingKey, SigningKey, random_bytes};

/// What the text of every key file starts with: lets secret scanners find it.
pub const AUTHORITY_KEY_PREFIX: &str = "nrsx_";
/// Fewest characters of a passphrase.
pub const MIN_PASSPHRASE_LEN: usize = 12;

const PLAIN: u8 = 0;
const PROTECTED: u8 = 1;
const SECRET_LEN: usize = 32;
const SALT_LEN: usize = 16;
const TAG_LEN: usize = 16;
const PLAIN_LEN: usize = 1 + SECRET_LEN;
const PROTECTED_LEN: usize = 1 + 4 + 4 + SALT_LEN + SECRET_LEN + TAG_LEN;
/// 256 MiB and three passes: one to two seconds, for a file that is opened by hand.
const COST: Cost = Cost { memory_kib: 256 * 1024, passes: 3 };
/// More than this a file may not ask for: 2 GiB, 16 passes.
const MOST: Cost = Cost { memory_kib: 2 * 1024 * 1024, passes: 16 };

/// An authority's secret. Wiped from memory when dropped; has no `Debug` and cannot be serialised.
pub struct AuthorityKey {
    secret: Zeroizing<[u8; SECRET_LEN]>,
    opening: OpeningKey,
}

impl AuthorityKey {
    /// A fresh key.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Result<Self, SealError> {
        Self::from_secret(Zeroizing::new(random_bytes(entropy)))
    }

    /// Reads a key file; `passphrase` is looked at only if the file is protected.
    ///
    /// Errors: [`SealError::BadAuthorityKey`], [`SealError::PassphraseNeeded`],
    /// [`SealError::WrongPassphrase`].
    pub fn parse(text: &str, passphrase: Option<&str>) -> Result<Self, SealError> {
        let read = |len| from_checked_base32(AUTHORITY_KEY_PREFIX, text, len);
        if let Some(bytes) = read(PLAIN_LEN) {
            return match bytes.split_first() {
                Some((&PLAIN, secret)) => {
                    let secret = secret.try_into().map_err(|_| SealError::BadAuthorityKey)?;
                    Self::from_secret(Zeroizing::new(secret))
                }
                _ => Err(SealError::BadAuthorityKey),
            };
        }
        let bytes = read(PROTECTED_LEN).ok_or(SealError::BadAuthorityKey)?;
        let passphrase = passphrase.ok_or(SealError::PassphraseNeeded)?;
        unlock(&bytes, passphrase).and_then(Self::from_secret)
    }

    /// The text of an unprotected file.
    pub fn expose(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new([&[PLAIN], self.secret.as_slice()].concat());
        checked_base32(AUTHORITY_KEY_PREFIX, &bytes)
    }

    /// The text of a file under a passphrase of at least [`MIN_PASSPHRASE_LEN`] characters.
    pub fn protect(
        &self,
        passphrase: &str,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Zeroizing<String>, SealError> {
        if passphrase.chars().count() < MIN_PASSPHRASE_LEN {
            return Err(SealError::ShortPassphrase(MIN_PASSPHRASE_LEN));
        }
        let mut bytes = vec![PROTECTED];
        bytes.extend_from_slice(&COST.memory_kib.to_be_bytes());
        bytes.extend_from_slice(&COST.passes.to_be_bytes());
        let salt: [u8; SALT_LEN] = random_bytes(entropy);
        bytes.extend_from_slice(&salt);
        let cipher = cipher(passphrase, &salt, COST)?;
        let mut secret = Zeroizing::new(*self.secret);
        // The salt is fresh, so the key is used once and the nonce may be zero.
        let tag = cipher
            .encrypt_inout_detached(
                &Nonce::default(),
                &bytes,
                InOutBuf::from(secret.as_mut_slice()),
            )
            .map_err(|_| SealError::Cipher)?;
        bytes.extend_from_slice(secret.as_slice());
        bytes.extend_from_slice(&tag);
        Ok(checked_base32(AUTHORITY_KEY_PREFIX, &bytes))
    }

    /// The public half.
    pub fn sealing_key(&self) -> &SealingKey {
        self.opening.sealing_key()
    }

    /// Opens what was sealed to the authority.
    pub fn opening_key(&self) -> &OpeningKey {
        &self.opening
    }

    /// States that [`AuthorityKey::sealing_key`] is this authority's, from one day until the end
    /// of another.
    pub fn state(&self, authority: &str, from: i64, until: i64) -> Result<KeyStatement, SealError> {
        let signer = SigningKey::from_seed(*branch("noroshi 2026 authority signing", &self.secret));
        KeyStatement::sign(authority, from, until, self.sealing_key(), &signer)
    }

    fn from_secret(secret: Zeroizing<[u8; SECRET_LEN]>) -> Result<Self, SealError> {
        let opening = OpeningKey::from_seed(&branch("noroshi 2026 authority opening", &secret))?;
        Ok(Self { secret, opening })
    }
}

fn branch(context: &str, secret: &[u8; SECRET_LEN]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(blake3::derive_key(context, secret))
}

fn unlock(bytes: &[u8], passphrase: &str) -> Result<Zeroizing<[u8; SECRET_LEN]>, SealError> {
    let bad = || SealError::BadAuthorityKey;
    let (head, sealed) = bytes.split_at_checked(1 + 4 + 4 + SALT_LEN).ok_or_else(bad)?;
    let ([kind], rest) = head.split_first_chunk::<1>().ok_or_else(bad)?;
    let (memory, rest) = rest.split_first_chunk::<4>().ok_or_else(bad)?;
    let (passes, salt) = rest.split_first_chunk::<4>().ok_or_else(bad)?;
    let cost =
        Cost { memory_kib: u32::from_be_bytes(*memory), passes: u32::from_be_bytes(*passes) };
    let (secret, tag) = sealed.split_first_chunk::<SECRET_LEN>().ok_or_else(bad)?;
    let tag = <[u8; TAG_LEN]>::try_from(tag).map_err(|_| bad())?;
    if *kind != PROTECTED || cost.memory_kib > MOST.memory_kib || cost.passes > MOST.passes {
        return Err(bad());
    }
    let mut secret = Zeroizing::new(*secret);
    cipher(passphrase, salt, cost)?
        .decrypt_inout_detached(
            &Nonce::default(),
            head,
            InOutBuf::from(secret.as_mut_slice()),
            &Tag::from(tag),
        )
        .map_err(|_| SealError::WrongPassphrase)?;
    Ok(secret)
}

fn cipher(passphrase: &str, salt: &[u8], cost: Cost) -> Result<ChaCha20Poly1305, SealError> {
    let key = argon::derive(passphrase.as_bytes(), salt, cost)?;
    ChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| SealError::Cipher)
}
