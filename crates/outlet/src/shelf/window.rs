//! The newest segments, kept in memory: almost every poll asks for what came since the last one,
//! and is answered without the database.
//!
//! Beside them, segments that were read ahead for whoever scans a collection. What is here was
//! verified when it came and cannot be changed from outside.

use std::collections::{HashMap, VecDeque};

use axum::body::Bytes;

use super::index::{Place, Segment};

/// Most bytes of the newest segments.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most bytes read ahead.
const MAX_AHEAD: usize = 24 * 1024 * 1024;

/// The window of newest segments, oldest first.
pub(super) struct Window {
    kept: VecDeque<Kept>,
    objects: usize,
    bytes: usize,
    max_objects: usize,
    ahead: HashMap<Place, Bytes>,
    /// In the order they came.
    ahead_order: VecDeque<Place>,
    ahead_bytes: usize,
}

struct Kept {
    first: Place,
    count: usize,
    body: Bytes,
}

impl Window {
    pub(super) fn new(max_objects: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            objects: 0,
            bytes: 0,
            max_objects,
            ahead: HashMap::new(),
            ahead_order: VecDeque::new(),
            ahead_bytes: 0,
        }
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
        let at = self.kept.binary_search_by_key(&first, |kept| kept.first);
        let kept = at.ok().and_then(|at| self.kept.get(at)).map(|kept| &kept.body);
        kept.or_else(|| self.ahead.get(&first))
    }

    /// Keeps a segment that was read ahead, until others take its place.
    pub(super) fn keep_ahead(&mut self, first: Place, body: Bytes) {
        let size = body.len();
        if self.ahead.insert(first, body).is_some() {
            return;
        }
        self.ahead_bytes += size;
        self.ahead_order.push_back(first);
        while self.ahead_bytes > MAX_AHEAD {
            let Some(oldest) = self.ahead_order.pop_front() else { break };
            let gone = self.ahead.remove(&oldest).map_or(0, |body| body.len());
            self.ahead_bytes = self.ahead_bytes.saturating_sub(gone);
        }
    }

    /// Lets a segment go that was written anew.
    pub(super) fn forget(&mut self, first: Place) {
        if let Ok(at) = self.kept.binary_search_by_key(&first, |kept| kept.first)
            && let Some(gone) = self.kept.remove(at)
        {
            self.objects -= gone.count;
            self.bytes -= gone.body.len();
        }
        if let Some(gone) = self.ahead.remove(&first) {
            self.ahead_bytes -= gone.len();
            self.ahead_order.retain(|place| *place != first);
        }
    }
}
