//! Keyed receipts, daily trees and the proof of timely reporting.

use std::sync::LazyLock;

use noroshi_seal::{
    Challenge, DayHead, DayTree, Domain, Hash, MIN_DAY_LEAVES, Receipt, ReceiptFacts, ReportKey,
    ReportProof, SealError, SeededEntropy, SignedDayHead, SigningKey, leaf_hash, verify_proof,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::reporter::{KEYS, other_keys};
use crate::{entropy, key};

const DAY: i64 = 20_780;
const CONTENT: &[u8] = b"the report";

static PROOF: LazyLock<ReportProof> = LazyLock::new(proof);

fn facts() -> ReceiptFacts<'static> {
    ReceiptFacts { report_id: "r-5f2c", content: CONTENT, day: DAY }
}

pub(crate) fn keyed() -> Receipt {
    let report_key = ReportKey { key: KEYS.public().report_key, commit: KEYS.commit("m-1") };
    Receipt::sign_keyed(facts(), report_key, &entropy(), &key()).unwrap()
}

fn plain() -> Receipt {
    Receipt::sign(facts(), &SeededEntropy::new(8), &key()).unwrap()
}

fn tree() -> DayTree {
    DayTree::build(DAY, [plain().leaf(), keyed().leaf()], &entropy()).unwrap()
}

fn yesterday() -> DayHead {
    DayTree::build(DAY - 1, [], &entropy()).unwrap().head(None).unwrap()
}

fn proof() -> ReportProof {
    let tree = tree();
    let head = tree.head(Some(&yesterday())).unwrap().sign(&key());
    ReportProof { place: tree.proof_of(&keyed()).unwrap(), receipt: keyed(), head }
}

#[test]
fn the_block_people_keep() {
    insta::assert_snapshot!(keyed().to_text());
}

#[test]
fn the_file_people_keep() {
    insta::assert_snapshot!(PROOF.to_json());
}

#[test]
fn the_leaf_is_as_documented() {
    let receipt = keyed();
    let report = receipt.report_key().unwrap();
    let by_hand: Hash = Sha256::new()
        .chain_update([0])
        .chain_update(receipt.salt())
        .chain_update(Sha256::digest(CONTENT))
        .chain_update(report.key.to_bytes())
        .chain_update(report.commit)
        .chain_update(DAY.to_be_bytes())
        .finalize()
        .into();
    assert_eq!(receipt.leaf(), by_hand);
}

#[test]
fn the_two_kinds_of_receipts_do_not_pass_for_each_other() {
    let public = key().verifying_key();
    let (keyed, plain) = (keyed().to_text(), plain().to_text());
    let bare: String = keyed
        .lines()
        .filter(|line| !line.starts_with("reporter") && !line.starts_with("commit"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(Receipt::parse(&bare).unwrap().verify(&public), Err(SealError::BadSignature));
    let more =
        keyed.lines().filter(|line| line.starts_with("reporter") || line.starts_with("commit"));
    let dressed =
        plain.replace("key: ", &format!("{}\nkey: ", more.collect::<Vec<_>>().join("\n")));
    assert_eq!(Receipt::parse(&dressed).unwrap().verify(&public), Err(SealError::BadSignature));
    for (without, part) in [("reporter", "reporter"), ("commit", "commit")] {
        let text: String = keyed
            .lines()
            .filter(|line| !line.starts_with(without))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(Receipt::parse(&text), Err(SealError::BadReceipt(part)));
    }
}

#[test]
fn a_proof_holds_without_the_hub() {
    let public = key().verifying_key();
    let read = ReportProof::parse(&PROOF.to_json()).unwrap();
    assert_eq!(read, *PROOF);
    assert_eq!(read.verify_content(&public, CONTENT), Ok(()));
    assert_eq!(read.verify_content(&public, b"other"), Err(SealError::OtherContent));
    let other = SigningKey::from_seed([4; 32]).verifying_key();
    assert!(matches!(read.verify(&other), Err(SealError::OtherKey { .. })));
    // An ordinary receipt can be in the tree too.
    let tree = tree();
    let place = tree.proof_of(&plain()).unwrap();
    let unkeyed = ReportProof { receipt: plain(), place, head: read.head };
    assert_eq!(unkeyed.verify_content(&public, CONTENT), Ok(()));
}

#[test]
fn a_proof_of_other_parts_fails() {
    let public = key().verifying_key();
    let make = |day, content, commit, seed| {
        let facts = ReceiptFacts { report_id: "r-5f2c", content, day };
        let report_key = ReportKey { key: KEYS.public().report_key, commit };
        Receipt::sign_keyed(facts, report_key, &SeededEntropy::new(seed), &key()).unwrap()
    };
    let commit = KEYS.commit("m-1");
    // With the salt of `keyed`, all is as before.
    let with = |receipt| ReportProof { receipt, ..PROOF.clone() }.verify(&public);
    assert_eq!(with(make(DAY, CONTENT, commit, 7)), Ok(()));
    let missing = Err(SealError::NotInTree("2026-11-23".to_owned()));
    assert_eq!(with(make(DAY, b"other", commit, 7)), missing);
    assert_eq!(with(make(DAY, CONTENT, [0; 32], 7)), missing);
    assert_eq!(with(make(DAY, CONTENT, commit, 6)), missing, "another salt");
    let other = ReportKey { key: other_keys().public().report_key, commit };
    let other = Receipt::sign_keyed(facts(), other, &entropy(), &key()).unwrap();
    assert_eq!(with(other), missing, "another report key");
    assert!(matches!(with(make(DAY - 1, CONTENT, commit, 7)), Err(SealError::OtherDay { .. })));
    // Nor does a head that the hub signed for another day or tree.
    let elsewhere = DayTree::build(DAY, [], &SeededEntropy::new(1)).unwrap();
    let head = elsewhere.head(Some(&yesterday())).unwrap().sign(&key());
    assert_eq!(ReportProof { head, ..PROOF.clone() }.verify(&public), missing);
    let mut head = PROOF.head;
    head.head.day -= 1;
    assert_eq!(ReportProof { head, ..PROOF.clone() }.verify(&public), Err(SealError::BadSignature));
}

#[test]
fn a_day_says_neither_how_many_nor_in_which_order() {
    for count in [0, 1, 2, 700, 1_024] {
        let leaves = (0..count).map(|n: u32| leaf_hash(&n.to_be_bytes()));
        let tree = DayTree::build(DAY, leaves, &entropy()).unwrap();
        assert_eq!(tree.leaves().len(), MIN_DAY_LEAVES);
    }
    let leaves: Vec<Hash> = (0..1_025_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
    let forward = DayTree::build(DAY, leaves.clone(), &entropy()).unwrap();
    assert_eq!(forward.leaves().len(), 2_048);
    let backward = DayTree::build(DAY, leaves.into_iter().rev(), &entropy()).unwrap();
    assert_eq!(forward, backward);
}

#[test]
fn heads_chain_day_by_day() {
    let tree = tree();
    let head = tree.head(Some(&yesterday())).unwrap();
    assert_eq!(head.follows(&yesterday()), Ok(()));
    assert!(head.covers(&tree) && !yesterday().covers(&tree));
    let gap = DayTree::build(DAY + 1, [], &entropy()).unwrap();
    assert!(matches!(gap.head(Some(&yesterday())), Err(SealError::BrokenChain(_))));
    let rewritten = DayTree::build(DAY - 1, [], &SeededEntropy::new(1)).unwrap();
    let rewritten = rewritten.head(None).unwrap();
    assert!(matches!(head.follows(&rewritten), Err(SealError::BrokenChain(_))));
    let signed = head.sign(&key());
    assert_eq!(SignedDayHead::from_bytes(&signed.to_bytes()), Ok(signed));
    assert_eq!(signed.to_bytes().len(), SignedDayHead::LEN);
}

#[test]
fn published_lists_are_checked() {
    let leaves = tree().leaves().to_vec();
    assert_eq!(DayTree::from_leaves(DAY, leaves.clone()), Ok(tree()));
    let bad = |leaves| DayTree::from_leaves(DAY, leaves).is_err();
    assert!(bad(leaves[..1_023].to_vec()));
    assert!(bad(leaves.iter().rev().copied().collect()));
    let mut twice = leaves;
    twice[1] = twice[0];
    assert!(bad(twice));
}

#[test]
fn only_the_holder_of_the_words_answers_a_challenge() {
    let receipt = keyed();
    let challenge = Challenge::generate(&entropy());
    let answer = challenge.answer(&receipt, &KEYS).unwrap();
    assert_eq!(challenge.verify(&receipt, &answer), Ok(()));
    assert_eq!(challenge.to_string().parse(), Ok(challenge));
    assert_eq!(answer.to_string().parse(), Ok(answer));
    assert_eq!(challenge.answer(&receipt, other_keys()), Err(SealError::OtherReporter));
    assert_eq!(challenge.answer(&plain(), &KEYS), Err(SealError::NoReportKey));
    let later = Challenge::generate(&SeededEntropy::new(1));
    assert_eq!(later.verify(&receipt, &answer), Err(SealError::BadSignature));
    // The same key, another receipt.
    let report_key = *receipt.report_key().unwrap();
    let second = Receipt::sign_keyed(facts(), report_key, &SeededEntropy::new(1), &key()).unwrap();
    assert_eq!(challenge.verify(&second, &answer), Err(SealError::BadSignature));
    assert_eq!("nrsq_".parse::<Challenge>(), Err(SealError::BadChallenge));
}

#[test]
fn a_proof_does_not_print() {
    assert_eq!(format!("{:?}", *PROOF), "ReportProof(..)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_leaf_proves_and_no_other(count in 0_usize..1_400, seed in any::<u64>()) {
        let source = SeededEntropy::new(seed);
        let leaves: Vec<Hash> = (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let tree = DayTree::build(DAY, leaves.clone(), &source).unwrap();
        let head = tree.head(None).unwrap();
        for leaf in leaves.iter().step_by(97) {
            let place = tree.proof(leaf).unwrap();
            prop_assert!(verify_proof(leaf, &place, &head.root));
            let stranger = leaf_hash(leaf);
            prop_assert!(!verify_proof(&stranger, &place, &head.root));
            prop_assert!(tree.proof(&stranger).is_none());
        }
    }

    #[test]
    fn no_letter_of_a_proof_can_be_changed(at in any::<proptest::sample::Index>(), to in any::<u8>()) {
        let json = PROOF.to_json();
        let mut bytes = json.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at].is_ascii_alphanumeric() && to.is_ascii_alphanumeric());
        bytes[at] = to;
        let changed = String::from_utf8(bytes).unwrap();
        let same = ReportProof::parse(&changed).is_ok_and(|read| {
            // Words around the values, and the case of hexadecimal digits, say nothing.
            read == *PROOF
        });
        let good = ReportProof::parse(&changed)
            .is_ok_and(|read| read.verify_content(&key().verifying_key(), CONTENT).is_ok());
        prop_assert_eq!(same, good);
    }
}

#[test]
fn the_purposes_of_signatures_are_apart() {
    let head = PROOF.head;
    let signature = key().sign(Domain::Receipt, &head.head.to_bytes());
    assert!(SignedDayHead { signature, ..head }.verify(&key().verifying_key()).is_err());
}
