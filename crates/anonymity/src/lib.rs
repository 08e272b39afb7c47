//! From an attributed report to a release that names nobody.
//!
//! The way through this crate is one way, and the types hold it:
//!
//! ```text
//! Report<Submitted> --gate--> Report<Gated> --signals--> Signal --emit--> Release
//!                                  |
//!                                  +--approve--> Report<Approved> --context--> ContextRelease
//! ```
//!
//! A [`Report`] knows who reported; a [`Signal`] and a [`Release`] cannot. Gates ([`Gate`]) look at
//! every indicator before it becomes a signal: nothing a [`Register`] member owns or is called, no
//! private or reserved address and nothing on the [`WarningLists`] passes. Nothing here opens a
//! socket, reads a file or a clock.

mod alias;
mod context;
mod error;
mod gate;
mod language;
mod own;
pub mod policy;
pub mod quantity;
pub mod redteam;
mod register;
mod release;
mod report;
mod signal;
mod text;
mod vocabulary;
mod warning;

pub use alias::{AliasEdits, AliasSource, DerivedAlias, Strength, derive, is_everyday};
pub use context::{ContextEmission, ContextFacts, ContextRelease, Earlier};
pub use error::AnonymityError;
pub use gate::{Confidence, Gate, Reason, Severity, Verdict};
pub use language::{Language, Words};
pub use own::{OwnAssets, OwnHit, OwnKind};
pub use register::{MemberId, Register, RegisterMember, RegisterNote};
pub use release::{Lane, Release};
pub use report::{
    Approval, Approved, Consent, DeskApproval, Gated, Passed, Report, ReporterApproval, Submitted,
};
pub use signal::{ConfidenceClass, Emission, Signal, Withdrawal};
pub use text::NameSearch;
pub use vocabulary::{Group, Technique, Term, Vocabulary};
pub use warning::{WarningLists, WarningMatch};
