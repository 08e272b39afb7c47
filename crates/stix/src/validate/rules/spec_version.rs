//! The version of the specification an object follows.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `spec_version` is 2.1 where it is given.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    match subject.members.get("spec_version") {
        Some(Value::String(version)) if version != "2.1" => out.error(
            "spec-version",
            "spec_version",
            "only STIX 2.1 is read here; upgrade the object first",
        ),
        None if !subject.is_observable() => out.error(
            "stix-2.0",
            "spec_version",
            "STIX 2.1 objects say spec_version 2.1; this one may be STIX 2.0: upgrade it first",
        ),
        _ => (),
    }
}
