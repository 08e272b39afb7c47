//! Versions of one object beside each other (STIX 2.1, section 3.6).

use std::collections::HashMap;

use serde_json::Value;

use super::{ObjectReport, text};
use crate::Timestamp;
use crate::table::TABLE;
use crate::validate::finding::Findings;

/// Versions have one creator and one time of creation, differ where their times differ, and end
/// with the one that is revoked.
pub(super) fn check(objects: &[Value], reports: &mut [ObjectReport]) {
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, object) in objects.iter().enumerate() {
        if let Some(id) = text(object, "id") {
            by_id.entry(id).or_default().push(index);
        }
    }
    for places in by_id.into_values().filter(|places| places.len() > 1) {
        let versions: Vec<(usize, &Value)> =
            places.iter().filter_map(|i| Some((*i, objects.get(*i)?))).collect();
        let mut add = |index: usize, out: Findings| {
            if let Some(report) = reports.get_mut(index) {
                report.add(out);
            }
        };
        same_version(&versions, &mut add);
        if versions.iter().all(|(_, object)| !is_observable(object)) {
            same_origin(&versions, &mut add);
            nothing_after_revoked(&versions, &mut add);
        }
    }
}

fn is_observable(object: &Value) -> bool {
    let row = text(object, "type").and_then(|name| TABLE.object_type(name));
    row.map_or(object.get("created").is_none(), |row| row.class == "sco")
}

/// Objects of one id and one version are the same object. Observables have no versions: two that
/// say more than their id says may differ.
fn same_version(versions: &[(usize, &Value)], add: &mut impl FnMut(usize, Findings)) {
    let mut seen: HashMap<Option<&str>, &Value> = HashMap::new();
    for (index, object) in versions {
        let Some(other) = seen.insert(text(object, "modified"), object) else { continue };
        let mut out = Findings::default();
        if other == *object {
            let message = "the same object is in this document twice";
            out.warning("duplicate-object", "id", message);
        } else {
            let message =
                "another object of this document has the same id and version, and differs";
            if is_observable(object) {
                out.warning("conflicting-version", "id", message);
            } else {
                out.error("conflicting-version", "id", message);
            }
        }
        add(*index, out);
    }
}

/// Only its creator makes a new version of an object, and its time of creation stays.
fn same_origin(versions: &[(usize, &Value)], add: &mut impl FnMut(usize, Findings)) {
    let Some(((_, first), rest)) = versions.split_first() else { return };
    for (index, object) in rest {
        for key in ["created_by_ref", "created"] {
            if object.get(key) != first.get(key) {
                let mut out = Findings::default();
                let message =
                    format!("versions of one object have the same {key}; give it an id of its own");
                out.error_naming(key, "other-creator", key, message);
                add(*index, out);
            }
        }
    }
}

/// A revoked object has no later versions.
fn nothing_after_revoked(versions: &[(usize, &Value)], add: &mut impl FnMut(usize, Findings)) {
    let time = |object: &Value| text(object, "modified").and_then(|t| t.parse::<Timestamp>().ok());
    let revoked = |object: &Value| object.get("revoked") == Some(&Value::Bool(true));
    let end = versions.iter().filter(|(_, o)| revoked(o)).filter_map(|(_, o)| time(o)).min();
    let Some(end) = end else { return };
    for (index, object) in versions {
        if time(object).is_some_and(|time| time > end) {
            let mut out = Findings::default();
            let message = "an earlier version is revoked, and revoking is final; use a new id";
            out.error("revoked-is-final", "modified", message);
            add(*index, out);
        }
    }
}
