//! `GET /proofs/{object}`: that a released object is part of a batch the hub signed.
//!
//! TAXII objects carry no signature of their own. Whoever holds the bytes of one asks for its
//! proof and checks it alone: bytes -> leaf -> path -> root in the signed head -> the hub's key.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use data_encoding::HEXLOWER;
use noroshi_seal::{
    BatchHead, Hash, Proof, SealError, SignedBatchHead, VerifyingKey, leaf_hash, verify_proof,
};
use noroshi_stix::Timestamp;
use serde::{Deserialize, Serialize};

use crate::anonymity::{caching, clear_only, failed};
use crate::params::{Params, bad_request};
use crate::problem::Problem;
use crate::reader::Grant;
use crate::state::OutletState;

/// Form of an inclusion proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofSchema {
    /// This version.
    #[serde(rename = "noroshi-inclusion-proof/1")]
    One,
}

/// That an object is at one place of a batch, under the hub's signature. Hashes and the head are
/// hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The form of this document.
    pub schema: ProofSchema,
    /// Id of the object.
    pub id: String,
    /// Its version: `modified`, else `created`.
    pub version: Timestamp,
    /// The alias of the collection it was released in.
    pub collection: String,
    /// [`SignedBatchHead::to_bytes`].
    pub head: String,
    /// Its place in the batch, from 0.
    pub index: u32,
    /// The neighbours' hashes from the leaf to the root (RFC 6962, section 2.1.1).
    pub path: Vec<String>,
}

/// Why a proof does not show what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFlaw {
    /// It is damaged.
    #[error("the proof cannot be read: fetch it again")]
    Unreadable,
    /// The bytes are those of another object or version.
    #[error("the proof is for another object or another version of it")]
    OtherObject,
    /// The head is not signed with this key.
    #[error("the head of the batch: {0}")]
    Head(#[from] SealError),
    /// The bytes are not those that were signed.
    #[error("these bytes are not the object that was signed; it was changed, or written anew")]
    NotIncluded,
}

/// The fields of an object that a proof names.
#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    modified: Option<Timestamp>,
    #[serde(default)]
    created: Option<Timestamp>,
}

impl InclusionProof {
    /// Checks that `object`, byte for byte as it was served, is what this key signed; answers the
    /// head of its batch.
    ///
    /// # Errors
    /// [`ProofFlaw`] says what does not fit.
    pub fn verify(&self, object: &[u8], key: &VerifyingKey) -> Result<BatchHead, ProofFlaw> {
        let bytes =
            |text: &str| HEXLOWER.decode(text.as_bytes()).map_err(|_| ProofFlaw::Unreadable);
        let hash = |text: &String| -> Result<Hash, ProofFlaw> {
            bytes(text)?.try_into().map_err(|_| ProofFlaw::Unreadable)
        };
        let named: Named = serde_json::from_slice(object).map_err(|_| ProofFlaw::OtherObject)?;
        let version = named.modified.or(named.created);
        if named.id != self.id || version.is_some_and(|version| version != self.version) {
            return Err(ProofFlaw::OtherObject);
        }
        let signed = SignedBatchHead::from_bytes(&bytes(&self.head)?)?;
        signed.verify(key)?;
        let place = |n: u32| usize::try_from(n).map_err(|_| ProofFlaw::Unreadable);
        let proof = Proof {
            index: place(self.index)?,
            size: place(signed.head.count)?,
            path: self.path.iter().map(hash).collect::<Result<_, _>>()?,
        };
        let included = verify_proof(&leaf_hash(object), &proof, &signed.head.root);
        if !included || signed.head.collection != self.collection {
            return Err(ProofFlaw::NotIncluded);
        }
        Ok(signed.head)
    }

    /// As it is served; `None` where the leaves have no such place.
    pub(crate) fn over(
        id: &str,
        version: i64,
        head: &SignedBatchHead,
        leaves: &[Hash],
        index: usize,
    ) -> Option<Self> {
        let proof = noroshi_seal::proof(leaves, index)?;
        Some(Self {
            schema: ProofSchema::One,
            id: id.to_owned(),
            version: Timestamp::from_micros(version),
            collection: head.head.collection.clone(),
            head: HEXLOWER.encode(&head.to_bytes()),
            index: u32::try_from(index).ok()?,
            path: proof.path.iter().map(|hash| HEXLOWER.encode(hash)).collect(),
        })
    }
}

/// `GET /proofs/{object}`: for the newest version that the hub released, or the one `?version=`
/// names. An object that the caller may not read answers as one that does not exist.
pub(crate) async fn read(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
    params: Params,
) -> Result<Response, Problem> {
    let clear_only = clear_only(grant)?;
    let version = params.one("version")?.map(|text| text.parse::<Timestamp>());
    let version = version.transpose().map_err(|_| {
        bad_request("bad-version", "The version is not usable")
            .detail("Give version as a timestamp such as 2026-11-23T04:08:30.000Z.")
    })?;
    let id = params.segment("object").to_ascii_lowercase();
    let version = version.map(Timestamp::as_micros);
    let proof = state.0.shelf.proof(&id, version, clear_only).await.map_err(failed)?;
    Ok((caching(), Json(proof.ok_or_else(Problem::not_found)?)).into_response())
}
