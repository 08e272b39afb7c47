//! Patterns of indicators.

use serde_json::Value;

use crate::pattern::ast::Observation;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// A STIX pattern parses.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let text = |key: &str| subject.members.get(key).and_then(Value::as_str);
    if subject.object_type != "indicator" || text("pattern_type") != Some("stix") {
        return;
    }
    if let Some(Err(error)) = text("pattern").map(Observation::parse) {
        let place = error.at().map(|at| at.to_string()).unwrap_or_default();
        out.error_naming(place, error.code(), "pattern", error.to_string());
    }
}
