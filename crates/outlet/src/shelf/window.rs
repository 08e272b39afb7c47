//! The newest segments, kept in memory: almost every poll asks for what came since the last one,
//! and is answered without the database.
//!
//! What is here was verified when it came and cannot be changed from outside.

use std::collections::VecDeque;

use axum::body::Bytes;

use super::index::{Place, Segment};

/// Most bytes kept.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The window of newest segments, oldest first.
pub(super) struct Window {
    kept: VecDeque<Kept>,
    objects: usize,
    bytes: usize,
    max_objects: usize,
}

struct Kept {
    first: Place,
    count: usize,
    body: Bytes,
}

impl Window {
    pub(super) fn new(max_objects: usize) -> Self {
        Self { kept: VecDeque::new(), objects: 0, bytes: 0, max_objects }
    }

    /// Adds the next segment, and lets the oldest go where there are too many.
    pub(super) fn push(&mut self, segment: &Segment, body: Bytes) {
        let count = segment.count as usize;
        self.objects += count;
        self.bytes += body.len();
        self.kept.push_back(Kept { first: segment.first, count, body });
        while self.objects > self.max_objects || self.bytes > MAX_BYTES {
            let Some(gone) = self.kept.pop_front() else { break };
            self.objects -= gone.count;
            self.bytes -= gone.body.len();
        }
    }

    /// The body of the segment that begins at `first`, if it is here.
    pub(super) fn body(&self, first: Place) -> Option<&Bytes> {
        let at = self.kept.binary_search_by_key(&first, |kept| kept.first).ok()?;
        self.kept.get(at).map(|kept| &kept.body)
    }

    /// Lets a segment go that was written anew.
    pub(super) fn forget(&mut self, first: Place) {
        if let Ok(at) = self.kept.binary_search_by_key(&first, |kept| kept.first)
            && let Some(gone) = self.kept.remove(at)
        {
            self.objects -= gone.count;
            self.bytes -= gone.body.len();
        }
    }
}
