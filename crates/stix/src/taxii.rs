//! TAXII 2.1 resources as they go over the wire (OASIS TAXII 2.1, sections 4 and 5), for a server
//! to write and a client to read. Unknown members are ignored when reading, as section 1.6.1 asks.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::Timestamp;

/// Media type of every TAXII 2.1 request and answer.
pub const TAXII_MEDIA: &str = "application/taxii+json;version=2.1";

/// Media type of STIX 2.1 objects in a collection.
pub const STIX_MEDIA: &str = "application/stix+json;version=2.1";

/// What a server offers (section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Name of the server, for people.
    pub title: String,
    /// What the server is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom to ask: a mail address or a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// The API root a client takes when it was told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// URLs of the API roots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_roots: Vec<String>,
}

/// One API root (section 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiRoot {
    /// Name of the root, for people.
    pub title: String,
    /// What the root is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Media types the root speaks: [`TAXII_MEDIA`].
    pub versions: Vec<String>,
    /// Largest request body accepted, in bytes.
    pub max_content_length: u64,
}

/// One collection (section 5.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionInfo {
    /// UUID of the collection.
    pub id: String,
    /// Name, for people.
    pub title: String,
    /// What the collection holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A name that may stand for the id in URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whether the asking client may read.
    pub can_read: bool,
    /// Whether the asking client may add objects.
    pub can_write: bool,
    /// Media types of the objects: [`STIX_MEDIA`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_types: Vec<String>,
}

/// The collections of an API root (section 5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collections {
    /// The collections the asking client may know of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<CollectionInfo>,
}

/// A page of what a collection holds, without the objects (section 5.3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Whether another page follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The entries, oldest addition first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ManifestEntry>,
}

/// One version of one object in a [`Manifest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// The object's id. Text, not [`crate::StixId`]: a client reads what foreign servers hold.
    pub id: String,
    /// When the version came into the collection; six digits of a second.
    #[serde(serialize_with = "six_digits")]
    pub date_added: Timestamp,
    /// The version: `modified`, else `created`, of the object.
    pub version: Timestamp,
    /// Media type of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

/// A page of objects (section 3.7), the objects kept as the bytes they came in.
///
/// A server that has the bytes at hand writes this shape by concatenation instead.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Envelope {
    /// Whether another page follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// What to send as `next` to get the following page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<Box<RawValue>>,
}

/// The versions of one object (section 5.7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Whether another page follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// The versions, oldest addition first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Timestamp>,
}

/// Why a request failed (section 3.6.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxiiError {
    /// What went wrong, in a few words.
    pub title: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Identifier of this occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_id: Option<String>,
    /// Stable code of the kind of error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The HTTP status, as a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<String>,
    /// A page that says more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_details: Option<String>,
}

/// How far the server is with objects a client added (section 4.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// UUID of the status resource.
    pub id: String,
    /// `complete` or `pending`.
    pub status: StatusState,
    /// When the request came in.
    #[serde(
        default,
        serialize_with = "six_digits_if_any",
        deserialize_with = "empty_is_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub request_timestamp: Option<Timestamp>,
    /// How many objects were in the request.
    pub total_count: u64,
    /// How many were taken.
    pub success_count: u64,
    /// Which were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successes: Vec<StatusDetail>,
    /// How many were refused.
    pub failure_count: u64,
    /// Which were refused, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<StatusDetail>,
    /// How many are still to be looked at.
    pub pending_count: u64,
    /// Which are still to be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pendings: Vec<StatusDetail>,
}

impl Status {
    /// A fresh id of a status resource from 16 random bytes: a version 4 UUID.
    pub fn fresh_id(random: [u8; 16]) -> String {
        uuid::Builder::from_random_bytes(random).into_uuid().to_string()
    }
}

/// Whether all objects of a request have been dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusState {
    /// Nothing is pending.
    Complete,
    /// Some objects are still to be looked at.
    Pending,
}

/// One object of a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDetail {
    /// The object's id as the client sent it.
    pub id: String,
    /// The object's version as the client sent it.
    pub version: String,
    /// What happened to it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

fn six_digits<S: Serializer>(time: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&time.to_taxii())
}

fn six_digits_if_any<S: Serializer>(time: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => six_digits(time, s),
        None => s.serialize_none(),
    }
}

fn empty_is_none<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
    match Option::<String>::deserialize(d)?.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_microseconds_and_leaves_out_what_is_empty() {
        let entry = ManifestEntry {
            id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f".into(),
            date_added: Timestamp::from_micros(1),
            version: Timestamp::from_micros(0),
            media_type: None,
        };
        let page = Manifest { more: false, objects: vec![entry] };
        let text = serde_json::to_string(&page).unwrap();
        assert_eq!(
            text,
            "{\"objects\":[{\"id\":\"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\",\
             \"date_added\":\"1970-01-01T00:00:00.000001Z\",\
             \"version\":\"1970-01-01T00:00:00.000Z\"}]}"
        );
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), page);
        assert_eq!(serde_json::to_string(&Manifest::default()).unwrap(), "{}");
    }

    #[test]
    fn an_envelope_keeps_the_bytes_of_its_objects() {
        let text = r#"{"more":true,"next":"7","objects":[{"b": 1.0,  "a":2}]}"#;
        let page: Envelope = serde_json::from_str(text).unwrap();
        assert_eq!(page.objects[0].get(), r#"{"b": 1.0,  "a":2}"#);
        assert_eq!(serde_json::to_string(&page).unwrap(), text);
    }

    #[test]
    fn a_status_reads_without_its_optional_members() {
        let text = r#"{"id":"x","status":"pending","total_count":2,"success_count":1,
            "failure_count":0,"pending_count":1,"request_timestamp":""}"#;
        let status: Status = serde_json::from_str(text).unwrap();
        assert_eq!(status.status, StatusState::Pending);
        assert_eq!(status.request_timestamp, None);
    }
}
