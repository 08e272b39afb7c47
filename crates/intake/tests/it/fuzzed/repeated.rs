//! Repetition: two pieces of any document, each over and over, are read in linear time.

use std::time::{Duration, Instant};

use noroshi_intake::{Hint, Limits, read};

const NAMES: [&str; 4] = ["x.txt", "x.csv", "x.eml", "x.json"];

/// Length of the document, roughly, in bytes.
const LEN: usize = 64 * 1024;

/// Longest time on a processor. Read in linear time, such a document takes about a millisecond,
/// unoptimised about a hundred.
const LIMIT: Duration = Duration::from_secs(1);

/// The first byte selects the name. Bytes of 255 part the rest: a head, a piece that is repeated, a
/// middle, another piece that is repeated, a tail.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*selector) % NAMES.len()];
    let mut document = Vec::with_capacity(LEN + rest.len());
    for (index, part) in rest.split(|b| *b == 255).enumerate() {
        document.extend_from_slice(part);
        if matches!(index, 1 | 3) && !part.is_empty() {
            document.extend_from_slice(&part.repeat(LEN / 2 / part.len()));
        }
    }
    let (started, busy) = (Instant::now(), on_processor());
    let _ = read(&document, Hint::file_name(name), &Limits::default());
    let taken = match (busy, on_processor()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    };
    assert!(taken < LIMIT, "{name}: {taken:?}");
}

/// How long this thread has been on a processor, where the system tells: the clock on the wall
/// measures the neighbours too.
fn on_processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
