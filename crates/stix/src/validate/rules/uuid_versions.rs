//! The kind of UUID in an object's id (STIX 2.1, section 2.9).

use serde_json::Value;
use uuid::Variant;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;
use crate::{StixId, deterministic};

/// A UUID of RFC 4122. Statements have random ones (version 4), and so have observables that say
/// nothing an id could follow from.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let Some(id) = subject.members.get("id").and_then(Value::as_str) else { return };
    let Ok(id) = id.parse::<StixId>() else { return };
    let uuid = id.uuid();
    if uuid.get_variant() != Variant::RFC4122 {
        return out.error("bad-id", "id", "the UUID of the id is none of RFC 4122");
    }
    if uuid.get_version_num() == 4 {
        return;
    }
    let Some(row) = subject.row else { return };
    if row.class != "sco" {
        let message = "the id of a statement should be random (UUIDv4)";
        out.warning_naming("UUIDv4", "id-version", "id", message);
    } else if deterministic::of(subject.members).is_none() {
        let message = "the id of this observable has to be random (UUIDv4)";
        out.error_naming("UUIDv4", "id-version", "id", message);
    }
}
