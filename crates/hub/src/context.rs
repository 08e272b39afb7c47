//! The context lane: what kind of attack, never who. It leaves only after the desk approved it and
//! then the reporter, in batches, and the victim is always "a member".

use std::sync::Arc;

use noroshi_anonymity::{
    Approval, ContextEmission, ContextFacts, DeskApproval, Group, MemberId, Report,
    ReporterApproval, Vocabulary,
};
use noroshi_intake::Facts;
use noroshi_seal::{Entropy, SigningKey, random_bytes};
use noroshi_stix::{StixId, Timestamp, Tlp};
use noroshi_store::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::batch::{self, BatchMember};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::intake::facts_from_json;
use crate::register::Policy;
use crate::tick;
use crate::vault::reports::{self, ContextState, ReportRow};
use crate::vault::{agreements, audit, secrets};

/// Most reports in one context batch.
const BATCH_LIMIT: i64 = 500;

/// A decision on context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may go out.
    Approve,
    /// It stays inside.
    Decline,
}

/// The desk decides first; after its yes the reporter is asked.
///
/// # Errors
/// 409 where the context is not waiting for the desk.
pub async fn desk_decides(
    hub: &Hub,
    report: &str,
    actor: &str,
    decision: Decision,
) -> Result<(), HubError> {
    let to = match decision {
        Decision::Approve => ContextState::DeskApproved,
        Decision::Decline => ContextState::Declined,
    };
    step(hub, report, actor, ContextState::Proposed, to).await
}

/// The reporter decides last. A yes is sending, so it takes a valid signature under the agreement;
/// a no does not.
///
/// # Errors
/// 409 where the context is not waiting for the reporter, 403 where it has no valid signature.
pub async fn reporter_decides(
    hub: &Hub,
    report: &str,
    actor: &str,
    decision: Decision,
) -> Result<(), HubError> {
    let to = match decision {
        Decision::Approve => ContextState::Approved,
        Decision::Decline => ContextState::Declined,
    };
    step(hub, report, actor, ContextState::DeskApproved, to).await
}

async fn step(
    hub: &Hub,
    report: &str,
    actor: &str,
    from: ContextState,
    to: ContextState,
) -> Result<(), HubError> {
    let entry = audit::Entry {
        at: hub.now(),
        actor: actor.to_owned(),
        action: format!("context.{}", to.as_str()),
        subject: report.to_owned(),
    };
    let audit_id = ids::fresh("a", hub.entropy());
    let report = report.to_owned();
    let stepped = hub
        .vault()
        .write("context.step", move |tx| {
            if to == ContextState::Approved && !signed(tx, &report, entry.at)? {
                return Ok(Step::NoAgreement);
            }
            if !reports::move_context(tx, &report, from, to)? {
                return Ok(Step::NotWaiting);
            }
            audit::append(tx, &audit_id, &entry)?;
            Ok(Step::Done)
        })
        .await?;
    match stepped {
        Step::Done => Ok(()),
        Step::NoAgreement => Err(HubError::no_agreement()),
        Step::NotWaiting => Err(HubError::conflict(
            "The context of this report is not waiting for this decision. Load it again.",
        )),
    }
}

/// What a decision came to.
enum Step {
    Done,
    NotWaiting,
    NoAgreement,
}

fn signed(tx: &mut Tx<'_>, report: &str, now: Timestamp) -> Result<bool, StoreError> {
    let Some(row) = reports::one(tx, report)? else { return Ok(false) };
    Ok(agreements::valid_until(tx, &row.member, now)?.is_some())
}

/// What of a report's fields can become context: those whose value is in the closed vocabulary.
/// Anything else, above all free text, stays inside.
pub fn context_facts(vocabulary: &Vocabulary, facts: &Facts) -> ContextFacts {
    let mut out = ContextFacts::new();
    let fields = [
        (Group::AttackType, &facts.attack_type),
        (Group::InitialAccess, &facts.initial_access),
        (Group::Impact, &facts.impact),
        (Group::CourseOfAction, &facts.course_of_action),
    ];
    for (group, id) in fields {
        if let Some(id) = id {
            out.add(vocabulary, group, id);
        }
    }
    for id in &facts.techniques {
        out.add_technique(vocabulary, id);
    }
    out
}

/// Releases the approved contexts where a batch period has ended since the last time.
///
/// # Errors
/// When a database does not answer; the next tick tries again.
pub async fn release_due(hub: &Hub) -> Result<usize, HubError> {
    let period = i64::from(hub.config().context.batch_hours) * 3_600_000_000;
    let batch = hub.now().as_micros().div_euclid(period);
    let last =
        hub.vault().read("context.last", |tx| secrets::counter(tx, secrets::CONTEXT_BATCH)).await?;
    if batch <= last {
        return Ok(0);
    }
    // The turn is noted after the release: a crash in between repeats it, and what went out
    // already is no longer waiting.
    let released = release_approved(hub).await?;
    hub.vault()
        .write("context.turn", move |tx| secrets::raise(tx, secrets::CONTEXT_BATCH, batch))
        .await?;
    Ok(released)
}

/// Releases the approved contexts now, all in one batch. Returns how many reports it took.
///
/// # Errors
/// When a database does not answer; what was not released stays approved.
pub async fn release_approved(hub: &Hub) -> Result<usize, HubError> {
    let outgoing = Outgoing::of(hub);
    let released = hub.vault().write("context.release", move |tx| outgoing.run(tx)).await?;
    tick::deliver(hub).await?;
    Ok(released)
}

struct Outgoing {
    policy: Arc<Policy>,
    key: SigningKey,
    identity: StixId,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
    tick: Timestamp,
    tlp: Tlp,
}

impl Outgoing {
    fn of(hub: &Hub) -> Self {
        let now = hub.now();
        Self {
            policy: hub.policy(),
            key: SigningKey::from_seed(*hub.signing_key().seed()),
            identity: hub.identity().clone(),
            entropy: hub.entropy_arc(),
            now,
            tick: now.floor_to(hub.tick_micros()),
            tlp: hub.context_tlp(),
        }
    }

    fn run(&self, tx: &mut Tx<'_>) -> Result<usize, StoreError> {
        let mut objects = Vec::new();
        let mut released = 0;
        for row in reports::context_due(tx, self.now, BATCH_LIMIT)? {
            let to = match self.emit(tx, &row)? {
                Some(made) => {
                    objects.extend(made);
                    released += 1;
                    ContextState::Released
                }
                None => ContextState::Declined,
            };
            reports::move_context(tx, &row.id, ContextState::Approved, to)?;
        }
        if !objects.is_empty() {
            let id = random_bytes(self.entropy.as_ref());
            let tick = self.tick.as_micros();
            batch::append(tx, &self.key, id, "context", tick, objects)?;
        }
        Ok(released)
    }

    /// The objects of one report; `None` where either approval is not on record.
    fn emit(
        &self,
        tx: &mut Tx<'_>,
        row: &ReportRow,
    ) -> Result<Option<Vec<BatchMember>>, StoreError> {
        let desk = audit::last_of(tx, &row.id, "context.desk-approved")?;
        let reporter = audit::last_of(tx, &row.id, "context.approved")?;
        let (Some(desk), Some(reporter)) = (desk, reporter) else { return Ok(None) };
        let approval = Approval {
            desk: DeskApproval { officer: desk.actor, at: desk.at },
            reporter: ReporterApproval { at: reporter.at },
        };
        let facts = context_facts(&self.policy.vocabulary, &facts_from_json(&row.facts));
        let emission = ContextEmission { creator: &self.identity, at: self.tick, tlp: self.tlp };
        let release = Report::new(MemberId::new(row.member.as_str()), [], facts)
            .gate(&self.policy.gate)
            .approve(approval)
            .context(&emission, self.entropy.as_ref());
        Ok(release.map(|r| r.into_objects().into_iter().map(batch::member_of_batch).collect()))
    }
}
