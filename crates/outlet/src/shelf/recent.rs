//! The newest releases, kept in memory.
//!
//! Almost every poll asks for what came since the last one: that is answered from here without
//! touching the database. The window holds every verified object after its floor, so a page that
//! starts at or after the floor is complete.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::cursor::Position;
use crate::release::Release;

/// Most bytes of object JSON kept.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The window of newest objects, oldest first.
pub(super) struct Recent {
    slots: VecDeque<Slot>,
    floor: Position,
    bytes: usize,
    max_objects: usize,
}

/// One object of the window.
pub(super) struct Slot {
    pub(super) release: Arc<Release>,
    pub(super) newest: bool,
    pub(super) oldest: bool,
}

impl Recent {
    pub(super) fn new(max_objects: usize) -> Self {
        Self { slots: VecDeque::new(), floor: Position::START, bytes: 0, max_objects }
    }

    /// Adds the next release. Versions that it replaces are marked.
    pub(super) fn push(&mut self, release: Arc<Release>, newest: bool, oldest: bool) {
        for slot in &mut self.slots {
            let other = &slot.release;
            if other.id == release.id && other.collection == release.collection {
                slot.newest &= other.version > release.version;
                slot.oldest &= other.version < release.version;
            }
        }
        self.bytes += release.json.len();
        self.slots.push_back(Slot { release, newest, oldest });
        while self.slots.len() > self.max_objects || self.bytes > MAX_BYTES {
            let Some(gone) = self.slots.pop_front() else { break };
            self.bytes -= gone.release.json.len();
            self.floor = gone.release.position;
        }
    }

    /// Says that the object at `position`, the next one, is not kept. What came before it must go
    /// as well: a window with a hole would lose the object for whoever reads from there.
    pub(super) fn skip(&mut self, position: Position) {
        self.slots.clear();
        self.bytes = 0;
        self.floor = position;
    }

    /// The objects after `position`, or `None` when some of them are no longer here.
    pub(super) fn after(&self, position: Position) -> Option<impl Iterator<Item = &Slot>> {
        if position < self.floor {
            return None;
        }
        let start = self.slots.partition_point(|s| s.release.position <= position);
        Some(self.slots.range(start..))
    }

    /// The newest objects first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().rev()
    }
}
