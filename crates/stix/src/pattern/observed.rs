//! What a pattern is evaluated on: observed data with the cyber observables it refers to.

use std::collections::HashMap;

use serde_json::Value;

use crate::Timestamp;

/// One observed-data object of either version, with its observables at hand.
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    /// `first_observed`
    pub first: Timestamp,
    /// `last_observed`; not before `first`.
    pub last: Timestamp,
    /// `number_observed`: how many observations it stands for, at least 1.
    pub count: u64,
    /// The observables, by id (STIX 2.1) or by key (STIX 2.0).
    pub objects: Vec<(&'a str, &'a Value)>,
}

/// An observed-data object that says too little to evaluate a pattern on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the observed-data object number {index} has no usable property {property:?}")]
pub struct BadObserved {
    /// Which of the objects given, from 0.
    pub index: usize,
    /// The property missing or wrong.
    pub property: &'static str,
}

impl<'a> Observed<'a> {
    /// Every observed-data object of `objects`, as in a bundle. `object_refs` are looked up among
    /// `objects`; references to anything but cyber observables, or to what is not there, are left
    /// out. The `objects` of STIX 2.0 are taken as they are.
    ///
    /// # Errors
    /// [`BadObserved`] where one has no time, no number or no observables.
    pub fn all(objects: &'a [Value]) -> Result<Vec<Self>, BadObserved> {
        let mut by_id: HashMap<&str, &Value> = HashMap::new();
        for object in objects {
            // Only observables have no creation time: they are facts, not statements.
            if let (Some(id), None) = (text(object, "id"), object.get("created")) {
                by_id.insert(id, object);
            }
        }
        objects
            .iter()
            .enumerate()
            .filter(|(_, object)| text(object, "type") == Some("observed-data"))
            .map(|(index, object)| {
                read(object, &by_id).map_err(|property| BadObserved { index, property })
            })
            .collect()
    }

    /// The observable of this id or key.
    pub(super) fn object(&self, reference: &str) -> Option<&'a Value> {
        self.objects.iter().find(|(id, _)| *id == reference).map(|(_, object)| *object)
    }
}

fn read<'a>(
    object: &'a Value,
    by_id: &HashMap<&str, &'a Value>,
) -> Result<Observed<'a>, &'static str> {
    let time =
        |key: &'static str| text(object, key).and_then(|t| t.parse::<Timestamp>().ok()).ok_or(key);
    let (first, last) = (time("first_observed")?, time("last_observed")?);
    if last < first {
        return Err("last_observed");
    }
    let count = object.get("number_observed").and_then(Value::as_u64);
    let count = count.filter(|n| *n > 0).ok_or("number_observed")?;
    let objects = match (object.get("object_refs"), object.get("objects")) {
        (Some(Value::Array(refs)), _) => refs
            .iter()
            .filter_map(Value::as_str)
            .filter_map(|id| by_id.get(id).map(|object| (id, *object)))
            .collect(),
        (_, Some(Value::Object(map))) => map.iter().map(|(k, v)| (k.as_str(), v)).collect(),
        _ => return Err("object_refs"),
    };
    Ok(Observed { first, last, count, objects })
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}
