//! Reading the log and checking it against the signatures, row by row.
//!
//! Nothing of the database is believed: a head has to carry a trusted key's signature, the leaf
//! hashes have to make up its root, and each object has to have its leaf hash.

use std::ops::Range;

use axum::body::Bytes;
use noroshi_seal::{Hash, SignedBatchHead, leaf_hash};
use noroshi_store::{Param, Row, StoreError, Tx};

use super::deletion::Deletions;
use super::facts::Facts;
use super::index::{Place, Segment};
use super::segment::{SegmentRow, digest};
use super::{Contributor, Trust, schema};
use crate::collection::Collection;

/// A row of the batch table.
pub(super) struct BatchRow {
    id: Vec<u8>,
    first: i64,
    count: i64,
    date_added: i64,
    head: Vec<u8>,
    leaves: Vec<u8>,
}

/// A batch whose head is signed, and its leaf hashes.
pub(super) struct SignedRow {
    pub(super) collection: Collection,
    pub(super) tick: i64,
    pub(super) leaves: Vec<Hash>,
    /// What the next head of the collection names as the one before it.
    pub(super) hash: Hash,
}

/// A segment after verification.
pub(super) struct Checked {
    pub(super) segment: Segment,
    pub(super) objects: Vec<CheckedObject>,
    /// The body, where it is worth keeping in memory.
    pub(super) body: Option<Bytes>,
}

/// One object of a [`Checked`] segment.
pub(super) struct CheckedObject {
    pub(super) verdict: Verdict,
    /// Bytes it takes in the body.
    pub(super) length: u32,
}

/// What verification found.
pub(super) enum Verdict {
    /// The bytes are signed.
    Good(Box<Facts>),
    /// The hub stated that it is deleted.
    Deleted,
    /// Missing or changed.
    Bad,
}

impl BatchRow {
    /// Reads the columns of [`schema::BATCHES_FROM`] and [`schema::BATCH_AT`].
    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.blob(0)?,
            first: row.int(1)?,
            count: row.int(2)?,
            date_added: row.int(3)?,
            head: row.blob(4)?,
            leaves: row.blob(5)?,
        })
    }

    /// The places of its objects, where the numbers make sense.
    pub(super) fn places(&self) -> Option<Range<Place>> {
        let before = self.first.checked_sub(1)?;
        let end = Place::try_from(before.checked_add(self.count)?).ok()?;
        Some(Place::try_from(before).ok()?..end).filter(|places| !places.is_empty())
    }

    /// The signed head as it was stored.
    pub(super) fn head(&self) -> Option<SignedBatchHead> {
        SignedBatchHead::from_bytes(&self.head).ok()
    }

    /// The head's contents and the leaves it covers, when a trusted key signed them for a
    /// collection there is.
    pub(super) fn check(&self, trust: &Trust) -> Option<SignedRow> {
        let head = SignedBatchHead::from_bytes(&self.head).ok()?;
        let key = trust.keys.iter().find(|k| k.key_id() == head.key_id)?;
        let (leaves, rest) = self.leaves.as_chunks::<32>();
        // Under another id it would be a batch that is played a second time.
        let itself = self.id == head.head.batch_id && i64::from(head.head.count) == self.count;
        if !rest.is_empty() || !itself {
            return None;
        }
        let collection = Collection::find(&head.head.collection)
            .filter(|c| c.alias() == head.head.collection)?;
        head.verify_with_objects(key, leaves).ok()?;
        let (tick, hash) = (head.head.tick_micros, head.head.hash());
        Some(SignedRow { collection, tick, leaves: leaves.to_vec(), hash })
    }
}

/// Reads and verifies the segments of a batch that are `within` these places. What of them is
/// missing comes as a segment without body, so that the places in the log stay whole.
pub(super) fn segments_of(
    tx: &mut Tx<'_>,
    batch: &BatchRow,
    within: Range<Place>,
    signed: Option<&SignedRow>,
    deletions: &Deletions,
    keep: impl Fn(Place) -> bool,
) -> Result<Vec<Checked>, StoreError> {
    let Range { start: mut next, end } = within;
    let (Some(first), Some(signed)) = (batch.places().map(|all| all.start), signed) else {
        return Ok(missing(next, end).into_iter().collect());
    };
    let mut out = Vec::new();
    let range = [Param::from(i64::from(next) + 1), Param::from(i64::from(end))];
    tx.each(schema::SEGMENTS, &range, |row| {
        let row = SegmentRow::read(row)?;
        let start = place(row.first_sequence)?;
        let count = Place::try_from(row.lengths.len()).unwrap_or(Place::MAX);
        if start < next || count == 0 || count > end - start.min(end) {
            // Overlaps what was read, or reaches beyond the batch: somebody put it in.
            return Ok(());
        }
        out.extend(missing(next, start));
        next = start + count;
        let objects =
            (start..).zip(row.objects()).zip(&row.lengths).map(|((at, object), length)| {
                let leaf = signed.leaves.get((at - first) as usize);
                let verdict = judge(object, leaf, at, signed.collection, deletions);
                // Where no object lies, the next one begins: whatever length is written there.
                CheckedObject { verdict, length: object.map_or(0, |_| *length) }
            });
        let objects = objects.collect();
        let segment = Segment {
            first: start,
            count,
            date_added: batch.date_added.saturating_add(i64::from(start - first)),
            digest: digest(row.body),
            collection: signed.collection,
            contributor: row.contributor.try_into().ok().map(Contributor),
        };
        let body = keep(next - 1).then(|| Bytes::copy_from_slice(row.body));
        out.push(Checked { segment, objects, body });
        Ok(())
    })?;
    out.extend(missing(next, end));
    Ok(out)
}

/// Reads one segment again after it was found changed: what each object is now, and the digest.
/// `None` where it is not there, or no longer covered by a signature.
pub(super) fn segment_again(
    tx: &mut Tx<'_>,
    trust: &Trust,
    segment: &Segment,
    deletions: &Deletions,
) -> Result<Option<Checked>, StoreError> {
    let sequence = i64::from(segment.first) + 1;
    let batch = tx.query_one(schema::BATCH_AT, &[Param::from(sequence)], BatchRow::read)?;
    let Some(batch) = batch else { return Ok(None) };
    let Some(signed) = batch.check(trust) else { return Ok(None) };
    let all = segments_of(tx, &batch, segment.places(), Some(&signed), deletions, |_| false)?;
    let same = |c: &Checked| (c.segment.first, c.segment.count) == (segment.first, segment.count);
    Ok(all.into_iter().find(same))
}

/// A segment that stands for places whose objects are not there.
pub(super) fn missing(first: Place, end: Place) -> Option<Checked> {
    let count = end.checked_sub(first).filter(|count| *count > 0)?;
    let segment = Segment {
        first,
        count,
        date_added: 0,
        digest: [0; 32],
        collection: Collection::Signals,
        contributor: None,
    };
    let objects = (0..count).map(|_| CheckedObject { verdict: Verdict::Bad, length: 0 }).collect();
    Some(Checked { segment, objects, body: None })
}

fn judge(
    object: Option<&[u8]>,
    leaf: Option<&Hash>,
    at: Place,
    collection: Collection,
    deletions: &Deletions,
) -> Verdict {
    match (object, leaf) {
        // Its bytes were put back.
        (Some(_), Some(leaf)) if deletions.has(at, leaf) => Verdict::Bad,
        (Some(bytes), Some(leaf)) if leaf_hash(bytes) == *leaf => Facts::read(bytes, collection)
            .map_or(Verdict::Bad, |facts| Verdict::Good(Box::new(facts))),
        (None, Some(leaf)) if deletions.has(at, leaf) => Verdict::Deleted,
        _ => Verdict::Bad,
    }
}

fn place(sequence: i64) -> Result<Place, StoreError> {
    Place::try_from(sequence - 1)
        .map_err(|_| StoreError::Refused("the shelf holds a sequence number out of range".into()))
}
