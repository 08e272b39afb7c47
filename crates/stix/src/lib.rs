//! STIX 2.1, the language for describing attacks: objects, ids, patterns, markings (TLP 2.0, PAP),
//! TAXII 2.1 wire types and the mapping of MISP attributes.
//!
//! | to | use |
//! |---|---|
//! | read one object and keep its bytes | [`Object`] |
//! | read a bundle, a list, lines or a TAXII envelope | [`Document`] |
//! | say what is wrong with them | [`validate_document`], [`validate()`] |
//! | make STIX 2.1 of STIX 2.0 | [`Document::upgrade`], [`upgrade()`] |
//! | write them for people | [`readable()`] |
//! | parse, print and evaluate patterns | [`pattern`] |
//! | find values to block in foreign text | [`Observable`], [`observables_in_object`], [`observables_in_pattern`] |
//! | build objects from typed facts | [`emit`], [`pattern_of`], [`deterministic_id`] |
//! | ask what STIX defines | [`specification`] |
//!
//! An [`Object`] keeps its raw JSON beside the parsed view, so that what is not understood survives a
//! round trip. Nothing here opens a socket, reads a file or a clock, and nothing foreign makes it
//! slow: see [`limits`].

mod canonical;
mod deterministic;
mod document;
mod extract;
mod id;
mod indicator;
pub mod limits;
mod marking;
mod misp;
mod object;
mod observable;
mod pap;
pub mod pattern;
mod property;
mod readable;
mod reading;
pub mod specification;
mod table;
pub mod taxii;
mod timestamp;
mod upgrade;
pub mod validate;

pub use canonical::canonical_json;
pub use deterministic::deterministic_id;
pub use document::{Document, DocumentError, Shape, UpgradedDocument};
pub use extract::{observables_in_object, recipient_refs};
pub use id::{BadStixId, MAX_TYPE_LEN, ObjectType, SCO_NAMESPACE, StixId};
pub use indicator::{IndicatorFacts, emit, emitted_type, identity};
pub use marking::{Tlp, tlp_marking_definition, tlp_of};
pub use misp::observables_in_attribute;
pub use object::{Object, ObjectError};
pub use observable::{
    BadObservable, DomainName, EmailAddress, FileHash, HashAlgorithm, Kind, Observable, Rule,
    RuleLanguage, WebUrl,
};
pub use pap::{Pap, pap_marking_definition, pap_of};
pub use pattern::{Found, PatternError, observables_in_pattern, pattern_of};
pub use readable::readable;
pub use reading::{AttributeYield, ObjectYield, SkipReason, Skipped};
pub use timestamp::{BadTimestamp, Timestamp};
pub use upgrade::{Change, Upgraded, UpgradedBundle, is_stix_20, upgrade, upgrade_bundle};
pub use validate::{
    BundleReport, Finding, ObjectReport, Severity, validate, validate_bundle, validate_document,
};

/// The examples of the README, which run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
