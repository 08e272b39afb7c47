//! A report comes in: understood, judged, stored, acknowledged.
//!
//! Nothing is stored before everything was understood and judged; everything is stored in one
//! transaction; the acknowledgement leaves after that transaction is on the disk.

mod accept;
mod facts;
mod understand;

pub use accept::{Accepted, accept};
pub(crate) use accept::{accept_draft, check_idempotency, file};
pub use facts::{facts_from_json, facts_to_json};
pub(crate) use understand::understand_objects;
pub use understand::{JudgedItem, Understanding, understand, why};

use crate::reporter::NewReporter;

/// One file of a submission, or the body of a request.
pub struct Part {
    /// File name, or empty.
    pub name: String,
    /// Media type, or empty.
    pub media: String,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

/// What was sent in one request.
pub struct Submission {
    /// At least one file.
    pub parts: Vec<Part>,
    /// The sender's own key against double filing.
    pub idempotency: Option<String>,
    /// An earlier report of the same member about the same attack.
    pub continues: Option<String>,
    /// The report's own keys, where it is filed with words.
    pub reporter: Option<NewReporter>,
}

impl Submission {
    /// The bytes a receipt is about: the file itself, or for several files the list that
    /// `sha256sum` prints over them, in the order they were sent.
    pub fn receipt_content(&self) -> Vec<u8> {
        use sha2::{Digest, Sha256};
        match self.parts.as_slice() {
            [only] => only.bytes.clone(),
            several => {
                let mut lines = String::new();
                for part in several {
                    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&part.bytes));
                    lines.push_str(&format!("{digest}  {}\n", part.name));
                }
                lines.into_bytes()
            }
        }
    }
}
