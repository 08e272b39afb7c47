//! The public vocabulary: STIX 2.1 objects, ids, patterns, markings (TLP 2.0, PAP), TAXII 2.1 wire
//! types and the mapping of MISP attributes.
//!
//! Nothing here opens a socket, reads a file or a clock. Objects are kept as raw JSON with a parsed
//! view beside it, so that what is not understood survives a round trip.

mod canonical;
mod extract;
mod id;
mod indicator;
mod marking;
mod misp;
mod object;
mod observable;
pub mod pattern;
mod property;
mod reading;
pub mod taxii;
mod timestamp;

pub use canonical::canonical_json;
pub use extract::{observables_in_object, recipient_refs};
pub use id::{BadStixId, MAX_TYPE_LEN, ObjectType, SCO_NAMESPACE, StixId};
pub use indicator::{IndicatorFacts, emit, emitted_type, identity};
pub use marking::{Tlp, is_tlp_marking, tlp_marking_definition, tlp_of};
pub use misp::observables_in_attribute;
pub use object::{Object, ObjectError};
pub use observable::{
    BadObservable, DomainName, EmailAddress, FileHash, HashAlgorithm, Kind, Observable, Rule,
    RuleLanguage, WebUrl,
};
pub use pattern::{Found, PatternError, observables_in_pattern, pattern_of};
pub use reading::{AttributeYield, ObjectYield, SkipReason, Skipped};
pub use timestamp::{BadTimestamp, Timestamp};
