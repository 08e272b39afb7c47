//! Text: what is found is a value, on a line the text has, and not more often than it can stand there.

use noroshi_intake::text::{Outcome, extract};
use noroshi_stix::Observable;

/// Longest text looked at, in bytes.
const MAX_LEN: usize = 64 * 1024;

/// Extracts from the bytes.
pub(super) fn check(bytes: &[u8]) {
    let text = &bytes[..bytes.len().min(MAX_LEN)];
    let last = text.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let mut count = 0;
    extract(text, &mut |candidate| {
        count += 1;
        assert!((1..=last).contains(&candidate.line), "line {} of {last}", candidate.line);
        match candidate.outcome {
            Outcome::Found(observable) => {
                let again = Observable::parse(observable.kind(), &observable.value());
                assert_eq!(again.as_ref(), Ok(&observable));
            }
            Outcome::Dropped(dropped, reason) => {
                assert!(!dropped.is_empty(), "{reason:?}");
            }
        }
    });
    // The shortest candidate, such as `a.jp`, has four bytes.
    assert!(count <= text.len() / 2 + 1, "{count} candidates in {} bytes", text.len());
}
