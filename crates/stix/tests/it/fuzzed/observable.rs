//! A value reads back as itself, and so does the pattern that is written for it.

use noroshi_stix::{
    Found, Kind, Observable, observables_in_attribute, observables_in_pattern, pattern_of,
};

/// The first byte selects the kind, or a MISP type; the rest is the text.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    let Ok(text) = str::from_utf8(rest) else { return };
    match Kind::ALL.get(usize::from(*selector)) {
        Some(kind) => {
            if let Ok(observable) = Observable::parse(*kind, text) {
                identity(&observable);
            }
        }
        None => {
            // The type and the value, in one line each.
            let (misp_type, value) = text.split_once('\n').unwrap_or(("ip-dst|port", text));
            let read = observables_in_attribute(misp_type, value);
            read.found.iter().for_each(identity);
        }
    }
}

fn identity(observable: &Observable) {
    let value = observable.value();
    let again = Observable::parse(observable.kind(), &value);
    assert_eq!(again.as_ref(), Ok(observable), "{:?}: {value:?}", observable.kind());
    if !matches!(observable, Observable::Rule(_)) {
        let found = observables_in_pattern(&pattern_of(observable));
        assert_eq!(found, Ok(vec![Found::Observable(observable.clone())]));
    }
}
