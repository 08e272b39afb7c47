//! Deletions in `partners`, signed like everything else: without a statement of the hub an object
//! that is missing from the log is a sign of tampering.

use std::collections::HashMap;
use std::sync::Arc;

use noroshi_seal::{BatchHead, Hash, SignedBatchHead, leaf_hash};
use noroshi_store::{Param, StoreError, Tx};

use super::index::Place;
use super::{Trust, schema};

/// What the head of a deletion names in place of a collection; no collection has this name.
const SCOPE: &str = "partners/deleted";
/// Bytes of one object in a statement: its sequence number and its leaf hash.
const ITEM: usize = 8 + 32;

/// Deletions that were verified: places and the leaf hashes of what stood there.
#[derive(Clone, Default)]
pub(super) struct Deletions {
    places: HashMap<Place, Hash>,
    /// How many statements were read.
    pub(super) read: i64,
}

/// An object to delete.
pub(super) struct Deleted {
    pub(super) place: Place,
    pub(super) leaf: Hash,
}

impl Deletions {
    /// Whether the object with this leaf hash was deleted at this place.
    pub(super) fn has(&self, place: Place, leaf: &Hash) -> bool {
        self.places.get(&place) == Some(leaf)
    }

    /// Reads the statements after the last one read; answers the places they name. One that is not
    /// signed is passed over: what it names is then missing, and noticed.
    pub(super) fn read_on(
        known: &mut Arc<Self>,
        tx: &mut Tx<'_>,
        trust: &Trust,
    ) -> Result<Vec<Place>, StoreError> {
        let (mut read, mut fresh) = (known.read, Vec::new());
        tx.each(schema::DELETIONS_AFTER, &[Param::from(known.read)], |row| {
            let (number, head, statement) = (row.int(0)?, row.blob_ref(1)?, row.blob_ref(2)?);
            read = read.max(number);
            if !is_signed(trust, head, statement) {
                tracing::error!(number, "a deletion on the shelf is not signed");
                return Ok(());
            }
            let (items, _) = statement.as_chunks::<ITEM>();
            for item in items {
                let (sequence, leaf) = item.split_at(8);
                let sequence = sequence.try_into().map(i64::from_be_bytes).unwrap_or(0);
                let place = Place::try_from(sequence.saturating_sub(1));
                if let (Ok(place), Ok(leaf)) = (place, Hash::try_from(leaf)) {
                    fresh.push((place, leaf));
                }
            }
            Ok(())
        })?;
        if read != known.read {
            let known = Arc::make_mut(known);
            known.read = read;
            known.places.extend(fresh.iter().copied());
        }
        Ok(fresh.into_iter().map(|(place, _)| place).collect())
    }

    /// Notes what this process deleted itself. Where another process stated something in between,
    /// both are still to be read.
    pub(super) fn note(&mut self, number: i64, deleted: &[Deleted]) {
        if number == self.read.saturating_add(1) {
            self.read = number;
        }
        self.places.extend(deleted.iter().map(|d| (d.place, d.leaf)));
    }
}

/// The statement over objects to delete, and the head that the hub signs over it.
pub(super) fn state(
    deleted: &[Deleted],
    id: [u8; 16],
    at: i64,
) -> Result<(Vec<u8>, BatchHead), noroshi_seal::SealError> {
    let mut statement = Vec::with_capacity(deleted.len() * ITEM);
    for one in deleted {
        statement.extend_from_slice(&(i64::from(one.place) + 1).to_be_bytes());
        statement.extend_from_slice(&one.leaf);
    }
    let head = BatchHead::over(id, SCOPE, at, &[leaf_hash(&statement)], [0; 32])?;
    Ok((statement, head))
}

fn is_signed(trust: &Trust, head: &[u8], statement: &[u8]) -> bool {
    let Ok(head) = SignedBatchHead::from_bytes(head) else { return false };
    let key = trust.keys.iter().find(|k| k.key_id() == head.key_id);
    head.head.collection == SCOPE
        && key.is_some_and(|k| head.verify_with_objects(k, &[leaf_hash(statement)]).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_of_another_process_in_between_is_still_to_be_read() {
        let mut deletions = Deletions::default();
        deletions.note(2, &[]);
        assert_eq!(deletions.read, 0);
        deletions.note(1, &[]);
        assert_eq!(deletions.read, 1);
    }
}
