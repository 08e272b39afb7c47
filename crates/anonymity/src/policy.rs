//! What may be said about a victim: computed before each release, certified, and replayable.
//!
//! A context release carries one attribute of the victim, a *label*: a node of a tree that anybody
//! can make from the public register. Which node depends on the reporter's base cell and on what
//! was published before, never on the firm. Three promises hold for every release, exactly:
//!
//! - G1: whichever `c` members other than the victim collude, at least `k` candidates remain and
//!   none holds more than `p_max` of the weight.
//! - G2: every candidate would have got the same release at that moment.
//! - G3: within a window, no labelled cell shows more than `rho` of its members as victims.
//!
//! They hold against everybody whose knowledge of *this* incident comes from the hub, the register
//! and what colluding members know of themselves.
//!
//! ```text
//! Roster + Parameters --Tree::make--> Tree      public, made at most twice a year
//! PublicRecord --Moment::new--> Moment          closed nodes, quarantine, population
//! Moment + case's Candidates + cell --decide--> CertifiedLabel | HoldReason
//! CertifiedLabel --Report::context--> ContextRelease, with a Certificate beside it
//! ```
//!
//! Nothing here reads a clock or is random. The sealed part is [`Candidates`]; everything else is
//! public.

mod certificate;
mod cut;
mod decide;
mod facet;
mod flag;
mod history;
mod label;
mod ledger;
mod member_set;
mod moment;
mod parameters;
mod publication;
mod ratio;
mod roster;
mod safe;
mod tree;
mod verify;

pub use certificate::Ledger as CertificateLedger;
pub use certificate::{Attestation, Certificate, CertificateSchema, Lane, SignedCertificate};
pub use cut::{Origin, Part, Plan};
pub use decide::{Decision, HoldReason, decide};
pub use facet::{Exposure, Facet, Facets};
pub use flag::Flag;
pub use history::{Closed, Hit};
pub use label::{CertifiedLabel, Preview, Replay, preview};
pub use ledger::{Candidates, Ledger};
pub use member_set::MemberSet;
pub use moment::{Moment, PublicRecord};
pub use parameters::{FacetRule, MergeOrder, Neighbour, Parameters, Settings};
pub use publication::{
    EarlierLabel, Missing, PublicDocuments, PublishedFlag, PublishedRegister, Record, RecordSchema,
    RecordedLabel, RegisterSchema, SignedRecord, TreeName, case_number,
};
pub use ratio::Ratio;
pub use roster::{Roster, RosterRow};
pub use tree::{Node, NodeHash, NodeId, Tree};
pub use verify::{Checked, verify_certificate};

use noroshi_seal::Hash;
use sha2::{Digest, Sha256};

/// SHA-256 over a purpose and parts, each with its length before it, so that no two lists of parts
/// share a hash.
fn digest(purpose: &str, parts: impl IntoIterator<Item: AsRef<[u8]>>) -> Hash {
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    add(purpose.as_bytes());
    parts.into_iter().for_each(|part| add(part.as_ref()));
    hasher.finalize().into()
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
