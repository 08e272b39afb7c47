//! The proof that a report was filed: this content, under this number, on this day.
//!
//! The reporter keeps the receipt and the file as it was sent. Later it can show to whomever it
//! chooses that the report was made in time. The receipt alone says neither what was reported nor
//! by whom. [`Receipt::leaf`] is its place in a published daily tree (ANONYMITY 6.5): the random
//! salt keeps the leaf from confirming a guess of the content.
//!
//! A report filed with words of its own gets a keyed receipt: it also names the report key, whose
//! holder can prove that the receipt is his, and the commitment to a member. The two kinds are
//! signed for two purposes, so neither passes for the other.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::day::{format_day, parse_day};
use crate::text::{from_hex, hex};
use crate::{
    Domain, Entropy, Hash, KeyId, SealError, Signature, SigningKey, VerifyingKey, leaf_hash,
    random_bytes,
};

/// Longest report id, in bytes.
pub const MAX_REPORT_ID_LEN: usize = 100;

const BEGIN: &str = "-----BEGIN NOROSHI RECEIPT-----";
const END: &str = "-----END NOROSHI RECEIPT-----";
/// Hexadecimal digits of a signature on each line.
const SIGNATURE_LINE: usize = 64;

/// What a receipt is about.
#[derive(Clone, Copy)]
pub struct ReceiptFacts<'a> {
    /// The report's id: 1 to [`MAX_REPORT_ID_LEN`] ASCII letters, digits, `-` or `_`.
    pub report_id: &'a str,
    /// The bytes exactly as they were sent.
    pub content: &'a [u8],
    /// Days since 1970-01-01 on which they were accepted: a day, not a moment.
    pub day: i64,
}

/// What a keyed receipt says more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReportKey {
    /// Checks what the report's own key signed.
    pub key: VerifyingKey,
    /// [`crate::commitment`] to the member; random bytes where there is none to make.
    pub commit: Hash,
}

/// A signed receipt. Check it with [`Receipt::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    report_id: String,
    content_hash: Hash,
    day: i64,
    salt: [u8; 16],
    report_key: Option<ReportKey>,
    key_id: KeyId,
    signature: Signature,
}

impl Receipt {
    /// Makes out a receipt.
    pub fn sign(
        facts: ReceiptFacts<'_>,
        entropy: &(impl Entropy + ?Sized),
        key: &SigningKey,
    ) -> Result<Self, SealError> {
        Self::make(facts, None, entropy, key)
    }

    /// Makes out a keyed receipt.
    pub fn sign_keyed(
        facts: ReceiptFacts<'_>,
        report_key: ReportKey,
        entropy: &(impl Entropy + ?Sized),
        key: &SigningKey,
    ) -> Result<Self, SealError> {
        Self::make(facts, Some(report_key), entropy, key)
    }

    fn make(
        facts: ReceiptFacts<'_>,
        report_key: Option<ReportKey>,
        entropy: &(impl Entropy + ?Sized),
        key: &SigningKey,
    ) -> Result<Self, SealError> {
        check_report_id(facts.report_id)?;
        format_day(facts.day).ok_or(SealError::BadReceipt("day"))?;
        let mut receipt = Self {
            report_id: facts.report_id.to_owned(),
            content_hash: Sha256::digest(facts.content).into(),
            day: facts.day,
            salt: random_bytes(entropy),
            report_key,
            key_id: key.verifying_key().key_id(),
            signature: Signature::from_bytes([0; 64]),
        };
        receipt.signature = key.sign(receipt.domain(), &receipt.signed_bytes());
        Ok(receipt)
    }

    /// Checks that the holder of `key` made out this receipt.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        let checked_with = key.key_id();
        if self.key_id != checked_with {
            return Err(SealError::OtherKey { signed_with: self.key_id, checked_with });
        }
        key.verify(self.domain(), &self.signed_bytes(), &self.signature)
    }

    /// Checks the receipt, and that it is for exactly these bytes.
    pub fn verify_content(&self, key: &VerifyingKey, content: &[u8]) -> Result<(), SealError> {
        self.verify(key)?;
        let digest: Hash = Sha256::digest(content).into();
        if digest != self.content_hash {
            return Err(SealError::OtherContent);
        }
        Ok(())
    }

    /// The report's id.
    pub fn report_id(&self) -> &str {
        &self.report_id
    }

    /// SHA-256 of the bytes that were sent.
    pub fn content_hash(&self) -> &Hash {
        &self.content_hash
    }

    /// Days since 1970-01-01.
    pub fn day(&self) -> i64 {
        self.day
    }

    /// The random value that keeps [`Receipt::leaf`] from confirming a guess.
    pub fn salt(&self) -> &[u8; 16] {
        &self.salt
    }

    /// The report's own key, if the receipt is keyed.
    pub fn report_key(&self) -> Option<&ReportKey> {
        self.report_key.as_ref()
    }

    /// The key that signed it.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The hub's signature.
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// This receipt's leaf in a daily tree. That of a keyed receipt is
    /// `SHA-256(0x00 ‖ salt ‖ H(content) ‖ report key ‖ commit ‖ day)`.
    pub fn leaf(&self) -> Hash {
        match &self.report_key {
            None => leaf_hash(&self.signed_bytes()),
            Some(report) => {
                let (key, day) = (report.key.to_bytes(), self.day.to_be_bytes());
                let fields: [&[u8]; 5] =
                    [&self.salt, &self.content_hash, &key, &report.commit, &day];
                leaf_hash(&fields.concat())
            }
        }
    }

    /// A block of text to print or save; [`Receipt::parse`] reads it.
    pub fn to_text(&self) -> String {
        let signature = self.signature.to_string();
        let (first, second) = signature.split_at(SIGNATURE_LINE);
        let report_key = self.report_key.map(|report| {
            format!("reporter:  {}\ncommit:    {}\n", report.key, hex(&report.commit))
        });
        format!(
            "{BEGIN}\n\
             Keep this block and the file as it was sent.\n\
             この受領証と、送信したファイルをそのまま保管してください。\n\
             \n\
             report:    {}\n\
             content:   {}\n\
             day:       {}\n\
             salt:      {}\n\
             {}\
             key:       {}\n\
             signature: {first}\n\
             signature: {second}\n\
             {END}\n",
            self.report_id,
            hex(&self.content_hash),
            format_day(self.day).unwrap_or_default(),
            hex(&self.salt),
            report_key.unwrap_or_default(),
            self.key_id,
        )
    }

    /// Reads the first block in `text`. Text around it, quoting marks of mails (`> `) and lines
    /// without a known name are skipped; a part that is missing or given twice is an error.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let mut parts = Parts::default();
        let mut lines = text.lines().map(unquote).skip_while(|line| *line != BEGIN);
        lines.next().ok_or(SealError::BadReceipt("no BEGIN line"))?;
        let mut ended = false;
        for line in lines {
            if line == END {
                ended = true;
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                parts.put(name.trim(), value.trim())?;
            }
        }
        if !ended {
            return Err(SealError::BadReceipt("no END line"));
        }
        parts.finish()
    }

    fn domain(&self) -> Domain {
        if self.report_key.is_some() { Domain::KeyedReceipt } else { Domain::Receipt }
    }

    /// Fields of fixed length first, then the id up to the end: no two receipts of a kind share
    /// these bytes.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + 8 + 16 + self.report_id.len());
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.content_hash);
        out.extend_from_slice(&self.day.to_be_bytes());
        if let Some(report) = &self.report_key {
            out.extend_from_slice(&report.key.to_bytes());
            out.extend_from_slice(&report.commit);
        }
        out.extend_from_slice(self.report_id.as_bytes());
        out
    }
}

/// Report and content tie a receipt to its reporter: only the owner prints it.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt(key {}, ..)", self.key_id)
    }
}

/// The parts of a block while it is read.
#[derive(Default)]
struct Parts<'a> {
    report: Option<&'a str>,
    content: Option<&'a str>,
    day: Option<&'a str>,
    salt: Option<&'a str>,
    reporter: Option<&'a str>,
    commit: Option<&'a str>,
    key: Option<&'a str>,
    signature: [Option<&'a str>; 2],
}

impl<'a> Parts<'a> {
    fn put(&mut self, name: &str, value: &'a str) -> Result<(), SealError> {
        let (slot, twice) = match name {
            "report" => (&mut self.report, "two report lines"),
            "content" => (&mut self.content, "two content lines"),
            "day" => (&mut self.day, "two day lines"),
            "salt" => (&mut self.salt, "two salt lines"),
            "reporter" => (&mut self.reporter, "two reporter lines"),
            "commit" => (&mut self.commit, "two commit lines"),
            "key" => (&mut self.key, "two key lines"),
            "signature" => {
                let [first, second] = &mut self.signature;
                (if first.is_none() { first } else { second }, "three signature lines")
            }
            _ => return Ok(()),
        };
        match slot.replace(value) {
            None => Ok(()),
            Some(_) => Err(SealError::BadReceipt(twice)),
        }
    }

    fn finish(self) -> Result<Receipt, SealError> {
        let report_id = self.report.ok_or(SealError::BadReceipt("report"))?;
        check_report_id(report_id)?;
        let signature = self.signature.map(Option::unwrap_or_default).concat();
        let report_key = match (self.reporter, self.commit) {
            (None, None) => None,
            (None, Some(_)) => return Err(SealError::BadReceipt("reporter")),
            (Some(key), commit) => Some(ReportKey {
                key: key.parse().map_err(|_| SealError::BadReceipt("reporter"))?,
                commit: commit.and_then(from_hex).ok_or(SealError::BadReceipt("commit"))?,
            }),
        };
        Ok(Receipt {
            report_id: report_id.to_owned(),
            content_hash: self
                .content
                .and_then(from_hex)
                .ok_or(SealError::BadReceipt("content"))?,
            day: self.day.and_then(parse_day).ok_or(SealError::BadReceipt("day"))?,
            salt: self.salt.and_then(from_hex).ok_or(SealError::BadReceipt("salt"))?,
            report_key,
            key_id: self
                .key
                .and_then(|key| key.parse().ok())
                .ok_or(SealError::BadReceipt("key"))?,
            signature: signature.parse().map_err(|_| SealError::BadReceipt("signature"))?,
        })
    }
}

fn unquote(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t']).trim_end()
}

fn check_report_id(id: &str) -> Result<(), SealError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if id.is_empty() || id.len() > MAX_REPORT_ID_LEN || !id.bytes().all(allowed) {
        return Err(SealError::BadReceipt("report"));
    }
    Ok(())
}
