//! One-time links and session tokens: 32 random bytes, of which only a digest is stored.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::text::{base32, from_base32};
use crate::{Entropy, SealError, random_bytes};

/// Letters and digits of a token.
pub const TOKEN_LEN: usize = 52;

/// A secret that opens one thing. Wiped from memory when dropped.
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    /// A fresh token.
    pub fn generate(entropy: &(impl Entropy + ?Sized)) -> Self {
        Self(Zeroizing::new(random_bytes(entropy)))
    }

    /// Reads [`Token::expose`].
    pub fn parse(text: &str) -> Result<Self, SealError> {
        from_base32(text).map(Self).ok_or(SealError::BadToken)
    }

    /// The token as text that is safe in a URL and a cookie.
    pub fn expose(&self) -> Zeroizing<String> {
        base32(self.0.as_slice())
    }

    /// What is stored and looked up. The token has 256 random bits, so a plain hash gives nothing
    /// away and an index look-up leaks no usable timing.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"noroshi/1/token\0")
            .chain_update(self.0.as_slice())
            .finalize()
            .into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}
