//! Patterns: the tree reads back as it is printed, the observables as themselves.

use noroshi_stix::pattern::ast::Observation;
use noroshi_stix::pattern::{EvaluationLimits, MAX_PATTERN_LEN, Observed};
use noroshi_stix::{Found, Observable, observables_in_pattern, pattern_of};
use serde_json::json;

/// Reads the bytes as a pattern.
pub(super) fn check(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let tree = match Observation::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            assert!(error.to_string().len() < 200, "errors stay short");
            assert_eq!(observables_in_pattern(text), Err(error));
            return;
        }
    };
    evaluate(&tree);
    let printed = tree.to_string();
    if printed.len() <= MAX_PATTERN_LEN {
        assert_eq!(Observation::parse(&printed), Ok(tree), "{printed:?}");
    }
    for part in observables_in_pattern(text).unwrap() {
        match part {
            Found::Observable(observable) => identity(&observable),
            Found::Skipped(skipped) => {
                let longest = skipped.text.chars().count().max(skipped.path.chars().count());
                assert!(longest <= 120, "however often a text is passed over, it stays short");
            }
        }
    }
}

/// Within its limits an evaluation ends, whoever wrote the pattern.
fn evaluate(tree: &Observation) {
    let objects = [
        json!({"type": "file", "id": FILE, "name": "a.exe", "size": 5, "hashes": {"MD5": "00"},
            "extensions": {"pdf-ext": {"x": [{"y": ["b"]}]}}}),
        json!({"type": "observed-data", "first_observed": "2026-01-01T00:00:00Z",
            "last_observed": "2026-01-01T00:00:05Z", "number_observed": 3, "object_refs": [FILE]}),
        json!({"type": "observed-data", "first_observed": "2026-01-02T00:00:00Z",
            "last_observed": "2026-01-02T00:00:00Z", "number_observed": 1,
            "objects": {"0": {"type": "ipv4-addr", "value": "198.51.100.7"}}}),
    ];
    let observed = Observed::all(&objects).unwrap();
    let limits = EvaluationLimits { steps: 100_000, places: 100 };
    if let Ok(Some(places)) = tree.evaluate(&observed, &limits) {
        assert!(places.len() <= limits.places && places.iter().all(|p| *p < observed.len()));
    }
}

const FILE: &str = "file--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

fn identity(observable: &Observable) {
    let again = Observable::parse(observable.kind(), &observable.value());
    assert_eq!(again.as_ref(), Ok(observable));
    let found = observables_in_pattern(&pattern_of(observable));
    assert_eq!(found, Ok(vec![Found::Observable(observable.clone())]));
}
