//! Passwords of people, as they are stored: Argon2id (RFC 9106) with a salt of their own.

use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::argon::{Cost, derive};
use crate::{Entropy, SealError, random_bytes};

/// What a new hash costs: 19 MiB and two passes (OWASP Password Storage Cheat Sheet, Argon2id).
const COST: Cost = Cost { memory_kib: 19 * 1024, passes: 2 };
/// Most that a stored hash may ask for: a damaged row must not take the machine's memory.
const MOST: Cost = Cost { memory_kib: 256 * 1024, passes: 16 };

/// The hash of a password. Never printed.
pub struct PasswordHash {
    cost: Cost,
    salt: [u8; 16],
    hash: Zeroizing<[u8; 32]>,
}

impl PasswordHash {
    /// Hashes a password. Takes tens of milliseconds and 19 MiB: call it on a thread that may wait.
    ///
    /// # Errors
    /// [`SealError::NotEnoughMemory`].
    pub fn of(password: &[u8], entropy: &(impl Entropy + ?Sized)) -> Result<Self, SealError> {
        let salt: [u8; 16] = random_bytes(entropy);
        Ok(Self { cost: COST, salt, hash: derive(password, &salt, COST)? })
    }

    /// A hash that no password has: checking against it takes as long as against a real one.
    pub fn nobody() -> Self {
        Self { cost: COST, salt: [0; 16], hash: Zeroizing::new([0; 32]) }
    }

    /// Whether it is the hash of this password. Takes as long as making one.
    ///
    /// # Errors
    /// [`SealError::NotEnoughMemory`].
    pub fn matches(&self, password: &[u8]) -> Result<bool, SealError> {
        let other = derive(password, &self.salt, self.cost)?;
        Ok(bool::from(other.as_slice().ct_eq(self.hash.as_slice())))
    }

    /// As it is stored: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH` (PHC string format).
    pub fn to_text(&self) -> String {
        format!(
            "$argon2id$v=19$m={},t={},p=1${}${}",
            self.cost.memory_kib,
            self.cost.passes,
            BASE64_NOPAD.encode(&self.salt),
            BASE64_NOPAD.encode(self.hash.as_slice())
        )
    }

    /// Reads [`PasswordHash::to_text`].
    ///
    /// # Errors
    /// [`SealError::BadPasswordHash`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        Self::read(text).ok_or(SealError::BadPasswordHash)
    }

    fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("$argon2id$v=19$m=")?;
        let mut parts = rest.split('$');
        let (memory, passes) = parts.next()?.strip_suffix(",p=1")?.split_once(",t=")?;
        let cost = Cost { memory_kib: memory.parse().ok()?, passes: passes.parse().ok()? };
        if cost.memory_kib > MOST.memory_kib || cost.passes > MOST.passes {
            return None;
        }
        let salt = BASE64_NOPAD.decode(parts.next()?.as_bytes()).ok()?;
        let hash = Zeroizing::new(BASE64_NOPAD.decode(parts.next()?.as_bytes()).ok()?);
        let whole = parts.next().is_none();
        let hash = Zeroizing::new(<[u8; 32]>::try_from(hash.as_slice()).ok()?);
        whole.then_some(Self { cost, salt: salt.try_into().ok()?, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn a_hash_fits_its_password_only_and_comes_back_from_text() {
        let hash = PasswordHash::of("狼煙を上げろ!".as_bytes(), &SeededEntropy::new(1)).unwrap();
        let text = hash.to_text();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let read = PasswordHash::parse(&text).unwrap();
        assert!(read.matches("狼煙を上げろ!".as_bytes()).unwrap());
        assert!(!read.matches("狼煙を上げろ".as_bytes()).unwrap());
        assert!(!PasswordHash::nobody().matches(b"").unwrap());
        let other = PasswordHash::of("狼煙を上げろ!".as_bytes(), &SeededEntropy::new(2)).unwrap();
        assert_ne!(other.to_text(), text, "no salt");
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let good = PasswordHash::nobody().to_text();
        assert!(PasswordHash::parse(&good).is_ok());
        for bad in [
            String::new(),
            good.replace("argon2id", "argon2i"),
            good.replace("m=19456", "m=4194304"),
            good.replace("t=2", "t=99"),
            format!("{good}$x"),
            good[..good.len() - 2].to_owned(),
        ] {
            assert!(PasswordHash::parse(&bad).is_err(), "{bad}");
        }
    }
}
