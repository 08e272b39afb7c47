//! Signed batches between vault and shelf. A batch is written here in the same transaction that
//! marks its values as released, then put on the shelf; a crash between the two loses nothing,
//! because the shelf takes the same batch twice without harm.

use noroshi_store::{StoreError, Tx};

super::statements! {
    APPEND = "INSERT INTO outbox (batch, position, collection, tick, body, published)
        VALUES ($1, $2, $3, $4, $5, 0)";
    LAST = "SELECT position, body FROM outbox WHERE collection = $1
        ORDER BY position DESC LIMIT 1";
    WAITING = "SELECT batch, body FROM outbox WHERE published = 0 ORDER BY collection, position";
    PUBLISHED = "UPDATE outbox SET published = 1 WHERE batch = $1";
    NEWEST_TICK = "SELECT tick FROM outbox WHERE collection = $1 ORDER BY position DESC LIMIT 1";
    SINCE = "SELECT batch, body FROM outbox WHERE tick >= $1 AND published = 1
        ORDER BY tick, collection, position";
}

/// Appends a batch at `position` of its collection.
///
/// # Errors
/// When the position is taken or the vault cannot be written.
pub fn append(
    tx: &mut Tx<'_>,
    batch: &[u8; 16],
    position: i64,
    collection: &str,
    tick_micros: i64,
    body: &[u8],
) -> Result<(), StoreError> {
    let params = [
        batch.as_slice().into(),
        position.into(),
        collection.into(),
        tick_micros.into(),
        body.into(),
    ];
    tx.execute(APPEND, &params).map(drop)
}

/// The newest batch of a collection: position and body.
///
/// # Errors
/// When the vault cannot be read.
pub fn last(tx: &mut Tx<'_>, collection: &str) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    tx.query_one(LAST, &[collection.into()], |r| Ok((r.int(0)?, r.blob(1)?)))
}

/// A batch as the outbox keeps it: id and body.
pub type Waiting = (Vec<u8>, Vec<u8>);

/// Batches the shelf may not have yet, oldest first: id and body.
///
/// # Errors
/// When the vault cannot be read.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>, StoreError> {
    tx.query(WAITING, &[], |r| Ok((r.blob(0)?, r.blob(1)?)))
}

/// The tick of the newest batch of any of these collections, in microseconds; `None` where there
/// is none yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn newest_tick(tx: &mut Tx<'_>, collections: &[&str]) -> Result<Option<i64>, StoreError> {
    let mut newest = None;
    for collection in collections {
        newest = newest.max(tx.query_one(NEWEST_TICK, &[(*collection).into()], |r| r.int(0))?);
    }
    Ok(newest)
}

/// Batches of this tick and later ones that the shelf took once, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn since(tx: &mut Tx<'_>, tick_micros: i64) -> Result<Vec<Waiting>, StoreError> {
    tx.query(SINCE, &[tick_micros.into()], |r| Ok((r.blob(0)?, r.blob(1)?)))
}

/// Marks a batch as being on the shelf.
///
/// # Errors
/// When the vault cannot be written.
pub fn published(tx: &mut Tx<'_>, batch: &[u8]) -> Result<(), StoreError> {
    tx.execute(PUBLISHED, &[batch.into()]).map(drop)
}
