//! The signed head of one batch of released objects.
//!
//! A head commits to the objects (Merkle root), to their number, to the tick on which they left and
//! to the head before it, so that a reader notices a batch that was changed, shortened or left out.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::text::hex;
use crate::{Domain, Hash, KeyId, SealError, Signature, SigningKey, VerifyingKey, root};

/// Longest name of a collection, in bytes.
pub const MAX_COLLECTION_LEN: usize = 200;

/// Bytes of an encoded head before the collection name.
const FIXED_LEN: usize = 16 + 8 + 4 + 32 + 32;
/// Bytes of an encoded signed head before the head itself.
const SIGNED_FIXED_LEN: usize = 8 + 64;

/// What is signed about a batch.
#[derive(Clone, PartialEq, Eq)]
pub struct BatchHead {
    /// Random; publishing a batch twice is recognised by it.
    pub batch_id: [u8; 16],
    /// The collection the objects belong to.
    pub collection: String,
    /// The tick on which they were released, microseconds since the epoch.
    pub tick_micros: i64,
    /// How many objects.
    pub count: u32,
    /// Merkle root over the objects' bytes in order.
    pub root: Hash,
    /// [`BatchHead::hash`] of the previous batch of this collection; zeros for the first.
    pub previous: Hash,
}

impl BatchHead {
    /// The head over `leaves` ([`crate::leaf_hash`] of each object's bytes, in order).
    pub fn over(
        batch_id: [u8; 16],
        collection: &str,
        tick_micros: i64,
        leaves: &[Hash],
        previous: Hash,
    ) -> Result<Self, SealError> {
        check_collection(collection)?;
        let count = u32::try_from(leaves.len()).map_err(|_| SealError::BadBatch("count"))?;
        let collection = collection.to_owned();
        Ok(Self { batch_id, collection, tick_micros, count, root: root(leaves), previous })
    }

    /// The bytes that are signed: the fields of fixed length in a fixed order, big-endian, then the
    /// collection name up to the end. Two different heads never have the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(FIXED_LEN + self.collection.len());
        out.extend_from_slice(&self.batch_id);
        out.extend_from_slice(&self.tick_micros.to_be_bytes());
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&self.previous);
        out.extend_from_slice(self.collection.as_bytes());
        out
    }

    /// Reads [`BatchHead::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut rest = bytes;
        let batch_id = take(&mut rest).ok_or(SealError::BadBatch("id"))?;
        let tick = take(&mut rest).ok_or(SealError::BadBatch("tick"))?;
        let count = take(&mut rest).ok_or(SealError::BadBatch("count"))?;
        let root = take(&mut rest).ok_or(SealError::BadBatch("root"))?;
        let previous = take(&mut rest).ok_or(SealError::BadBatch("previous"))?;
        let collection =
            str::from_utf8(rest).map_err(|_| SealError::BadBatch("collection"))?.to_owned();
        check_collection(&collection)?;
        Ok(Self {
            batch_id,
            collection,
            tick_micros: i64::from_be_bytes(tick),
            count: u32::from_be_bytes(count),
            root,
            previous,
        })
    }

    /// The value the next head names as `previous`.
    pub fn hash(&self) -> Hash {
        Sha256::new()
            .chain_update(b"noroshi/1/batch-hash\0")
            .chain_update(self.to_bytes())
            .finalize()
            .into()
    }

    /// Signs this head.
    pub fn sign(self, key: &SigningKey) -> SignedBatchHead {
        let signature = key.sign(Domain::ReleaseBatch, &self.to_bytes());
        SignedBatchHead { head: self, key_id: key.verifying_key().key_id(), signature }
    }
}

impl fmt::Debug for BatchHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "BatchHead({} of {}, {} objects, tick {})",
            hex(&self.batch_id),
            self.collection,
            self.count,
            self.tick_micros
        )
    }
}

/// A head with the hub's signature. Trust it only after [`SignedBatchHead::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBatchHead {
    /// What was signed.
    pub head: BatchHead,
    /// The key that the signer names.
    pub key_id: KeyId,
    /// The signature over [`BatchHead::to_bytes`].
    pub signature: Signature,
}

impl SignedBatchHead {
    /// Checks the signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        let checked_with = key.key_id();
        if self.key_id != checked_with {
            return Err(SealError::OtherKey { signed_with: self.key_id, checked_with });
        }
        key.verify(Domain::ReleaseBatch, &self.head.to_bytes(), &self.signature)
    }

    /// Checks the signature, and that `leaves` are exactly the objects that were signed.
    pub fn verify_with_objects(
        &self,
        key: &VerifyingKey,
        leaves: &[Hash],
    ) -> Result<(), SealError> {
        self.verify(key)?;
        let same_count = u32::try_from(leaves.len()).is_ok_and(|count| count == self.head.count);
        if !same_count || root(leaves) != self.head.root {
            return Err(SealError::OtherObjects(self.head.count));
        }
        Ok(())
    }

    /// Key id, signature, head: to store or send.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SIGNED_FIXED_LEN + FIXED_LEN + MAX_COLLECTION_LEN);
        out.extend_from_slice(&self.key_id.to_bytes());
        out.extend_from_slice(&self.signature.to_bytes());
        out.extend_from_slice(&self.head.to_bytes());
        out
    }

    /// Reads [`SignedBatchHead::to_bytes`]. Checks the form, not the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let mut rest = bytes;
        let key_id = take(&mut rest).ok_or(SealError::BadBatch("key"))?;
        let signature = take(&mut rest).ok_or(SealError::BadBatch("signature"))?;
        Ok(Self {
            head: BatchHead::from_bytes(rest)?,
            key_id: KeyId::from_bytes(key_id),
            signature: Signature::from_bytes(signature),
        })
    }
}

fn check_collection(name: &str) -> Result<(), SealError> {
    if name.is_empty() || name.len() > MAX_COLLECTION_LEN {
        return Err(SealError::BadBatch("collection"));
    }
    Ok(())
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}
