//! What can be wrong with something that was signed, hashed or issued here.

use crate::KeyId;

/// Why a key, signature, receipt or batch was refused. Never contains the text that was refused: it
/// may be a secret with one wrong letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A public key that is malformed, not on the curve, or of small order.
    #[error(
        "this is not a usable Ed25519 public key: expected 64 hexadecimal digits as printed by the hub"
    )]
    BadPublicKey,
    /// A signature in the wrong form.
    #[error("this is not an Ed25519 signature: expected 128 hexadecimal digits")]
    MalformedSignature,
    /// A key identifier in the wrong form.
    #[error("this is not a key identifier: expected 16 hexadecimal digits")]
    BadKeyId,
    /// Signed with another key than the one at hand.
    #[error(
        "this was signed with key {signed_with}, but checked with key {checked_with}: get the hub's key {signed_with}"
    )]
    OtherKey {
        /// The key the signer names.
        signed_with: KeyId,
        /// The key the reader holds.
        checked_with: KeyId,
    },
    /// The signature does not fit content, purpose and key.
    #[error(
        "the signature does not fit this content: it was changed after signing, or signed for another purpose; fetch it again from the hub"
    )]
    BadSignature,
    /// An API key in the wrong form.
    #[error(
        "this is not an API key: expected nrsh_, 12 letters or digits, _, 32 letters or digits; copy it again as a whole"
    )]
    BadApiKey,
    /// A one-time link or session token in the wrong form.
    #[error("this is not a token: expected 52 letters or digits; copy the whole link again")]
    BadToken,
    /// A stored digest of the wrong length.
    #[error("a key digest has 32 bytes, this one has another length: the stored value is damaged")]
    BadDigest,
    /// A receipt that cannot be read; the word names the part.
    #[error("this receipt cannot be read ({0}): paste the whole block from BEGIN to END")]
    BadReceipt(&'static str),
    /// A receipt for other content.
    #[error(
        "this receipt is genuine, but for other content: compare with the file exactly as it was sent"
    )]
    OtherContent,
    /// A batch head that cannot be read or made; the word names the part.
    #[error("this batch head is damaged ({0}): fetch the batch again")]
    BadBatch(&'static str),
    /// The objects of a batch are not those that were signed.
    #[error("the objects of this batch are not the {0} that were signed: fetch the batch again")]
    OtherObjects(u32),
}
