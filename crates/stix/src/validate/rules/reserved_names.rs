//! Names kept for later versions of the specification (STIX 2.1, section 3.8).

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Names no custom property may have.
const PROPERTIES: [&str; 4] = ["action", "phone_numbers", "severity", "username"];

/// No custom object has the type `action`, no custom property a reserved name.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let message = "the name is reserved for later versions of STIX; choose another one";
    if subject.object_type == "action" {
        out.error("reserved-name", "type", message);
    }
    let top = subject.parts.iter().filter(|part| part.prefix.is_empty());
    for name in top.flat_map(|part| &part.custom).filter(|name| PROPERTIES.contains(*name)) {
        out.error("reserved-name", *name, message);
    }
}
