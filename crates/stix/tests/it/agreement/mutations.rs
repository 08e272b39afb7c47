//! What can be wrong with a valid object, one thing at a time.

use serde_json::{Value, json};

use super::objects::UUID;

/// An object with one thing changed.
pub(super) struct Mutant {
    /// What kind of thing: a row of the table.
    pub(super) kind: &'static str,
    /// Which property, as `type.property`.
    pub(super) place: String,
    pub(super) object: Value,
}

/// Properties every object has: to change them in objects of a few types is enough.
const COMMON: [&str; 13] = [
    "spec_version",
    "id",
    "created_by_ref",
    "created",
    "modified",
    "labels",
    "confidence",
    "lang",
    "external_references",
    "object_marking_refs",
    "granular_markings",
    "extensions",
    "type",
];

const WITH_COMMON: [&str; 6] = [
    "identity",
    "mutex",
    "relationship",
    "marking-definition",
    "language-content",
    "extension-definition",
];

/// Every mutant of a valid object.
pub(super) fn of(object: &Value) -> Vec<Mutant> {
    let object_type = object["type"].as_str().unwrap();
    let mut out = Vec::new();
    let mut add = |kind, place: &str, object| {
        out.push(Mutant { kind, place: format!("{object_type}.{place}"), object });
    };
    for (name, value) in object.as_object().unwrap() {
        if COMMON.contains(&name.as_str()) && !WITH_COMMON.contains(&object_type) {
            continue;
        }
        let mut changed = |kind, new: Value| {
            let mut mutant = object.clone();
            mutant[name.as_str()] = new;
            add(kind, name, mutant);
        };
        changed("null", Value::Null);
        changed("empty list", json!([]));
        if !value.is_object() || name != "definition" {
            changed("object", json!({"key": 5}));
        }
        if !value.is_number() {
            changed("number", json!(5));
        }
        if !value.is_boolean() {
            changed("boolean", json!(true));
        }
        if !value.is_string() {
            changed("text", json!("some text"));
        }
        match value {
            Value::String(text) if text.ends_with('Z') => {
                changed("day alone", json!("2026-01-01"));
                changed("other zone", json!("2026-01-01T00:00:00.000+09:00"));
                changed("no such month", json!("2026-13-01T00:00:00.000Z"));
                changed("before all", json!("2001-01-01T00:00:00.000Z"));
                changed("no fraction", json!("2026-01-01T00:00:00Z"));
            }
            Value::String(text) if text.contains("--") => {
                changed("bad id", json!("identity--1"));
                changed("id of another type", json!(format!("opinion--{UUID}")));
                changed(
                    "nil id",
                    json!(text.replace(UUID, "00000000-0000-0000-0000-000000000000")),
                );
            }
            Value::String(_) => {
                changed("empty text", json!(""));
                changed("other text", json!("No-such word"));
            }
            Value::Number(_) => {
                changed("negative", json!(-1));
                changed("fraction", json!(1.5));
                changed("large", json!(1_000_000_000));
            }
            Value::Array(items) => {
                changed("list of numbers", json!([5]));
                changed("list with null", json!([items[0], null]));
                if items[0].as_str().is_some_and(|text| text.contains("--")) {
                    changed("list of other ids", json!([format!("opinion--{UUID}")]));
                }
                if items[0].is_string() {
                    changed("list of other texts", json!(["No-such word"]));
                }
                if let Some(inner) = items[0].as_object() {
                    changed("custom inside", json!([with(inner, "x_custom", json!("a"))]));
                    for key in inner.keys() {
                        changed("dropped inside", json!([without(inner, key)]));
                        changed("number inside", json!([with(inner, key, json!(5))]));
                    }
                }
            }
            Value::Object(inner) => {
                changed("empty object", json!({}));
                changed("bad key", with(inner, "bad key", json!("a")));
                for key in inner.keys() {
                    changed("dropped inside", without(inner, key));
                    changed("number inside", with(inner, key, json!(5)));
                }
            }
            _ => (),
        }
        let mut mutant = object.clone();
        mutant.as_object_mut().unwrap().remove(name);
        add("dropped", name, mutant);
    }
    for name in ["x_custom", "custom", "Custom", "ab", "severity"] {
        let mut mutant = object.clone();
        mutant[name] = json!("a");
        add("custom", name, mutant);
    }
    out
}

fn with(members: &serde_json::Map<String, Value>, key: &str, value: Value) -> Value {
    let mut changed = members.clone();
    changed.insert(key.to_owned(), value);
    changed.into()
}

fn without(members: &serde_json::Map<String, Value>, key: &str) -> Value {
    let mut changed = members.clone();
    changed.remove(key);
    changed.into()
}
