//! One object in words: what it is, who says so and when, how far it goes, what it says.

use noroshi_stix::pattern::ast::Observation;
use noroshi_stix::specification::ObjectDefinition;
use serde_json::{Map, Value};

use super::document::Around;
use super::{marking, pattern};
use crate::stix::plain;
use crate::stix::wording::Wording;

/// Longest text shown of one value.
const LONGEST: usize = 300;

/// Items shown of one list.
const ITEMS: usize = 5;

/// Properties an object may be known by, the best first.
const TITLES: [&str; 11] = [
    "name",
    "value",
    "path",
    "key",
    "subject",
    "product",
    "abstract",
    "command_line",
    "account_login",
    "user_id",
    "number",
];

/// Properties said in a line of their own, or not worth one.
const SAID: [&str; 13] = [
    "type",
    "spec_version",
    "id",
    "created_by_ref",
    "created",
    "modified",
    "revoked",
    "confidence",
    "object_marking_refs",
    "granular_markings",
    "extensions",
    "name",
    "relationship_type",
];

/// `Malware “Poison Ivy”`
pub(super) fn title(object: &Value, wording: &Wording) -> String {
    let kind = wording.kind(text(object, "type"));
    let known = TITLES.iter().find_map(|key| match object.get(*key)? {
        Value::String(name) => Some(plain::clipped(name, 100)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let hash = || {
        let (name, digest) = object.get("hashes")?.as_object()?.iter().next()?;
        Some(plain::clipped(&format!("{name} {}", digest.as_str()?), 100))
    };
    match known.or_else(hash) {
        Some(name) => wording.with("stix-head", &[("kind", &kind), ("name", &name)]),
        None => wording.with("stix-head-unnamed", &[("kind", &kind)]),
    }
}

/// The lines about `object`.
pub(super) fn explain(object: &Value, around: &Around<'_>, wording: &Wording) -> Vec<String> {
    let Some(members) = object.as_object() else {
        return vec![wording.t("code-not-an-object")];
    };
    let object_type = text(object, "type");
    let mut lines = vec![title(object, wording), plain::clipped(text(object, "id"), 300)];
    lines.extend(wording.find(&format!("about-{object_type}")));
    if object_type == "relationship" {
        let end = |key: &str| around.title(text(object, key), wording);
        let relation = plain::clipped(text(object, "relationship_type"), 100);
        let ends = (end("source_ref"), end("target_ref"));
        let named = [("source", ends.0.as_str()), ("relation", &relation), ("target", &ends.1)];
        lines.push(wording.with("stix-relation", &named));
    }
    origin(object, around, wording, &mut lines);
    match marking::of_definition(text(object, "id"), wording) {
        Some(meaning) => lines.push(meaning),
        None => lines.extend(marking::explain(object, around, wording)),
    }
    contents(members, object_type, around, wording, &mut lines);
    let languages = around.translated(text(object, "id"));
    if !languages.is_empty() {
        lines.push(wording.with("stix-translated", &[("languages", &languages.join(", "))]));
    }
    customs(members, object_type, around, wording, &mut lines);
    lines.retain(|line| !line.is_empty());
    lines
}

/// Who, when, how sure.
fn origin(object: &Value, around: &Around<'_>, wording: &Wording, lines: &mut Vec<String>) {
    let (created, modified) = (text(object, "created"), text(object, "modified"));
    if created.is_empty() {
        return;
    }
    lines.push(match text(object, "created_by_ref") {
        "" => wording.t("stix-by-nobody"),
        id => wording.with("stix-by", &[("creator", &around.title(id, wording))]),
    });
    let (created, modified) = (plain::clipped(created, 40), plain::clipped(modified, 40));
    lines.push(if modified.is_empty() || modified == created {
        wording.with("stix-when", &[("created", &created)])
    } else {
        wording.with("stix-when-changed", &[("created", &created), ("modified", &modified)])
    });
    if object.get("revoked") == Some(&Value::Bool(true)) {
        lines.push(wording.t("stix-taken-back"));
    }
    if let Some(number) = object.get("confidence").and_then(Value::as_u64) {
        // The scale None, Low, Med, High (STIX 2.1, appendix A).
        let level = wording.t(match number {
            0 => "stix-sure-none",
            1..=29 => "stix-sure-low",
            30..=69 => "stix-sure-medium",
            _ => "stix-sure-high",
        });
        let number = number.to_string();
        lines.push(wording.with("stix-sure", &[("number", &number), ("level", &level)]));
    }
}

/// What it says, property by property.
fn contents(
    members: &Map<String, Value>,
    object_type: &str,
    around: &Around<'_>,
    wording: &Wording,
    lines: &mut Vec<String>,
) {
    let is_relationship = object_type == "relationship";
    for property in properties(object_type) {
        let Some(value) = members.get(property) else { continue };
        let ends = matches!(property, "source_ref" | "target_ref");
        if SAID.contains(&property) || is_relationship && ends {
            continue;
        }
        if property == "pattern" && members.get("pattern_type").is_some_and(|t| t == "stix") {
            in_words(value, wording, lines);
            continue;
        }
        let Some(about) = wording.property(object_type, property) else { continue };
        let about = about.trim_end_matches(['.', '。']);
        lines.push(format!("{about}: {}", shown(value, around, wording)));
    }
}

/// Own properties first: they are what the object is about.
fn properties(object_type: &str) -> Vec<&'static str> {
    let Some(definition) = ObjectDefinition::of(object_type) else {
        return vec!["description", "labels", "external_references"];
    };
    let (common, own): (Vec<_>, Vec<_>) = definition.properties().partition(|p| p.common);
    own.into_iter().chain(common).map(|property| property.name).collect()
}

fn in_words(value: &Value, wording: &Wording, lines: &mut Vec<String>) {
    match Observation::parse(value.as_str().unwrap_or_default()) {
        Ok(tree) => {
            lines.push(wording.t("stix-pattern"));
            let words = pattern::explain(&tree, wording);
            lines.extend(words.into_iter().map(|line| format!("  {line}")));
        }
        Err(error) => {
            let reason = wording.pattern_error(&error);
            lines.push(wording.with("stix-pattern-broken", &[("reason", &reason)]));
        }
    }
}

/// What is not of STIX itself.
fn customs(
    members: &Map<String, Value>,
    object_type: &str,
    around: &Around<'_>,
    wording: &Wording,
    lines: &mut Vec<String>,
) {
    let is_known = ObjectDefinition::of(object_type).is_some();
    let known = properties(object_type);
    let own = |name: &&String| !known.contains(&name.as_str()) && !SAID.contains(&name.as_str());
    let names: Vec<&str> = members.keys().filter(own).map(String::as_str).collect();
    if !names.is_empty() {
        let names = plain::clipped(&names.join(", "), LONGEST);
        lines.push(wording.with("stix-custom", &[("names", &names)]));
    } else if !is_known {
        lines.push(wording.with("stix-custom", &[("names", "type")]));
    }
    let extensions = members.get("extensions").and_then(Value::as_object);
    for id in extensions.into_iter().flat_map(Map::keys).take(ITEMS) {
        let name = match around.find(id) {
            Some(definition) => title(definition, wording),
            None => plain::clipped(id, 100),
        };
        lines.push(wording.with("stix-extended", &[("name", &name)]));
    }
}

/// A value in one line.
fn shown(value: &Value, around: &Around<'_>, wording: &Wording) -> String {
    match value {
        Value::String(text) if text.contains("--") && around.find(text).is_some() => {
            around.title(text, wording)
        }
        Value::String(text) => plain::clipped(text, LONGEST),
        Value::Array(items) => {
            let mut all: Vec<String> =
                items.iter().take(ITEMS).map(|item| shown(item, around, wording)).collect();
            if items.len() > ITEMS {
                let count = items.len().to_string();
                all.push(wording.with("stix-items", &[("count", &count)]));
            }
            all.join("; ")
        }
        Value::Object(members) => {
            // What it is called comes first, whatever the letter it begins with.
            let (first, rest): (Vec<_>, Vec<_>) = members
                .iter()
                .take(2 * ITEMS)
                .partition(|(key, _)| matches!(key.as_str(), "source_name" | "phase_name"));
            let parts = first.into_iter().chain(rest).map(|(key, inner)| {
                let inner = inner.as_str().map_or_else(|| inner.to_string(), str::to_owned);
                format!("{} {}", plain::clipped(key, 60), plain::clipped(&inner, LONGEST))
            });
            parts.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn text<'v>(object: &'v Value, key: &str) -> &'v str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}
