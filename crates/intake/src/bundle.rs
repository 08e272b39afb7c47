//! STIX bundles, 2.1 and 2.0, TAXII envelopes, lists of objects and single objects.
//!
//! Each object is read by itself: what is wrong with one is a problem with its id, and the rest is
//! kept. Mail addresses that a message object names as recipients are the victim's and are dropped.

use std::collections::HashSet;

use noroshi_stix::{
    Kind, ObjectYield, SkipReason, Skipped, StixId, observables_in_object, recipient_refs,
};
use serde_json::Value;

use crate::draft::Collector;
use crate::{DropReason, IntakeError, Origin, Place, text};

/// Reads whatever of STIX the value is.
///
/// # Errors
/// The value is no object and no list, or its `objects` is no list.
pub(crate) fn read(value: &Value, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let objects = objects_of(value)?;
    let recipients: HashSet<&str> = objects.iter().flat_map(|(_, o)| recipient_refs(o)).collect();
    for (path, object) in &objects {
        read_object(path, object, &recipients, out);
    }
    Ok(())
}

/// Reads one object. `recipients` are the ids of the addresses that mail of the same list went to.
pub(crate) fn read_object(
    path: &str,
    object: &Value,
    recipients: &HashSet<&str>,
    out: &mut Collector<'_>,
) {
    let id = object.get("id").and_then(Value::as_str);
    let known = id.filter(|id| id.parse::<StixId>().is_ok());
    let place =
        known.map_or_else(|| Place::Path(path.to_owned()), |id| Place::Object(id.to_owned()));
    if id.is_some() && known.is_none() {
        out.problem(path, "bad-id", BAD_ID);
    }
    let read = observables_in_object(object);
    if id.is_some_and(|id| recipients.contains(id)) {
        for found in read.found {
            out.drop(&found.value(), DropReason::Recipient, Origin::plain(place.clone()));
        }
        return;
    }
    take(read, &place, path, out);
    note_facts(object, out);
}

/// What is wrong with an id.
pub(crate) const BAD_ID: &str = "The id is not of the form type--UUID.";

/// The objects with their paths, bundles within lists opened.
fn objects_of(value: &Value) -> Result<Vec<(String, &Value)>, IntakeError> {
    match value {
        Value::Object(map) => match map.get("objects") {
            Some(Value::Array(list)) => Ok(numbered(list, "objects")),
            // Observed data of STIX 2.0 has objects of its own.
            Some(Value::Object(_)) if map.contains_key("type") && map.contains_key("id") => {
                Ok(vec![(String::new(), value)])
            }
            Some(_) => {
                let path = "objects".to_owned();
                Err(IntakeError::WrongType { path, expected: "a list" })
            }
            None => Ok(vec![(String::new(), value)]),
        },
        Value::Array(list) => {
            let mut all = Vec::new();
            for (index, item) in list.iter().enumerate() {
                let path = format!("[{index}]");
                match item.get("objects").and_then(Value::as_array) {
                    Some(objects) => {
                        all.extend(numbered(objects, &format!("{path}.objects")));
                    }
                    None => all.push((path, item)),
                }
            }
            Ok(all)
        }
        _ => Err(IntakeError::UnknownShape),
    }
}

fn numbered<'a>(list: &'a [Value], name: &str) -> Vec<(String, &'a Value)> {
    list.iter().enumerate().map(|(i, o)| (format!("{name}[{i}]"), o)).collect()
}

/// Collects what one object or attribute gave.
pub(crate) fn take(read: ObjectYield, place: &Place, path: &str, out: &mut Collector<'_>) {
    for observable in read.found {
        out.find(observable, Origin::plain(place.clone()));
    }
    for skipped in read.skipped {
        skip(&skipped, place, path, out);
    }
}

fn skip(skipped: &Skipped, place: &Place, path: &str, out: &mut Collector<'_>) {
    let reason = match &skipped.reason {
        SkipReason::UnsupportedProperty
        | SkipReason::UnsupportedType
        | SkipReason::UnsupportedOperator
        | SkipReason::UnsupportedPatternType => DropReason::NotCarried,
        SkipReason::Negated => DropReason::Negated,
        SkipReason::Recipient => DropReason::Recipient,
        SkipReason::Target => DropReason::Target,
        SkipReason::Revoked => DropReason::Revoked,
        SkipReason::Benign => DropReason::Benign,
        SkipReason::NotAValue(kind) => return defanged_or_bad(*kind, skipped, place, path, out),
        SkipReason::BadPattern(_) | SkipReason::BadObject(_) => {
            let path = inner_path(path, &skipped.path);
            return out.problem(path, skipped.reason.code(), &skipped.reason.to_string());
        }
    };
    let text = if skipped.text.is_empty() { &skipped.path } else { &skipped.text };
    out.drop(text, reason, Origin::plain(place.clone()));
}

/// Published objects are now and then defanged too.
fn defanged_or_bad(
    kind: Kind,
    skipped: &Skipped,
    place: &Place,
    path: &str,
    out: &mut Collector<'_>,
) {
    // The text may have been cut; then what it says is no longer known.
    let whole = skipped.text.chars().count() < 120;
    match text::refang_as(kind, &skipped.text).filter(|_| whole) {
        Some(observable) => {
            out.find(observable, Origin { place: place.clone(), defanged: true });
        }
        None => {
            let path = inner_path(path, &skipped.path);
            out.problem(path, "bad-value", &format!("The value is not a valid {kind}."));
        }
    }
}

fn inner_path(path: &str, inner: &str) -> String {
    match (path, inner) {
        ("", inner) => inner.to_owned(),
        (path, "") => path.to_owned(),
        (path, inner) => format!("{path}.{inner}"),
    }
}

/// Techniques and the title of the report, for the private facts.
fn note_facts(object: &Value, out: &mut Collector<'_>) {
    let text = |key| object.get(key).and_then(Value::as_str);
    match text("type") {
        Some("report" | "incident") if out.facts.title.is_none() => {
            out.facts.title = text("name").map(|t| t.chars().take(500).collect());
        }
        Some("attack-pattern") => {
            let references = object.get("external_references").and_then(Value::as_array);
            let ids = references
                .into_iter()
                .flatten()
                .filter(|r| r.get("source_name").and_then(Value::as_str) == Some("mitre-attack"))
                .filter_map(|r| r.get("external_id").and_then(Value::as_str));
            for id in ids.filter(|id| crate::native::is_technique(id)) {
                out.facts.note_technique(id);
            }
        }
        _ => {}
    }
}
