//! The newest releases, kept in memory for people: what the page shows.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::release::Release;

/// Most bytes of object JSON kept.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The newest releases, oldest first.
pub(super) struct Recent {
    releases: VecDeque<Arc<Release>>,
    bytes: usize,
    max_objects: usize,
}

impl Recent {
    pub(super) fn new(max_objects: usize) -> Self {
        Self { releases: VecDeque::new(), bytes: 0, max_objects }
    }

    /// Adds the next release.
    pub(super) fn push(&mut self, release: Arc<Release>) {
        self.bytes += release.json.len();
        self.releases.push_back(release);
        while self.releases.len() > self.max_objects || self.bytes > MAX_BYTES {
            let Some(gone) = self.releases.pop_front() else { break };
            self.bytes -= gone.json.len();
        }
    }

    /// The newest first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Arc<Release>> {
        self.releases.iter().rev()
    }
}
