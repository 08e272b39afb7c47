//! What leaves the hub.

use noroshi_stix::StixId;

/// Which way a release took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Machine indicators, no victim field.
    Signal,
    /// Kind of victim, techniques, course of action.
    Context,
}

impl Lane {
    /// The collection that carries this lane: `signals` or `context`.
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Signal => "signals",
            Self::Context => "context",
        }
    }
}

/// One STIX object that may be signed and served. It can only be made from what went through the
/// gate ([`crate::Signal::emit`]) or the desk and the reporter ([`crate::Report::context`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    id: StixId,
    lane: Lane,
    json: Vec<u8>,
}

impl Release {
    pub(crate) fn new(id: StixId, lane: Lane, json: Vec<u8>) -> Self {
        Self { id, lane, json }
    }

    /// The object's id.
    pub fn id(&self) -> &StixId {
        &self.id
    }

    /// Which lane it belongs to.
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// The object as canonical JSON (RFC 8785), the bytes to sign and serve.
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// As [`Release::json`], owned.
    pub fn into_json(self) -> Vec<u8> {
        self.json
    }
}
