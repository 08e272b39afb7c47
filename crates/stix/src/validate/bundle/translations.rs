//! Translations beside the objects they translate (STIX 2.1, section 7.1).

use std::collections::HashMap;

use serde_json::Value;

use super::{ObjectReport, text};
use crate::Timestamp;
use crate::validate::finding::Findings;

/// What is translated is a property of the object, and has its shape.
pub(super) fn check(objects: &[Value], reports: &mut [ObjectReport]) {
    let modified = |object: &Value| text(object, "modified").and_then(|t| t.parse().ok());
    let mut newest: HashMap<&str, (Option<Timestamp>, &Value)> = HashMap::new();
    let mut versions: HashMap<(&str, Option<Timestamp>), &Value> = HashMap::new();
    for object in objects {
        let Some(id) = text(object, "id") else { continue };
        let time: Option<Timestamp> = modified(object);
        versions.insert((id, time), object);
        let known = newest.entry(id).or_insert((time, object));
        if time > known.0 {
            *known = (time, object);
        }
    }
    for (object, report) in objects.iter().zip(reports) {
        if text(object, "type") != Some("language-content") {
            continue;
        }
        let Some(id) = text(object, "object_ref") else { continue };
        let Some((_, latest)) = newest.get(id) else { continue };
        let mut out = Findings::default();
        let target = match text(object, "object_modified").and_then(|t| t.parse().ok()) {
            None => latest,
            wanted => versions.get(&(id, wanted)).unwrap_or_else(|| {
                let message = "this version of the object is not here; the newest one is looked at";
                out.warning("translation-of-other-version", "object_modified", message);
                latest
            }),
        };
        let contents = object.get("contents").and_then(Value::as_object);
        for (tag, translations) in contents.into_iter().flatten() {
            for (name, value) in translations.as_object().into_iter().flatten() {
                if out.is_full() {
                    break;
                }
                let path = || format!("contents.{tag}.{name}");
                match target.get(name) {
                    None => {
                        let message = "the object that is translated has no such property";
                        out.error_naming(name, "bad-translation", path(), message);
                    }
                    Some(original) if !has_shape(value, original) => {
                        let message = "the translation has the same shape as what is translated";
                        out.error_naming(name, "bad-translation", path(), message);
                    }
                    Some(_) => (),
                }
            }
        }
        report.add(out);
    }
}

/// Texts for texts, lists of the same length for lists, objects with keys of the original for
/// objects. An empty text stands for what is not translated.
fn has_shape(value: &Value, original: &Value) -> bool {
    match (value, original) {
        (Value::String(text), _) if text.is_empty() => true,
        (Value::String(_), Value::String(_)) => true,
        (Value::Array(items), Value::Array(originals)) => {
            items.len() == originals.len()
                && items.iter().zip(originals).all(|(item, original)| has_shape(item, original))
        }
        (Value::Object(members), Value::Object(originals)) => members
            .iter()
            .all(|(key, member)| originals.get(key).is_some_and(|o| has_shape(member, o))),
        _ => false,
    }
}
