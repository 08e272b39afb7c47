//! The daily tree of receipts and its signed head (ANONYMITY 6.5).
//!
//! Everybody downloads the whole list of leaves, so nobody asks for "his" proof. Random leaves fill
//! it up to a constant number, and all stand sorted: neither how many reports there were nor their
//! order shows, as long as a day has no more than [`MIN_DAY_LEAVES`]; above, only the next power of
//! two does. Every day has a head, also a day without reports, and names the head of the day
//! before: a hub cannot slip a receipt into a day that others have already seen.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::day::format_day;
use crate::{
    Domain, Entropy, Hash, KeyId, Proof, Receipt, SealError, Signature, SigningKey, VerifyingKey,
    proof, random_bytes, root,
};

/// Leaves of an ordinary day.
pub const MIN_DAY_LEAVES: usize = 1_024;
/// The most leaves a day can have.
pub const MAX_DAY_LEAVES: usize = 1 << 24;

/// Bytes of an encoded head.
const HEAD_LEN: usize = 8 + 4 + 32 + 32;

/// The leaves of one day, as they are published.
#[derive(Clone, PartialEq, Eq)]
pub struct DayTree {
    day: i64,
    leaves: Vec<Hash>,
}

impl DayTree {
    /// The tree over [`Receipt::leaf`] of a day's receipts, in any order. Store the result: the
    /// random leaves are made anew each time.
    pub fn build(
        day: i64,
        receipts: impl IntoIterator<Item = Hash>,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Self, SealError> {
        let mut leaves: BTreeSet<Hash> = receipts.into_iter().collect();
        if leaves.len() > MAX_DAY_LEAVES {
            return Err(SealError::BadDayTree("too many leaves"));
        }
        let size = leaves.len().next_power_of_two().max(MIN_DAY_LEAVES);
        while leaves.len() < size {
            leaves.insert(random_bytes(entropy));
        }
        Self::from_leaves(day, leaves.into_iter().collect())
    }

    /// A published list, checked for its form.
    pub fn from_leaves(day: i64, leaves: Vec<Hash>) -> Result<Self, SealError> {
        format_day(day).ok_or(SealError::BadDayTree("day"))?;
        check_size(leaves.len())?;
        if !leaves.is_sorted_by(|one, next| one < next) {
            return Err(SealError::BadDayTree("order"));
        }
        Ok(Self { day, leaves })
    }

    /// Days since 1970-01-01.
    pub fn day(&self) -> i64 {
        self.day
    }

    /// What is published: 32 bytes each, sorted.
    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    /// Where a receipt's leaf stands; `None` if it is not there.
    pub fn proof(&self, leaf: &Hash) -> Option<Proof> {
        let index = self.leaves.binary_search(leaf).ok()?;
        proof(&self.leaves, index)
    }

    /// The proof for this receipt, if the tree is of its day and has it.
    pub fn proof_of(&self, receipt: &Receipt) -> Result<Proof, SealError> {
        let name = || format_day(self.day).unwrap_or_default();
        if receipt.day() != self.day {
            let receipt = format_day(receipt.day()).unwrap_or_default();
            return Err(SealError::OtherDay { receipt, head: name() });
        }
        self.proof(&receipt.leaf()).ok_or_else(|| SealError::NotInTree(name()))
    }

    /// The head, which follows that of the day before; `None` only for a hub's first day.
    pub fn head(&self, before: Option<&DayHead>) -> Result<DayHead, SealError> {
        let size = u32::try_from(self.leaves.len()).map_err(|_| SealError::BadDayTree("size"))?;
        let previous = before.map_or([0; 32], DayHead::hash);
        let head = DayHead { day: self.day, size, root: root(&self.leaves), previous };
        match before {
            Some(before) => head.follows(before).map(|()| head),
            None => Ok(head),
        }
    }
}

impl fmt::Debug for DayTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DayTree(day {}, {} leaves)", self.day, self.leaves.len())
    }
}

/// What is signed about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayHead {
    /// Days since 1970-01-01.
    pub day: i64,
    /// How many leaves, random ones included.
    pub size: u32,
    /// Merkle root over the leaves.
    pub root: Hash,
    /// [`DayHead::hash`] of the day before; zeros for a hub's first day.
    pub previous: Hash,
}

impl DayHead {
    /// The value the next day's head names as `previous`.
    pub fn hash(&self) -> Hash {
        Sha256::new()
            .chain_update(b"noroshi/1/day-head-hash\0")
            .chain_update(self.to_bytes())
            .finalize()
            .into()
    }

    /// Whether this is the head of the very next day, and names `before`.
    pub fn follows(&self, before: &Self) -> Result<(), SealError> {
        if before.day.checked_add(1) != Some(self.day) {
            return Err(SealError::BrokenChain("not the next day"));
        }
        if self.previous != before.hash() {
            return Err(SealError::BrokenChain("it names another head"));
        }
        Ok(())
    }

    /// Whether these are the leaves of this head.
    pub fn covers(&self, tree: &DayTree) -> bool {
        tree.day == self.day
            && usize::try_from(self.size).is_ok_and(|size| size == tree.leaves.len())
            && root(&tree.leaves) == self.root
    }

    /// Signs this head.
    pub fn sign(self, key: &SigningKey) -> SignedDayHead {
        let signature = key.sign(Domain::DayTree, &self.to_bytes());
        SignedDayHead { head: self, key_id: key.verifying_key().key_id(), signature }
    }

    /// Day, size, root, previous; big-endian.
    pub fn to_bytes(&self) -> [u8; HEAD_LEN] {
        let mut out = [0; HEAD_LEN];
        let numbers = self.day.to_be_bytes().into_iter().chain(self.size.to_be_bytes());
        let fields = numbers.chain(self.root).chain(self.previous);
        out.iter_mut().zip(fields).for_each(|(out, byte)| *out = byte);
        out
    }
}

/// A head with the hub's signature. Trust it only after [`SignedDayHead::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedDayHead {
    /// What was signed.
    pub head: DayHead,
    /// The key that the signer names.
    pub key_id: KeyId,
    /// The signature over [`DayHead::to_bytes`].
    pub signature: Signature,
}

impl SignedDayHead {
    /// Bytes of an encoded signed head.
    pub const LEN: usize = 8 + 64 + HEAD_LEN;

    /// Checks the signature.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        let checked_with = key.key_id();
        if self.key_id != checked_with {
            return Err(SealError::OtherKey { signed_with: self.key_id, checked_with });
        }
        key.verify(Domain::DayTree, &self.head.to_bytes(), &self.signature)
    }

    /// Key id, signature, head: to store or send.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (key, signature) = (self.key_id.to_bytes(), self.signature.to_bytes());
        [key.as_slice(), signature.as_slice(), self.head.to_bytes().as_slice()].concat()
    }

    /// Reads [`SignedDayHead::to_bytes`]. Checks the form, not the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let bad = SealError::BadDayTree;
        let (key_id, rest) = bytes.split_first_chunk().ok_or(bad("key"))?;
        let (signature, rest) = rest.split_first_chunk().ok_or(bad("signature"))?;
        let (day, rest) = rest.split_first_chunk().ok_or(bad("day"))?;
        let (size, rest) = rest.split_first_chunk().ok_or(bad("size"))?;
        let (root, rest) = rest.split_first_chunk().ok_or(bad("root"))?;
        let previous = rest.try_into().map_err(|_| bad("previous"))?;
        let (day, size) = (i64::from_be_bytes(*day), u32::from_be_bytes(*size));
        format_day(day).ok_or(bad("day"))?;
        check_size(usize::try_from(size).map_err(|_| bad("size"))?)?;
        Ok(Self {
            head: DayHead { day, size, root: *root, previous },
            key_id: KeyId::from_bytes(*key_id),
            signature: Signature::from_bytes(*signature),
        })
    }
}

fn check_size(size: usize) -> Result<(), SealError> {
    if !(MIN_DAY_LEAVES..=MAX_DAY_LEAVES).contains(&size) || !size.is_power_of_two() {
        return Err(SealError::BadDayTree("size"));
    }
    Ok(())
}
