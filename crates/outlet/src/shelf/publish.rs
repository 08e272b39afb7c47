//! Putting a signed batch on the shelf.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use noroshi_seal::{Hash, SignedBatchHead, leaf_hash};
use noroshi_store::{Param, StoreError, Tx};

use super::catalog::Translations;
use super::facts::Facts;
use super::index::{Place, Segment};
use super::segment::Packed;
use super::{Contributor, Posting, Shelf, schema};
use crate::collection::Collection;
use crate::error::OutletError;

/// A batch of releases with the head that the hub signed.
#[derive(Clone, Debug)]
pub struct SignedBatch {
    /// The signed head.
    pub head: SignedBatchHead,
    /// The objects, in the order of the Merkle tree.
    pub objects: Vec<ReleasedObject>,
}

/// One object to release.
#[derive(Clone, Debug)]
pub struct ReleasedObject {
    /// The JSON to serve, byte for byte.
    pub bytes: Vec<u8>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is stored and visible.
    New,
    /// It had been stored before; nothing was changed.
    Already,
}

/// A signed batch whose objects were read.
pub(super) struct Batch {
    pub(super) collection: Collection,
    pub(super) head: SignedBatchHead,
    pub(super) leaves: Vec<Hash>,
    pub(super) facts: Vec<Facts>,
    pub(super) segments: Vec<Packed>,
    pub(super) contributor: Option<Contributor>,
    /// What is told of the request that brought it.
    pub(super) posting: Option<Posting>,
}

/// What a batch changes in the block lists.
#[derive(Default)]
pub(super) struct Lines {
    /// Sequence numbers whose lines no longer count.
    superseded: Vec<i64>,
    /// Which objects of the batch have lines.
    listed: Vec<bool>,
}

/// What a writing transaction came to.
enum Stored {
    At {
        first: i64,
        date_added: i64,
    },
    /// Another process wrote meanwhile: look again what is there.
    Stale,
}

impl Shelf {
    /// Verifies the batch, stores it in one transaction and makes it visible. Publishing the same
    /// batch again changes nothing.
    ///
    /// Objects get increasing sequence numbers, and times of addition that start at the tick (or
    /// after the last one given) and increase by a microsecond each.
    ///
    /// # Errors
    /// Where a signature, an object or a version is not what may be released, or the database does
    /// not answer. Nothing of a refused batch is kept.
    pub async fn publish(&self, batch: SignedBatch) -> Result<Published, OutletError> {
        let batch = Arc::new(self.prepare(batch)?);
        let mut turn = self.0.turn.lock().await;
        for _ in 0..MAX_ATTEMPTS {
            self.catch_up_in(&mut turn).await?;
            if self.is_known(&batch.head).await? {
                return Ok(Published::Already);
            }
            let lines = Arc::new(self.arrange(&batch)?);
            if self.commit(&batch, &lines).await? {
                return Ok(Published::New);
            }
        }
        Err(OutletError::Unsteady)
    }

    /// Checks what does not depend on the shelf.
    fn prepare(&self, batch: SignedBatch) -> Result<Batch, OutletError> {
        let SignedBatch { head, objects } = batch;
        let Some(key) = self.0.trust.keys.iter().find(|k| k.key_id() == head.key_id) else {
            return Err(OutletError::UnknownKey(head.key_id));
        };
        let leaves: Vec<Hash> = objects.iter().map(|o| leaf_hash(&o.bytes)).collect();
        head.verify_with_objects(key, &leaves)?;
        let collection = Collection::find(&head.head.collection)
            .filter(|c| c.is_released())
            .ok_or_else(|| OutletError::UnknownCollection(head.head.collection.clone()))?;
        let facts = objects
            .iter()
            .enumerate()
            .map(|(index, object)| {
                Facts::read_for_publishing(&object.bytes, collection, &self.0.trust.creator)
                    .map_err(|reason| OutletError::BadObject { index, reason })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let segments = Packed::cut(objects.iter().map(|o| o.bytes.as_slice()));
        Ok(Batch { collection, head, leaves, facts, segments, contributor: None, posting: None })
    }

    /// Whether this very batch is on the shelf.
    async fn is_known(&self, head: &SignedBatchHead) -> Result<bool, StoreError> {
        let (id, bytes) = (head.head.batch_id, head.to_bytes());
        let known = self.0.store.read("batch", move |tx| {
            tx.query_one(schema::BATCH_BY_ID, &[Param::from(&id)], |row| row.blob(0))
        });
        match known.await? {
            None => Ok(false),
            Some(known) if known == bytes => Ok(true),
            Some(_) => {
                Err(StoreError::Refused("another batch with this id is on the shelf".into()))
            }
        }
    }

    /// Compares the objects with the versions that are there.
    fn arrange(&self, batch: &Batch) -> Result<Lines, StoreError> {
        let view = self.view();
        let mut newest: HashMap<&str, i64> = HashMap::new();
        let mut mine = HashSet::new();
        let mut lines = Lines::default();
        for facts in &batch.facts {
            let version = facts.version.unwrap_or_default();
            let there = view.index.of_version(batch.collection, &facts.id, version).is_some();
            if there || !mine.insert((facts.id.as_str(), version)) {
                return Err(StoreError::Refused(format!(
                    "this version of {} is on the shelf already, in another batch",
                    facts.id
                )));
            }
            let on_shelf = view.index.newest_of(batch.collection, &facts.id).next();
            let on_shelf = on_shelf.and_then(|p| Some((p, view.index.mark(p)?.version)));
            let latest = newest.entry(&facts.id).or_insert(i64::MIN);
            *latest = on_shelf.map_or(version, |(_, v)| v.max(version)).max(*latest);
            lines.superseded.extend(
                on_shelf.filter(|(_, v)| *v < version).map(|(place, _)| i64::from(place) + 1),
            );
        }
        let is_newest = |f: &Facts| newest.get(f.id.as_str()) == Some(&f.version.unwrap_or(0));
        lines.listed = batch.facts.iter().map(|f| !f.revoked && is_newest(f)).collect();
        Ok(lines)
    }

    /// Stores a batch and makes it visible; false where another process was quicker and all has to
    /// be compared again. The caller has the turn and is caught up.
    pub(super) async fn commit(
        &self,
        batch: &Arc<Batch>,
        lines: &Arc<Lines>,
    ) -> Result<bool, OutletError> {
        let (through, from) = (self.through(), self.end());
        let room = i64::from(Place::MAX) - through;
        if i64::try_from(batch.facts.len()).unwrap_or(i64::MAX) >= room {
            return Err(OutletError::Full);
        }
        let (writing, lines) = (Arc::clone(batch), Arc::clone(lines));
        let write = move |tx: &mut Tx<'_>| write(tx, &writing, &lines, through);
        let (first, date_added) = match self.0.store.write("publish", write).await? {
            Stored::At { first, date_added } => (first, date_added),
            Stored::Stale => return Ok(false),
        };
        let released = batch.collection.is_released();
        let tick = if released { batch.head.head.tick_micros } else { 0 };
        let fresh = {
            let translations = Translations::of(batch.facts.iter());
            let mut view = self.view_mut();
            view.newest_tick = view.newest_tick.max(tick);
            let mut facts = batch.facts.iter();
            let mut fresh = Vec::new();
            for (segment, packed) in batch.placed(first, date_added) {
                let objects: Vec<_> =
                    facts.by_ref().map(Some).zip(packed.lengths.iter().copied()).collect();
                let body = Some(&packed.body);
                fresh.extend(view.take_in(&segment, &objects, body, &translations));
            }
            fresh
        };
        if !fresh.is_empty() {
            self.tell(from, tick, &fresh);
        }
        Ok(true)
    }
}

impl Batch {
    /// The segments with their places in the log, where the first object has the sequence number
    /// `first`.
    fn placed(&self, first: i64, date_added: i64) -> impl Iterator<Item = (Segment, &Packed)> {
        let mut offset: Place = 0;
        let start = Place::try_from(first - 1).unwrap_or(Place::MAX);
        self.segments.iter().map(move |packed| {
            let count = Place::try_from(packed.lengths.len()).unwrap_or(Place::MAX);
            let segment = Segment {
                first: start + offset,
                count,
                date_added: date_added.saturating_add(i64::from(offset)),
                digest: packed.digest(),
                collection: self.collection,
                contributor: self.contributor,
            };
            offset += count;
            (segment, packed)
        })
    }
}

fn write(
    tx: &mut Tx<'_>,
    batch: &Batch,
    lines: &Lines,
    through: i64,
) -> Result<Stored, StoreError> {
    let head = &batch.head.head;
    let count = i64::from(head.count);
    let last = bump(tx, "sequence", count)?;
    let first = last - count + 1;
    if first != through + 1 {
        // Nothing may stay of what was bumped.
        bump(tx, "sequence", -count)?;
        return Ok(Stored::Stale);
    }
    // Partners have dates of their own, so that theirs never show in those of releases.
    let dates = if batch.collection.is_released() { "date_added" } else { "partners_date_added" };
    let date_added = first_date(bump(tx, dates, 0)?, head.tick_micros);
    let last_date = date_added.saturating_add(count).saturating_sub(1);
    tx.execute(schema::SET_COUNTER, &[Param::from(dates), Param::from(last_date)])?;
    tx.execute(
        schema::INSERT_BATCH,
        &[
            Param::from(&head.batch_id),
            Param::from(first),
            Param::from(count),
            Param::from(date_added),
            Param::from(&batch.head.to_bytes()),
            Param::from(&batch.leaves.concat()),
        ],
    )?;
    for sequence in &lines.superseded {
        tx.execute(schema::DELETE_ENTRIES, &[Param::from(*sequence)])?;
    }
    let contributor = batch.contributor.as_ref().map_or(&[][..], |c| &c.0);
    for (segment, packed) in batch.placed(first, date_added) {
        tx.execute(
            schema::INSERT_SEGMENT,
            &[
                Param::from(i64::from(segment.first) + 1),
                Param::from(&head.batch_id),
                Param::from(contributor),
                Param::from(&packed.lengths_column()),
                Param::from(&packed.body[..]),
            ],
        )?;
    }
    for ((facts, listed), sequence) in batch.facts.iter().zip(&lines.listed).zip(first..) {
        if *listed {
            insert_entries(tx, facts, sequence)?;
        }
    }
    if let Some(posting) = &batch.posting {
        posting.insert(tx)?;
    }
    Ok(Stored::At { first, date_added })
}

fn insert_entries(tx: &mut Tx<'_>, facts: &Facts, sequence: i64) -> Result<(), StoreError> {
    for (kind, value) in &facts.entries {
        tx.execute(
            schema::INSERT_ENTRY,
            &[
                Param::from(sequence),
                Param::from(kind.as_str()),
                Param::from(value.as_bytes()),
                Param::from(facts.until),
                Param::from(i64::from(facts.tlp.rank())),
            ],
        )?;
    }
    Ok(())
}

/// When the first object of a batch is added: at its tick, or after the newest date there is.
pub(super) fn first_date(newest: i64, tick: i64) -> i64 {
    newest.saturating_add(1).max(tick)
}

/// Adds to a counter; the new value.
pub(super) fn bump(tx: &mut Tx<'_>, name: &str, by: i64) -> Result<i64, StoreError> {
    tx.query_one(schema::BUMP_COUNTER, &[Param::from(name), Param::from(by)], |row| row.int(0))?
        .ok_or_else(|| StoreError::Refused(format!("the shelf has no counter {name:?}")))
}

/// How often a batch is compared anew because another process writes to the same shelf.
pub(super) const MAX_ATTEMPTS: usize = 16;
