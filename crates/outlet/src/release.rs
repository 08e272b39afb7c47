//! Releases that have just become visible: what the stream sends.

use std::sync::Arc;

use axum::body::Bytes;
use noroshi_stix::Tlp;

use crate::cursor::{Position, STREAM_SCOPE};

/// What a release does to the object it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// The object is new.
    Create,
    /// A new version of an object.
    Update,
    /// The object is withdrawn.
    Revoke,
}

impl Action {
    /// What a version does, from whether it withdraws the object and whether it is the first.
    pub(crate) const fn of(revoked: bool, oldest: bool) -> Self {
        match (revoked, oldest) {
            (true, _) => Action::Revoke,
            (false, true) => Action::Create,
            (false, false) => Action::Update,
        }
    }

    /// The name of the event in the stream.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Revoke => "revoke",
        }
    }
}

/// One verified release.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) position: Position,
    pub(crate) tlp: Tlp,
    pub(crate) action: Action,
    pub(crate) json: Bytes,
}

/// The releases that became visible together.
#[derive(Debug)]
pub(crate) struct Wave {
    /// The place before the first release.
    pub(crate) from: Position,
    /// The place of the last release.
    pub(crate) end: Position,
    /// The tick of the newest batch in it, microseconds.
    pub(crate) tick: i64,
    all: Bytes,
    clear: Bytes,
}

impl Wave {
    /// Writes the events out, once for all listeners.
    pub(crate) fn new(from: Position, end: Position, tick: i64, all: &[Arc<Release>]) -> Self {
        let (mut every, mut clear) = (Vec::new(), Vec::new());
        for release in all {
            let start = every.len();
            write_event(&mut every, release.position, release.action, &release.json);
            if release.tlp == Tlp::Clear {
                clear.extend_from_slice(every.get(start..).unwrap_or_default());
            }
        }
        Self { from, end, tick, all: every.into(), clear: clear.into() }
    }

    /// The events for a member, or those for the public.
    pub(crate) fn events(&self, clear_only: bool) -> Bytes {
        if clear_only { self.clear.clone() } else { self.all.clone() }
    }
}

/// Appends one event of the stream.
pub(crate) fn write_event(out: &mut Vec<u8>, position: Position, action: Action, json: &[u8]) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(action.as_str().as_bytes());
    out.extend_from_slice(b"\nid: ");
    out.extend_from_slice(position.to_cursor(STREAM_SCOPE).as_bytes());
    // Released JSON has no line breaks; were there one, the event would end in the middle.
    for line in json.split(|b| matches!(b, b'\n' | b'\r')) {
        out.extend_from_slice(b"\ndata: ");
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b"\n\n");
}
