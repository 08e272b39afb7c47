//! Marking definitions: TLP 1, TLP 2.0 and statements.

use serde_json::{Value, json};

use crate::marking::TLP_EXTENSION;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;
use crate::{Timestamp, Tlp, tlp_marking_definition};

/// TLP markings are the published ones, word for word; a statement is a text.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type != "marking-definition" {
        return;
    }
    let member = |key: &str| subject.members.get(key);
    let text = |key: &str| member(key).and_then(Value::as_str);
    let id = text("id").unwrap_or_default();
    let definition = member("definition");
    match text("definition_type") {
        Some("statement") => {
            let statement = definition.and_then(|d| d.get("statement"));
            if statement.and_then(Value::as_str).is_none() {
                let message = "a statement marking has a text, statement";
                out.error_naming("statement", "bad-statement", "definition", message);
            }
        }
        Some("tlp") | None => (),
        Some(_) => {
            let message = "only tlp and statement are defined; use an extension";
            out.warning("marking-type", "definition_type", message);
        }
    }
    let carries = text("definition_type") == Some("tlp")
        || member("extensions").is_some_and(|e| e.get(TLP_EXTENSION).is_some());
    match published(id) {
        Some(wanted) => {
            for (key, value) in wanted.as_object().into_iter().flatten() {
                // TLP 1 was published before marking definitions had names and versions.
                let may_lack = matches!(key.as_str(), "name" | "spec_version");
                let lacks = member(key).is_none() && may_lack;
                if !lacks && !same(member(key), value) {
                    let message =
                        "this id belongs to a published TLP marking, which says otherwise";
                    return out.error_naming(id, "tlp-not-published", key.as_str(), message);
                }
            }
        }
        None if carries => {
            let message =
                "the label has one published marking definition; use that one, with its id";
            out.error_naming("TLP", "tlp-not-published", "id", message);
        }
        None => (),
    }
}

/// The marking definition of TLP that has this id.
fn published(id: &str) -> Option<Value> {
    let tlp = Tlp::from_stix_id(id)?;
    if tlp.stix_id().eq_ignore_ascii_case(id) {
        return Some(tlp_marking_definition(tlp));
    }
    let label = match tlp {
        Tlp::Clear => "white",
        Tlp::Green => "green",
        Tlp::Amber | Tlp::AmberStrict => "amber",
        Tlp::Red => "red",
    };
    Some(json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp",
        "name": format!("TLP:{}", label.to_ascii_uppercase()),
        "definition": {"tlp": label},
    }))
}

/// Equal, or the same instant, or the same id in other letters.
fn same(value: Option<&Value>, wanted: &Value) -> bool {
    let Some(value) = value else { return false };
    let (Some(a), Some(b)) = (value.as_str(), wanted.as_str()) else { return value == wanted };
    let time = |text: &str| text.parse::<Timestamp>().ok();
    a.eq_ignore_ascii_case(b) || time(a).is_some() && time(a) == time(b)
}
