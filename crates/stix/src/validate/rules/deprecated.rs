//! What the specification still allows and advises against.

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Observed data name their observables by `object_refs` (STIX 2.1, section 4.14).
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type == "observed-data" && subject.members.contains_key("objects") {
        let message = "objects is deprecated; use object_refs and observables of their own";
        out.warning_naming("object_refs", "deprecated-property", "objects", message);
    }
}
