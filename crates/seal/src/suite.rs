//! The one HPKE suite (RFC 9180, base mode): X-Wing, HKDF-SHA256, ChaCha20-Poly1305.
//!
//! X-Wing (draft-connolly-cfrg-xwing-kem; HPKE KEM 0x647a, draft-ietf-hpke-pq) holds as long as
//! either X25519 or ML-KEM-768 does: what is sealed today must stay closed for decades.

use std::convert::Infallible;

use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::Entropy;

/// How an envelope names this suite.
pub(crate) const SUITE: u8 = 1;
/// Bytes of a private key: the seed of both halves.
pub(crate) const PRIVATE_LEN: usize = 32;
/// Bytes of a public key.
pub(crate) const PUBLIC_LEN: usize = 1216;
/// Bytes of an encapsulation.
pub(crate) const ENCAPSULATION_LEN: usize = 1120;
/// Bytes of the authentication tag.
pub(crate) const TAG_LEN: usize = 16;

pub(crate) type PublicKey = <XWing as Kem>::PublicKey;
type PrivateKey = <XWing as Kem>::PrivateKey;

/// A public key; `None` if ML-KEM's check of the encoding fails.
pub(crate) fn public_key(bytes: &[u8; PUBLIC_LEN]) -> Option<PublicKey> {
    PublicKey::from_bytes(bytes).ok()
}

/// The bytes [`public_key`] reads.
pub(crate) fn public_bytes(key: &PublicKey) -> Vec<u8> {
    key.to_bytes().to_vec()
}

/// The public half.
pub(crate) fn public_of(seed: &[u8; PRIVATE_LEN]) -> Option<PublicKey> {
    PrivateKey::from_bytes(seed).ok().map(|private| XWing::sk_to_pk(&private))
}

/// Encrypts `text` in place; returns encapsulation and tag. `None` only if the library fails.
pub(crate) fn seal_in_place(
    key: &PublicKey,
    info: &[u8],
    associated: &[u8],
    text: &mut [u8],
    entropy: &(impl Entropy + ?Sized),
) -> Option<(Vec<u8>, Vec<u8>)> {
    let (encapsulation, tag) =
        hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            key,
            info,
            InOutBuf::from(text),
            associated,
            &mut Source(entropy),
        )
        .ok()?;
    Some((encapsulation.to_bytes().to_vec(), tag.to_bytes().to_vec()))
}

/// The plaintext, if key, purpose and associated data are those it was sealed with and no bit was
/// changed. One answer for every reason: HPKE cannot tell them apart.
pub(crate) fn open(
    seed: &[u8; PRIVATE_LEN],
    info: &[u8],
    associated: &[u8],
    encapsulation: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let private = PrivateKey::from_bytes(seed).ok()?;
    let encapsulation = <XWing as Kem>::EncappedKey::from_bytes(encapsulation).ok()?;
    let (text, tag) = ciphertext.split_at_checked(ciphertext.len().checked_sub(TAG_LEN)?)?;
    let tag = AeadTag::<ChaCha20Poly1305>::from_bytes(tag).ok()?;
    let mut text = Zeroizing::new(text.to_vec());
    hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &private,
        &encapsulation,
        info,
        InOutBuf::from(text.as_mut_slice()),
        associated,
        &tag,
    )
    .ok()?;
    Some(text)
}

/// Our [`Entropy`] as the library wants it.
struct Source<'a, E: ?Sized>(&'a E);

impl<E: Entropy + ?Sized> TryRng for Source<'_, E> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(crate::random_bytes(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(crate::random_bytes(self.0)))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl<E: Entropy + ?Sized> TryCryptoRng for Source<'_, E> {}
