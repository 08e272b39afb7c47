//! The context lane: what kind of attack, never who. It leaves only after the desk approved it and
//! then the reporter, in batches ([`batch`]), and of the victim it says the label that the policy
//! decided on, with a certificate.

mod batch;

use noroshi_anonymity::{ContextFacts, Group, Vocabulary};
use noroshi_intake::Facts;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

pub use batch::{release_approved, release_due};

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::intake::facts_from_json;
use crate::labels::outlook::Prospect;
use crate::labels::{PublicReader, PublicState};
use crate::register::Policy;
use crate::vault::contexts::{self, ReleaseState};
use crate::vault::labels::{self as label_rows, Offer};
use crate::vault::reports::{self, ContextState, ReportRow};
use crate::vault::{agreements, audit};

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
    let eye = Eye::of(hub);
    let stepped = hub
        .vault()
        .write("context.step", move |tx| {
            if to == ContextState::Approved && !signed(tx, &report, entry.at)? {
                return Ok(Step::NoAgreement);
            }
            if !reports::move_context(tx, &report, from, to)? {
                return Ok(Step::NotWaiting);
            }
            if to == ContextState::DeskApproved {
                eye.offer(tx, &report, entry.at)?;
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

/// Takes the released context of a report's case back, with the next batch: only the hub's own beat
/// says when something is taken back.
///
/// # Errors
/// 409 where nothing of the case is out.
pub async fn revoke(hub: &Hub, report: &str, actor: &str) -> Result<(), HubError> {
    let entry = audit::Entry {
        at: hub.now(),
        actor: actor.to_owned(),
        action: "context.revoke".to_owned(),
        subject: report.to_owned(),
    };
    let (audit_id, report) = (ids::fresh("a", hub.entropy()), report.to_owned());
    let done = hub
        .vault()
        .write("context.revoke", move |tx| {
            let Some(row) = reports::one(tx, &report)? else { return Ok(false) };
            let moved =
                contexts::move_state(tx, row.case(), ReleaseState::Out, ReleaseState::Revoking)?;
            if moved {
                audit::append(tx, &audit_id, &entry)?;
            }
            Ok(moved)
        })
        .await?;
    let nothing = || HubError::conflict("Nothing of this case is out. Load the report again.");
    if done { Ok(()) } else { Err(nothing()) }
}

/// What would be published about a report now; `None` where there is nothing to say or nothing more
/// to decide.
///
/// # Errors
/// When the vault cannot be read.
pub async fn prospect(hub: &Hub, report: &ReportRow) -> Result<Option<Prospect>, HubError> {
    let open = [ContextState::Proposed, ContextState::DeskApproved, ContextState::Approved];
    if !open.contains(&report.context) {
        return Ok(None);
    }
    let (eye, report, now) = (Eye::of(hub), report.clone(), hub.now());
    let look = move |tx: &mut Tx<'_>| eye.look(tx, &report, now);
    Ok(Some(hub.vault().read("context.prospect", look).await?))
}

/// What would be published about a report of `member` with these facts, before anything is stored.
///
/// # Errors
/// When the vault cannot be read.
pub async fn prospect_of(
    hub: &Hub,
    member: &str,
    continues: Option<&str>,
    facts: &Facts,
) -> Result<Option<Prospect>, HubError> {
    let eye = Eye::of(hub);
    let facts = context_facts(&eye.policy.vocabulary, facts);
    if facts.is_empty() {
        return Ok(None);
    }
    let (member, case, now) = (member.to_owned(), continues.map(str::to_owned), hub.now());
    let look = move |tx: &mut Tx<'_>| {
        let first = match &case {
            // Somebody else's report is no case of this member's.
            Some(id) => reports::one(tx, id)?.filter(|r| r.member == member),
            None => None,
        };
        let case = first.as_ref().map_or("", |r| r.case());
        eye.prospect(tx, case, &member, &facts, now)
    };
    Ok(Some(hub.vault().read("context.prospect_of", look).await?))
}

/// Looks at reports with the eyes of the policy.
struct Eye {
    policy: std::sync::Arc<Policy>,
    public: PublicReader,
}

impl Eye {
    fn of(hub: &Hub) -> Self {
        Self { policy: hub.policy(), public: hub.public_reader() }
    }

    fn prospect(
        &self,
        tx: &mut Tx<'_>,
        case: &str,
        member: &str,
        facts: &ContextFacts,
        now: Timestamp,
    ) -> Result<Prospect, StoreError> {
        let state = self.public.read(tx, now)?;
        let known = PublicState::candidates(tx, case)?;
        let position = state.standing.position(member);
        Ok(Prospect::of(&state, known.as_ref(), position, facts))
    }

    fn look(
        &self,
        tx: &mut Tx<'_>,
        report: &ReportRow,
        now: Timestamp,
    ) -> Result<Prospect, StoreError> {
        let facts = context_facts(&self.policy.vocabulary, &facts_from_json(&report.facts));
        self.prospect(tx, report.case(), &report.member, &facts, now)
    }

    /// Notes which label the reporter is asked about.
    fn offer(&self, tx: &mut Tx<'_>, report: &str, now: Timestamp) -> Result<(), StoreError> {
        let Some(row) = reports::one(tx, report)? else { return Ok(()) };
        let members = self.look(tx, &row, now)?.members();
        label_rows::put_offer(tx, report, &Offer { at: now, members })
    }
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
