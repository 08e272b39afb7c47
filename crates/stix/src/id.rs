//! STIX identifiers: `type--uuid` (STIX 2.1, section 2.9).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Longest object type this library reads, in bytes (STIX 2.1, section 11.2: 3 to 250).
pub const MAX_TYPE_LEN: usize = 250;

/// Length of a UUID with its hyphens; `uuid` also reads other forms, STIX does not.
const UUID_LEN: usize = 36;

/// The namespace of deterministic identifiers of cyber observables (STIX 2.1, section 2.9).
pub const SCO_NAMESPACE: Uuid = Uuid::from_u128(0x00abedb4_aa42_466c_9c01_fed23315a9b7);

/// An object's identifier. Equal ids are equal text: the UUID is kept in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StixId {
    text: String,
    type_len: usize,
}

/// Not of the form `type--uuid`. The text is not repeated: ids tie an error to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a STIX identifier: expected a lower-case type, two hyphens and a UUID")]
pub struct BadStixId;

impl StixId {
    /// A fresh version 4 identifier from 16 random bytes: carries neither time nor machine.
    pub fn random(object_type: ObjectType<'_>, bytes: [u8; 16]) -> Self {
        let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        Self::compose(object_type, uuid)
    }

    /// The deterministic version 5 identifier of a cyber observable whose id-contributing
    /// properties, as RFC 8785 canonical JSON, are `canonical` (STIX 2.1, section 2.9).
    pub fn deterministic(object_type: ObjectType<'_>, canonical: &[u8]) -> Self {
        Self::compose(object_type, Uuid::new_v5(&SCO_NAMESPACE, canonical))
    }

    fn compose(object_type: ObjectType<'_>, uuid: Uuid) -> Self {
        Self { text: format!("{}--{uuid}", object_type.0), type_len: object_type.0.len() }
    }

    /// The object type, such as `indicator`.
    pub fn object_type(&self) -> &str {
        self.text.get(..self.type_len).unwrap_or_default()
    }

    /// The UUID.
    pub fn uuid(&self) -> Uuid {
        let uuid = self.text.get(self.type_len + 2..).unwrap_or_default();
        Uuid::try_parse(uuid).unwrap_or_default()
    }

    /// The same UUID under another object type.
    #[must_use]
    pub fn with_type(&self, object_type: ObjectType<'_>) -> Self {
        let uuid = self.text.get(self.type_len + 2..).unwrap_or_default();
        Self { text: format!("{}--{uuid}", object_type.0), type_len: object_type.0.len() }
    }

    /// The whole identifier.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A well-formed object type name: lower-case letters, digits and hyphens, 1 to 250 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectType<'a>(&'a str);

impl<'a> ObjectType<'a> {
    /// `indicator`
    pub const INDICATOR: ObjectType<'static> = ObjectType("indicator");
    /// `identity`
    pub const IDENTITY: ObjectType<'static> = ObjectType("identity");
    /// `vulnerability`
    pub const VULNERABILITY: ObjectType<'static> = ObjectType("vulnerability");
    /// `report`
    pub const REPORT: ObjectType<'static> = ObjectType("report");
    /// `bundle`
    pub const BUNDLE: ObjectType<'static> = ObjectType("bundle");

    /// The type name.
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// Checks the characters and the length; `None` where they are off.
    pub fn new(name: &'a str) -> Option<Self> {
        let ok = !name.is_empty()
            && name.len() <= MAX_TYPE_LEN
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.contains("--")
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        ok.then_some(Self(name))
    }
}

impl FromStr for StixId {
    type Err = BadStixId;

    fn from_str(text: &str) -> Result<Self, BadStixId> {
        let (kind, uuid) = text.split_once("--").ok_or(BadStixId)?;
        let kind = ObjectType::new(kind).ok_or(BadStixId)?;
        if uuid.len() != UUID_LEN {
            return Err(BadStixId);
        }
        let uuid = Uuid::try_parse(uuid).map_err(|_| BadStixId)?;
        Ok(Self::compose(kind, uuid))
    }
}

impl fmt::Display for StixId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for StixId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for StixId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for StixId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let id: StixId = "indicator--8E2E2D2B-17D4-4CBF-938F-98EE46B3CD3F".parse().unwrap();
        assert_eq!(id.object_type(), "indicator");
        assert_eq!(id.as_str(), "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
        for bad in [
            "",
            "indicator",
            "Indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
            "a--b",
            "--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        ] {
            assert!(bad.parse::<StixId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn random_ids_are_version_4() {
        let id = StixId::random(ObjectType::INDICATOR, [0xff; 16]);
        assert_eq!(id.as_str(), "indicator--ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
