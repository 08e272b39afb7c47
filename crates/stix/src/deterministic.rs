//! Identifiers of cyber observables that follow from what they say (STIX 2.1, section 2.9).

use serde_json::{Map, Value};

use crate::table::TABLE;
use crate::{ObjectType, StixId, canonical_json};

/// Of several hashes the first of these counts; of others the first by name.
const HASH_ORDER: [&str; 4] = ["MD5", "SHA-1", "SHA-256", "SHA-512"];

/// The version 5 identifier of a cyber observable, from its id-contributing properties.
///
/// `None` where there is none: not an observable of the specification, a type whose ids are random
/// (`process`), or none of the contributing properties present.
pub fn deterministic_id(object: &Value) -> Option<StixId> {
    of(object.as_object()?)
}

/// The same, from the object's members.
pub(crate) fn of(members: &Map<String, Value>) -> Option<StixId> {
    let name = members.get("type")?.as_str()?;
    let row = TABLE.object_type(name)?;
    let mut contributing = Map::new();
    for key in &row.id_from {
        match (key.as_str(), members.get(key)) {
            (_, None) => (),
            ("hashes", Some(Value::Object(hashes))) => {
                let chosen = HASH_ORDER
                    .into_iter()
                    .find(|name| hashes.contains_key(*name))
                    .or_else(|| hashes.keys().map(String::as_str).min());
                if let Some((name, digest)) = chosen.and_then(|n| Some((n, hashes.get(n)?))) {
                    let mut one = Map::new();
                    one.insert(name.to_owned(), digest.clone());
                    contributing.insert(key.clone(), Value::Object(one));
                }
            }
            (_, Some(value)) => {
                contributing.insert(key.clone(), value.clone());
            }
        }
    }
    if contributing.is_empty() {
        return None;
    }
    let canonical = canonical_json(&Value::Object(contributing));
    Some(StixId::deterministic(ObjectType::new(name)?, &canonical))
}
