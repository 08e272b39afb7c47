//! Receipts: a block of text that reads back and proves exactly one thing.

use noroshi_seal::{Receipt, ReceiptFacts, SealError, SeededEntropy, SigningKey};
use proptest::prelude::*;

use crate::{entropy, key};

fn receipt() -> Receipt {
    let facts = ReceiptFacts { report_id: "r-5f2c", content: b"the report", day: 20_780 };
    Receipt::sign(facts, &entropy(), &key()).unwrap()
}

#[test]
fn the_block_people_keep() {
    insta::assert_snapshot!(receipt().to_text());
}

#[test]
fn proves_this_content_by_this_hub() {
    let receipt = Receipt::parse(&receipt().to_text()).unwrap();
    let public = key().verifying_key();
    assert_eq!(receipt.verify_content(&public, b"the report"), Ok(()));
    assert_eq!(receipt.verify_content(&public, b"the report "), Err(SealError::OtherContent));
    let other = SigningKey::from_seed([4; 32]).verifying_key();
    assert!(matches!(receipt.verify(&other), Err(SealError::OtherKey { .. })));
    assert_eq!((receipt.report_id(), receipt.day()), ("r-5f2c", 20_780));
}

#[test]
fn every_part_is_bound() {
    let text = receipt().to_text();
    let public = key().verifying_key();
    let value_lines = text.lines().filter(|line| line.contains(": "));
    let mut changed = 0;
    for line in value_lines {
        let (name, value) = line.split_once(':').unwrap();
        let value = value.trim();
        // Change the last character to another of the same kind.
        let last = if value.ends_with('3') { '4' } else { '3' };
        let other = format!("{name}: {}{last}", &value[..value.len() - 1]);
        let forged = text.replacen(line, &other, 1);
        let accepted = Receipt::parse(&forged).is_ok_and(|it| it.verify(&public).is_ok());
        assert!(!accepted, "{name} can be changed");
        changed += 1;
    }
    assert_eq!(changed, 7);
}

#[test]
fn survives_being_pasted() {
    let text = receipt().to_text();
    let quoted: String = text.lines().map(|line| format!("> {line}  \r\n")).collect();
    assert_eq!(Receipt::parse(&format!("Dear desk,\n{quoted}\nRegards")), Ok(receipt()));
}

#[test]
fn says_what_is_missing() {
    let text = receipt().to_text();
    let without = |word: &str| -> String {
        text.lines()
            .filter(|line| !line.starts_with(word))
            .map(|line| format!("{line}\n"))
            .collect()
    };
    for (line, part) in [
        ("report", "report"),
        ("content", "content"),
        ("day", "day"),
        ("salt", "salt"),
        ("key", "key"),
        ("signature", "signature"),
        ("-----BEGIN", "no BEGIN line"),
        ("-----END", "no END line"),
    ] {
        assert_eq!(Receipt::parse(&without(line)), Err(SealError::BadReceipt(part)));
    }
    let twice = text.replacen("day:", "day: 2026-11-22\nday:", 1);
    assert_eq!(Receipt::parse(&twice), Err(SealError::BadReceipt("two day lines")));
}

#[test]
fn refuses_facts_that_would_not_read_back() {
    for (report_id, day) in [("", 1), ("a b", 1), ("a\nday: 1", 1), ("a", -1), ("a", 4_000_000)] {
        let facts = ReceiptFacts { report_id, content: b"", day };
        assert!(Receipt::sign(facts, &entropy(), &key()).is_err(), "{report_id:?} {day}");
    }
}

#[test]
fn prints_neither_report_nor_content() {
    let receipt = receipt();
    let printed = format!("{receipt:?}");
    assert!(!printed.contains("5f2c"));
    assert!(!printed.contains(&data_encoding::HEXLOWER.encode(&receipt.content_hash()[..4])));
}

#[test]
fn equal_reports_get_different_leaves() {
    let source = entropy();
    let facts = ReceiptFacts { report_id: "r", content: b"same", day: 1 };
    let one = Receipt::sign(facts, &source, &key()).unwrap();
    let two = Receipt::sign(facts, &source, &key()).unwrap();
    assert_ne!(one.leaf(), two.leaf());
}

proptest! {
    #[test]
    fn text_reads_back(
        seed in any::<u64>(),
        report_id in "[A-Za-z0-9_-]{1,100}",
        content in proptest::collection::vec(any::<u8>(), 0..100),
        day in 0_i64..2_932_896,
    ) {
        let facts = ReceiptFacts { report_id: &report_id, content: &content, day };
        let receipt = Receipt::sign(facts, &SeededEntropy::new(seed), &key()).unwrap();
        let again = Receipt::parse(&receipt.to_text()).unwrap();
        prop_assert_eq!(again.verify_content(&key().verifying_key(), &content), Ok(()));
        prop_assert_eq!(again, receipt);
    }

    #[test]
    fn arbitrary_text_never_panics(
        lines in proptest::collection::vec("(report|day|salt|key|signature|content)?:?[ a-f0-9é-]{0,140}", 0..12),
    ) {
        let text = lines.join("\n");
        let _ = Receipt::parse(&text);
        let _ = Receipt::parse(&format!("-----BEGIN NOROSHI RECEIPT-----\n{text}\n-----END NOROSHI RECEIPT-----"));
    }
}
