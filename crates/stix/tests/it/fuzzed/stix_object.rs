//! Objects keep their bytes; what they name reads back as itself.

use noroshi_stix::{
    Object, Observable, deterministic_id, observables_in_object, recipient_refs, tlp_of,
};
use serde_json::Value;

/// Reads the bytes as an object, and the observables out of it.
pub(super) fn check(bytes: &[u8]) {
    match Object::from_slice(bytes) {
        Ok(object) => {
            assert_eq!(object.raw(), bytes);
            assert!(object.id().to_string().starts_with(object.object_type()));
            let time = object.version();
            assert_eq!(time.to_string().parse(), Ok(time), "{time}");
            let again = Object::from_value(Value::Object(object.members().clone()));
            assert_eq!(again.map(|o| o.id().clone()), Ok(object.id().clone()));
        }
        Err(error) => assert!(!error.code().is_empty() && error.to_string().len() < 200),
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    if let Some(id) = deterministic_id(&value) {
        assert_eq!(id.as_str().parse(), Ok(id));
    }
    recipient_refs(&value).for_each(drop);
    let _ = tlp_of(&value);
    let read = observables_in_object(&value);
    for observable in &read.found {
        let again = Observable::parse(observable.kind(), &observable.value());
        assert_eq!(again.as_ref(), Ok(observable));
    }
    assert!(read.skipped.iter().all(|s| s.text.chars().count() <= 120));
    assert!(read.skipped.iter().all(|s| s.path.chars().count() <= 120));
}
