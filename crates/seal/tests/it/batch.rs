//! Heads of batches: what was signed is what is read, and nothing else verifies.

use noroshi_seal::{BatchHead, Domain, Hash, SealError, SignedBatchHead, SigningKey, leaf_hash};
use proptest::prelude::*;

use crate::key;

fn head(leaves: &[Hash]) -> BatchHead {
    BatchHead::over([9; 16], "signals", 1_795_402_800_000_000, leaves, [0; 32]).unwrap()
}

fn leaves() -> Vec<Hash> {
    [b"one".as_slice(), b"two", b"three"].map(leaf_hash).to_vec()
}

#[test]
fn only_the_signed_objects_in_their_order_verify() {
    let leaves = leaves();
    let signed = head(&leaves).sign(&key());
    let public = key().verifying_key();
    assert_eq!(signed.verify_with_objects(&public, &leaves), Ok(()));
    let mut swapped = leaves.clone();
    swapped.swap(0, 1);
    for other in [&leaves[..2], &leaves[1..], &swapped, &[]] {
        assert_eq!(signed.verify_with_objects(&public, other), Err(SealError::OtherObjects(3)));
    }
}

#[test]
fn the_count_is_checked_beside_the_root() {
    let leaves = leaves();
    let mut lying = head(&leaves);
    lying.count = 2;
    let signed = lying.sign(&key());
    assert_eq!(
        signed.verify_with_objects(&key().verifying_key(), &leaves),
        Err(SealError::OtherObjects(2))
    );
}

#[test]
fn another_key_or_purpose_is_refused() {
    let signed = head(&leaves()).sign(&key());
    let other = SigningKey::from_seed([4; 32]);
    assert!(matches!(signed.verify(&other.verifying_key()), Err(SealError::OtherKey { .. })));
    // Claiming the other key's name does not help.
    let renamed = SignedBatchHead { key_id: other.verifying_key().key_id(), ..signed.clone() };
    assert_eq!(renamed.verify(&other.verifying_key()), Err(SealError::BadSignature));
    let receipt_signature = key().sign(Domain::Receipt, &signed.head.to_bytes());
    let swapped = SignedBatchHead { signature: receipt_signature, ..signed };
    assert_eq!(swapped.verify(&key().verifying_key()), Err(SealError::BadSignature));
}

#[test]
fn the_encoding_is_fixed() {
    let bytes = head(&[]).to_bytes();
    let expected = [
        [9; 16].as_slice(),
        &1_795_402_800_000_000_i64.to_be_bytes(),
        &[0; 4],
        &noroshi_seal::root(&[]),
        &[0; 32],
        b"signals",
    ]
    .concat();
    assert_eq!(bytes, expected);
}

#[test]
fn collections_have_a_name_of_sane_length() {
    for name in [String::new(), "x".repeat(201)] {
        let made = BatchHead::over([0; 16], &name, 0, &[], [0; 32]);
        assert_eq!(made, Err(SealError::BadBatch("collection")));
    }
}

fn any_head() -> impl Strategy<Value = BatchHead> {
    (
        any::<[u8; 16]>(),
        "[a-z]{1,40}|\\PC{1,40}",
        any::<i64>(),
        any::<u32>(),
        any::<([u8; 32], [u8; 32])>(),
    )
        .prop_map(|(batch_id, collection, tick_micros, count, (root, previous))| BatchHead {
            batch_id,
            collection,
            tick_micros,
            count,
            root,
            previous,
        })
}

proptest! {
    #[test]
    fn bytes_read_back(head in any_head()) {
        let signed = head.clone().sign(&key());
        prop_assert_eq!(BatchHead::from_bytes(&head.to_bytes()), Ok(head));
        prop_assert_eq!(SignedBatchHead::from_bytes(&signed.to_bytes()), Ok(signed));
    }

    #[test]
    fn different_heads_have_different_bytes_and_hashes(one in any_head(), two in any_head()) {
        prop_assert_eq!(one == two, one.to_bytes() == two.to_bytes());
        prop_assert_eq!(one == two, one.hash() == two.hash());
    }

    #[test]
    fn any_flipped_bit_is_noticed(place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = head(&leaves()).sign(&key()).to_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let public = key().verifying_key();
        let accepted = SignedBatchHead::from_bytes(&bytes).is_ok_and(|it| it.verify(&public).is_ok());
        prop_assert!(!accepted);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = SignedBatchHead::from_bytes(&bytes);
        let _ = BatchHead::from_bytes(&bytes);
    }
}
