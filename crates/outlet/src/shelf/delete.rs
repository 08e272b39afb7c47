//! Deleting in `partners`: the bytes are gone from the database, and the hub signed that they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use noroshi_seal::leaf_hash;
use noroshi_store::{Param, StoreError, Tx};

use super::deletion::{self, Deleted};
use super::index::{Place, Segment};
use super::publish::{MAX_ATTEMPTS, bump};
use super::segment::{Packed, SegmentRow, digest, split};
use super::{Contributor, Shelf, VersionFilter, schema};
use crate::collection::Collection;
use crate::error::OutletError;
use crate::writing::PartnerSigner;

/// What is to be deleted, and by whom.
pub(crate) struct Deletion {
    pub(crate) id: String,
    pub(crate) versions: VersionFilter,
    /// `Some(true)` for versions of STIX 2.0 only, `Some(false)` for those of 2.1 only.
    pub(crate) spec_20: Option<bool>,
    /// Under which name the caller posts.
    pub(crate) contributor: Option<Contributor>,
    /// Whether the caller may delete what others brought.
    pub(crate) moderate: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    /// Gone.
    Done,
    /// There is no such version.
    NotThere,
    /// Somebody else brought it; nothing was deleted.
    NotYours,
}

/// What segments lose, by their number.
type Losses = BTreeMap<usize, Loss>;

/// What one segment loses.
struct Loss {
    segment: Segment,
    /// Bytes of each of its objects, as verified: the column in the database is not.
    lengths: Vec<u32>,
    /// Which objects go, counted from the first.
    gone: Vec<usize>,
}

/// What the transaction came to.
enum Written {
    Done {
        number: i64,
        deleted: Vec<Deleted>,
        digests: Vec<(usize, [u8; 32])>,
    },
    /// A segment is not what was verified.
    Changed(usize),
}

impl Shelf {
    /// Deletes versions of an object. `now` in microseconds.
    pub(crate) async fn delete(
        &self,
        wanted: &Deletion,
        signer: &Arc<dyn PartnerSigner>,
        now: i64,
    ) -> Result<Removal, OutletError> {
        for _ in 0..MAX_ATTEMPTS {
            let mut turn = self.0.turn.lock().await;
            self.catch_up_in(&mut turn).await?;
            let losses = match self.losses(wanted) {
                Ok(losses) => losses,
                Err(removal) => return Ok(removal),
            };
            let signer = Arc::clone(signer);
            let write = move |tx: &mut Tx<'_>| write(tx, &losses, signer.as_ref(), now);
            match self.0.store.write("delete", write).await? {
                Written::Done { number, deleted, digests } => {
                    Arc::make_mut(&mut turn.deletions).note(number, &deleted);
                    self.take_away(&deleted, &digests);
                    return Ok(Removal::Done);
                }
                Written::Changed(number) => {
                    drop(turn);
                    self.recheck(number).await?;
                }
            }
        }
        Err(OutletError::Unsteady)
    }

    /// Which places are meant.
    fn losses(&self, wanted: &Deletion) -> Result<Losses, Removal> {
        let view = self.view();
        let mut losses = Losses::new();
        for place in view.index.of_id(Collection::Partners, &wanted.id) {
            let Some(mark) = view.index.mark(place).filter(|m| wanted.versions.wants(m)) else {
                continue;
            };
            if wanted.spec_20.is_some_and(|spec_20| spec_20 != mark.spec_20()) {
                continue;
            }
            let Some(number) = view.index.segment_at(place) else { continue };
            let Some(segment) = view.index.segment(number).copied() else { continue };
            let own = wanted.contributor.is_some() && segment.contributor == wanted.contributor;
            if !own && !wanted.moderate {
                return Err(Removal::NotYours);
            }
            let loss = losses.entry(number).or_insert_with(|| {
                let lengths = view.index.marks_of(&segment).iter().map(|m| m.length).collect();
                Loss { segment, lengths, gone: Vec::new() }
            });
            loss.gone.push((place - segment.first) as usize);
        }
        if losses.is_empty() { Err(Removal::NotThere) } else { Ok(losses) }
    }

    fn take_away(&self, deleted: &[Deleted], digests: &[(usize, [u8; 32])]) {
        let mut view = self.view_mut();
        for one in deleted {
            view.index.remove(one.place, 0);
            view.verified = view.verified.saturating_sub(1);
        }
        for (number, digest) in digests {
            view.index.renew(*number, *digest);
            if let Some(first) = view.index.segment(*number).map(|s| s.first) {
                view.window.forget(first);
            }
        }
    }
}

fn write(
    tx: &mut Tx<'_>,
    losses: &Losses,
    signer: &dyn PartnerSigner,
    now: i64,
) -> Result<Written, StoreError> {
    let (mut deleted, mut rewritten) = (Vec::new(), Vec::new());
    // All is looked at before anything is changed.
    for (number, Loss { segment, lengths, gone }) in losses {
        let sequence = Param::from(i64::from(segment.first) + 1);
        let kept = tx.query_one(schema::SEGMENTS, &[sequence, sequence], |row| {
            let row = SegmentRow::read(row)?;
            if digest(row.body) != segment.digest {
                return Ok(None);
            }
            let objects = split(lengths, row.body).enumerate();
            for (at, object) in objects.filter(|(at, _)| gone.contains(at)) {
                let place = segment.first + Place::try_from(at).unwrap_or(0);
                deleted.extend(object.map(|o| Deleted { place, leaf: leaf_hash(o) }));
            }
            Ok(Some(Packed::without(lengths, row.body, gone)))
        })?;
        let Some(kept) = kept.flatten() else { return Ok(Written::Changed(*number)) };
        rewritten.push((*number, sequence, kept));
    }
    for (_, sequence, kept) in &rewritten {
        let lengths = kept.lengths_column();
        let changes = [*sequence, Param::from(&lengths), Param::from(&kept.body[..])];
        tx.execute(schema::UPDATE_SEGMENT, &changes)?;
    }
    let digests = rewritten.iter().map(|(number, _, kept)| (*number, kept.digest())).collect();
    let refused = |e: noroshi_seal::SealError| StoreError::Refused(e.to_string());
    let (statement, head) = deletion::state(&deleted, signer.random(), now).map_err(refused)?;
    let head = signer.sign(head).to_bytes();
    let number = bump(tx, "deletions", 1)?;
    let row = [Param::from(number), Param::from(&head), Param::from(&statement)];
    tx.execute(schema::INSERT_DELETION, &row)?;
    Ok(Written::Done { number, deleted, digests })
}
