//! Marking definitions: TLP 1, TLP 2.0 and statements.

use serde_json::Value;

use crate::Tlp;
use crate::marking::TLP_EXTENSION;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// TLP markings are the published ones, by id; a statement is a text.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type != "marking-definition" {
        return;
    }
    let id = subject.members.get("id").and_then(Value::as_str).unwrap_or_default();
    let definition = subject.members.get("definition");
    let text = |key: &str| definition.and_then(|d| d.get(key)).and_then(Value::as_str);
    match subject.members.get("definition_type").and_then(Value::as_str) {
        Some("tlp") => {
            let tlp = text("tlp").and_then(Tlp::from_label).and_then(Tlp::stix_id_tlp1);
            published(tlp, id, out);
        }
        Some("statement") if text("statement").is_none() => {
            out.error("bad-statement", "definition", "a statement marking has a text, statement");
        }
        Some("statement") | None => (),
        Some(_) => {
            let message = "only tlp and statement are defined; use an extension";
            out.warning("marking-type", "definition_type", message);
        }
    }
    let extension = subject.members.get("extensions").and_then(|e| e.get(TLP_EXTENSION));
    if let Some(extension) = extension {
        let label = extension.get("tlp_2_0").and_then(Value::as_str);
        published(label.and_then(Tlp::from_label).map(Tlp::stix_id), id, out);
    }
}

fn published(wanted: Option<&str>, id: &str, out: &mut Findings) {
    if wanted != Some(id) {
        let message = "the label has one published marking definition; use that one, with its id";
        out.error("tlp-not-published", "id", message);
    }
}
