//! Putting a signed batch on the shelf.

use noroshi_seal::{Hash, SignedBatchHead, leaf_hash};
use noroshi_store::{Param, StoreError, Tx};

use super::facts::Facts;
use super::{Shelf, schema};
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

/// A batch that was checked and waits for the transaction.
struct Prepared {
    head: SignedBatchHead,
    head_bytes: Vec<u8>,
    collection: Collection,
    leaves: Vec<u8>,
    objects: Vec<(Facts, Vec<u8>)>,
}

impl Shelf {
    /// Verifies the batch, stores it in one transaction and makes it visible. Publishing the same
    /// batch again changes nothing.
    ///
    /// Objects get increasing sequence numbers, and times of addition that start at the tick (or
    /// after the last one given) and increase by a microsecond each.
    pub async fn publish(&self, batch: SignedBatch) -> Result<Published, OutletError> {
        let prepared = self.prepare(batch)?;
        let done = self.0.store.write("publish", move |tx| store(tx, &prepared)).await?;
        self.catch_up().await?;
        Ok(done)
    }

    fn prepare(&self, batch: SignedBatch) -> Result<Prepared, OutletError> {
        let SignedBatch { head, objects } = batch;
        let Some(key) = self.0.trust.keys.iter().find(|k| k.key_id() == head.key_id) else {
            return Err(OutletError::UnknownKey(head.key_id));
        };
        let leaves: Vec<Hash> = objects.iter().map(|o| leaf_hash(&o.bytes)).collect();
        head.verify_with_objects(key, &leaves)?;
        let collection = Collection::find(&head.head.collection)
            .ok_or_else(|| OutletError::UnknownCollection(head.head.collection.clone()))?;
        let objects = objects
            .into_iter()
            .enumerate()
            .map(|(index, object)| {
                Facts::read_for_publishing(&object.bytes, &self.0.trust.creator)
                    .map(|facts| (facts, object.bytes))
                    .map_err(|reason| OutletError::BadObject { index, reason })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let head_bytes = head.to_bytes();
        Ok(Prepared { head, head_bytes, collection, leaves: leaves.concat(), objects })
    }
}

fn store(tx: &mut Tx<'_>, batch: &Prepared) -> Result<Published, StoreError> {
    let head = &batch.head.head;
    let batch_id = &head.batch_id[..];
    let known = tx.query_one(schema::BATCH_BY_ID, &[Param::from(batch_id)], |row| row.blob(0))?;
    if let Some(known) = known {
        if known == batch.head_bytes {
            return Ok(Published::Already);
        }
        return Err(StoreError::Refused("another batch with this id is on the shelf".into()));
    }
    let count = i64::from(head.count);
    let last = bump(tx, "sequence", count)?;
    let first = last - count + 1;
    let date_added = bump(tx, "date_added", 0)?.saturating_add(1).max(head.tick_micros);
    tx.execute(
        schema::SET_COUNTER,
        &[
            Param::from("date_added"),
            Param::from(date_added.saturating_add(count).saturating_sub(1)),
        ],
    )?;
    tx.execute(
        schema::INSERT_BATCH,
        &[
            Param::from(batch_id),
            Param::from(first),
            Param::from(count),
            Param::from(batch.collection.alias()),
            Param::from(head.tick_micros),
            Param::from(&batch.head_bytes),
            Param::from(&batch.leaves),
        ],
    )?;
    for ((facts, json), offset) in batch.objects.iter().zip(0_i64..) {
        let place = Place { sequence: first + offset, date_added: date_added + offset };
        insert(tx, batch, place, facts, json)?;
    }
    Ok(Published::New)
}

struct Place {
    sequence: i64,
    date_added: i64,
}

fn insert(
    tx: &mut Tx<'_>,
    batch: &Prepared,
    place: Place,
    facts: &Facts,
    json: &[u8],
) -> Result<(), StoreError> {
    let collection = batch.collection.alias();
    let (newest, oldest) = arrange_versions(tx, collection, facts)?;
    tx.execute(
        schema::INSERT_OBJECT,
        &[
            Param::from(place.sequence),
            Param::from(collection),
            Param::from(&facts.id),
            Param::from(&facts.object_type),
            Param::from(&facts.spec_version),
            Param::from(facts.version),
            Param::from(place.date_added),
            Param::from(i64::from(facts.tlp.rank())),
            Param::from(newest),
            Param::from(oldest),
            Param::from(&batch.head.head.batch_id[..]),
            Param::from(json),
        ],
    )?;
    if !newest || facts.revoked {
        return Ok(());
    }
    for (kind, value) in &facts.entries {
        tx.execute(
            schema::INSERT_ENTRY,
            &[
                Param::from(place.sequence),
                Param::from(kind.as_str()),
                Param::from(value.as_bytes()),
                Param::from(facts.until),
                Param::from(i64::from(facts.tlp.rank())),
            ],
        )?;
    }
    Ok(())
}

/// Finds where a version stands among the others of its object, and moves their marks: the answer
/// is whether it is the newest and whether it is the oldest.
fn arrange_versions(
    tx: &mut Tx<'_>,
    collection: &str,
    facts: &Facts,
) -> Result<(bool, bool), StoreError> {
    let others = tx.query(
        schema::VERSIONS_OF_ID,
        &[Param::from(collection), Param::from(&facts.id)],
        |row| Ok((row.int(0)?, row.int(1)?, row.int(2)? != 0, row.int(3)? != 0)),
    )?;
    if others.iter().any(|(_, version, ..)| *version == facts.version) {
        return Err(StoreError::Refused(format!(
            "this version of {} is on the shelf already, in another batch",
            facts.id
        )));
    }
    let newest = others.iter().all(|(_, version, ..)| *version < facts.version);
    let oldest = others.iter().all(|(_, version, ..)| *version > facts.version);
    for (sequence, _, was_newest, was_oldest) in others {
        if newest && was_newest {
            tx.execute(schema::CLEAR_NEWEST, &[Param::from(sequence)])?;
            tx.execute(schema::DELETE_ENTRIES, &[Param::from(sequence)])?;
        }
        if oldest && was_oldest {
            tx.execute(schema::CLEAR_OLDEST, &[Param::from(sequence)])?;
        }
    }
    Ok((newest, oldest))
}

/// Adds to a counter; the new value.
pub(super) fn bump(tx: &mut Tx<'_>, name: &str, by: i64) -> Result<i64, StoreError> {
    tx.query_one(schema::BUMP_COUNTER, &[Param::from(name), Param::from(by)], |row| row.int(0))?
        .ok_or_else(|| StoreError::Refused(format!("the shelf has no counter {name:?}")))
}
