//! Nothing is written as null, or as a list or object of nothing.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Properties without a value are left out, at any depth.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for (name, value) in subject.members {
        look(name, value, out);
    }
}

fn look(path: &str, value: &Value, out: &mut Findings) {
    match value {
        Value::Null => out.error("null-value", path, "null is no value; leave the property out"),
        Value::Array(items) if items.is_empty() => {
            out.error("empty-list", path, "a list has at least one item; leave the property out");
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                if item.is_null() || item.is_array() || item.is_object() {
                    look(&format!("{path}[{i}]"), item, out);
                }
            }
        }
        // An empty object is a value: an extension may say nothing but its name.
        Value::Object(members) => {
            for (name, inner) in members {
                if inner.is_null() || inner.is_array() || inner.is_object() {
                    look(&format!("{path}.{name}"), inner, out);
                }
            }
        }
        _ => (),
    }
}
