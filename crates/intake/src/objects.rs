//! A list of STIX objects, 2.1 or 2.0, each read and refused on its own: what a TAXII client posts.
//!
//! A bundle is one JSON text, so one broken object makes it unreadable. Here each object is a text of
//! its own, and the caller learns of each what it gave.

use std::collections::HashSet;

use noroshi_stix::{StixId, Timestamp, recipient_refs};
use serde_json::{Map, Value};

use crate::draft::Collector;
use crate::{Draft, DropReason, Format, IntakeError, Limits, Problem, bundle, json};

/// One object of a list, and what became of it.
#[derive(Clone)]
pub struct ReadObject {
    /// Its id as it came, shortened where it is longer than an id can be; `None` without one.
    pub id: Option<String>,
    /// Its version as it came: `modified`, else `created`; `None` without a time that can be read.
    pub version: Option<String>,
    /// What it gave, or why nothing of it was taken.
    pub outcome: Result<ObjectYield, Problem>,
}

/// What one object gave.
#[derive(Clone, Default)]
pub struct ObjectYield {
    /// Its indicators, as places in [`Draft::found`]. Two objects may name the same.
    pub found: Vec<usize>,
    /// Why some of it is no indicator, each reason once.
    pub dropped: Vec<DropReason>,
    /// What of it could not be read, in sentences.
    pub problems: Vec<Problem>,
}

/// Reads each object. Whatever one of them is, the others are read.
///
/// The limits hold for the list as a whole: an object that would go beyond them is refused.
pub fn read_objects<'a>(
    objects: impl IntoIterator<Item = &'a [u8]>,
    limits: &Limits,
) -> (Draft, Vec<ReadObject>) {
    let mut left = *limits;
    let parsed: Vec<(String, Result<Value, Problem>)> = objects
        .into_iter()
        .enumerate()
        .map(|(n, bytes)| {
            let path = format!("objects[{n}]");
            let value =
                parse(bytes, &mut left).map_err(|(code, message)| problem(&path, code, message));
            (path, value)
        })
        .collect();
    let recipients: HashSet<&str> =
        parsed.iter().filter_map(|(_, v)| v.as_ref().ok()).flat_map(recipient_refs).collect();
    let mut out = Collector::new(limits);
    let read = parsed
        .iter()
        .map(|(path, value)| {
            let object = value.as_ref().ok();
            ReadObject {
                id: object.and_then(id_of),
                version: object.and_then(version_of),
                outcome: match value {
                    Ok(value) => read_one(path, value, &recipients, limits, &mut out),
                    Err(problem) => Err(problem.clone()),
                },
            }
        })
        .collect();
    (out.finish(Format::StixBundle), read)
}

type Refusal = (&'static str, String);

fn problem(path: &str, code: &'static str, message: impl Into<String>) -> Problem {
    Problem { path: path.to_owned(), code, message: message.into() }
}

fn parse(bytes: &[u8], left: &mut Limits) -> Result<Value, Refusal> {
    let values = json::survey(bytes).values;
    let value = json::parse(bytes, left).map_err(|e| match e {
        IntakeError::TooManyValues { .. } => (
            e.code(),
            "The request has too many values: send this object in another one.".to_owned(),
        ),
        e => (e.code(), e.to_string()),
    })?;
    left.max_values -= values.min(left.max_values);
    // No database keeps it, and nothing an attacker uses is called so.
    if memchr::memmem::find(bytes, b"u0000").is_some() && holds_nul(&value) {
        let text = "A text in it holds the character NUL (U+0000): remove it.".to_owned();
        return Err(("nul-character", text));
    }
    Ok(value)
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(holds_nul),
        Value::Object(map) => map.iter().any(|(k, v)| k.contains('\0') || holds_nul(v)),
        _ => false,
    }
}

fn read_one(
    path: &str,
    value: &Value,
    recipients: &HashSet<&str>,
    limits: &Limits,
    out: &mut Collector<'_>,
) -> Result<ObjectYield, Problem> {
    let shape = value.as_object().ok_or(("not-an-object", "This is no STIX object."));
    if let Err((code, message)) = shape.and_then(check) {
        return Err(problem(path, code, message));
    }
    let mut own = Collector::new(limits);
    bundle::read_object(path, value, recipients, &mut own);
    let own = own.finish(Format::StixBundle);
    let wanted = own.found.len();
    let mut dropped: Vec<DropReason> = own.dropped.iter().map(|d| d.reason).collect();
    dropped.sort_unstable();
    dropped.dedup();
    let mut problems = own.problems.clone();
    let found = out.take_over(own);
    if found.len() < wanted {
        let message = "One report takes no more indicators: send this object in another one.";
        problems.push(problem(path, "too-many-indicators", message));
    }
    match problems.first() {
        Some(first) if found.is_empty() && dropped.is_empty() => Err(first.clone()),
        _ => Ok(ObjectYield { found, dropped, problems }),
    }
}

/// Whether it has what makes an object one (STIX 2.1, section 3.2): a type and an id.
fn check(object: &Map<String, Value>) -> Result<(), (&'static str, &'static str)> {
    let text = |key| object.get(key).and_then(Value::as_str);
    let Some(object_type) = text("type") else {
        return Err(("no-type", "The object has no type: this is no STIX object."));
    };
    if object_type == "bundle" {
        return Err(("nested-bundle", "This is a bundle: send the objects in it one by one."));
    }
    match text("id").map(str::parse::<StixId>) {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(("bad-id", bundle::BAD_ID)),
        None => Err(("no-id", "The object has no id: this is no STIX object.")),
    }
}

/// Longest id that is repeated, in characters: a type name and a UUID fit.
const MAX_ID: usize = 300;

fn id_of(value: &Value) -> Option<String> {
    Some(value.get("id")?.as_str()?.chars().take(MAX_ID).collect())
}

fn version_of(value: &Value) -> Option<String> {
    let time = |key| value.get(key)?.as_str().filter(|t| t.parse::<Timestamp>().is_ok());
    time("modified").or_else(|| time("created")).map(str::to_owned)
}
