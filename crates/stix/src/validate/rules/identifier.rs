//! The object's own id.

use serde_json::Value;

use crate::StixId;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `id` is the type, two hyphens and a UUID.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let Some(Value::String(text)) = subject.members.get("id") else { return };
    let name = subject.object_type;
    match text.parse::<StixId>() {
        Ok(id) if !name.is_empty() && id.object_type() != name => {
            out.error("id-type", "id", "the id has to begin with the object's type");
        }
        Ok(_) => (),
        Err(_) => out.error("bad-id", "id", "an id is a type, two hyphens and a UUID"),
    }
}
