//! Any document under any name: a draft within its limits, or an error people can act on.

use noroshi_intake::{Hint, Limits, read};
use noroshi_stix::Observable;

const NAMES: [&str; 8] = ["x", "x.json", "x.toml", "x.csv", "x.tsv", "x.eml", "x.txt", "x.stix2"];

/// Low enough to be reached.
const LIMITS: Limits = Limits {
    max_bytes: 64 * 1024,
    max_depth: 16,
    max_values: 2_000,
    max_indicators: 40,
    max_dropped: 20,
    max_problems: 10,
    max_text: 2_000,
};

/// The first byte selects the name and whether the limits are low.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, document)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*selector) % NAMES.len()];
    let limits = if selector & 0x80 == 0 { Limits::default() } else { LIMITS };
    let draft = match read(document, Hint::file_name(name), &limits) {
        Ok(draft) => draft,
        Err(error) => {
            assert!(!error.code().is_empty() && error.to_string().len() < 500);
            return;
        }
    };
    for found in &draft.found {
        let value = found.observable.value();
        let again = Observable::parse(found.observable.kind(), &value);
        assert_eq!(again.as_ref(), Ok(&found.observable));
        assert!(!found.origin.to_string().is_empty());
    }
    assert!(draft.found.len() <= limits.max_indicators);
    assert!(draft.dropped.len() <= limits.max_dropped);
    assert!(draft.dropped.iter().all(|d| d.text.chars().count() <= 120));
    // Up to three more say what was left out.
    assert!(draft.problems.len() <= limits.max_problems + 3);
    let (found, dropped) = (draft.found.len(), draft.dropped.len());
    let twice = draft.clone().merge(draft);
    assert_eq!(twice.found.len(), found, "merging a draft with itself finds nothing new");
    assert!(twice.dropped.len() >= dropped);
}
