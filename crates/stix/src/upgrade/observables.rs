//! The observables inside the observed data of STIX 2.0, as objects of their own.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Change;
use crate::table::TABLE;
use crate::{StixId, deterministic};

type Objects = Map<String, Value>;

/// Type, old name and new name of properties that were renamed.
const RENAMED: [(&str, &str, &str); 10] = [
    ("directory", "accessed", "atime"),
    ("directory", "created", "ctime"),
    ("directory", "modified", "mtime"),
    ("file", "accessed", "atime"),
    ("file", "created", "ctime"),
    ("file", "modified", "mtime"),
    ("process", "binary_ref", "image_ref"),
    ("process", "created", "created_time"),
    ("user-account", "password_last_changed", "credential_last_changed"),
    ("windows-registry-key", "modified", "modified_time"),
];

/// Longest chain of references followed while an id is made.
const MAX_CHAIN: usize = 32;

/// What a property of an observable is called since STIX 2.1, where that changed.
pub(super) fn new_name(object_type: &str, name: &str) -> Option<&'static str> {
    let row = RENAMED.iter().find(|(of, old, _)| *of == object_type && *old == name);
    row.map(|(_, _, new)| *new)
}

/// The ids, in the order of the keys, and the observables themselves, each once, with the markings
/// `markings` gives for their keys.
pub(super) fn made_of(
    objects: &Objects,
    whole: &str,
    markings: impl Fn(&str) -> Vec<Value>,
    changes: &mut Vec<Change>,
) -> (Vec<String>, Vec<Value>) {
    let renamed: Objects = objects
        .iter()
        .filter(|(_, object)| object.is_object())
        .map(|(key, object)| (key.clone(), Value::Object(renamed(object, changes))))
        .collect();
    let mut ids = BTreeMap::new();
    for key in renamed.keys() {
        id_of(key, &renamed, whole, &mut ids, 0);
    }
    let (mut refs, mut made) = (Vec::new(), Vec::<Value>::new());
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (key, object) in &renamed {
        let (Some(id), Some(members)) = (ids.get(key), object.as_object()) else { continue };
        let mut members = resolved(members, &ids);
        members.insert("id".to_owned(), id.as_str().into());
        members.insert("spec_version".to_owned(), "2.1".into());
        let markings = markings(key);
        if !markings.is_empty() {
            members.insert("object_marking_refs".to_owned(), Value::Array(markings));
        }
        let members = Value::Object(members);
        match places.get(id.as_str()) {
            Some(place) => made.get_mut(*place).into_iter().for_each(|m| merge(m, &members)),
            None => {
                places.insert(id, made.len());
                refs.push(id.clone());
                made.push(members);
            }
        }
    }
    (refs, made)
}

/// Adds to an observable what another one of the same id says besides, its markings above all.
pub(super) fn merge(object: &mut Value, other: &Value) {
    let (Some(members), Some(more)) = (object.as_object_mut(), other.as_object()) else { return };
    for (key, value) in more {
        match (members.get_mut(key), value) {
            (None, _) => {
                members.insert(key.clone(), value.clone());
            }
            (Some(Value::Array(here)), Value::Array(there)) if key == "object_marking_refs" => {
                for marking in there {
                    if !here.contains(marking) {
                        here.push(marking.clone());
                    }
                }
            }
            _ => (),
        }
    }
}

/// The object under the names of STIX 2.1; what it has no name for becomes a custom property.
fn renamed(object: &Value, changes: &mut Vec<Change>) -> Objects {
    let mut out = Objects::new();
    let object_type = object.get("type").and_then(Value::as_str).unwrap_or_default();
    let row = TABLE.object_type(object_type);
    let common = TABLE.common("sco");
    for (key, value) in object.as_object().into_iter().flatten() {
        let known = row.is_none_or(|row| row.properties.get(key).is_some())
            || common.is_some_and(|common| common.get(key).is_some());
        let name = match new_name(object_type, key) {
            Some(new) => new.to_owned(),
            None if known || key.starts_with("x_") => key.clone(),
            None => format!("x_{key}"),
        };
        if name != *key {
            let text = format!("{object_type}: {key} is called {name}");
            let detail = format!("{object_type}: {key} = {name}");
            changes.push(Change::new("property-renamed", detail, text));
        }
        out.insert(name, value.clone());
    }
    out
}

/// Finds the id of the object under `key` and of those its id follows from.
fn id_of(
    key: &str,
    objects: &Objects,
    whole: &str,
    ids: &mut BTreeMap<String, String>,
    depth: usize,
) {
    if ids.contains_key(key) {
        return;
    }
    let Some(members) = objects.get(key).and_then(Value::as_object) else { return };
    let object_type = members.get("type").and_then(Value::as_str).unwrap_or_default();
    // Also ends a circle of references: whoever comes round again finds this id.
    // An id that follows from nothing has to look random (version 4), and yet be the same again.
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_OID, whole.as_bytes());
    let hashed = Uuid::new_v5(&namespace, key.as_bytes()).into_bytes();
    let own = format!("{object_type}--{}", uuid::Builder::from_random_bytes(hashed).into_uuid());
    ids.insert(key.to_owned(), own);
    let id_from = TABLE.object_type(object_type).map_or(&[][..], |row| &row.id_from);
    let contributing: Objects = members
        .iter()
        .filter(|(name, _)| *name == "type" || id_from.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if depth < MAX_CHAIN {
        let mut needed = Vec::new();
        references(&contributing, &mut needed);
        for reference in needed {
            id_of(&reference, objects, whole, ids, depth + 1);
        }
    }
    if let Some(id) = deterministic::of(&resolved(&contributing, ids)) {
        ids.insert(key.to_owned(), StixId::as_str(&id).to_owned());
    }
}

fn references(members: &Objects, out: &mut Vec<String>) {
    for (name, value) in members {
        match value {
            Value::String(key) if name.ends_with("_ref") => out.push(key.clone()),
            Value::Array(keys) if name.ends_with("_refs") => {
                out.extend(keys.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            Value::Array(items) => {
                items.iter().filter_map(Value::as_object).for_each(|item| references(item, out));
            }
            Value::Object(inner) => references(inner, out),
            _ => (),
        }
    }
}

/// The object with ids in place of keys, at any depth.
fn resolved(members: &Objects, ids: &BTreeMap<String, String>) -> Objects {
    let id = |value: &Value| {
        let found = value.as_str().and_then(|key| ids.get(key));
        found.map_or_else(|| value.clone(), |id| id.as_str().into())
    };
    members
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::String(_) if name.ends_with("_ref") => id(value),
                Value::Array(keys) if name.ends_with("_refs") => keys.iter().map(id).collect(),
                Value::Array(items) => items
                    .iter()
                    .map(|item| match item {
                        Value::Object(inner) => Value::Object(resolved(inner, ids)),
                        other => other.clone(),
                    })
                    .collect(),
                Value::Object(inner) => Value::Object(resolved(inner, ids)),
                other => other.clone(),
            };
            (name.clone(), value)
        })
        .collect()
}
