//! Bundles: what is wrong with the bundle, and with each of its objects on its own.

use std::collections::HashMap;

use serde_json::Value;

use super::finding::{Finding, Findings, Severity};
use super::validate_value;
use crate::StixId;

/// What is wrong with a bundle and its objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleReport {
    /// Findings about the bundle itself.
    pub findings: Vec<Finding>,
    /// One report for each object, in the order of the bundle.
    pub objects: Vec<ObjectReport>,
}

/// What is wrong with one object of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectReport {
    /// Place in the bundle, from 0.
    pub index: usize,
    /// The object's id, where it has a well-formed one.
    pub id: Option<StixId>,
    /// Its findings; empty where nothing is wrong.
    pub findings: Vec<Finding>,
}

/// Why nothing at all can be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Not JSON, or nested too deep.
    #[error("not valid JSON at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but neither a bundle, an object nor a list of objects.
    #[error("expected a STIX bundle, a STIX object or a list of objects")]
    NotABundle,
}

impl ObjectReport {
    /// Whether nothing is against the specification; there may be warnings.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|f| f.severity < Severity::Error)
    }
}

impl BundleReport {
    /// Whether neither the bundle nor any object is against the specification.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|f| f.severity < Severity::Error)
            && self.objects.iter().all(ObjectReport::is_valid)
    }
}

/// Judges a bundle, a single object, or a plain list of objects.
///
/// # Errors
/// [`BundleError`] where `bytes` are none of these. Everything smaller is a finding.
pub fn validate_bundle(bytes: &[u8]) -> Result<BundleReport, BundleError> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|e| BundleError::NotJson { line: e.line(), column: e.column() })?;
    let mut out = Findings::default();
    let objects: &[Value] = match &value {
        Value::Array(items) => items,
        Value::Object(members) if members.get("type").is_some_and(|t| t == "bundle") => {
            envelope(members, &mut out);
            members.get("objects").and_then(Value::as_array).map_or(&[], Vec::as_slice)
        }
        Value::Object(members) if members.contains_key("type") => std::slice::from_ref(&value),
        _ => return Err(BundleError::NotABundle),
    };
    let mut reports: Vec<ObjectReport> = objects
        .iter()
        .enumerate()
        .map(|(index, object)| ObjectReport {
            index,
            id: object.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()),
            findings: validate_value(object),
        })
        .collect();
    versions(objects, &mut reports);
    Ok(BundleReport { findings: out.list, objects: reports })
}

/// The bundle's own properties.
fn envelope(members: &serde_json::Map<String, Value>, out: &mut Findings) {
    match members.get("id").and_then(Value::as_str).map(str::parse::<StixId>) {
        Some(Ok(id)) if id.object_type() == "bundle" => (),
        Some(_) => out.error("bad-id", "id", "the id of a bundle is bundle--, then a UUID"),
        None => out.error("missing-property", "id", "the property id is required"),
    }
    match members.get("objects") {
        None => (),
        Some(Value::Array(items)) if items.is_empty() => {
            out.error("empty-list", "objects", "a list has at least one item; leave it out");
        }
        Some(Value::Array(_)) => (),
        Some(_) => out.error("wrong-type", "objects", "the value has to be a list"),
    }
    for name in members.keys() {
        match name.as_str() {
            "type" | "id" | "objects" => (),
            "spec_version" => {
                let message = "bundles have no spec_version since STIX 2.1; each object has one";
                out.warning("bundle-spec-version", "spec_version", message);
            }
            other if other.starts_with("x_") => (),
            other => {
                let message = "a bundle has only type, id and objects";
                out.warning("unknown-property", other, message);
            }
        }
    }
}

/// Two objects of the same id and version have to be the same.
fn versions(objects: &[Value], reports: &mut [ObjectReport]) {
    let mut seen: HashMap<(&str, Option<&str>), &Value> = HashMap::new();
    for (object, report) in objects.iter().zip(reports) {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let Some(id) = text("id") else { continue };
        match seen.insert((id, text("modified")), object) {
            Some(other) if other != object => report.findings.push(Finding {
                code: "conflicting-version",
                severity: Severity::Error,
                path: "id".to_owned(),
                message: "another object of this bundle has the same id and version, and differs"
                    .to_owned(),
            }),
            _ => (),
        }
    }
}
