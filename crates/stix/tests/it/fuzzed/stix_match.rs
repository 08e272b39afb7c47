//! A pattern on data, both of them anybody's: it ends, and says the same thing twice.

use noroshi_stix::pattern::ast::Observation;
use noroshi_stix::pattern::{EvaluationLimits, Observed};
use serde_json::Value;

/// A byte of 255 parts the pattern from the objects, which are a list in JSON.
pub(super) fn check(bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|b| *b == 255) else { return };
    let (pattern, data) = (&bytes[..end], &bytes[end + 1..]);
    let Ok(Ok(tree)) = str::from_utf8(pattern).map(Observation::parse) else { return };
    let Ok(objects) = serde_json::from_slice::<Vec<Value>>(data) else { return };
    let Ok(observed) = Observed::all(&objects) else { return };
    let limits = EvaluationLimits { steps: 50_000, places: 100 };
    let found = tree.evaluate(&observed, &limits);
    assert_eq!(tree.evaluate(&observed, &limits), found);
    match found {
        Ok(Some(places)) => {
            assert!(places.len() <= limits.places && places.iter().all(|p| *p < observed.len()));
            // What is printed is the same pattern.
            if let Ok(printed) = Observation::parse(&tree.to_string()) {
                assert_eq!(printed.evaluate(&observed, &limits), Ok(Some(places)));
            }
        }
        Ok(None) => (),
        Err(error) => assert!(!error.code().is_empty()),
    }
}
