//! Ids of observables that follow from what they say.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;
use crate::{StixId, deterministic};

/// The id should be the deterministic one, where there is one.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if !subject.is_observable() || subject.row.is_none() {
        return;
    }
    let Some(id) = subject.members.get("id").and_then(Value::as_str) else { return };
    let (Ok(id), Some(wanted)) = (id.parse::<StixId>(), deterministic::of(subject.members)) else {
        return;
    };
    if id != wanted {
        let message = "the id should follow from the id-contributing properties (UUIDv5)";
        out.warning("id-not-deterministic", "id", message);
    }
}
