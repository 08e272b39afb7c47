//! The Merkle tree of RFC 6962, section 2.1: one root for a list of objects, and short proofs that
//! an object is in the list.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// Put before an object's bytes, and before two child hashes, so that neither passes for the other.
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// That one leaf is at one place of a tree of a known size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which leaf, counted from 0.
    pub index: usize,
    /// How many leaves the tree has.
    pub size: usize,
    /// The neighbours' hashes on the way from the leaf to the root.
    pub path: Vec<Hash>,
}

/// The hash of one object.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([LEAF]).chain_update(bytes).finalize().into()
}

/// The root over the leaves in their order. That of no leaves is the SHA-256 of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(left_size(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// The proof for the leaf at `index`; `None` if there is no such leaf.
pub fn proof(leaves: &[Hash], index: usize) -> Option<Proof> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    collect_path(leaves, index, &mut path);
    Some(Proof { index, size: leaves.len(), path })
}

/// Whether `proof` shows that `leaf` is in the tree of this root (RFC 9162, section 2.1.3.2).
pub fn verify_proof(leaf: &Hash, proof: &Proof, root: &Hash) -> bool {
    if proof.index >= proof.size {
        return false;
    }
    // `index` and `last` walk up together: the place of our node and of the last node in each row.
    let (mut index, mut last) = (proof.index, proof.size - 1);
    let mut hash = *leaf;
    for neighbour in &proof.path {
        if last == 0 {
            return false;
        }
        if index % 2 == 1 || index == last {
            hash = node_hash(neighbour, &hash);
            // A last node without a neighbour is carried up unchanged through these rows.
            while index % 2 == 0 && index != 0 {
                index /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, neighbour);
        }
        index /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

fn collect_path(leaves: &[Hash], index: usize, path: &mut Vec<Hash>) {
    if leaves.len() < 2 {
        return;
    }
    let left_len = left_size(leaves.len());
    let (left, right) = leaves.split_at(left_len);
    if index < left_len {
        collect_path(left, index, path);
        path.push(root(right));
    } else {
        collect_path(right, index - left_len, path);
        path.push(root(left));
    }
}

/// The largest power of two below `size`; `size` is at least 2.
fn left_size(size: usize) -> usize {
    size.next_power_of_two() / 2
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([NODE]).chain_update(left).chain_update(right).finalize().into()
}
