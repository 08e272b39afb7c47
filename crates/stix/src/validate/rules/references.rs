//! References to other objects.

use uuid::Variant;

use crate::StixId;
use crate::table::Form;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// A reference is an id, of a type that may stand there.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        let (Form::Reference(targets), Some(text)) = (typed.form, typed.value.as_str()) else {
            continue;
        };
        let path = typed.path.as_str();
        match text.parse::<StixId>() {
            Err(_) => {
                let message = "a reference is an id: a type, two hyphens and a UUID";
                out.error("bad-reference", path, message);
            }
            Ok(id) if id.uuid().get_variant() != Variant::RFC4122 => {
                out.error("bad-reference", path, "the UUID of the reference is none of RFC 4122");
            }
            Ok(id) if !targets.allow(id.object_type()) => {
                let message = format!("the reference has to point to {}", targets.describe());
                out.error_naming(targets.describe(), "reference-type", path, message);
            }
            Ok(_) => (),
        }
    }
}
