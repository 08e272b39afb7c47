//! The beat of the signal lane: what was accepted since the last tick goes out together.
//!
//! Each tick judges every value once more with the register of the moment, signs a batch into the
//! outbox in the transaction that marks the values as released, and puts waiting batches on the
//! shelf. Whatever kills the process in between, each value is released exactly once.

use std::sync::Arc;

use noroshi_anonymity::{
    ConfidenceClass, Emission, MemberId, Release, Signal, Verdict, Withdrawal,
};
use noroshi_outlet::OutletError;
use noroshi_seal::{Entropy, SigningKey, random_bytes};
use noroshi_stix::{Observable, StixId, Timestamp, Tlp, identity};
use noroshi_store::{StoreError, Tx};

use crate::batch;
use crate::days;
use crate::desk_queue;
use crate::drafts;
use crate::error::HubError;
use crate::hub::Hub;
use crate::inbox;
use crate::intake::why;
use crate::jobs::Job;
use crate::labels::publish;
use crate::mailbox;
use crate::register::Policy;
use crate::vault::documents;
use crate::vault::drafts as draft_rows;
use crate::vault::indicators::{self, Due, ReleasedAs};
use crate::vault::outbox;
use crate::vault::reports::{self, ItemVerdict};
use crate::vault::statuses;

/// Most values in one batch: keeps one transaction short.
const BATCH_LIMIT: i64 = 5_000;
/// Times in STIX are read to the millisecond at least.
const MILLISECOND: i64 = 1_000;

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Values released or renewed.
    pub released: usize,
    /// Values that no longer pass the gates and went to the desk.
    pub held: usize,
    /// Batches put on the shelf.
    pub published: usize,
}

/// Runs one tick.
///
/// # Errors
/// When a database does not answer; the next tick carries on where this one stopped.
pub async fn tick(hub: &Hub) -> Result<Ticked, HubError> {
    let ticked = beat(hub).await;
    hub.jobs().ran(Job::Tick, hub.now(), &ticked);
    ticked
}

async fn beat(hub: &Hub) -> Result<Ticked, HubError> {
    hub.refresh_policy().await?;
    introduce(hub).await?;
    let mut total = Ticked::default();
    loop {
        let step = release(hub).await?;
        total.released += step.released;
        total.held += step.held;
        if step.released + step.held < BATCH_LIMIT as usize {
            break;
        }
    }
    // Documents before what they are about; a failure of one part keeps back no other, least of all
    // the indicators.
    let closed = days::close(hub).await;
    hub.jobs().ran(Job::Days, hub.now(), &closed);
    let listed = mailbox::publish(hub).await;
    hub.jobs().ran(Job::Mailbox, hub.now(), &listed);
    let documents = publish::deliver(hub).await;
    hub.jobs().ran(Job::Documents, hub.now(), &documents);
    let delivered = deliver(hub).await;
    hub.jobs().ran(Job::Delivery, hub.now(), &delivered);
    total.published = delivered?;
    let clocks = desk_queue::look_at_clocks(hub).await;
    closed?;
    listed?;
    documents?;
    clocks?;
    Ok(total)
}

/// What the transaction of a tick needs of the hub.
struct Beat {
    policy: Arc<Policy>,
    key: SigningKey,
    identity: StixId,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
    tick: Timestamp,
    valid_until: Timestamp,
    tlp: Tlp,
}

/// Which object a version belongs to.
struct Named {
    id: StixId,
    /// Time of its first version.
    created: Timestamp,
    /// Time of this version.
    version: Timestamp,
}

async fn release(hub: &Hub) -> Result<Ticked, HubError> {
    let now = hub.now();
    let tick = now.floor_to(hub.tick_micros());
    let beat = Beat {
        policy: hub.policy(),
        key: SigningKey::from_seed(*hub.signing_key().seed()),
        identity: hub.identity().clone(),
        entropy: hub.entropy_arc(),
        now,
        tick,
        valid_until: tick.plus_days(i64::from(hub.config().signal.valid_days)),
        tlp: hub.signal_tlp(),
    };
    let (ticked, waits) = hub.vault().write("tick.release", move |tx| beat.run(tx)).await?;
    hub.metrics().waited(&waits);
    Ok(ticked)
}

impl Beat {
    /// Releases what is due and renews what was reported again; also gives the microseconds each
    /// new value waited since it could go out: since it was accepted, cleared, or its hold ended.
    fn run(&self, tx: &mut Tx<'_>) -> Result<(Ticked, Vec<i64>), StoreError> {
        statuses::prune(tx, inbox::oldest_status(self.now))?;
        draft_rows::prune(tx, drafts::oldest(self.now))?;
        let (mut objects, mut waits, mut held) = (Vec::new(), Vec::new(), 0);
        let again = self.time_of_later_versions(tx)?;
        for due in indicators::due(tx, self.now, BATCH_LIMIT)? {
            let Some(signal) = self.judge(tx, &due)? else {
                held += 1;
                continue;
            };
            waits.push(self.now.as_micros() - due.due.as_micros());
            let reporters = reports::reporters(tx, &due.fingerprint, self.now)?;
            let signal = signal.with_class(class_of(&reporters));
            let named = self.name_of(tx, &due, &signal, again)?;
            objects.push(self.emit(tx, &due, &signal, named)?);
            self.look_again(tx, &due)?;
        }
        for due in indicators::touched(tx, self.now, BATCH_LIMIT)? {
            if let Some(release) = self.renew(tx, &due, again)? {
                objects.push(release);
            }
            self.look_again(tx, &due)?;
        }
        for due in indicators::revoking(tx, BATCH_LIMIT)? {
            objects.extend(self.take_back(tx, &due, again)?);
        }
        let released = objects.len();
        if released > 0 {
            let objects = objects.into_iter().map(batch::member_of_batch).collect();
            let id = random_bytes(self.entropy.as_ref());
            batch::append(tx, &self.key, id, "signals", again.as_micros(), objects)?;
        }
        Ok((Ticked { released, held, published: 0 }, waits))
    }

    /// The time of a version that is not the first: the tick, or a moment after the newest batch
    /// where that is not before the tick. The clock may go back and a tick may run twice; a version
    /// that were not younger than the one before would not replace it anywhere.
    fn time_of_later_versions(&self, tx: &mut Tx<'_>) -> Result<Timestamp, StoreError> {
        let newest = batch::newest_tick(tx)?.map(|t| Timestamp::from_micros(t + MILLISECOND));
        Ok(newest.map_or(self.tick, |after| after.max(self.tick)))
    }

    /// The id it was released with before it was held, else a fresh one.
    fn name_of(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        signal: &Signal,
        again: Timestamp,
    ) -> Result<Named, StoreError> {
        let earlier = indicators::one(tx, &due.fingerprint)?;
        let earlier = earlier.and_then(|o| o.object_id?.parse().ok().zip(o.created_tick));
        Ok(match earlier {
            Some((id, created)) => Named { id, created, version: again },
            None => {
                let id = signal.fresh_id(self.entropy.as_ref());
                Named { id, created: self.tick, version: self.tick }
            }
        })
    }

    /// A report of this value that is still held counts from the end of its hold.
    fn look_again(&self, tx: &mut Tx<'_>, due: &Due) -> Result<(), StoreError> {
        match reports::next_hold(tx, &due.fingerprint, self.now)? {
            Some(at) => indicators::touch_at(tx, &due.fingerprint, at),
            None => Ok(()),
        }
    }

    /// The signal of a due value, or `None` where it does not pass any more: then it is held and
    /// its reporters see why.
    fn judge(&self, tx: &mut Tx<'_>, due: &Due) -> Result<Option<Signal>, StoreError> {
        let Ok(observable) = Observable::parse(due.kind, &due.value) else {
            indicators::hold(tx, &due.fingerprint)?;
            return Ok(None);
        };
        let gate = &self.policy.gate;
        let signal =
            if due.reviewed { gate.signal_reviewed(&observable) } else { gate.signal(&observable) };
        if signal.is_none() {
            indicators::hold(tx, &due.fingerprint)?;
            let reasons = match gate.judge(&observable) {
                Verdict::Quarantine(r) | Verdict::Drop(r) => r.iter().map(why).collect(),
                Verdict::Pass(_) => Vec::new(),
            };
            reports::rejudge(tx, &due.fingerprint, ItemVerdict::Quarantined, &reasons)?;
        }
        Ok(signal)
    }

    /// A new version of a released value: better supported now, or close to its end.
    fn renew(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        again: Timestamp,
    ) -> Result<Option<Release>, StoreError> {
        indicators::untouch(tx, &due.fingerprint)?;
        let Some(offered) = indicators::one(tx, &due.fingerprint)? else { return Ok(None) };
        let (Some(id), Some(created)) = (offered.object_id, offered.created_tick) else {
            return Ok(None);
        };
        let class = class_of(&reports::reporters(tx, &due.fingerprint, self.now)?);
        let better = i64::from(class.stix_confidence()) > offered.confidence;
        let half_life = (self.valid_until.as_micros() - self.tick.as_micros()) / 2;
        let fading =
            offered.valid_until.is_none_or(|u| u.as_micros() - self.tick.as_micros() < half_life);
        if !(better || fading) {
            return Ok(None);
        }
        let Some(signal) = self.judge(tx, due)? else { return Ok(None) };
        let Ok(id) = id.parse::<StixId>() else { return Ok(None) };
        let named = Named { id, created, version: again };
        self.emit(tx, due, &signal.with_class(class), named).map(Some)
    }

    /// The version that takes a value back.
    fn take_back(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        again: Timestamp,
    ) -> Result<Option<Release>, StoreError> {
        let Some(offered) = indicators::one(tx, &due.fingerprint)? else { return Ok(None) };
        let (Some(id), Some(created)) = (offered.object_id, offered.created_tick) else {
            return Ok(None);
        };
        let (Ok(id), Ok(observable)) =
            (id.parse::<StixId>(), Observable::parse(due.kind, &due.value))
        else {
            return Ok(None);
        };
        let named = Named { id, created, version: again };
        let release = Withdrawal::of_released(observable).emit(&self.emission(named));
        self.record(tx, due, &release, created, 0, true)?;
        Ok(Some(release))
    }

    fn emit(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        signal: &Signal,
        named: Named,
    ) -> Result<Release, StoreError> {
        let created = named.created;
        let release = signal.emit(&self.emission(named));
        let confidence = signal.class().stix_confidence();
        self.record(tx, due, &release, created, confidence, false)?;
        Ok(release)
    }

    fn emission(&self, named: Named) -> Emission<'_> {
        Emission {
            id: named.id,
            creator: &self.identity,
            created: named.created,
            tick: named.version,
            valid_until: Some(self.valid_until),
            tlp: self.tlp,
            revoked: false,
        }
    }

    fn record(
        &self,
        tx: &mut Tx<'_>,
        due: &Due,
        release: &Release,
        created: Timestamp,
        confidence: u8,
        revoked: bool,
    ) -> Result<(), StoreError> {
        let to = ReleasedAs {
            object_id: release.id().as_str(),
            created,
            valid_until: self.valid_until,
            confidence,
            revoked,
        };
        indicators::released(tx, &due.fingerprint, &to)
    }
}

fn class_of(reporters: &[(String, Timestamp)]) -> ConfidenceClass {
    let reports: Vec<(MemberId, Timestamp)> =
        reporters.iter().map(|(m, at)| (MemberId::new(m.as_str()), *at)).collect();
    ConfidenceClass::of_reports(reports.iter().map(|(m, at)| (m, *at)))
}

/// The very first batch of each collection: who the hub is and what the marking means, so that
/// every reference in later objects resolves.
async fn introduce(hub: &Hub) -> Result<(), HubError> {
    let tick = hub.now().floor_to(hub.tick_micros());
    let key = SigningKey::from_seed(*hub.signing_key().seed());
    let me = (hub.identity().to_string(), identity(hub.identity(), &hub.config().hub.name, tick));
    let lanes = [("signals", hub.signal_tlp()), ("context", hub.context_tlp())];
    let ids: [[u8; 16]; 2] = [random_bytes(hub.entropy()), random_bytes(hub.entropy())];
    hub.vault()
        .write("tick.introduce", move |tx| {
            for ((collection, tlp), id) in lanes.iter().zip(ids) {
                if outbox::last(tx, collection)?.is_none() {
                    let marking = noroshi_stix::tlp_marking_definition(*tlp);
                    let marking =
                        (tlp.stix_id().to_owned(), noroshi_stix::canonical_json(&marking));
                    let objects = vec![me.clone(), marking];
                    batch::append(tx, &key, id, collection, tick.as_micros(), objects)?;
                }
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Brings a shelf that is empty or was restored from an older backup up to the vault: a shelf can
/// always be made from the vault, never the other way round. What it has already it takes again
/// without harm.
///
/// # Errors
/// When a database does not answer or a batch is damaged.
pub(crate) async fn refill_shelf(hub: &Hub) -> Result<(), HubError> {
    let newest = hub.shelf().health().newest_tick;
    let bodies = hub.vault().read("tick.since", move |tx| outbox::since(tx, newest)).await?;
    for (_, body) in bodies {
        put(hub, &body).await?;
    }
    // Those that may be replaced may also be older there.
    let names = hub.vault().read("tick.documents", documents::published_names).await?;
    let is_lost = |name: &String| name.ends_with("/latest") || hub.shelf().lacks_document(name);
    let lost: Vec<String> = names.into_iter().filter(is_lost).collect();
    hub.vault()
        .write("tick.documents_again", move |tx| {
            lost.iter().try_for_each(|name| documents::again(tx, name))
        })
        .await?;
    Ok(())
}

/// Puts waiting batches on the shelf, oldest first; the shelf takes a batch twice without harm. One
/// that it refuses stays in the outbox and does not keep back those after it.
///
/// # Errors
/// When a database does not answer, or, after all others are out, for the first refused batch.
pub(crate) async fn deliver(hub: &Hub) -> Result<usize, HubError> {
    let waiting = hub.vault().read("tick.waiting", outbox::waiting).await?;
    let (mut published, mut refused) = (0, None);
    for (id, body) in waiting {
        match put(hub, &body).await {
            Ok(()) => {}
            Err(e) if is_refusal(&e) => {
                refused.get_or_insert(e);
                continue;
            }
            Err(e) => return Err(e),
        }
        hub.vault().write("tick.published", move |tx| outbox::published(tx, &id)).await?;
        published += 1;
    }
    refused.map_or(Ok(published), Err)
}

async fn put(hub: &Hub, body: &[u8]) -> Result<(), HubError> {
    let batch = batch::decode(body).map_err(|e| HubError::Shelf(e.into()))?;
    hub.shelf().publish(batch).await?;
    Ok(())
}

/// Whether it is the batch that is wrong, not the database that does not answer.
fn is_refusal(error: &HubError) -> bool {
    match error {
        HubError::Shelf(OutletError::Store(e)) => matches!(e, StoreError::Refused(_)),
        HubError::Shelf(_) => true,
        _ => false,
    }
}
