//! Taking in what a partner posts: by value, object by object, under the hub's signature.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use noroshi_seal::{BatchHead, Hash, leaf_hash};
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::{Status, StatusDetail, StatusState};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::facts::Facts;
use super::index::Place;
use super::plan::What;
use super::publish::{Batch, Lines, MAX_ATTEMPTS, first_date};
use super::segment::Packed;
use super::{Contributor, Posting, Shelf, Turn, postings};
use crate::collection::Collection;
use crate::error::OutletError;
use crate::taxii::PostedEnvelope;
use crate::writing::PartnerSigner;

/// A post that was read, object by object.
struct Read {
    envelope: PostedEnvelope,
    objects: Vec<Result<(Facts, Hash), &'static str>>,
}

/// What becomes of one object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    New,
    /// This version is there already.
    Already,
    Refused(&'static str),
}

impl Shelf {
    /// Adds the objects of an envelope to `partners`. When this returns they are durable and can be
    /// read. An object that cannot be taken is a failure in the status and holds up no other; a
    /// version that is there already is a success and changes nothing.
    ///
    /// `now` in microseconds.
    pub(crate) async fn append(
        &self,
        envelope: PostedEnvelope,
        contributor: Contributor,
        signer: &dyn PartnerSigner,
        now: i64,
    ) -> Result<Status, OutletError> {
        let read = tokio::task::spawn_blocking(move || Read::new(envelope));
        let read = read.await.map_err(|_| OutletError::Interrupted)?;
        let mut turn = self.0.turn.lock().await;
        for _ in 0..MAX_ATTEMPTS {
            self.catch_up_in(&mut turn).await?;
            let outcomes = self.compare(&turn, &read).await?;
            let versions = self.versions(&turn, &read, &outcomes, now);
            let id = Status::fresh_id(signer.random());
            let status = read.status(&outcomes, &versions, id, now);
            let json = postings::json(&status);
            let posting = Posting { id: status.id.clone(), contributor, at: now, json };
            if !outcomes.contains(&Outcome::New) {
                self.note(posting).await?;
                return Ok(status);
            }
            let batch = read.batch(&outcomes, &turn, signer, now, posting)?;
            let (batch, lines) = (Arc::new(batch), Arc::new(Lines::default()));
            if self.commit(&batch, &lines).await? {
                turn.last_partner_head = Some(batch.head.head.hash());
                return Ok(status);
            }
        }
        Err(OutletError::Unsteady)
    }

    /// Compares what was posted with what is there.
    async fn compare(&self, turn: &Turn, read: &Read) -> Result<Vec<Outcome>, OutletError> {
        let mut mine = HashSet::new();
        let mut outcomes = Vec::with_capacity(read.objects.len());
        // Observables have no version: whether one is there already, its bytes tell.
        let mut earlier = BTreeSet::new();
        {
            let view = self.view();
            let there = |facts: &Facts, version| {
                view.index.of_version(Collection::Partners, &facts.id, version).is_some()
            };
            for object in &read.objects {
                outcomes.push(match object {
                    Err(reason) => Outcome::Refused(reason),
                    Ok((facts, leaf)) => match facts.version {
                        Some(version) if there(facts, version) => Outcome::Already,
                        None if !mine.insert((facts.id.as_str(), Err(*leaf))) => Outcome::Already,
                        Some(version) if !mine.insert((facts.id.as_str(), Ok(version))) => {
                            Outcome::Already
                        }
                        Some(_) => Outcome::New,
                        None => {
                            let newest = view.index.newest_of(Collection::Partners, &facts.id);
                            earlier.extend(newest.take(MAX_COMPARED));
                            Outcome::New
                        }
                    },
                });
            }
        }
        let known = self.leaves_at(turn, earlier).await?;
        for (object, outcome) in read.objects.iter().zip(&mut outcomes) {
            if object.as_ref().is_ok_and(|(f, leaf)| f.version.is_none() && known.contains(leaf)) {
                *outcome = Outcome::Already;
            }
        }
        Ok(outcomes)
    }

    /// The version of each object; without one of its own it is when it is added (section 3.4).
    fn versions(&self, turn: &Turn, read: &Read, outcomes: &[Outcome], now: i64) -> Vec<i64> {
        let view = self.view();
        let there = |id: &str| {
            let place = view.index.newest_of(Collection::Partners, id).next()?;
            view.index.mark(place).map(|mark| mark.version)
        };
        let mut next = first_date(turn.partners_date, now);
        let mut mine = HashMap::new();
        let mut version = |object: &Result<(Facts, Hash), _>, outcome: &Outcome| {
            let date = next;
            next = next.saturating_add(i64::from(*outcome == Outcome::New));
            let Ok((facts, _)) = object else { return date };
            let id = facts.id.as_str();
            match (facts.version, outcome) {
                (Some(version), _) => version,
                (None, Outcome::New) => {
                    mine.insert(id.to_owned(), date);
                    date
                }
                (None, _) => mine.get(id).copied().or_else(|| there(id)).unwrap_or(date),
            }
        };
        read.objects.iter().zip(outcomes).map(|(o, outcome)| version(o, outcome)).collect()
    }

    /// The leaf hashes of what stands at these places; each segment is read once.
    async fn leaves_at(
        &self,
        turn: &Turn,
        places: BTreeSet<Place>,
    ) -> Result<HashSet<Hash>, OutletError> {
        let places: Vec<Place> = places.into_iter().collect();
        let mut leaves = HashSet::new();
        for some in places.chunks(READ_AT_ONCE) {
            let plan = |shelf: &Self| shelf.view().plan_places(some.iter().copied());
            let page = self.read_planned(Some(turn), What::Leaves, plan).await?;
            leaves.extend(page.items.into_bytes().as_chunks::<32>().0);
        }
        Ok(leaves)
    }
}

impl Read {
    fn new(envelope: PostedEnvelope) -> Self {
        let read = |bytes| Facts::read_posted(bytes).map(|facts| (facts, leaf_hash(bytes)));
        Self { objects: envelope.objects().map(read).collect(), envelope }
    }

    fn batch(
        &self,
        outcomes: &[Outcome],
        turn: &Turn,
        signer: &dyn PartnerSigner,
        now: i64,
        posting: Posting,
    ) -> Result<Batch, OutletError> {
        let new = || outcomes.iter().map(|outcome| *outcome == Outcome::New);
        let good =
            self.objects.iter().zip(new()).filter_map(|(o, new)| o.as_ref().ok().filter(|_| new));
        let (facts, leaves): (Vec<_>, Vec<_>) = good.cloned().unzip();
        let previous = turn.last_partner_head.unwrap_or_default();
        let alias = Collection::Partners.alias();
        let head = BatchHead::over(signer.random(), alias, now, &leaves, previous)?;
        let bytes = self.envelope.objects().zip(new()).filter_map(|(o, new)| new.then_some(o));
        Ok(Batch {
            collection: Collection::Partners,
            head: signer.sign(head),
            leaves,
            facts,
            segments: Packed::cut(bytes),
            contributor: Some(posting.contributor),
            posting: Some(posting),
        })
    }

    fn status(&self, outcomes: &[Outcome], versions: &[i64], id: String, now: i64) -> Status {
        let (mut successes, mut failures) = (Vec::new(), Vec::new());
        let mut taken = 0;
        let list = self.objects.len() <= MAX_LISTED;
        let objects = self.objects.iter().zip(outcomes).zip(versions);
        for (((object, outcome), version), bytes) in objects.zip(self.envelope.objects()) {
            match outcome {
                Outcome::Refused(reason) => failures.push(refused(bytes, reason)),
                Outcome::New | Outcome::Already => {
                    taken += 1;
                    let Ok((facts, _)) = object else { continue };
                    let already = *outcome == Outcome::Already;
                    if list {
                        successes.push(StatusDetail {
                            id: facts.id.clone(),
                            version: Timestamp::from_micros(*version).to_string(),
                            message: already.then(|| "this version is here already".to_owned()),
                        });
                    }
                }
            }
        }
        Status {
            id,
            status: StatusState::Complete,
            request_timestamp: Some(Timestamp::from_micros(now)),
            total_count: count(self.objects.len()),
            success_count: taken,
            successes,
            failure_count: count(failures.len()),
            failures,
            pending_count: 0,
            pendings: Vec::new(),
        }
    }
}

/// What names an object, whatever is there. Borrowed: what was refused may be of any size.
#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(default, borrow)]
    id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    modified: Option<&'a RawValue>,
    #[serde(default, borrow)]
    created: Option<&'a RawValue>,
}

/// What is told of an object that was refused, with its own id and version as far as it has any.
fn refused(bytes: &[u8], reason: &str) -> StatusDetail {
    let named: Named<'_> = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |raw: Option<&RawValue>| {
        let text: Option<String> = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
        text.unwrap_or_default().chars().take(MAX_TOLD).collect::<String>()
    };
    StatusDetail {
        id: text(named.id),
        version: text(named.modified.or(named.created)),
        message: Some(format!("Not taken: {reason}.")),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// With how many of its newest renditions an observable is compared: two partners that write the
/// same one differently do not add it again and again.
const MAX_COMPARED: usize = 8;
/// How many objects are read at once to be compared.
const READ_AT_ONCE: usize = 500;
/// A status names what was taken up to so many objects; beyond that, whoever posted knows what the
/// others are, and only failures are named.
const MAX_LISTED: usize = 100;
/// Most characters of a refused object's id and version that are told back.
const MAX_TOLD: usize = 300;
