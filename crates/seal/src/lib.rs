//! Keep and prove: envelopes, signatures, keys, tokens, receipts and the release log.
//!
//! Nothing here opens a socket, reads a file, a clock or the operating system's randomness. No type
//! that holds a secret can be serialised, and none of them prints it.

mod api_key;
mod argon;
mod authority_key;
mod batch;
mod certificate;
mod challenge;
mod day;
mod day_tree;
mod entropy;
mod envelope;
mod error;
mod mailbox;
mod merkle;
mod password;
mod receipt;
mod report_proof;
mod reporter;
mod sealing;
mod signing;
mod statement;
mod suite;
mod text;
mod token;
mod words;

pub use api_key::{API_KEY_PREFIX, ApiKey, KeyDigest, key_pepper};
pub use authority_key::{AUTHORITY_KEY_PREFIX, AuthorityKey, MIN_PASSPHRASE_LEN};
pub use batch::{BatchHead, MAX_COLLECTION_LEN, SignedBatchHead};
pub use certificate::ClientCertificate;
pub use challenge::{ANSWER_PREFIX, CHALLENGE_PREFIX, Challenge, ChallengeAnswer};
pub use day_tree::{DayHead, DayTree, MAX_DAY_LEAVES, MIN_DAY_LEAVES, SignedDayHead};
pub use entropy::{Entropy, SeededEntropy, random_bytes};
pub use envelope::{Envelope, Purpose, SIZE_CLASSES, open, seal};
pub use error::SealError;
pub use mailbox::{
    Answer, MAX_ANSWER_LEN, MAX_QUESTION_LEN, Question, find_questions, question_reference,
};
pub use merkle::{Hash, Proof, leaf_hash, proof, root, verify_proof};
pub use password::PasswordHash;
pub use receipt::{MAX_REPORT_ID_LEN, Receipt, ReceiptFacts, ReportKey};
pub use report_proof::{MAX_PROOF_LEN, ReportProof};
pub use reporter::{
    MailboxId, ReporterKeys, ReporterPublic, WORDS_MEMORY_KIB, WORDS_PASSES, commitment, with_words,
};
pub use sealing::{OpeningKey, SEALING_KEY_PREFIX, SealingKey};
pub use signing::{Domain, KeyId, Signature, SigningKey, VerifyingKey};
pub use statement::{KeyStatement, MAX_AUTHORITY_LEN};
pub use token::{TOKEN_LEN, Token};
pub use words::{WordList, Words};
