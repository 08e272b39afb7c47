//! Reading the members of one object, each error with its path.

use noroshi_stix::Timestamp;
use serde_json::{Map, Value};

use crate::IntakeError;

/// An object all of whose members are known.
pub(super) struct Fields<'v> {
    path: String,
    map: &'v Map<String, Value>,
    max_text: usize,
}

impl<'v> Fields<'v> {
    /// Refuses members that are not in `known`.
    pub(super) fn new(
        path: String,
        map: &'v Map<String, Value>,
        known: &[&str],
        max_text: usize,
    ) -> Result<Self, IntakeError> {
        let fields = Self { path, map, max_text };
        match map.keys().find(|k| !known.contains(&k.as_str())) {
            Some(stranger) => {
                Err(IntakeError::UnknownField { path: fields.path_of(printable(stranger)) })
            }
            None => Ok(fields),
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, IntakeError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(s)) if s.len() > self.max_text => {
                Err(self.bad_value(name, "shorter: the text is too long"))
            }
            Some(Value::String(s)) => Ok(Some(s.clone())),
            Some(_) => Err(self.bad_type(name, "a text")),
        }
    }

    pub(super) fn time(&self, name: &'static str) -> Result<Option<Timestamp>, IntakeError> {
        let expected = "an RFC 3339 time with its offset, such as 2026-11-23T03:00:00Z";
        let Some(text) = self.text(name)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.bad_value(name, expected))
    }

    pub(super) fn whole_number(&self, name: &'static str) -> Result<Option<u64>, IntakeError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(n)) => {
                n.as_u64().map(Some).ok_or_else(|| self.bad_value(name, "a whole number from 0"))
            }
            Some(_) => Err(self.bad_type(name, "a whole number")),
        }
    }

    pub(super) fn boolean(&self, name: &'static str) -> Result<Option<bool>, IntakeError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(b)) => Ok(Some(*b)),
            Some(_) => Err(self.bad_type(name, "true or false")),
        }
    }

    pub(super) fn list(&self, name: &'static str) -> Result<&'v [Value], IntakeError> {
        match self.value(name) {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(self.bad_type(name, "a list")),
        }
    }

    pub(super) fn bad_value(&self, name: &str, expected: &'static str) -> IntakeError {
        IntakeError::WrongValue { path: self.path_of(name), expected }
    }

    fn bad_type(&self, name: &str, expected: &'static str) -> IntakeError {
        IntakeError::WrongType { path: self.path_of(name), expected }
    }

    fn value(&self, name: &str) -> Option<&'v Value> {
        self.map.get(name).filter(|v| !v.is_null())
    }

    fn path_of(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }
}

/// A member name as an error may show it: field-like names only, since errors reach logs.
fn printable(name: &str) -> &str {
    let ok = (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-');
    if ok { name } else { "(a name)" }
}
