//! Mail addresses.

use noroshi_stix::Kind;

use super::Candidate;
use super::chars::{at, atom_end, atom_start, before, line_start, text};
use super::context::contains_ignoring_case;
use super::host::is_known_suffix;
use super::scan::Scan;
use crate::DropReason;

/// Reads the address whose `@` is at `at_sign`, after the atom that starts at `start`. Returns where
/// to go on, or nothing where this is no address.
pub(super) fn read<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    at_sign: usize,
) -> Option<usize> {
    let buf = scan.buf;
    let mut from = start;
    while at_sign - from < 64
        && before(buf, from) == b'+'
        && before(buf, from - 1).is_ascii_alphanumeric()
    {
        from = atom_start(buf, from - 1);
    }
    while from < at_sign && matches!(at(buf, from), b'.' | b'-') {
        from += 1;
    }
    let mut to = atom_end(buf, at_sign + 1);
    while to > at_sign && matches!(before(buf, to), b'.' | b'-' | b'_') {
        to -= 1;
    }
    let domain = text(buf, at_sign + 1, to);
    let (rest, top) = domain.rsplit_once('.')?;
    let local = text(buf, from, at_sign);
    // `git@host:path` is a way to write a repository.
    if rest.is_empty() || !is_known_suffix(top) || local == "git" {
        return None;
    }
    if is_message_id(buf, from) {
        scan.dropped(DropReason::MessageId, from, to);
        return Some(to);
    }
    scan.found(Kind::Email, text(buf, from, to), from, to).then_some(to)
}

/// What stands before the identifier of a message.
const LABELS: [&[u8]; 4] = [b"message-id", b"message_id", b"in-reply-to", b"references:"];

/// Whether the line says that the address is the identifier of a message.
fn is_message_id(buf: &[u8], start: usize) -> bool {
    // Tails of the labels, since their capitals vary.
    const TAILS: [&[u8]; 5] = [b"essage-", b"ESSAGE-", b"essage_id", b"eply-", b"eferences"];
    let from = line_start(buf, start).max(start.saturating_sub(400));
    let lead = &buf[from..start];
    lead.len() >= 10
        && TAILS.iter().any(|t| memchr::memmem::find(lead, t).is_some())
        && LABELS.iter().any(|l| contains_ignoring_case(lead, l))
}
