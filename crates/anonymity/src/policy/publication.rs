//! What a hub publishes beside its context releases, so that anybody can check a certificate
//! without asking it: the register's public columns, and a record for each batch.

use std::collections::BTreeMap;

use noroshi_seal::{Domain, Hash, Signature, SigningKey, VerifyingKey};
use noroshi_stix::{Timestamp, canonical_json};
use serde::{Deserialize, Serialize};

use super::certificate::{Certificate, Ledger, signature};
use super::facet::Facets;
use super::flag::Flag;
use super::history::Hit;
use super::moment::PublicRecord;
use super::parameters::Parameters;
use super::roster::{Roster, RosterRow};
use super::tree::Tree;
use super::verify::{Checked, verify_certificate};
use super::{digest, hex};
use crate::{AnonymityError, MemberId, Words};

/// Form of a published register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegisterSchema {
    /// This version.
    #[serde(rename = "noroshi-public-register/1")]
    One,
}

/// The columns of a register that decide about labels, as they are served. They hold no name and no
/// domain: a member knows its own row, and who is a member is published elsewhere or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedRegister {
    schema: RegisterSchema,
    members: Vec<RosterRow>,
    labels: BTreeMap<String, Words>,
}

impl PublishedRegister {
    /// The published form of a roster.
    pub fn of(roster: &Roster) -> Self {
        let (members, labels) = (roster.rows().collect(), roster.labels().clone());
        Self { schema: RegisterSchema::One, members, labels }
    }

    /// As canonical JSON (RFC 8785).
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Reads what [`PublishedRegister::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is no such document.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AnonymityError> {
        serde_json::from_slice(bytes).map_err(|e| unreadable("published register", &e))
    }

    /// The roster it describes.
    ///
    /// # Errors
    /// As [`Roster::from_rows`].
    pub fn roster(&self) -> Result<Roster, AnonymityError> {
        Roster::from_rows(self.members.iter().cloned(), self.labels.clone())
    }
}

/// Which label tree: everybody can make it from the register, the parameters and the date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeName {
    /// [`Roster::hash`] in hexadecimal.
    pub register: String,
    /// [`Parameters::hash`] in hexadecimal.
    pub parameters: String,
    /// When it was made.
    pub made: Timestamp,
}

impl TreeName {
    /// The name of a tree over a roster.
    pub fn of(roster: &Roster, parameters: &Parameters, tree: &Tree) -> Self {
        let (register, parameters) = (hex(roster.hash()), hex(&parameters.hash()));
        Self { register, parameters, made: tree.made() }
    }
}

/// A label that was published earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierLabel {
    /// The public time of its release.
    pub at: Timestamp,
    /// Id of the released report object: versions of one object are about one case.
    pub release_id: String,
    /// [`super::NodeHash`] of the node it named.
    pub node: String,
    /// The tree that node stood in.
    pub tree: TreeName,
}

/// A case the public knows of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedFlag {
    /// The public id of the member the public speaks of.
    pub member: String,
    /// Since when.
    pub since: Timestamp,
}

/// One release of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedLabel {
    /// Id of the released report object.
    pub release_id: String,
    /// [`super::NodeHash`] of the node it names.
    pub node: String,
}

/// Form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordSchema {
    /// This version.
    #[serde(rename = "noroshi-anonymity-record/1")]
    One,
}

/// The public state one batch of context releases was decided on. Records form a chain: a hub cannot
/// change an old one without breaking all that follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The form of this document.
    pub schema: RecordSchema,
    /// Its place in the chain, from 1.
    pub number: u32,
    /// [`Record::hash`] of the one before in hexadecimal, zeros for the first.
    pub previous: String,
    /// The public time of all releases of the batch.
    pub at: Timestamp,
    /// The tree in force.
    pub tree: TreeName,
    /// Cases the public knew of.
    pub flags: Vec<PublishedFlag>,
    /// The labels published within the window before this batch.
    pub earlier: Vec<EarlierLabel>,
    /// The releases of this batch, in the order they were decided in.
    pub releases: Vec<RecordedLabel>,
}

impl Record {
    /// The canonical form, which is signed and hashed (RFC 8785).
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(&serde_json::to_value(self).unwrap_or_default())
    }

    /// What the next record names as its predecessor.
    pub fn hash(&self) -> Hash {
        digest("noroshi/1/anonymity-record", [self.to_bytes()])
    }

    /// As [`Record::hash`], in hexadecimal.
    pub fn hash_text(&self) -> String {
        hex(&self.hash())
    }

    /// Signs it.
    pub fn sign(self, key: &SigningKey) -> SignedRecord {
        let signature = key.sign(Domain::AnonymityRecord, &self.to_bytes());
        SignedRecord {
            record: self,
            key: key.verifying_key().key_id().to_string(),
            signature: hex(&signature.to_bytes()),
        }
    }
}

/// A record with the hub's signature over its canonical form, as it is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedRecord {
    record: Record,
    key: String,
    signature: String,
}

impl SignedRecord {
    /// As canonical JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Reads what [`SignedRecord::to_bytes`] wrote. Nothing is checked yet.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is no signed record.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AnonymityError> {
        serde_json::from_slice(bytes).map_err(|e| unreadable("anonymity record", &e))
    }

    /// The record it states, whoever signed it: for the hub that wrote it.
    pub fn stated(&self) -> &Record {
        &self.record
    }

    /// The record, once its signature is good.
    ///
    /// # Errors
    /// [`AnonymityError::BadCertificateSignature`] where this key did not sign it.
    pub fn verify(&self, key: &VerifyingKey) -> Result<&Record, AnonymityError> {
        let bad = AnonymityError::BadCertificateSignature;
        let stated: Option<Signature> = signature(&self.signature);
        let (Some(signature), true) = (stated, self.key == key.key_id().to_string()) else {
            return Err(bad);
        };
        let good = key.verify(Domain::AnonymityRecord, &self.record.to_bytes(), &signature);
        good.map(|()| &self.record).map_err(|_| bad)
    }
}

/// Registers and parameters by their hash, as fetched from a hub or read from a folder.
#[derive(Clone, Default)]
pub struct PublicDocuments {
    registers: BTreeMap<String, Roster>,
    parameters: BTreeMap<String, Parameters>,
}

impl PublicDocuments {
    /// Without any document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a published register; gives its hash in hexadecimal.
    ///
    /// # Errors
    /// As [`PublishedRegister::from_bytes`] and [`PublishedRegister::roster`].
    pub fn add_register(&mut self, bytes: &[u8]) -> Result<String, AnonymityError> {
        let roster = PublishedRegister::from_bytes(bytes)?.roster()?;
        let hash = hex(roster.hash());
        self.registers.insert(hash.clone(), roster);
        Ok(hash)
    }

    /// Adds published parameters; gives their hash in hexadecimal.
    ///
    /// # Errors
    /// As [`Parameters::from_bytes`].
    pub fn add_parameters(&mut self, bytes: &[u8]) -> Result<String, AnonymityError> {
        let parameters = Parameters::from_bytes(bytes)?;
        let hash = hex(&parameters.hash());
        self.parameters.insert(hash.clone(), parameters);
        Ok(hash)
    }

    /// Hashes of the registers and parameters a record needs and that are not here yet.
    pub fn missing(&self, record: &Record) -> Missing {
        let trees = std::iter::once(&record.tree).chain(record.earlier.iter().map(|e| &e.tree));
        let mut missing = Missing::default();
        for tree in trees {
            if !self.registers.contains_key(&tree.register) {
                missing.registers.insert(tree.register.clone());
            }
            if !self.parameters.contains_key(&tree.parameters) {
                missing.parameters.insert(tree.parameters.clone());
            }
        }
        missing
    }

    fn tree(&self, name: &TreeName) -> Result<(&Roster, &Parameters, Tree), AnonymityError> {
        let none = |what| AnonymityError::CertificateDiffers { what };
        let roster = self.registers.get(&name.register).ok_or_else(|| none("register_hash"))?;
        let parameters =
            self.parameters.get(&name.parameters).ok_or_else(|| none("parameters_hash"))?;
        Ok((roster, parameters, Tree::make(roster, parameters, name.made)))
    }

    /// Checks a certificate against the record it names. Both signatures were checked before.
    ///
    /// # Errors
    /// [`AnonymityError::CertificateDiffers`] names the first statement that does not follow, or the
    /// document that is missing.
    pub fn check(
        &self,
        certificate: &Certificate,
        record: &Record,
    ) -> Result<Checked, AnonymityError> {
        let differs = |what| AnonymityError::CertificateDiffers { what };
        if certificate.record != record.number || certificate.at != record.at {
            return Err(differs("record"));
        }
        let place = record.releases.iter().position(|r| r.release_id == certificate.release_id);
        let place = place.ok_or_else(|| differs("release_id"))?;
        let is_same = |id: &String| *id == certificate.release_id;
        if record.releases.iter().filter(|r| is_same(&r.release_id)).count() > 1 {
            return Err(differs("release_id"));
        }
        // Whoever was spoken of within the window is not spoken of for the first time.
        let was_earlier = record.earlier.iter().any(|label| is_same(&label.release_id));
        if was_earlier && certificate.ledger == Ledger::First {
            return Err(differs("ledger"));
        }
        let (roster, parameters, tree) = self.tree(&record.tree)?;
        let mut hits = Vec::new();
        for label in &record.earlier {
            hits.push(self.hit(roster, label)?);
        }
        for release in record.releases.iter().take(place) {
            let (_, node) = tree.node_called(&release.node).ok_or_else(|| differs("node"))?;
            let case = Some(case_number(&release.release_id));
            hits.push(Hit { at: record.at, members: node.members().clone(), case });
        }
        let flags: Vec<Flag> = record.flags.iter().map(PublishedFlag::to_flag).collect();
        let facets = Facets::none(roster);
        let public = PublicRecord {
            roster,
            parameters,
            tree: &tree,
            facets: &facets,
            hits: &hits,
            flags: &flags,
            at: record.at,
        };
        verify_certificate(&public, certificate)
    }

    /// An earlier label in terms of the roster of today.
    ///
    /// # Errors
    /// [`AnonymityError::CertificateDiffers`] where its tree has no such node or is not here.
    pub fn hit(&self, roster: &Roster, label: &EarlierLabel) -> Result<Hit, AnonymityError> {
        let (then, _, tree) = self.tree(&label.tree)?;
        let node = tree.node_called(&label.node);
        let (_, node) = node.ok_or(AnonymityError::CertificateDiffers { what: "earlier" })?;
        let ids: Vec<&MemberId> = node.members().iter().filter_map(|i| then.member(i)).collect();
        let case = Some(case_number(&label.release_id));
        Ok(Hit { at: label.at, members: roster.set(ids), case })
    }
}

/// The number under which [`Hit::case`] counts what was published under one release id.
pub fn case_number(release_id: &str) -> u64 {
    let hash = digest("noroshi/1/case", [release_id]);
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What is still to be fetched before a record can be checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Hashes of registers.
    pub registers: std::collections::BTreeSet<String>,
    /// Hashes of parameters.
    pub parameters: std::collections::BTreeSet<String>,
}

impl PublishedFlag {
    /// As the policy reads it.
    pub fn to_flag(&self) -> Flag {
        Flag { member: MemberId::new(self.member.as_str()), since: self.since }
    }
}

fn unreadable(what: &'static str, error: &serde_json::Error) -> AnonymityError {
    AnonymityError::Unreadable { what, detail: error.to_string() }
}
