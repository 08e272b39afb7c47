//! Taking in what is new: the only way for an object to become visible.

use std::sync::Arc;

use axum::body::Bytes;
use noroshi_seal::{Hash, SignedBatchHead, leaf_hash};
use noroshi_store::{Param, StoreError};

use super::facts::Facts;
use super::ledger::EntryTag;
use super::row::ObjectRow;
use super::{Shelf, Trust, schema};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::release::{Action, Release, Wave};

/// A batch as the database has it.
struct StoredBatch {
    first: i64,
    count: i64,
    head: Vec<u8>,
    leaves: Vec<u8>,
}

/// What became of one row of a batch.
enum Verdict {
    Good(Box<Verified>),
    Bad,
}

/// A row whose bytes are signed.
struct Verified {
    leaf: Hash,
    facts: Facts,
    collection: Collection,
    position: Position,
    newest: bool,
    oldest: bool,
    /// Kept only for what goes into the window.
    json: Option<Bytes>,
}

impl Shelf {
    /// Verifies the batches that came since the last time, makes their objects visible, tells the
    /// listeners, and reads the credentials again where they changed.
    pub(super) async fn catch_up(&self) -> Result<(), OutletError> {
        let _turn = self.0.catching_up.lock().await;
        let counters = self
            .0
            .store
            .read("counters", |tx| {
                tx.query(schema::COUNTERS, &[], |row| Ok((row.text(0)?, row.int(1)?)))
            })
            .await?;
        let counter =
            |name: &str| counters.iter().find(|(n, _)| n == name).map_or(0, |(_, value)| *value);
        self.refresh_credentials(counter("credentials")).await?;
        let last = counter("sequence");
        let from = self.end();
        let mut fresh = Vec::new();
        let mut tick = 0;
        while self.through() < last {
            let before = self.through();
            for batch in self.batches_after(before).await? {
                tick = tick.max(self.take_in(batch, last, &mut fresh).await?);
            }
            if self.through() == before {
                // The row of a batch is gone. Leave it to the next batch to step over its objects.
                break;
            }
        }
        if !fresh.is_empty() {
            let wave = Wave::new(from, self.end(), tick, &fresh);
            // No listener is no error.
            let _ = self.0.waves.send(Arc::new(wave));
        }
        Ok(())
    }

    /// Verifies one batch and adds it to the view; gives the batch's tick, 0 when it is not signed.
    async fn take_in(
        &self,
        batch: StoredBatch,
        last: i64,
        fresh: &mut Vec<Arc<Release>>,
    ) -> Result<i64, OutletError> {
        let head = check_head(&self.0.trust, &batch);
        let first = batch.first;
        // At start the whole shelf passes by here; only its end is worth keeping.
        let window = i64::try_from(self.0.window).unwrap_or(i64::MAX);
        let keep_after = last.saturating_sub(window);
        let count = usize::try_from(batch.count).unwrap_or(0);
        let verdicts = match &head {
            None => (0..count).map(|_| Verdict::Bad).collect(),
            Some((head, leaves)) => {
                let collection = Collection::find(&head.head.collection);
                let leaves = leaves.clone();
                self.0
                    .store
                    .read("verify", move |tx| {
                        let mut verdicts = Vec::new();
                        verdicts.resize_with(count, || Verdict::Bad);
                        let range = [Param::from(first), Param::from(first + batch.count)];
                        tx.each(schema::OBJECTS_OF_BATCH, &range, |row| {
                            let row = ObjectRow::read(row)?;
                            let index = usize::try_from(row.position.sequence - first);
                            let Ok(index) = index else { return Ok(()) };
                            let leaf = leaves.get(index);
                            let keep = row.position.sequence > keep_after;
                            if let (Some(leaf), Some(slot)) = (leaf, verdicts.get_mut(index))
                                && let Some(good) = check_row(&row, leaf, collection, keep)
                            {
                                *slot = Verdict::Good(Box::new(good));
                            }
                            Ok(())
                        })?;
                        Ok(verdicts)
                    })
                    .await?
            }
        };
        let tick = head.map_or(0, |(head, _)| head.head.tick_micros);
        self.show(first, verdicts, tick, fresh);
        Ok(tick)
    }

    /// Writes the verdicts into the view.
    fn show(&self, first: i64, verdicts: Vec<Verdict>, tick: i64, fresh: &mut Vec<Arc<Release>>) {
        let mut view = self.view_mut();
        // Rows between batches belong to a batch that was deleted.
        while view.ledger.through() < first - 1 {
            view.ledger.reject();
        }
        view.ledger.accept_tick(tick);
        let (mut verified, mut rejected) = (0_u64, 0_u64);
        for verdict in verdicts {
            let Verdict::Good(row) = verdict else {
                view.ledger.reject();
                rejected += 1;
                continue;
            };
            verified += 1;
            let facts = &row.facts;
            view.ledger.accept(&row.leaf, row.collection, facts.tlp.rank(), row.position);
            if !facts.revoked {
                let tlp = i64::from(facts.tlp.rank());
                for (kind, value) in &facts.entries {
                    let (sequence, value) = (row.position.sequence, value.as_bytes());
                    let tag = EntryTag::new(sequence, kind.as_str(), value, facts.until, tlp);
                    view.ledger.accept_entry(&tag);
                }
            }
            let Verified { facts, collection, position, newest, oldest, json, .. } = *row;
            let Some(json) = json else {
                view.recent.skip(position);
                continue;
            };
            let release = Arc::new(Release {
                position,
                collection,
                id: facts.id,
                object_type: facts.object_type,
                spec_version: facts.spec_version,
                version: facts.version,
                tlp: facts.tlp,
                action: Action::of(facts.revoked, oldest),
                shown: facts.entries.into_iter().next(),
                json,
            });
            view.recent.push(release.clone(), newest, oldest);
            fresh.push(release);
        }
        drop(view);
        if rejected > 0 {
            tracing::error!(rejected, verified, first, "rows of the shelf fail verification");
        }
    }

    fn through(&self) -> i64 {
        self.view().ledger.through()
    }

    async fn batches_after(&self, sequence: i64) -> Result<Vec<StoredBatch>, StoreError> {
        self.0
            .store
            .read("batches", move |tx| {
                let params = [Param::from(sequence + 1), Param::from(BATCHES_AT_ONCE)];
                tx.query(schema::BATCHES_FROM, &params, |row| {
                    Ok(StoredBatch {
                        first: row.int(0)?,
                        count: row.int(1)?,
                        head: row.blob(2)?,
                        leaves: row.blob(3)?,
                    })
                })
            })
            .await
    }
}

/// How many batch heads are read at once.
const BATCHES_AT_ONCE: i64 = 256;

/// The head and the leaves it covers, when a trusted key signed them.
fn check_head(trust: &Trust, batch: &StoredBatch) -> Option<(SignedBatchHead, Vec<Hash>)> {
    let head = SignedBatchHead::from_bytes(&batch.head).ok()?;
    let key = trust.keys.iter().find(|k| k.key_id() == head.key_id)?;
    let (leaves, rest) = batch.leaves.as_chunks::<32>();
    if !rest.is_empty() || i64::from(head.head.count) != batch.count {
        return None;
    }
    let leaves = leaves.to_vec();
    head.verify_with_objects(key, &leaves).ok()?;
    Some((head, leaves))
}

/// Whether the row is what was signed, in its bytes and in the columns made from them.
fn check_row(
    row: &ObjectRow<'_>,
    leaf: &Hash,
    collection: Option<Collection>,
    keep: bool,
) -> Option<Verified> {
    if leaf_hash(row.json) != *leaf {
        return None;
    }
    let collection = collection.filter(|c| c.alias() == row.collection)?;
    let facts = Facts::read(row.json).ok()?;
    let same = facts.id == row.id
        && facts.object_type == row.object_type
        && facts.spec_version == row.spec_version
        && facts.version == row.version
        && i64::from(facts.tlp.rank()) == row.tlp;
    same.then(|| Verified {
        leaf: *leaf,
        facts,
        collection,
        position: row.position,
        newest: row.newest,
        oldest: row.oldest,
        json: keep.then(|| Bytes::copy_from_slice(row.json)),
    })
}
