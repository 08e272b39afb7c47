//! Properties every object of a type has.

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// None is absent.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for part in &subject.parts {
        for name in &part.missing {
            // Said better by rules of their own.
            if part.prefix.is_empty() && matches!(*name, "type" | "spec_version") {
                continue;
            }
            let message = format!("the property {name} is required");
            let path = format!("{}{name}", part.prefix);
            out.error_naming(*name, "missing-property", path, message);
        }
    }
}
