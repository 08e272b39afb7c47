//! Names and addresses spelled out: `login dot example dot com`, `ceo at example dot com`.

use noroshi_stix::{Kind, Observable};

use super::chars::{at, atom_end, atom_start, before, text};
use super::host::is_known_suffix;
use super::scan::Scan;
use super::{Candidate, Outcome, words};

/// Most words "dot" in one name.
const MAX_LABELS: usize = 8;

/// Reads the name in which the word at `start..end` is "dot". Returns where to go on.
pub(super) fn read<S: FnMut(Candidate<'_>)>(
    scan: &mut Scan<'_, '_, S>,
    start: usize,
    end: usize,
) -> Option<usize> {
    let buf = scan.buf;
    if before(buf, start) != b' ' || at(buf, end) != b' ' {
        return None;
    }
    let first = atom_start(buf, start - 1);
    let mut name = text(buf, first, start - 1).to_owned();
    let mut to = end;
    for _ in 0..MAX_LABELS {
        let next = atom_end(buf, to + 1);
        let label = text(buf, to + 1, next).trim_end_matches('.');
        if label.is_empty() || label.len() > 63 {
            return None;
        }
        name.push('.');
        name.push_str(label);
        to = next;
        let dot = at(buf, to) == b' '
            && buf.get(to + 1..to + 4).is_some_and(|w| w.eq_ignore_ascii_case(b"dot"));
        if !(dot && at(buf, to + 4) == b' ') {
            break;
        }
        to += 4;
    }
    let top = name.rsplit('.').next()?;
    let before_dot = name.split('.').next()?.to_ascii_lowercase();
    let after = text(buf, to, atom_end(buf, to + 1)).trim().to_ascii_lowercase();
    if !is_known_suffix(top)
        || words::NOT_BEFORE_DOT.contains(&before_dot.as_str())
        || words::NOT_AFTER_DOT.contains(&after.as_str())
    {
        return None;
    }
    let spelled_at =
        first.checked_sub(4).filter(|i| text(buf, *i, first).eq_ignore_ascii_case(" at "));
    if let Some(at_word) = spelled_at {
        let from = atom_start(buf, at_word);
        let address = format!("{}@{name}", text(buf, from, at_word));
        if let Ok(observable) = Observable::parse(Kind::Email, &address) {
            scan.hand_over_as(Outcome::Found(observable), from, to, true);
            return Some(to);
        }
    }
    match Observable::parse(Kind::Domain, &name) {
        Ok(Observable::Domain(d)) if d.has_known_suffix() && d.registrable().is_some() => {
            scan.hand_over_as(Outcome::Found(Observable::Domain(d)), first, to, true);
            Some(to)
        }
        _ => None,
    }
}
