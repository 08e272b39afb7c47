//! Questions and answers between a desk and a reporter whom it does not know (ANONYMITY 6.6).
//!
//! The hub publishes all open questions to everybody; who they are for shows only to the holder of
//! the right words, who tries to open each. Both kinds are padded to 4 KiB.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    Domain, Entropy, Envelope, Hash, OpeningKey, Purpose, ReporterKeys, SealError, SealingKey,
    Signature, VerifyingKey, open, seal,
};

/// Report key, question and signature in front of an answer's text.
const ANSWER_HEAD_LEN: usize = 32 + 32 + 64;
/// Longest question, in bytes of UTF-8.
pub const MAX_QUESTION_LEN: usize = (1 << 12) - 4;
/// Longest answer, in bytes of UTF-8.
pub const MAX_ANSWER_LEN: usize = MAX_QUESTION_LEN - ANSWER_HEAD_LEN;

/// A question of the desk, as its reporter reads it. Who may ask is not proven here: the hub
/// signs the list that questions are published in.
pub struct Question {
    text: Zeroizing<String>,
    reference: Hash,
}

impl Question {
    /// Seals a question to a mailbox.
    pub fn seal(
        mailbox: &SealingKey,
        text: &str,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Envelope, SealError> {
        seal(mailbox, Purpose::MailboxQuestion, b"", text.as_bytes(), entropy)
    }

    /// Opens a question, if it is for this mailbox.
    pub fn open(key: &OpeningKey, envelope: &Envelope) -> Result<Self, SealError> {
        let text = utf8(&open(key, Purpose::MailboxQuestion, b"", envelope)?)?;
        Ok(Self { text, reference: question_reference(envelope) })
    }

    /// What is asked.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Names the question: [`question_reference`] of its envelope.
    pub fn reference(&self) -> Hash {
        self.reference
    }
}

/// The name of a question, which the desk knows too: the SHA-256 of its envelope.
pub fn question_reference(envelope: &Envelope) -> Hash {
    Sha256::new()
        .chain_update(b"noroshi/1/question\0")
        .chain_update(envelope.to_bytes())
        .finalize()
        .into()
}

/// Tries every item of a published list and returns what is for this mailbox, in order. Items for
/// others, and items that are no envelopes, are passed over: all of them take a look, about 0.4 ms
/// each.
pub fn find_questions<'a>(
    key: &OpeningKey,
    items: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Question> {
    let envelopes = items.into_iter().filter_map(|item| Envelope::from_bytes(item).ok());
    envelopes.filter_map(|envelope| Question::open(key, &envelope).ok()).collect()
}

/// A reporter's answer, signed with the report key; the signature was checked.
pub struct Answer {
    text: Zeroizing<String>,
    reference: Hash,
    reporter: VerifyingKey,
}

impl Answer {
    /// Signs and seals an answer to the desk.
    pub fn seal(
        desk: &SealingKey,
        keys: &ReporterKeys,
        question: &Hash,
        text: &str,
        entropy: &(impl Entropy + ?Sized),
    ) -> Result<Envelope, SealError> {
        let signature =
            keys.signing_key().sign(Domain::MailboxAnswer, &signed_bytes(desk, question, text));
        let mut payload = Zeroizing::new(Vec::with_capacity(ANSWER_HEAD_LEN + text.len()));
        payload.extend_from_slice(&keys.signing_key().verifying_key().to_bytes());
        payload.extend_from_slice(question);
        payload.extend_from_slice(&signature.to_bytes());
        payload.extend_from_slice(text.as_bytes());
        seal(desk, Purpose::MailboxAnswer, b"", &payload, entropy)
    }

    /// Opens an answer and checks its signature. Compare [`Answer::reporter`] with the report key
    /// that the question was for.
    pub fn open(desk: &OpeningKey, envelope: &Envelope) -> Result<Self, SealError> {
        let bad = SealError::BadMailboxMessage;
        let payload = open(desk, Purpose::MailboxAnswer, b"", envelope)?;
        let (reporter, rest) = payload.split_first_chunk::<32>().ok_or(bad.clone())?;
        let (question, rest) = rest.split_first_chunk::<32>().ok_or(bad.clone())?;
        let (signature, text) = rest.split_first_chunk::<64>().ok_or(bad)?;
        let reporter = VerifyingKey::from_bytes(reporter)?;
        let text = utf8(text)?;
        reporter.verify(
            Domain::MailboxAnswer,
            &signed_bytes(desk.sealing_key(), question, &text),
            &Signature::from_bytes(*signature),
        )?;
        Ok(Self { text, reference: *question, reporter })
    }

    /// What is answered.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which question it answers.
    pub fn question(&self) -> Hash {
        self.reference
    }

    /// The report key that signed it.
    pub fn reporter(&self) -> &VerifyingKey {
        &self.reporter
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(..)")
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Question(..)")
    }
}

/// With the desk's key, so that a desk cannot pass a signed answer on as if it were given to
/// another.
fn signed_bytes(desk: &SealingKey, question: &Hash, text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(
        [desk.key_id().to_bytes().as_slice(), question.as_slice(), text.as_bytes()].concat(),
    )
}

fn utf8(bytes: &[u8]) -> Result<Zeroizing<String>, SealError> {
    str::from_utf8(bytes)
        .map(|text| Zeroizing::new(text.to_owned()))
        .map_err(|_| SealError::BadMailboxMessage)
}
