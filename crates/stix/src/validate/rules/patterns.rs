//! Patterns of indicators.

use serde_json::Value;

use crate::pattern::PatternError;
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
        out.error_naming(place(&error), error.code(), "pattern", error.to_string());
    }
}

/// The character where it goes wrong, or the limit that was passed.
fn place(error: &PatternError) -> String {
    match error {
        PatternError::TooLong { max, .. } => max.to_string(),
        PatternError::TooDeep { at, .. }
        | PatternError::Expected { at, .. }
        | PatternError::OpenString { at }
        | PatternError::OpenComment { at }
        | PatternError::StrayCharacter { at }
        | PatternError::BadLiteral { at, .. } => at.to_string(),
    }
}
