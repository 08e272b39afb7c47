//! The proof of timely reporting: this content, by this key, on or before that day (ANONYMITY 6.5).
//!
//! A JSON file of three parts: the receipt, its place in the tree of its day, and that day's signed
//! head. The receipt alone is the hub's word; with the head, which every member downloaded on that
//! day, the hub can no longer have made it out later.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::day::{format_day, parse_day};
use crate::text::{from_hex, hex};
use crate::{DayHead, Hash, Proof, Receipt, SealError, SignedDayHead, VerifyingKey, verify_proof};

/// Longest file that is read, in bytes.
pub const MAX_PROOF_LEN: usize = 64 * 1024;
const FORMAT: &str = "noroshi-report-proof/1";

/// A receipt, its place and its day's head. Trust it only after [`ReportProof::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct ReportProof {
    /// What the hub said to the reporter.
    pub receipt: Receipt,
    /// Where its leaf stands in the tree.
    pub place: Proof,
    /// What the hub said to everybody on that day.
    pub head: SignedDayHead,
}

impl ReportProof {
    /// Checks every part, and that they belong together, without the hub.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        self.receipt.verify(key)?;
        self.head.verify(key)?;
        let head = &self.head.head;
        let day = format_day(head.day).unwrap_or_default();
        if self.receipt.day() != head.day {
            let receipt = format_day(self.receipt.day()).unwrap_or_default();
            return Err(SealError::OtherDay { receipt, head: day });
        }
        let same_size = usize::try_from(head.size).is_ok_and(|size| size == self.place.size);
        if !same_size || !verify_proof(&self.receipt.leaf(), &self.place, &head.root) {
            return Err(SealError::NotInTree(day));
        }
        Ok(())
    }

    /// [`ReportProof::verify`], and that it is for exactly these bytes.
    pub fn verify_content(&self, key: &VerifyingKey, content: &[u8]) -> Result<(), SealError> {
        self.verify(key)?;
        self.receipt.verify_content(key, content)
    }

    /// The file.
    pub fn to_json(&self) -> String {
        let head = &self.head.head;
        let file = File {
            format: FORMAT.to_owned(),
            receipt: self.receipt.to_text(),
            place: Place {
                index: self.place.index,
                size: self.place.size,
                path: self.place.path.iter().map(|hash| hex(hash)).collect(),
            },
            head: Head {
                day: format_day(head.day).unwrap_or_default(),
                size: head.size,
                root: hex(&head.root),
                previous: hex(&head.previous),
                key: self.head.key_id.to_string(),
                signature: self.head.signature.to_string(),
            },
        };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// Reads the file. Checks its form only.
    pub fn parse(json: &str) -> Result<Self, SealError> {
        let bad = SealError::BadProof;
        if json.len() > MAX_PROOF_LEN {
            return Err(bad("it is too long"));
        }
        let file: File = serde_json::from_str(json).map_err(|_| bad("its form"))?;
        if file.format != FORMAT {
            return Err(bad("its format is not noroshi-report-proof/1"));
        }
        let path: Option<Vec<Hash>> = file.place.path.iter().map(|hash| from_hex(hash)).collect();
        let head = DayHead {
            day: parse_day(&file.head.day).ok_or(bad("day"))?,
            size: file.head.size,
            root: from_hex(&file.head.root).ok_or(bad("root"))?,
            previous: from_hex(&file.head.previous).ok_or(bad("previous"))?,
        };
        Ok(Self {
            receipt: Receipt::parse(&file.receipt)?,
            place: Proof {
                index: file.place.index,
                size: file.place.size,
                path: path.ok_or(bad("path"))?,
            },
            head: SignedDayHead {
                head,
                key_id: file.head.key.parse()?,
                signature: file.head.signature.parse()?,
            },
        })
    }
}

/// It ties a report to its reporter: only the owner prints it.
impl fmt::Debug for ReportProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReportProof(..)")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    receipt: String,
    place: Place,
    head: Head,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    index: usize,
    size: usize,
    path: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    day: String,
    size: u32,
    root: String,
    previous: String,
    key: String,
    signature: String,
}
