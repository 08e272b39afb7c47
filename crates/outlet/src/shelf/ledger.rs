//! What has been verified, kept in memory: the outlet serves only what is written here.
//!
//! The database is not trusted with the truth of what it holds. Every row that leaves is compared
//! with the hash that the hub's signature covers; every block list line with a tag that was made
//! from signed bytes. Sixteen bytes of a SHA-256 are kept: to change an object so that they stay
//! takes 2^128 attempts.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use noroshi_seal::Hash;
use sha2::{Digest, Sha256};

use crate::collection::Collection;
use crate::cursor::Position;

/// The verified part of the shelf.
pub(super) struct Ledger {
    marks: Vec<Mark>,
    entries: HashSet<Tag>,
    end: Position,
    newest_tick: i64,
    verified: u64,
    rejected: AtomicU64,
}

type Tag = [u8; 16];

#[derive(Clone, Copy)]
struct Mark {
    leaf: Tag,
    tlp: u8,
    collection: u8,
}

/// The mark of a row that must not be served. No row has this TLP rank.
const REJECTED: Mark = Mark { leaf: [0; 16], tlp: u8::MAX, collection: u8::MAX };

impl Ledger {
    pub(super) fn new() -> Self {
        Self {
            marks: Vec::new(),
            entries: HashSet::new(),
            end: Position::START,
            newest_tick: 0,
            verified: 0,
            rejected: AtomicU64::new(0),
        }
    }

    /// The highest sequence number that has been looked at; 0 for an empty shelf.
    pub(super) fn through(&self) -> i64 {
        i64::try_from(self.marks.len()).unwrap_or(i64::MAX)
    }

    /// The place of the last verified object.
    pub(super) fn end(&self) -> Position {
        self.end
    }

    /// The newest tick among verified batches, microseconds; 0 when there is none.
    pub(super) fn newest_tick(&self) -> i64 {
        self.newest_tick
    }

    /// How many rows have been verified.
    pub(super) fn verified(&self) -> u64 {
        self.verified
    }

    /// How many rows failed, at verification or when they were to be served.
    pub(super) fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }

    /// Counts one row that was found changed while serving.
    pub(super) fn count_rejected(&self) {
        self.rejected.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a verified object, the next in sequence.
    pub(super) fn accept(
        &mut self,
        leaf: &Hash,
        collection: Collection,
        tlp: u8,
        position: Position,
    ) {
        self.marks.push(Mark { leaf: cut(leaf), tlp, collection: collection.index() });
        self.end = self.end.max(position);
        self.verified += 1;
    }

    /// Notes a row that failed, the next in sequence.
    pub(super) fn reject(&mut self) {
        self.marks.push(REJECTED);
        self.count_rejected();
    }

    /// Notes a block list line of a verified object.
    pub(super) fn accept_entry(&mut self, entry: &EntryTag) {
        self.entries.insert(entry.0);
    }

    /// Notes the tick of a verified batch.
    pub(super) fn accept_tick(&mut self, tick: i64) {
        self.newest_tick = self.newest_tick.max(tick);
    }

    /// Whether these are the bytes that were signed, in the collection and with the marking that
    /// were signed; `leaf` is [`leaf_hash`] of the bytes. Counts the row when they are not.
    pub(super) fn check(&self, sequence: i64, collection: &str, tlp: i64, leaf: &Hash) -> bool {
        let index = usize::try_from(sequence.wrapping_sub(1)).unwrap_or(usize::MAX);
        let Some(mark) = self.marks.get(index) else { return false };
        if mark.tlp == REJECTED.tlp {
            // Counted when it was rejected.
            return false;
        }
        let same = i64::from(mark.tlp) == tlp
            && Collection::find(collection).map(Collection::index) == Some(mark.collection)
            && cut(leaf) == mark.leaf;
        if !same {
            self.count_rejected();
        }
        same
    }

    /// Whether this block list line comes from a signed object.
    pub(super) fn check_entry(&self, entry: &EntryTag) -> bool {
        let known = self.entries.contains(&entry.0);
        if !known {
            self.count_rejected();
        }
        known
    }
}

fn cut(hash: &Hash) -> Tag {
    let mut tag = [0; 16];
    tag.copy_from_slice(&hash[..16]);
    tag
}

/// Stands for one block list line of one object.
pub(super) struct EntryTag(Tag);

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
        Self(cut(&hash.into()))
    }
}
