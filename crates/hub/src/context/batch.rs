//! The beat of the context lane: approved contexts leave together, each with its certificate, and
//! the public record they were decided on. What is taken back leaves the same way.

use std::collections::BTreeMap;
use std::sync::Arc;

use noroshi_anonymity::policy::{
    Attestation, Certificate, CertifiedLabel, Decision, EarlierLabel, Origin, Record, RecordSchema,
    RecordedLabel, case_number, decide,
};
use noroshi_anonymity::{
    Approval, Consent, ContextEmission, DeskApproval, Earlier, Gate, MemberId, Release, Report,
    ReporterApproval,
};
use noroshi_seal::{Entropy, SigningKey, random_bytes};
use noroshi_stix::{StixId, Timestamp, Tlp};
use noroshi_store::{StoreError, Tx};

use super::facts_of;
use crate::batch::{self, BatchMember};
use crate::direct;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::jobs::Job;
use crate::labels::publish::Publisher;
use crate::labels::{PublicReader, PublicState, publish};
use crate::register::Policy;
use crate::tick;
use crate::vault::contexts::{self, ContextRow, ReleaseState};
use crate::vault::labels::{self, Offer};
use crate::vault::reports::{self, ContextState, ReportRow};
use crate::vault::{agreements, audit, documents, secrets};

/// Most reports looked at for one batch; held ones are looked at again with each.
const BATCH_LIMIT: i64 = 5_000;
/// Who agreed where the reporter was asked and said nothing.
const SILENCE: &str = "silence";
/// Days after which a reporter that agreed is asked again: what was held so long is another matter.
const CONSENT_DAYS: i64 = 60;
/// Microseconds of an hour.
const HOUR_MICROS: i64 = 3_600_000_000;

/// Releases the approved contexts where a batch period has ended since the last time.
///
/// # Errors
/// When a database does not answer; the next tick tries again.
pub async fn release_due(hub: &Hub) -> Result<usize, HubError> {
    let period = i64::from(hub.config().context.batch_hours) * HOUR_MICROS;
    let begun = hub.now().as_micros().div_euclid(period) * period;
    let last =
        hub.vault().read("context.last", |tx| secrets::counter(tx, secrets::CONTEXT_BATCH)).await?;
    if begun <= last {
        return Ok(0);
    }
    let released = release(hub, Some(begun)).await;
    hub.jobs().ran(Job::Context, hub.now(), &released);
    released
}

/// Releases the approved contexts now, all in one batch. Returns how many reports it took.
///
/// # Errors
/// When a database does not answer; what was not released stays approved.
pub async fn release_approved(hub: &Hub) -> Result<usize, HubError> {
    release(hub, None).await
}

/// `begun` is the start of the batch period in microseconds. The turn is taken in the transaction of
/// the release: whatever fails afterwards, and however many hubs run, a period has one batch.
async fn release(hub: &Hub, begun: Option<i64>) -> Result<usize, HubError> {
    hub.refresh_policy().await?;
    let outgoing = Outgoing::of(hub);
    let work = move |tx: &mut Tx<'_>| match begun {
        Some(begun) if !secrets::raise(tx, secrets::CONTEXT_BATCH, begun)? => Ok(0),
        _ => outgoing.run(tx),
    };
    let released = hub.vault().write("context.release", work).await?;
    // Certificates first, so that no release is without its own; a failure of one delivery does not
    // keep back the other, and the next tick tries both again.
    let documents = publish::deliver(hub).await;
    let batches = tick::deliver(hub).await;
    documents.and(batches).map(|_| released)
}

struct Outgoing {
    policy: Arc<Policy>,
    public: PublicReader,
    key: SigningKey,
    identity: StixId,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
    tick: Timestamp,
    tlp: Tlp,
    silence_hours: u32,
}

/// What leaves in this batch.
#[derive(Default)]
struct Load {
    objects: Vec<BatchMember>,
    labels: Vec<EarlierLabel>,
}

impl Outgoing {
    fn of(hub: &Hub) -> Self {
        let now = hub.now();
        Self {
            policy: hub.policy(),
            public: hub.public_reader(),
            key: SigningKey::from_seed(*hub.signing_key().seed()),
            identity: hub.identity().clone(),
            entropy: hub.entropy_arc(),
            now,
            tick: now.floor_to(hub.tick_micros()),
            tlp: hub.context_tlp(),
            silence_hours: hub.config().context.silence_hours,
        }
    }

    fn run(&self, tx: &mut Tx<'_>) -> Result<usize, StoreError> {
        self.take_silence_as_yes(tx)?;
        let mut state = self.public.read(tx, self.tick)?;
        let record = labels::last_record(tx)? + 1;
        let mut load = Load::default();
        let due = reports::context_due(tx, self.now, BATCH_LIMIT)?;
        for row in self.shuffled(self.newest_of_each_case(tx, due)?) {
            self.release(tx, &mut state, record, &row, &mut load)?;
        }
        direct::log_sent(tx, &Publisher { key: &self.key, clear: false })?;
        let released = load.labels.len();
        if released > 0 {
            self.keep_record(tx, &state, record, &load)?;
        }
        for row in contexts::in_state(tx, ReleaseState::Revoking, BATCH_LIMIT)? {
            load.objects.extend(self.withdraw(tx, row)?);
        }
        if !load.objects.is_empty() {
            let id = random_bytes(self.entropy.as_ref());
            let tick = self.tick.as_micros();
            batch::append(tx, &self.key, id, "context", tick, load.objects)?;
        }
        Ok(released)
    }

    /// What a later report of the same attack says replaces what an earlier one would have said.
    fn newest_of_each_case(
        &self,
        tx: &mut Tx<'_>,
        due: Vec<ReportRow>,
    ) -> Result<Vec<ReportRow>, StoreError> {
        let mut newest: BTreeMap<String, ReportRow> = BTreeMap::new();
        let mut replaced = Vec::new();
        for row in due {
            let said = match contexts::of_case(tx, row.case())? {
                Some(said) => reports::one(tx, &said.report)?.map(|r| r.accepted),
                None => None,
            };
            if said.is_some_and(|said| said > row.accepted) {
                replaced.push(row);
            } else {
                // Oldest first, so that whoever stood there before is older.
                replaced.extend(newest.insert(row.case().to_owned(), row));
            }
        }
        for row in replaced {
            self.move_on(tx, &row, ContextState::Approved, ContextState::Declined, "hub")?;
        }
        Ok(newest.into_values().collect())
    }

    /// In an order that says nothing about the order of reports: a label can close a cell for those
    /// decided on after it, and the record shows the order of decisions.
    fn shuffled(&self, rows: Vec<ReportRow>) -> Vec<ReportRow> {
        let mut keyed: Vec<([u8; 16], ReportRow)> =
            rows.into_iter().map(|row| (random_bytes(self.entropy.as_ref()), row)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// A reporter that was shown a label and did not answer for the configured time has agreed.
    fn take_silence_as_yes(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if self.silence_hours == 0 {
            return Ok(());
        }
        let patience = i64::from(self.silence_hours) * HOUR_MICROS;
        for row in reports::in_context_state(tx, ContextState::DeskApproved, BATCH_LIMIT)? {
            let asked = labels::offer(tx, &row.id)?.filter(|offer| !offer.members.is_empty());
            let is_over =
                asked.is_some_and(|o| o.at.as_micros() + patience <= self.now.as_micros());
            if !is_over || agreements::valid_until(tx, &row.member, self.now)?.is_none() {
                continue;
            }
            self.move_on(tx, &row, ContextState::DeskApproved, ContextState::Approved, SILENCE)?;
        }
        Ok(())
    }

    fn move_on(
        &self,
        tx: &mut Tx<'_>,
        row: &ReportRow,
        from: ContextState,
        to: ContextState,
        actor: &str,
    ) -> Result<(), StoreError> {
        if reports::move_context(tx, &row.id, from, to)? {
            let entry =
                audit::Entry::new(self.now, actor, &format!("context.{}", to.as_str()), &row.id);
            audit::append(tx, &ids::fresh("a", self.entropy.as_ref()), &entry)?;
        }
        Ok(())
    }

    fn ask_again(&self, tx: &mut Tx<'_>, row: &ReportRow) -> Result<(), StoreError> {
        let (from, to) = (ContextState::Approved, ContextState::DeskApproved);
        if reports::move_context(tx, &row.id, from, to)? {
            let entry = audit::Entry::new(self.now, "hub", "context.asked-again", &row.id);
            audit::append(tx, &ids::fresh("a", self.entropy.as_ref()), &entry)?;
        }
        Ok(())
    }

    /// Releases one context, holds it, asks its reporter again, or declines it where an approval is
    /// not on record.
    fn release(
        &self,
        tx: &mut Tx<'_>,
        state: &mut PublicState,
        record: u32,
        row: &ReportRow,
        load: &mut Load,
    ) -> Result<(), StoreError> {
        let earlier = contexts::of_case(tx, row.case())?;
        let is_gone = earlier.as_ref().is_some_and(|e| e.state != ReleaseState::Out);
        let Some(approval) = self.approval(tx, row)?.filter(|_| !is_gone) else {
            return self.move_on(tx, row, ContextState::Approved, ContextState::Declined, "hub");
        };
        // Whoever ended the agreement sends nothing any more, also not what it approved before.
        if agreements::valid_until(tx, &row.member, self.now)?.is_none() {
            return Ok(());
        }
        let Some(label) = self.decide(tx, state, row)? else { return Ok(()) };
        let members = state.named(label.node());
        let is_stale = approval.reporter.at.plus_days(CONSENT_DAYS) < self.now;
        if is_stale || !covers(labels::offer(tx, &row.id)?, &members) {
            // The reporter agreed to another label, to none, or long ago: it sees this one first.
            labels::put_offer(tx, &row.id, &Offer { at: self.now, members })?;
            return self.ask_again(tx, row);
        }
        let Some((release_id, released, version)) = self.emit(row, approval, &label, &earlier)
        else {
            return self.move_on(tx, row, ContextState::Approved, ContextState::Declined, "hub");
        };
        let certificate = Certificate::of(
            &label,
            Attestation {
                release_id: release_id.clone(),
                record,
                gate_version: Gate::VERSION.to_owned(),
                harness_run_id: None,
            },
        );
        self.publisher().certificate(tx, &release_id, version, &certificate.sign(&self.key))?;
        let published = EarlierLabel {
            at: self.tick,
            release_id: release_id.clone(),
            node: label.node_hash().to_string(),
            tree: state.tree.clone(),
        };
        labels::publish(tx, record, load.labels.len(), &published)?;
        let left: Vec<&str> = label.candidates().ids().map(MemberId::expose).collect();
        labels::put_candidates(tx, row.case(), &left)?;
        state.add(label.hit(Some(case_number(&release_id))));
        let (case, report) = (row.case().to_owned(), row.id.clone());
        let (objects, versions) = (array(&released), version);
        let state = ReleaseState::Out;
        contexts::put(tx, &ContextRow { case, report, release_id, objects, versions, state })?;
        reports::move_context(tx, &row.id, ContextState::Approved, ContextState::Released)?;
        load.labels.push(published);
        load.objects.extend(released.into_iter().map(batch::member_of_batch));
        Ok(())
    }

    /// Both approvals; `None` where one is not on record.
    fn approval(&self, tx: &mut Tx<'_>, row: &ReportRow) -> Result<Option<Approval>, StoreError> {
        let desk = audit::last_of(tx, &row.id, "context.desk-approved")?;
        let reporter = audit::last_of(tx, &row.id, "context.approved")?;
        let (Some(desk), Some(reporter)) = (desk, reporter) else { return Ok(None) };
        let consent = if reporter.actor == SILENCE { Consent::Silence } else { Consent::Given };
        Ok(Some(Approval {
            desk: DeskApproval { officer: desk.actor, at: desk.at },
            reporter: ReporterApproval { at: reporter.at, consent },
        }))
    }

    fn decide(
        &self,
        tx: &mut Tx<'_>,
        state: &PublicState,
        row: &ReportRow,
    ) -> Result<Option<CertifiedLabel>, StoreError> {
        let Some(position) = state.standing.position(&row.member) else { return Ok(None) };
        let known = PublicState::candidates(tx, row.case())?;
        let moment = state.moment();
        Ok(match decide(&moment, known.as_ref(), Origin::Member(position), None) {
            Decision::Publish(label) => Some(*label),
            // A normal answer: the reporter sees why on its page, nobody else that anything is held.
            Decision::Hold(_) => None,
        })
    }

    /// The objects, the id of the report object, and which version this is.
    fn emit(
        &self,
        row: &ReportRow,
        approval: Approval,
        label: &CertifiedLabel,
        earlier: &Option<ContextRow>,
    ) -> Option<(String, Vec<Release>, i64)> {
        let before = earlier.as_ref().and_then(|e| Earlier::read(&e.objects));
        let emission = ContextEmission {
            creator: &self.identity,
            at: self.tick,
            tlp: self.tlp,
            corrects: before.as_ref(),
        };
        let facts = facts_of(&self.policy.vocabulary, row);
        let release = Report::new(MemberId::new(row.member.as_str()), [], facts)
            .gate(&self.policy.gate)
            .approve(approval)
            .context(label, &emission, self.entropy.as_ref())?;
        let id = release.report_id()?.to_string();
        Some((id, release.into_objects(), earlier.as_ref().map_or(1, |e| e.versions + 1)))
    }

    /// The versions that take a release back.
    fn withdraw(&self, tx: &mut Tx<'_>, row: ContextRow) -> Result<Vec<BatchMember>, StoreError> {
        let Some(earlier) = Earlier::read(&row.objects) else { return Ok(Vec::new()) };
        contexts::move_state(tx, &row.case, ReleaseState::Revoking, ReleaseState::Revoked)?;
        Ok(earlier.withdrawn(self.tick).into_iter().map(batch::member_of_batch).collect())
    }

    /// Publishes what the batch was decided on, and puts the tree in force.
    fn keep_record(
        &self,
        tx: &mut Tx<'_>,
        state: &PublicState,
        number: u32,
        load: &Load,
    ) -> Result<(), StoreError> {
        let previous = match number.checked_sub(1).filter(|n| *n > 0) {
            Some(before) => previous_hash(tx, before)?,
            None => "0".repeat(64),
        };
        let publisher = self.publisher();
        publisher.standing(tx, &state.standing)?;
        labels::put_tree(tx, state.tree.made)?;
        let releases = load.labels.iter().map(|label| RecordedLabel {
            release_id: label.release_id.clone(),
            node: label.node.clone(),
        });
        publisher.record(
            tx,
            Record {
                schema: RecordSchema::One,
                number,
                previous,
                at: self.tick,
                tree: state.tree.clone(),
                flags: state.flags.clone(),
                earlier: state.earlier.clone(),
                releases: releases.collect(),
            },
        )
    }

    fn publisher(&self) -> Publisher<'_> {
        Publisher { key: &self.key, clear: self.tlp == Tlp::Clear }
    }
}

/// Whether the label says no more than the one its reporter agreed to: a wider group is fine.
fn covers(offer: Option<Offer>, members: &[String]) -> bool {
    let Some(offer) = offer.filter(|o| !o.members.is_empty()) else { return false };
    let now: std::collections::HashSet<&String> = members.iter().collect();
    offer.members.iter().all(|member| now.contains(member))
}

fn array(released: &[Release]) -> Vec<u8> {
    let bodies: Vec<&[u8]> = released.iter().map(Release::json).collect();
    [b"[".as_slice(), &bodies.join(b",".as_slice()), b"]"].concat()
}

fn previous_hash(tx: &mut Tx<'_>, number: u32) -> Result<String, StoreError> {
    let lost =
        || StoreError::Refused("the vault lost a public record; restore a backup".to_owned());
    let document = documents::one(tx, &format!("records/{number}"))?.ok_or_else(lost)?;
    let signed = noroshi_anonymity::policy::SignedRecord::from_bytes(&document.body);
    Ok(signed.map_err(|_| lost())?.stated().hash_text())
}
