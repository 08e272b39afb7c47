//! MISP events: `{"Event": ..}`, `{"response": [..]}`, lists of these, and attribute searches.

use noroshi_stix::observables_in_attribute;
use serde_json::Value;

use crate::draft::Collector;
use crate::{DropReason, IntakeError, Origin, Place, bundle, native};

/// Reads every event of the value; each attribute by itself.
///
/// # Errors
/// The value has no event and no attribute at all.
pub(crate) fn read(value: &Value, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let mut events = Vec::new();
    gather(value, "", 0, &mut events);
    if events.is_empty() {
        return Err(IntakeError::UnknownShape);
    }
    for (path, event) in events {
        read_event(&path, event, out);
    }
    Ok(())
}

/// Finds events below the wrappers MISP puts around them.
fn gather<'a>(value: &'a Value, path: &str, depth: u8, events: &mut Vec<(String, &'a Value)>) {
    if depth > 4 {
        return;
    }
    let join =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                gather(item, &format!("{path}[{index}]"), depth + 1, events);
            }
        }
        Value::Object(map) => {
            if let Some(event) = map.get("Event").filter(|e| e.is_object()) {
                events.push((join("Event"), event));
            } else if let Some(response) = map.get("response") {
                gather(response, &join("response"), depth + 1, events);
            } else if map.contains_key("Attribute") || map.contains_key("Object") {
                events.push((path.to_owned(), value));
            }
        }
        _ => {}
    }
}

fn read_event(path: &str, event: &Value, out: &mut Collector<'_>) {
    if out.facts.title.is_none() {
        let info = event.get("info").and_then(Value::as_str);
        out.facts.title = info.map(|t| t.chars().take(500).collect());
    }
    note_techniques(event, out);
    let join =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    read_attributes(&join("Attribute"), event.get("Attribute"), out);
    match event.get("Object") {
        None | Some(Value::Null) => {}
        Some(Value::Array(objects)) => {
            for (index, object) in objects.iter().enumerate() {
                let path = format!("{}[{index}]", join("Object"));
                if is_deleted(object) {
                    continue;
                }
                match object.get("Attribute") {
                    None if !object.is_object() => wrong_type(out, &path, "an object"),
                    attributes => {
                        read_attributes(&format!("{path}.Attribute"), attributes, out);
                    }
                }
            }
        }
        Some(_) => wrong_type(out, &join("Object"), "a list"),
    }
}

fn wrong_type(out: &mut Collector<'_>, path: &str, expected: &str) {
    out.problem(path, "wrong-type", &format!("This must be {expected}."));
}

fn read_attributes(path: &str, attributes: Option<&Value>, out: &mut Collector<'_>) {
    match attributes {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for (index, attribute) in list.iter().enumerate() {
                read_attribute(format!("{path}[{index}]"), attribute, out);
            }
        }
        Some(_) => wrong_type(out, path, "a list"),
    }
}

fn read_attribute(path: String, attribute: &Value, out: &mut Collector<'_>) {
    if !attribute.is_object() {
        return wrong_type(out, &path, "an object");
    }
    if is_deleted(attribute) {
        return;
    }
    let text = |key| attribute.get(key).and_then(Value::as_str);
    let (Some(misp_type), Some(value)) = (text("type"), text("value")) else {
        return out.problem(
            path,
            "wrong-type",
            "An attribute needs a type and a value, both texts.",
        );
    };
    let place = Place::Path(path.clone());
    let origin = Origin::plain(place.clone());
    match text("category") {
        Some("Targeting data") => return out.drop(value, DropReason::Target, origin),
        // Links to reports and the like: told, not to be searched for.
        Some("External analysis" | "Internal reference" | "Support Tool")
            if attribute.get("to_ids") != Some(&Value::Bool(true)) =>
        {
            return out.drop(value, DropReason::Remark, origin);
        }
        _ => {}
    }
    bundle::take(observables_in_attribute(misp_type, value), &place, &path, out);
}

fn is_deleted(item: &Value) -> bool {
    item.get("deleted") == Some(&Value::Bool(true))
}

/// Technique ids in galaxy tags such as `...="Spearphishing Attachment - T1566.001"`.
fn note_techniques(event: &Value, out: &mut Collector<'_>) {
    let tags = event.get("Tag").and_then(Value::as_array);
    for name in tags.into_iter().flatten().filter_map(|t| t.get("name")?.as_str()) {
        if !name.contains("attack-pattern") {
            continue;
        }
        let id = name.trim_end_matches('"').rsplit(' ').next().unwrap_or_default();
        if native::is_technique(id) {
            out.facts.note_technique(id);
        }
    }
}
