//! Batches on their way from the vault to the shelf.

use noroshi_anonymity::{Lane, Release};
use noroshi_outlet::{ReleasedObject, SignedBatch};
use noroshi_seal::{BatchHead, SealError, SignedBatchHead, SigningKey, leaf_hash};
use noroshi_store::{StoreError, Tx};

use crate::vault::outbox;

/// Signs objects as the next batch of `collection` and puts it into the outbox, all in the
/// caller's transaction. Objects are ordered by their id, which is random, so that the order says
/// nothing about the order of reports. The tick of a batch is never before that of an earlier one,
/// even where the clock went back: what a shelf lacks is found by its newest tick.
///
/// # Errors
/// When the vault cannot be written, or another hub process took the place of this batch first:
/// then the whole transaction is undone and the next tick repeats it.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    key: &SigningKey,
    batch_id: [u8; 16],
    collection: &str,
    tick_micros: i64,
    mut objects: Vec<BatchMember>,
) -> Result<(), StoreError> {
    objects.sort();
    let tick_micros = newest_tick(tx)?.map_or(tick_micros, |newest| newest.max(tick_micros));
    let (position, previous) = match outbox::last(tx, collection)? {
        Some((position, body)) => {
            let batch = decode(&body).map_err(damaged)?;
            (position + 1, batch.head.head.hash())
        }
        None => (0, [0; 32]),
    };
    let leaves: Vec<_> = objects.iter().map(|(_, bytes)| leaf_hash(bytes)).collect();
    let head = BatchHead::over(batch_id, collection, tick_micros, &leaves, previous)
        .map_err(damaged)?
        .sign(key);
    let bodies: Vec<&[u8]> = objects.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    outbox::append(tx, &batch_id, position, collection, tick_micros, &encode(&head, &bodies))
}

/// The tick of the newest batch of either lane; no version of any object is younger.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn newest_tick(tx: &mut Tx<'_>) -> Result<Option<i64>, StoreError> {
    outbox::newest_tick(tx, &[Lane::Signal, Lane::Context].map(Lane::collection))
}

/// An object of a batch: its id, and the bytes to serve.
pub(crate) type BatchMember = (String, Vec<u8>);

/// A release as it goes into a batch.
pub(crate) fn member_of_batch(release: Release) -> BatchMember {
    (release.id().to_string(), release.into_json())
}

fn damaged(e: SealError) -> StoreError {
    StoreError::Refused(format!("the outbox holds a damaged batch ({e}); restore a backup"))
}

/// Length-prefixed: the signed head, then each object.
fn encode(head: &SignedBatchHead, objects: &[&[u8]]) -> Vec<u8> {
    let head = head.to_bytes();
    let mut out = Vec::new();
    for piece in std::iter::once(head.as_slice()).chain(objects.iter().copied()) {
        out.extend_from_slice(&(piece.len() as u64).to_be_bytes());
        out.extend_from_slice(piece);
    }
    out
}

/// Reads what the outbox keeps.
///
/// # Errors
/// When the bytes are not such a batch.
pub(crate) fn decode(mut body: &[u8]) -> Result<SignedBatch, SealError> {
    let mut pieces = Vec::new();
    while !body.is_empty() {
        let (piece, rest) = take(body).ok_or(SealError::BadBatch("length"))?;
        pieces.push(piece);
        body = rest;
    }
    let mut pieces = pieces.into_iter();
    let head = pieces.next().ok_or(SealError::BadBatch("head"))?;
    Ok(SignedBatch {
        head: SignedBatchHead::from_bytes(head)?,
        objects: pieces.map(|bytes| ReleasedObject { bytes: bytes.to_vec() }).collect(),
    })
}

fn take(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(8)?;
    let length = u64::from_be_bytes(length.try_into().ok()?);
    rest.split_at_checked(usize::try_from(length).ok()?)
}
