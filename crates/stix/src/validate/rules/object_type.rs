//! The name of the object's type.

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `type` is there, well formed, and known or declared by an extension.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let name = subject.object_type;
    if name.is_empty() {
        return out.error("missing-type", "type", "an object needs a type, which is a text");
    }
    let formed = (3..=250).contains(&name.len())
        && !name.contains("--")
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !formed {
        let message = "a type has 3 to 250 lower-case letters, digits and single hyphens";
        return out.error("bad-type", "type", message);
    }
    if name == "bundle" {
        return out.error("nested-bundle", "type", "a bundle is not an object of a bundle");
    }
    let declared = subject.has_extension(|kind| kind.starts_with("new-"));
    if subject.row.is_none() && !declared && !name.starts_with("x-") {
        let message = "STIX 2.1 has no such type; declare it by an extension definition";
        out.warning("unknown-type", "type", message);
    }
}
