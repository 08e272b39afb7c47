//! Bounds on a mail before it is parsed: the parser keeps a record per part and per header line,
//! and nests messages as deep as they come.

use crate::{IntakeError, Limits};

/// Most lines of a mail.
const MAX_LINES: usize = 600_000;

/// Most lines that may open a part.
const MAX_PARTS: usize = 20_000;

/// Refuses what could exhaust memory or the stack.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), IntakeError> {
    let lines = memchr::memchr_iter(b'\n', bytes).count();
    if lines > MAX_LINES {
        return Err(IntakeError::TooManyValues { limit: MAX_LINES });
    }
    if memchr::memmem::find_iter(bytes, b"\n--").count() > MAX_PARTS {
        return Err(IntakeError::TooManyValues { limit: MAX_PARTS });
    }
    // Every level of nesting must name one of these types.
    let nests = |needle: &[u8]| count_ignoring_case(bytes, needle);
    if nests(b"rfc822") + nests(b"digest") + nests(b"global") > limits.max_depth * 4 {
        return Err(IntakeError::TooDeep { limit: limits.max_depth });
    }
    Ok(())
}

fn count_ignoring_case(bytes: &[u8], needle: &[u8]) -> usize {
    let (Some(first), len) = (needle.first(), needle.len()) else { return 0 };
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), bytes)
        .filter(|at| bytes.get(*at..at + len).is_some_and(|w| w.eq_ignore_ascii_case(needle)))
        .count()
}
