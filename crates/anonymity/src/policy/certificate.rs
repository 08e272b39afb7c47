//! The anonymity certificate: what a release promises, so that anybody can check it.

use noroshi_seal::{Domain, KeyId, Signature, SigningKey, VerifyingKey};
use noroshi_stix::{Timestamp, canonical_json};
use serde::{Deserialize, Serialize};

use super::hex;
use super::label::CertifiedLabel;
use super::ratio::Ratio;
use crate::{AnonymityError, Words};

/// Which rules a certificate was made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateSchema {
    /// This version.
    #[serde(rename = "noroshi-certificate/1")]
    One,
}

/// What the candidates of a release were taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ledger {
    /// The first release on its case: everything can be recomputed from public data.
    First,
    /// A later one: the candidates left by earlier releases are private. That the cell was open and
    /// that the figures keep the bounds can be recomputed; the rest is the hub's word.
    Later,
}

/// The statement that comes with a context release. All hashes are SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The form of this document.
    pub schema: CertificateSchema,
    /// Id of the released report object.
    pub release_id: String,
    /// Always `context`: the other lane names nobody at all.
    pub lane: Lane,
    /// The public time the decision was made for.
    pub at: Timestamp,
    /// Number of the [`super::Record`] with the public state of that time.
    pub record: u32,
    /// Of the register's public columns.
    pub register_hash: String,
    /// Of the signed parameters.
    pub parameters_hash: String,
    /// Of the label tree.
    pub tree_hash: String,
    /// Of the facets and their exposures.
    pub facets_hash: String,
    /// Of the nodes that were closed.
    pub closed_hash: String,
    /// Of the members in quarantine.
    pub quarantine_hash: String,
    /// The node that is named.
    pub node: String,
    /// Its words.
    pub label: Words,
    /// The facet beside it.
    pub facet: Option<String>,
    /// Whether anything was said about the case before.
    pub ledger: Ledger,
    /// How many members may be the victim.
    pub candidates: u32,
    /// The best guess after the worst coalition.
    pub worst_posterior_after_coalition: Ratio,
    /// For how many candidates the decision was made again.
    pub replayed: u32,
    /// How many of them would have got something else.
    pub mismatches: u32,
    /// Which identifier gate the texts went through.
    pub gate_version: String,
    /// The last run of the attack harness on this policy.
    pub harness_run_id: Option<String>,
}

/// The lane of a certified release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// Context.
    Context,
}

/// What the hub adds to a label to make a certificate of it.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// Id of the released report object.
    pub release_id: String,
    /// Number of the record the release stands in.
    pub record: u32,
    /// Which identifier gate the texts went through.
    pub gate_version: String,
    /// The last run of the attack harness on this policy.
    pub harness_run_id: Option<String>,
}

impl Certificate {
    /// The certificate of a label that was decided on.
    pub fn of(label: &CertifiedLabel, attestation: Attestation) -> Self {
        let public = label.public();
        Self {
            schema: CertificateSchema::One,
            release_id: attestation.release_id,
            lane: Lane::Context,
            at: label.at(),
            record: attestation.record,
            register_hash: hex(&public.register),
            parameters_hash: hex(&public.parameters),
            tree_hash: hex(&public.tree),
            facets_hash: hex(&public.facets),
            closed_hash: hex(&public.closed),
            quarantine_hash: hex(&public.quarantine),
            node: label.node_hash().to_string(),
            label: label.words().clone(),
            facet: label.facet().map(|(id, _)| id.to_owned()),
            ledger: if label.is_first() { Ledger::First } else { Ledger::Later },
            candidates: count(label.candidates().len() as u64),
            worst_posterior_after_coalition: label.worst_posterior(),
            replayed: count(label.replay().replayed),
            mismatches: count(label.replay().mismatches),
            gate_version: attestation.gate_version,
            harness_run_id: attestation.harness_run_id,
        }
    }

    /// The canonical form, which is signed (RFC 8785).
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Signs it.
    pub fn sign(self, key: &SigningKey) -> SignedCertificate {
        let signature = key.sign(Domain::Certificate, &self.to_bytes());
        SignedCertificate {
            certificate: self,
            key: key.verifying_key().key_id().to_string(),
            signature: hex(&signature.to_bytes()),
        }
    }
}

/// A certificate with the hub's signature over its canonical form, as it is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCertificate {
    certificate: Certificate,
    key: String,
    signature: String,
}

impl SignedCertificate {
    /// As canonical JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical_json(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Reads what [`SignedCertificate::to_bytes`] wrote. Nothing is checked yet.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is no signed certificate.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AnonymityError> {
        serde_json::from_slice(bytes)
            .map_err(|e| AnonymityError::Unreadable { what: "certificate", detail: e.to_string() })
    }

    /// Which key signed it, so it says.
    pub fn key_id(&self) -> &str {
        &self.key
    }

    /// The certificate, once its signature is good.
    ///
    /// # Errors
    /// [`AnonymityError::BadCertificateSignature`] where this key did not sign it.
    pub fn verify(&self, key: &VerifyingKey) -> Result<&Certificate, AnonymityError> {
        let signature =
            signature(&self.signature).ok_or(AnonymityError::BadCertificateSignature)?;
        let expected: KeyId = key.key_id();
        if self.key != expected.to_string() {
            return Err(AnonymityError::BadCertificateSignature);
        }
        key.verify(Domain::Certificate, &self.certificate.to_bytes(), &signature)
            .map_err(|_| AnonymityError::BadCertificateSignature)?;
        Ok(&self.certificate)
    }
}

/// Counts are small enough for JSON, where large whole numbers are not exact.
fn count(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// 128 hexadecimal digits.
pub(super) fn signature(text: &str) -> Option<Signature> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect();
    Signature::from_slice(&bytes?).ok()
}
