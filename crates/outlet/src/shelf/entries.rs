//! Which lines of block lists come from signed objects, kept in memory.
//!
//! Sixteen bytes of a SHA-256 are kept of each line: to change a line so that they stay takes
//! 2^128 attempts.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

/// Stands for one block list line of one object.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct EntryTag([u8; 16]);

impl EntryTag {
    pub(super) fn new(sequence: i64, kind: &str, value: &[u8], until: i64, tlp: i64) -> Self {
        let hash = Sha256::new()
            .chain_update(b"noroshi/1/entry\0")
            .chain_update(sequence.to_be_bytes())
            .chain_update(until.to_be_bytes())
            .chain_update(tlp.to_be_bytes())
            .chain_update(kind.as_bytes())
            .chain_update([0])
            .chain_update(value)
            .finalize();
        let mut tag = [0; 16];
        tag.copy_from_slice(&hash[..16]);
        Self(tag)
    }
}

/// The verified lines.
#[derive(Default)]
pub(super) struct Entries(HashSet<EntryTag>);

impl Entries {
    /// Notes a line of a verified object.
    pub(super) fn accept(&mut self, tag: EntryTag) {
        self.0.insert(tag);
    }

    /// Whether this line comes from a signed object.
    pub(super) fn has(&self, tag: &EntryTag) -> bool {
        self.0.contains(tag)
    }
}
