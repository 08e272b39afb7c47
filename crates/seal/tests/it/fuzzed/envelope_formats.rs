//! Everything about envelopes, words, days and proofs that comes from outside: it never panics, and
//! what is read is what would have been written.

use noroshi_seal::{
    AuthorityKey, Challenge, ChallengeAnswer, DayTree, Envelope, KeyStatement, MailboxId,
    OpeningKey, Purpose, ReportProof, SealError, SealingKey, SeededEntropy, SignedDayHead,
    WordList, Words, find_questions, open,
};

/// The first byte selects the format.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    let text = str::from_utf8(rest);
    match (selector % 9, text) {
        (0, _) => envelope(rest),
        (1, _) => {
            if let Ok(head) = SignedDayHead::from_bytes(rest) {
                assert_eq!(head.to_bytes(), rest);
            }
        }
        (2, _) => {
            let leaves = rest.chunks_exact(32).filter_map(|leaf| leaf.try_into().ok()).collect();
            if let Ok(tree) = DayTree::from_leaves(1, leaves) {
                let last = tree.leaves().last().copied().unwrap_or_default();
                assert!(tree.proof(&last).is_some());
            }
        }
        (3, Ok(text)) => {
            // White space may stand anywhere.
            if let Ok(key) = text.parse::<SealingKey>() {
                assert_eq!(key.to_string(), compact(text));
            }
        }
        (4, Ok(text)) => {
            if let Ok(statement) = KeyStatement::parse(text) {
                let again = KeyStatement::parse(&statement.to_json());
                assert!(again == Ok(statement), "a statement reads back");
            }
        }
        (5, Ok(text)) => {
            if let Ok(proof) = ReportProof::parse(text) {
                let again = ReportProof::parse(&proof.to_json());
                assert!(again == Ok(proof), "a proof reads back");
            }
        }
        (6, Ok(text)) => words(text),
        // Without a passphrase: whoever writes a protected file decides what it costs to try one.
        (7, Ok(text)) => match AuthorityKey::parse(text, None) {
            Ok(key) => assert_eq!(key.expose().as_str(), compact(text)),
            Err(error) => assert!(
                matches!(error, SealError::BadAuthorityKey | SealError::PassphraseNeeded),
                "{error}"
            ),
        },
        (8, Ok(text)) => {
            if let Ok(challenge) = text.parse::<Challenge>() {
                assert_eq!(challenge.to_string(), compact(text));
            }
            if let Ok(answer) = text.parse::<ChallengeAnswer>() {
                assert_eq!(answer.to_string(), compact(text));
            }
            if let Ok(id) = text.parse::<MailboxId>() {
                assert!(id.to_string().eq_ignore_ascii_case(text));
            }
        }
        _ => {}
    }
}

fn envelope(bytes: &[u8]) {
    let Ok(envelope) = Envelope::from_bytes(bytes) else { return };
    assert_eq!(envelope.to_bytes(), bytes);
    let Ok(key) = OpeningKey::generate(&SeededEntropy::new(1)) else { return };
    for purpose in Purpose::ALL {
        assert!(open(&key, purpose, b"", &envelope).is_err(), "nobody sealed it");
    }
    assert!(find_questions(&key, [bytes]).is_empty());
}

fn words(text: &str) {
    let Ok(words) = Words::parse(text) else { return };
    for list in [WordList::English, WordList::Japanese] {
        let shown = words.expose(list);
        let again = shown.as_ref().map_err(Clone::clone).and_then(|shown| Words::parse(shown));
        let again = again.and_then(|again| again.expose(list));
        assert!(again == shown && shown.is_ok(), "words read back");
    }
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
