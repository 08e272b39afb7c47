//! Whether objects say what the specification lets them say (STIX 2.1).
//!
//! One rule, one file under `rules/`; what a rule knows of types and properties comes from the table
//! in `data/`. An error is a MUST of the specification that is broken, a warning a SHOULD, or a
//! custom word where a vocabulary has one. Findings never repeat the object's own values, only
//! property names. Every object of a bundle is judged on its own: a bad one rejects nothing else.

mod bundle;
mod codes;
mod finding;
mod rules;
mod subject;

pub use bundle::{BundleReport, ObjectReport, validate_bundle, validate_document};
pub use codes::CODES;
pub use finding::{Finding, Severity};

use serde_json::Value;

use crate::Object;

use finding::Findings;
use subject::Subject;

/// What is wrong with `object`, in the order of the rules; empty where nothing is.
pub fn validate(object: &Object) -> Vec<Finding> {
    validate_members(object.members())
}

/// The same for a value that may not even be an object with a type and an id.
pub fn validate_value(value: &Value) -> Vec<Finding> {
    match value {
        Value::Object(members) => validate_members(members),
        _ => {
            let mut out = Findings::default();
            out.error("not-an-object", "", "a STIX object is a JSON object");
            out.list
        }
    }
}

fn validate_members(members: &serde_json::Map<String, Value>) -> Vec<Finding> {
    let subject = Subject::new(members);
    let mut out = Findings::default();
    for rule in rules::RULES {
        rule(&subject, &mut out);
    }
    out.list
}
