//! Documents: what is wrong with a bundle, with each of its objects on its own, and with objects
//! beside each other.

mod definitions;
mod marking_circles;
mod translations;
mod versions;

use serde_json::{Map, Value};

use super::finding::{Finding, Findings, Severity};
use super::validate_value;
use crate::{Document, DocumentError, Shape, StixId};

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

impl ObjectReport {
    /// Whether nothing is against the specification; there may be warnings.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|f| f.severity < Severity::Error)
    }

    fn add(&mut self, findings: Findings) {
        let room = crate::limits::MAX_FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(findings.list.into_iter().take(room));
    }
}

impl BundleReport {
    /// Whether neither the bundle nor any object is against the specification.
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|f| f.severity < Severity::Error)
            && self.objects.iter().all(ObjectReport::is_valid)
    }
}

/// Reads and judges a bundle, a single object, a list, one object per line or a TAXII envelope.
///
/// # Errors
/// [`DocumentError`] where `bytes` are none of these. Everything smaller is a finding.
pub fn validate_bundle(bytes: &[u8]) -> Result<BundleReport, DocumentError> {
    Ok(validate_document(&Document::read(bytes)?))
}

/// Judges a document that was read already.
pub fn validate_document(document: &Document) -> BundleReport {
    let mut out = Findings::default();
    if document.shape() == Shape::Bundle {
        wrapper(document.wrapper(), &mut out);
    }
    let objects = document.objects();
    let mut reports: Vec<ObjectReport> = objects
        .iter()
        .enumerate()
        .map(|(index, object)| ObjectReport {
            index,
            id: object.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()),
            findings: validate_value(object),
        })
        .collect();
    versions::check(objects, &mut reports);
    translations::check(objects, &mut reports);
    definitions::check(objects, &mut reports);
    marking_circles::check(objects, &mut reports);
    BundleReport { findings: out.list, objects: reports }
}

/// The bundle's own properties (STIX 2.1, section 8).
fn wrapper(members: &Map<String, Value>, out: &mut Findings) {
    match members.get("id").and_then(Value::as_str).map(str::parse::<StixId>) {
        Some(Ok(id)) if id.object_type() == "bundle" => (),
        Some(_) => out.error("bad-id", "id", "the id of a bundle is bundle--, then a UUID"),
        None => out.error_naming("id", "missing-property", "id", "the property id is required"),
    }
    match members.get("objects") {
        // The objects themselves are not kept in the wrapper.
        None => (),
        Some(Value::Array(_)) => {
            out.error("empty-list", "objects", "a list has at least one item; leave it out");
        }
        Some(_) => {
            let message = "the value has to be a list";
            out.error_naming("list", "wrong-type", "objects", message);
        }
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

/// A property that is a text.
fn text<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object.get(key).and_then(Value::as_str)
}
