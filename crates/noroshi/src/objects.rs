//! STIX objects in a file, byte for byte: signatures and traces are in the bytes.

use serde_json::value::RawValue;

/// The objects of a bundle, an envelope, a list or a file with one object a line, byte for byte;
/// what cannot be read stays whole.
pub(crate) fn parts(bytes: &[u8]) -> Vec<Vec<u8>> {
    #[derive(serde::Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow)]
        objects: Vec<&'a RawValue>,
    }
    let owned = |list: Vec<&RawValue>| list.iter().map(|r| r.get().as_bytes().to_vec()).collect();
    if let Ok(wrapped) = serde_json::from_slice::<Wrapped<'_>>(bytes) {
        return owned(wrapped.objects);
    }
    if let Ok(list) = serde_json::from_slice::<Vec<&RawValue>>(bytes) {
        return owned(list);
    }
    if serde_json::from_slice::<&RawValue>(bytes).is_ok() {
        return vec![bytes.to_vec()];
    }
    let lines = bytes.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let lines: Vec<Vec<u8>> = lines.map(<[u8]>::to_vec).collect();
    let all_json = lines.iter().all(|line| serde_json::from_slice::<&RawValue>(line).is_ok());
    if all_json && !lines.is_empty() { lines } else { vec![bytes.to_vec()] }
}
