//! Milliseconds of versions.

use serde_json::Value;

use crate::Timestamp;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `created` and `modified` have three digits of a second (STIX 2.1, section 3.2). Fewer are an
/// error; more are a warning, because they still tell versions apart. Programs for Windows are
/// dated to the second (section 6.7.6).
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in subject.values.iter().filter(|v| v.path.ends_with(".time_date_stamp")) {
        if typed.value.as_str().is_some_and(|text| text.contains('.')) {
            let message = "the time is precise to the second: it has no digits after it";
            out.error_naming("0", "timestamp-precision", typed.path.as_str(), message);
        }
    }
    if subject.is_observable() {
        return;
    }
    for name in ["created", "modified"] {
        let Some(text) = subject.members.get(name).and_then(Value::as_str) else { continue };
        if !text.ends_with('Z') || text.parse::<Timestamp>().is_err() {
            continue;
        }
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest.trim_end_matches('Z'));
        let message = "the time of a version has exactly three digits of a second";
        match fraction.len() {
            3 => (),
            0..3 => out.error_naming("3", "timestamp-precision", name, message),
            _ => out.warning_naming("3", "timestamp-precision", name, message),
        }
    }
}
