//! The tree against the published answers of Certificate Transparency, and its properties.

use noroshi_seal::{Hash, Proof, leaf_hash, proof, root, verify_proof};
use proptest::prelude::*;

use crate::unhex;

/// The inputs that Certificate Transparency's own tests use.
const INPUTS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The root over the first 0, 1, ... 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

#[test]
fn published_roots() {
    let known: Vec<Hash> = INPUTS.iter().map(|input| leaf_hash(input)).collect();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&known[..size]), unhex::<32>(expected), "{size} leaves");
    }
}

#[test]
fn published_proof() {
    let known: Vec<Hash> = INPUTS.iter().map(|input| leaf_hash(input)).collect();
    let path: Vec<Hash> = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    .map(unhex)
    .to_vec();
    assert_eq!(proof(&known, 0), Some(Proof { index: 0, size: 8, path }));
}

#[test]
fn every_leaf_of_every_small_tree_is_proven_and_only_in_its_place() {
    for size in 1..=40 {
        let leaves = leaves(size);
        let root = root(&leaves);
        assert_eq!(proof(&leaves, size), None);
        for (index, leaf) in leaves.iter().enumerate() {
            let proof = proof(&leaves, index).unwrap();
            assert!(verify_proof(leaf, &proof, &root), "leaf {index} of {size}");
            for elsewhere in (0..=size).filter(|&other| other != index) {
                let moved = Proof { index: elsewhere, ..proof.clone() };
                assert!(!verify_proof(leaf, &moved, &root), "{index} as {elsewhere} of {size}");
            }
        }
    }
}

#[test]
fn a_node_never_passes_for_a_leaf() {
    let leaves = leaves(4);
    let pair = [leaves[0], leaves[1]].concat();
    assert_ne!(leaf_hash(&pair), root(&leaves[..2]));
}

proptest! {
    #[test]
    fn any_change_breaks_the_proof(
        size in 1_usize..600,
        at in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let leaves = leaves(size);
        let root = root(&leaves);
        let index = at.index(size);
        let good = proof(&leaves, index).unwrap();
        prop_assert!(verify_proof(&leaves[index], &good, &root));

        let flip = |hash: &Hash| { let mut out = *hash; out[place.index(32)] ^= 1 << bit; out };
        prop_assert!(!verify_proof(&flip(&leaves[index]), &good, &root));
        prop_assert!(!verify_proof(&leaves[index], &good, &flip(&root)));
        if !good.path.is_empty() {
            let step = place.index(good.path.len());
            let mut bad = good.clone();
            bad.path[step] = flip(&bad.path[step]);
            prop_assert!(!verify_proof(&leaves[index], &bad, &root));
            let mut short = good.clone();
            short.path.remove(step);
            prop_assert!(!verify_proof(&leaves[index], &short, &root));
        }
        let mut long = good;
        long.path.push(root);
        prop_assert!(!verify_proof(&leaves[index], &long, &root));
    }

    #[test]
    fn arbitrary_proofs_never_panic(
        index in any::<usize>(),
        size in any::<usize>(),
        path in proptest::collection::vec(any::<[u8; 32]>(), 0..80),
    ) {
        let invented = Proof { index, size, path };
        prop_assert!(!verify_proof(&[0; 32], &invented, &[1; 32]));
    }

    #[test]
    fn changing_any_leaf_changes_the_root(size in 1_usize..200, at in any::<prop::sample::Index>()) {
        let mut leaves = leaves(size);
        let before = root(&leaves);
        leaves[at.index(size)][0] ^= 1;
        prop_assert_ne!(before, root(&leaves));
    }
}
