//! Canonical JSON is JSON, and canonical already.

use noroshi_stix::canonical_json;
use serde_json::Value;

/// Reads the bytes as JSON, writes them canonically, and again.
pub(super) fn check(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    let once = canonical_json(&value);
    let read: Value = serde_json::from_slice(&once).unwrap();
    assert_eq!(canonical_json(&read), once, "canonical JSON does not change again");
    let names = |v: &Value| v.as_object().map(serde_json::Map::len);
    assert_eq!(names(&read), names(&value), "no member is lost");
}
