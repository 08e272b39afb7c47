//! Client certificates as keys: what a tool shows in the TLS handshake instead of an API key.
//!
//! A certificate is pinned, not trusted through an authority: the operator registers the very
//! certificate, the handshake proves that the client holds its private key. Like an API key it is
//! known by a public id and a keyed digest, so that both stand in the same tables.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::api_key::{KeyDigest, public_id};

/// A certificate whose holder was proven by a TLS handshake, or that an operator registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientCertificate {
    fingerprint: [u8; 32],
}

impl ClientCertificate {
    /// From the DER bytes of the end-entity certificate.
    pub fn from_der(der: &[u8]) -> Self {
        Self { fingerprint: Sha256::digest(der).into() }
    }

    /// SHA-256 of the DER bytes, as `openssl x509 -fingerprint -sha256` shows it.
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// The public part: twelve letters or digits that find the stored digest.
    pub fn id(&self) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("noroshi 2026 client certificate id");
        hasher.update(&self.fingerprint);
        public_id(hasher.finalize().as_bytes())
    }

    /// What is stored: a BLAKE3 hash of the fingerprint, keyed with the installation's pepper.
    pub fn digest(&self, pepper: &[u8; 32]) -> KeyDigest {
        let mut hasher = blake3::Hasher::new_keyed(pepper);
        hasher.update(b"noroshi/1/client-certificate\0");
        hasher.update(&self.fingerprint);
        KeyDigest::from_bytes(hasher.finalize().into())
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_an_id_and_a_digest_of_its_own() {
        let (a, b) = (ClientCertificate::from_der(b"a"), ClientCertificate::from_der(b"b"));
        assert_eq!(a.id().len(), 12);
        assert_ne!(a.id(), b.id());
        let pepper = [1; 32];
        assert!(a.digest(&pepper).matches(&a.digest(&pepper)));
        assert!(!a.digest(&pepper).matches(&b.digest(&pepper)));
        assert!(!a.digest(&pepper).matches(&a.digest(&[2; 32])));
    }
}
