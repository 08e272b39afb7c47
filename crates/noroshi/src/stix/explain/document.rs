//! A document in words: its shape, then its objects.

use std::collections::HashMap;

use noroshi_stix::{Document, Severity, Shape, validate_document};
use serde_json::Value;

use super::object;
use crate::stix::plain;
use crate::stix::wording::Wording;

/// Objects explained unless all are asked for.
const SHOWN: usize = 20;

/// The objects of a document, so that references lead to names.
pub(super) struct Around<'d> {
    objects: HashMap<&'d str, &'d Value>,
    /// Translations by the id of what they translate.
    translations: HashMap<&'d str, Vec<&'d Value>>,
}

impl<'d> Around<'d> {
    fn new(objects: &'d [Value]) -> Self {
        let ids = objects.iter().filter_map(|o| Some((o.get("id")?.as_str()?, o)));
        let mut translations: HashMap<&str, Vec<&Value>> = HashMap::new();
        for object in objects.iter().filter(|o| o.get("contents").is_some()) {
            if let Some(id) = object.get("object_ref").and_then(Value::as_str) {
                translations.entry(id).or_default().push(object);
            }
        }
        Self { objects: ids.collect(), translations }
    }

    /// The object with this id.
    pub(super) fn find(&self, id: &str) -> Option<&'d Value> {
        self.objects.get(id).copied()
    }

    /// Languages the object is translated into, with its name in them.
    pub(super) fn translated(&self, id: &str) -> Vec<String> {
        let all = self.translations.get(id).into_iter().flatten();
        let contents = all.filter_map(|object| object.get("contents")?.as_object()).flatten();
        contents
            .map(|(language, texts)| {
                let language = plain::clipped(language, 40);
                match texts.get("name").and_then(Value::as_str) {
                    Some(name) => format!("{language} “{}”", plain::clipped(name, 100)),
                    None => language,
                }
            })
            .take(20)
            .collect()
    }

    /// What the object with this id is called.
    pub(super) fn title(&self, id: &str, wording: &Wording) -> String {
        let shown = plain::clipped(id, 100);
        match self.find(id) {
            Some(object) => object::title(object, wording),
            None => wording.with("stix-not-here", &[("id", &shown)]),
        }
    }
}

/// The whole text.
pub(super) fn explain(document: Document, all: bool, wording: &Wording) -> String {
    let upgraded = document.upgrade();
    let document = upgraded.document;
    let objects = document.objects();
    let count = objects.len().to_string();
    let mut lines = vec![wording.with(
        match document.shape() {
            Shape::Object => "stix-shape-object",
            Shape::Bundle => "stix-shape-bundle",
            Shape::List => "stix-shape-list",
            Shape::Envelope => "stix-shape-envelope",
            Shape::Lines => "stix-shape-lines",
        },
        &[("count", &count)],
    )];
    if !upgraded.changes.is_empty() {
        lines.push(wording.t("stix-was-old"));
    }
    let report = validate_document(&document);
    let all_findings = report.objects.iter().flat_map(|o| &o.findings).chain(&report.findings);
    let (errors, warnings): (Vec<_>, Vec<_>) =
        all_findings.partition(|f| f.severity == Severity::Error);
    if !errors.is_empty() || !warnings.is_empty() {
        let (errors, warnings) = (errors.len().to_string(), warnings.len().to_string());
        lines.push(wording.with("stix-problems", &[("errors", &errors), ("warnings", &warnings)]));
    }
    let around = Around::new(objects);
    let shown = if all { objects.len() } else { SHOWN };
    for (number, object) in objects.iter().take(shown).enumerate() {
        lines.push(String::new());
        let explained = object::explain(object, &around, wording);
        for (i, line) in explained.into_iter().enumerate() {
            let lead = if i == 0 { format!("{}. ", number + 1) } else { "   ".to_owned() };
            lines.push(format!("{lead}{line}"));
        }
    }
    if objects.len() > shown {
        let more = (objects.len() - shown).to_string();
        lines.extend([String::new(), wording.with("stix-and-more", &[("count", &more)])]);
    }
    lines.join("\n") + "\n"
}
