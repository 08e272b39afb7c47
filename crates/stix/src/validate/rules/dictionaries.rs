//! Keys of dictionaries.

use serde_json::Value;

use crate::table::Form;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// There is one; keys have ASCII letters, digits, hyphens and underscores, at most 250 of them.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        let (Form::Dictionary | Form::Hashes, Value::Object(members)) = (typed.form, typed.value)
        else {
            continue;
        };
        if members.is_empty() && *typed.form == Form::Dictionary {
            let message = "a dictionary has at least one key; leave the property out";
            out.error("empty-dictionary", typed.path.as_str(), message);
        }
        // Names of algorithms have at least three characters.
        let shortest = if *typed.form == Form::Hashes { 3 } else { 1 };
        let formed = |key: &String| {
            (shortest..=250).contains(&key.len())
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        if !members.keys().all(formed) {
            let message = "keys have 1 to 250 ASCII letters, digits, hyphens and underscores";
            out.error("bad-key", typed.path.as_str(), message);
        }
    }
}
