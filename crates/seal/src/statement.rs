//! Key statements: an authority says which key to seal to, from which day until which.
//!
//! A small JSON file that the hub's operator imports after comparing the fingerprint with the
//! authority by another way. The signature shows that whoever made the statement holds the
//! authority's key file.

use serde::{Deserialize, Serialize};

use crate::day::{format_day, parse_day};
use crate::{Domain, KeyId, SealError, SealingKey, Signature, SigningKey, VerifyingKey};

/// Longest name of an authority, in bytes.
pub const MAX_AUTHORITY_LEN: usize = 200;
/// Longest file that is read, in bytes.
const MAX_FILE_LEN: usize = 16 * 1024;
const FORMAT: &str = "noroshi-key-statement/1";

/// A statement whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatement {
    authority: String,
    valid_from: i64,
    valid_until: i64,
    key: SealingKey,
    signer: VerifyingKey,
    signature: Signature,
}

impl KeyStatement {
    /// States that `key` is the authority's, from `valid_from` until the end of `valid_until`
    /// (days since 1970-01-01).
    pub fn sign(
        authority: &str,
        valid_from: i64,
        valid_until: i64,
        key: &SealingKey,
        signer: &SigningKey,
    ) -> Result<Self, SealError> {
        check_authority(authority)?;
        if format_day(valid_from).is_none() || format_day(valid_until).is_none() {
            return Err(SealError::BadKeyStatement("days"));
        }
        if valid_until < valid_from {
            return Err(SealError::BadKeyStatement("it ends before it begins"));
        }
        let mut statement = Self {
            authority: authority.to_owned(),
            valid_from,
            valid_until,
            key: key.clone(),
            signer: signer.verifying_key(),
            signature: Signature::from_bytes([0; 64]),
        };
        statement.signature = signer.sign(Domain::KeyStatement, &statement.signed_bytes());
        Ok(statement)
    }

    /// Reads the file and checks its signature.
    pub fn parse(json: &str) -> Result<Self, SealError> {
        let bad = SealError::BadKeyStatement;
        if json.len() > MAX_FILE_LEN {
            return Err(bad("it is too long"));
        }
        let file: File = serde_json::from_str(json).map_err(|_| bad("its form"))?;
        if file.format != FORMAT {
            return Err(bad("its format is not noroshi-key-statement/1"));
        }
        check_authority(&file.authority)?;
        let statement = Self {
            authority: file.authority,
            valid_from: parse_day(&file.valid_from).ok_or(bad("valid_from"))?,
            valid_until: parse_day(&file.valid_until).ok_or(bad("valid_until"))?,
            key: file.key.parse()?,
            signer: file.signer.parse()?,
            signature: file.signature.parse()?,
        };
        if statement.valid_until < statement.valid_from {
            return Err(bad("it ends before it begins"));
        }
        statement.signer.verify(
            Domain::KeyStatement,
            &statement.signed_bytes(),
            &statement.signature,
        )?;
        Ok(statement)
    }

    /// The file.
    pub fn to_json(&self) -> String {
        let file = File {
            format: FORMAT.to_owned(),
            authority: self.authority.clone(),
            valid_from: format_day(self.valid_from).unwrap_or_default(),
            valid_until: format_day(self.valid_until).unwrap_or_default(),
            key: self.key.to_string(),
            signer: self.signer.to_string(),
            signature: self.signature.to_string(),
        };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// The key, if it holds on this day.
    pub fn key_on(&self, day: i64) -> Result<&SealingKey, SealError> {
        if day < self.valid_from {
            return Err(SealError::KeyNotYetValid(format_day(self.valid_from).unwrap_or_default()));
        }
        if day > self.valid_until {
            return Err(SealError::KeyExpired(format_day(self.valid_until).unwrap_or_default()));
        }
        Ok(&self.key)
    }

    /// The authority's name, as it calls itself.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// First day, in days since 1970-01-01.
    pub fn valid_from(&self) -> i64 {
        self.valid_from
    }

    /// Last day.
    pub fn valid_until(&self) -> i64 {
        self.valid_until
    }

    /// The name of the sealing key, whatever the day.
    pub fn key_id(&self) -> KeyId {
        self.key.key_id()
    }

    /// Who signed: compare its name with the authority by telephone before importing.
    pub fn signer(&self) -> &VerifyingKey {
        &self.signer
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&self.valid_from.to_be_bytes());
        out.extend_from_slice(&self.valid_until.to_be_bytes());
        out.extend_from_slice(&self.key.to_bytes());
        out.extend_from_slice(self.authority.as_bytes());
        out
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    authority: String,
    valid_from: String,
    valid_until: String,
    key: String,
    signer: String,
    signature: String,
}

fn check_authority(name: &str) -> Result<(), SealError> {
    let printable = !name.chars().any(char::is_control) && name.trim() == name;
    if name.is_empty() || name.len() > MAX_AUTHORITY_LEN || !printable {
        return Err(SealError::BadKeyStatement("authority"));
    }
    Ok(())
}
