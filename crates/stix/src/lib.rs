//! The public vocabulary: STIX 2.1 objects, ids, patterns, markings (TLP 2.0), TAXII 2.1 wire types
//! and the mapping of MISP attributes.
//!
//! Foreign text and objects come in through [`Observable::parse`], [`observables_in_pattern`],
//! [`observables_in_object`] and [`observables_in_attribute`]; what leaves is built by [`emit`] from
//! typed facts alone. [`validate()`] and [`validate_bundle`] say what is wrong with an object, by rules
//! over the tables in `data/`; [`upgrade()`] makes STIX 2.1 of STIX 2.0. An [`Object`] keeps its raw JSON beside the parsed view, so that what is not
//! understood survives a round trip. Nothing here opens a socket, reads a file or a clock.

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
