//! A STIX object of either version: its bytes as they came, and a parsed view beside them.
//!
//! Nothing is dropped: what this library does not understand stays in [`Object::raw`] and can be
//! asked for by name. Limits on size are the caller's; nesting is bounded by `serde_json` (128).

use std::fmt;

use serde_json::{Map, Value};

use crate::{StixId, Timestamp, canonical_json};

/// One STIX object.
#[derive(Clone, PartialEq)]
pub struct Object {
    raw: Vec<u8>,
    members: Map<String, Value>,
    id: StixId,
    version: Timestamp,
}

/// Why something is not a STIX object. The object's own text is never repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// Not JSON, or nested too deep.
    #[error("not valid JSON at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON, but not `{...}`.
    #[error("a STIX object is a JSON object, with a type and an id")]
    NotAnObject,
    /// A property every object needs is absent or not a string.
    #[error("the property {0:?} is missing or not a string")]
    Missing(&'static str),
    /// The id is malformed.
    #[error("the id is not of the form type--uuid")]
    BadId,
    /// The id belongs to another type of object.
    #[error("the id does not begin with the object's type")]
    TypeMismatch,
    /// A timestamp is malformed.
    #[error("the property {0:?} is not an RFC 3339 timestamp such as 2026-11-23T03:00:00.000Z")]
    BadTimestamp(&'static str),
}

impl ObjectError {
    /// A stable code, the same in every language.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "not-json",
            Self::NotAnObject => "not-an-object",
            Self::Missing(_) => "missing-property",
            Self::BadId => "bad-id",
            Self::TypeMismatch => "type-mismatch",
            Self::BadTimestamp(_) => "bad-timestamp",
        }
    }
}

impl Object {
    /// Reads an object and keeps its bytes.
    ///
    /// # Errors
    /// [`ObjectError`] where `raw` is not JSON, or `type`, `id`, `created` or `modified` is unusable.
    pub fn from_slice(raw: &[u8]) -> Result<Self, ObjectError> {
        let value = serde_json::from_slice(raw)
            .map_err(|e| ObjectError::NotJson { line: e.line(), column: e.column() })?;
        Self::check(value, Some(raw))
    }

    /// Reads an object that is already parsed, as one of a bundle; its bytes become canonical JSON.
    ///
    /// # Errors
    /// As [`Object::from_slice`].
    pub fn from_value(value: Value) -> Result<Self, ObjectError> {
        Self::check(value, None)
    }

    fn check(value: Value, raw: Option<&[u8]>) -> Result<Self, ObjectError> {
        let raw = raw.map_or_else(|| canonical_json(&value), <[u8]>::to_vec);
        let Value::Object(members) = value else { return Err(ObjectError::NotAnObject) };
        let text = |key: &'static str| {
            members.get(key).and_then(Value::as_str).ok_or(ObjectError::Missing(key))
        };
        let object_type = text("type")?;
        let id: StixId = text("id")?.parse().map_err(|_| ObjectError::BadId)?;
        if id.object_type() != object_type {
            return Err(ObjectError::TypeMismatch);
        }
        let time = |key: &'static str| match members.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => {
                text.parse().map(Some).map_err(|_| ObjectError::BadTimestamp(key))
            }
            Some(_) => Err(ObjectError::BadTimestamp(key)),
        };
        let (created, modified) = (time("created")?, time("modified")?);
        let version = modified.or(created).unwrap_or_default();
        Ok(Self { raw, id, version, members })
    }

    /// The identifier.
    pub fn id(&self) -> &StixId {
        &self.id
    }

    /// The type, such as `indicator`.
    pub fn object_type(&self) -> &str {
        self.id.object_type()
    }

    /// `modified`, else `created`, else the epoch: cyber observables have no versions.
    pub fn version(&self) -> Timestamp {
        self.version
    }

    /// `spec_version` as declared; where it is not, `2.0` for objects with `created` and `2.1` for
    /// cyber observables, which have been objects of their own since then.
    pub fn spec_version(&self) -> &str {
        let implied = if self.members.contains_key("created") { "2.0" } else { "2.1" };
        self.get("spec_version").and_then(Value::as_str).unwrap_or(implied)
    }

    /// Whether the author took the object back.
    pub fn revoked(&self) -> bool {
        self.get("revoked") == Some(&Value::Bool(true))
    }

    /// The property `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(key)
    }

    /// Every property.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The bytes as they were given.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }
}

/// Names the object only: its content may be somebody's secret.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({}, {} bytes)", self.object_type(), self.raw.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

    #[test]
    fn keeps_the_bytes_and_what_it_does_not_know() {
        let raw = format!(
            r#"{{ "type":"indicator", "id":"{ID}", "x_foo": 1.0,
                "created":"2026-01-01T00:00:00Z", "modified":"2026-01-02T00:00:00.5Z" }}"#
        );
        let object = Object::from_slice(raw.as_bytes()).unwrap();
        assert_eq!(object.raw(), raw.as_bytes());
        assert_eq!(object.get("x_foo"), Some(&json!(1.0)));
        assert_eq!(object.version().to_string(), "2026-01-02T00:00:00.500Z");
        assert_eq!(object.spec_version(), "2.0");
        assert!(!object.revoked());
        assert_eq!(format!("{object:?}"), format!("Object(indicator, {} bytes)", raw.len()));
    }

    #[test]
    fn an_observable_has_no_version() {
        let id = "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd";
        let object =
            Object::from_value(json!({"type": "ipv4-addr", "id": id, "value": "198.51.100.3"}))
                .unwrap();
        assert_eq!(object.version(), Timestamp::default());
        assert_eq!(object.spec_version(), "2.1");
        assert_eq!(Object::from_slice(object.raw()).unwrap(), object);
    }

    #[test]
    fn says_what_is_wrong() {
        let good = json!({"type": "indicator", "id": ID, "created": "2026-01-01T00:00:00Z"});
        for (key, value, want) in [
            ("type", json!(1), ObjectError::Missing("type")),
            ("type", json!("malware"), ObjectError::TypeMismatch),
            ("id", json!("indicator--1"), ObjectError::BadId),
            ("created", json!("yesterday"), ObjectError::BadTimestamp("created")),
            ("modified", json!(5), ObjectError::BadTimestamp("modified")),
        ] {
            let mut bad = good.clone();
            bad[key] = value;
            assert_eq!(Object::from_value(bad), Err(want));
        }
        assert_eq!(Object::from_value(json!([])), Err(ObjectError::NotAnObject));
        let cut = Object::from_slice(b"{\n\"type\": ");
        assert_eq!(cut, Err(ObjectError::NotJson { line: 2, column: 8 }));
        let deep = "[".repeat(100_000);
        assert_eq!(Object::from_slice(deep.as_bytes()).unwrap_err().code(), "not-json");
    }
}
