//! Repetition: two pieces of a document or pattern, each over and over, are read in linear time.

use std::time::{Duration, Instant};

use noroshi_stix::pattern::ast::Observation;
use noroshi_stix::{Document, readable, validate_document};

/// Length of the document, roughly, in bytes.
const LEN: usize = 64 * 1024;

/// Longest time on a processor, unoptimised.
const LIMIT: Duration = Duration::from_secs(2);

/// Bytes of 255 part the input: a head, a piece that is repeated, a middle, another piece that is
/// repeated, a tail. An `N` of eight in a piece counts up, so that ids can differ.
pub(super) fn check(bytes: &[u8]) {
    let mut document = Vec::with_capacity(LEN + bytes.len());
    for (index, part) in bytes.split(|b| *b == 255).enumerate() {
        document.extend_from_slice(part);
        if matches!(index, 1 | 3) && !part.is_empty() {
            for number in 0..LEN / 2 / part.len() {
                document.extend_from_slice(&numbered(part, number));
            }
        }
    }
    let (started, busy) = (Instant::now(), on_processor());
    read(&document);
    let taken = match (busy, on_processor()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    };
    assert!(taken < LIMIT, "{taken:?}");
}

fn read(document: &[u8]) {
    if let Ok(text) = str::from_utf8(document)
        && let Ok(tree) = Observation::parse(text)
    {
        let _ = tree.to_string();
    }
    let _ = readable(document);
    if let Ok(document) = Document::read(document) {
        let _ = validate_document(&document);
        let _ = validate_document(&document.upgrade().document);
    }
}

fn numbered(part: &[u8], number: usize) -> Vec<u8> {
    const MARK: &[u8] = b"NNNNNNNN";
    let mut out = part.to_vec();
    let digits = format!("{number:08x}");
    let mut at = 0;
    while let Some(place) = out.get(at..).and_then(|rest| rest.windows(8).position(|w| w == MARK)) {
        out[at + place..at + place + 8].copy_from_slice(digits.as_bytes());
        at += place + 8;
    }
    out
}

/// How long this thread has been on a processor, where the system tells: the clock on the wall
/// measures the neighbours too.
fn on_processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
