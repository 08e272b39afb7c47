//! What the specification defines, in words: types, properties, vocabularies; and our own codes.

use std::collections::BTreeMap;

use noroshi_stix::Change;
use noroshi_stix::specification::{ObjectDefinition, PropertyDefinition, vocabularies, vocabulary};
use noroshi_stix::validate::CODES;

use super::marking;
use crate::stix::wording::Wording;

/// Why a document cannot be read.
const DOCUMENT_CODES: [&str; 4] =
    ["document-too-deep", "document-too-long", "not-json", "not-stix"];

/// The text about a TLP or PAP label, a type, a property (`valid_from`, `indicator.pattern`), a
/// vocabulary or a code;
/// `None` where there is nothing of that name.
pub(super) fn explain(name: &str, wording: &Wording) -> Option<String> {
    let lines = if let Some(meaning) = marking::of_label(name, wording) {
        vec![meaning]
    } else if name == "bundle" {
        vec![wording.kind(name), wording.t("about-bundle"), wording.t("stix-class-bundle")]
    } else if let Some(definition) = ObjectDefinition::of(name) {
        of_type(definition, wording)
    } else if let Some(lines) = of_property(name, wording) {
        lines
    } else if let Some(lines) = of_vocabulary(name, wording) {
        lines
    } else {
        of_code(name, wording)?
    };
    Some(lines.join("\n") + "\n")
}

/// Everything that can be asked for.
pub(super) fn topics(wording: &Wording) -> String {
    let mut lines = vec![wording.t("stix-topics-types")];
    for definition in ObjectDefinition::all() {
        lines.push(format!("  {:<22} {}", definition.name(), wording.kind(definition.name())));
    }
    lines.push(wording.t("stix-topics-vocabularies"));
    lines.push(format!("  {}", vocabularies().collect::<Vec<_>>().join(", ")));
    lines.push(wording.t("stix-topics-codes"));
    lines.push(format!("  {}", CODES.join(", ")));
    lines.join("\n") + "\n"
}

/// Names that differ from `name` in one or two letters.
pub(super) fn near(name: &str) -> Vec<&'static str> {
    let types = ObjectDefinition::all().map(ObjectDefinition::name);
    let all = || ObjectDefinition::all().chain(ObjectDefinition::parts());
    let properties = all().flat_map(|d| d.properties().map(|p| p.name).collect::<Vec<_>>());
    let mut near: Vec<(usize, &str)> = types
        .chain(properties)
        .chain(vocabularies())
        .chain(CODES.iter().copied())
        .map(|known| (distance(name, known), known))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(5).map(|(_, known)| known).collect()
}

fn of_type(definition: ObjectDefinition, wording: &Wording) -> Vec<String> {
    let name = definition.name();
    let class = wording.t(match definition.class() {
        "sro" => "stix-class-sro",
        "sco" => "stix-class-sco",
        "meta" => "stix-class-meta",
        _ => "stix-class-sdo",
    });
    let mut lines = vec![format!("{} ({name})", wording.kind(name)), class];
    lines.extend([wording.t(&format!("about-{name}")), String::new()]);
    lines.push(wording.t("stix-properties"));
    // Its own first: the common ones are known from elsewhere.
    let (common, own): (Vec<_>, Vec<_>) = definition.properties().partition(|p| p.common);
    for property in own.iter().chain(&common) {
        let about = wording.property(name, property.name).unwrap_or_default();
        let mark = if property.required { "*" } else { " " };
        lines.push(format!(" {mark}{:<26} {about} [{}]", property.name, property.value_type));
    }
    let mut relationships = definition.relationships().peekable();
    if relationships.peek().is_some() {
        lines.extend([String::new(), wording.t("stix-relationships")]);
        lines.extend(relationships.map(|(kind, targets)| format!("  {kind:<26} {targets}")));
    }
    lines.push(String::new());
    lines.push(match definition.id_contributing() {
        [] => wording.t("stix-id-random"),
        names => wording.with("stix-id-from", &[("names", &names.join(", "))]),
    });
    lines
}

/// Every place where a property of this name occurs, those together that say the same.
fn of_property(name: &str, wording: &Wording) -> Option<Vec<String>> {
    let (wanted, name) = match name.split_once('.') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, name),
    };
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for definition in ObjectDefinition::all().chain(ObjectDefinition::parts()) {
        let owner = definition.name();
        if wanted.is_some_and(|wanted| wanted != owner) {
            continue;
        }
        let Some(property) = definition.properties().find(|p| p.name == name) else { continue };
        let about = wording.property(owner, name).unwrap_or_default();
        places.entry(about).or_default().push(place(definition, &property, wording));
    }
    if places.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    for (about, at) in places {
        lines.push(about);
        lines.extend(at.into_iter().map(|line| format!("  {line}")));
    }
    Some(lines)
}

fn place(definition: ObjectDefinition, property: &PropertyDefinition, wording: &Wording) -> String {
    let mark = if property.required { "*" } else { "" };
    let name = format!("{}{mark}", property.name);
    let owner = definition.name();
    if definition.class().is_empty() {
        let named = [("name", name.as_str()), ("part", owner), ("type", &property.value_type)];
        return wording.with("stix-part-of", &named);
    }
    let kind = wording.kind(owner);
    let named = [("name", name.as_str()), ("kind", &kind), ("type", &property.value_type)];
    wording.with("stix-property-of", &named)
}

fn of_vocabulary(name: &str, wording: &Wording) -> Option<Vec<String>> {
    let bare = name.strip_suffix("-ov").or(name.strip_suffix("-enum")).unwrap_or(name);
    let words = vocabulary(bare);
    if words.is_empty() {
        return None;
    }
    let head = wording.with("stix-words", &[("name", name)]);
    Some(std::iter::once(head).chain(words.iter().map(|word| format!("  {word}"))).collect())
}

fn of_code(code: &str, wording: &Wording) -> Option<Vec<String>> {
    let key = if CODES.contains(&code) {
        "stix-code-finding"
    } else if Change::CODES.contains(&code) {
        "stix-code-change"
    } else if DOCUMENT_CODES.contains(&code) {
        "stix-code-document"
    } else {
        return None;
    };
    Some(vec![wording.with(key, &[("code", code)]), wording.code(code)?])
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |list: &[usize], k: usize| list.get(k).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&row, j) + usize::from(x != *y);
            next.push(replaced.min(at(&row, j + 1) + 1).min(at(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        assert_eq!(distance("indicator", "indicator"), 0);
        assert_eq!(distance("indikator", "indicator"), 1);
        assert_eq!(near("indikator"), ["indicator"]);
        assert_eq!(near("badid"), ["bad-id"]);
        assert!(near("something-else-entirely").is_empty());
    }
}
