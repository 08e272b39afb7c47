//! The context lane: what kind of attack, never who. It leaves only after the desk approved it and
//! then the reporter, in batches ([`batch`]), and of the victim it says the label that the policy
//! decided on, with a certificate.

mod batch;

use axum::http::StatusCode;
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
use crate::labels::outlook::{Prospect, words_print};
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

/// What somebody of the desk had read; what is `None` is taken as it is now.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Name of the state of the context.
    pub state: Option<String>,
    /// Which prospect was shown ([`Prospect::wording`]).
    pub wording: Option<String>,
}

/// The desk decides first; after its yes the reporter is asked. It may still say no until the batch.
///
/// # Errors
/// 409 where the context is not waiting for the desk, or not as it was seen.
pub async fn desk_decides(
    hub: &Hub,
    report: &str,
    actor: &str,
    decision: Decision,
    seen: Seen,
) -> Result<(), HubError> {
    use ContextState::{Approved, Declined, DeskApproved, Proposed};
    let change = match decision {
        Decision::Approve => Change { from: &[Proposed], to: DeskApproved, seen },
        Decision::Decline => {
            Change { from: &[Proposed, DeskApproved, Approved], to: Declined, seen }
        }
    };
    step(hub, report, actor, change).await
}

/// The reporter decides last, and may change its yes into a no until the batch. A yes is sending, so
/// it takes a valid signature under the agreement; a no does not. `wording` says which prospect was
/// shown ([`Prospect::wording`]); without it the yes is to what would be said now.
///
/// # Errors
/// 409 where the context is not waiting for the reporter, or would say something else by now; 403
/// where it has no valid signature.
pub async fn reporter_decides(
    hub: &Hub,
    report: &str,
    actor: &str,
    decision: Decision,
    wording: Option<&str>,
) -> Result<(), HubError> {
    use ContextState::{Approved, Declined, DeskApproved};
    let change = match decision {
        Decision::Approve => {
            let seen = Seen { state: None, wording: wording.map(str::to_owned) };
            Change { from: &[DeskApproved], to: Approved, seen }
        }
        Decision::Decline => {
            Change { from: &[DeskApproved, Approved], to: Declined, seen: Seen::default() }
        }
    };
    step(hub, report, actor, change).await
}

/// One decision: from any of these states to that one.
struct Change {
    from: &'static [ContextState],
    to: ContextState,
    seen: Seen,
}

async fn step(hub: &Hub, report: &str, actor: &str, change: Change) -> Result<(), HubError> {
    let entry =
        audit::Entry::new(hub.now(), actor, &format!("context.{}", change.to.as_str()), report);
    let audit_id = ids::fresh("a", hub.entropy());
    let report = report.to_owned();
    let eye = Eye::of(hub);
    let stepped = hub
        .vault()
        .write("context.step", move |tx| {
            let Change { from, to, seen } = &change;
            if *to == ContextState::Approved && !signed(tx, &report, entry.at)? {
                return Ok(Step::NoAgreement);
            }
            let row = reports::one(tx, &report)?.filter(|row| {
                let as_seen = seen.state.as_deref().is_none_or(|s| s == row.context.as_str());
                from.contains(&row.context) && as_seen
            });
            let Some(row) = row else { return Ok(Step::NotWaiting) };
            let yes = matches!(to, ContextState::DeskApproved | ContextState::Approved);
            if yes || seen.wording.is_some() {
                let prospect = eye.look(tx, &row, entry.at)?;
                if seen.wording.as_deref().is_some_and(|shown| shown != prospect.wording()) {
                    return Ok(Step::OtherWords);
                }
                // A yes is a yes to these words: what is noted here is what may be said, or less.
                if yes {
                    let offer = Offer { at: entry.at, members: prospect.members() };
                    label_rows::put_offer(tx, &report, &offer)?;
                }
            }
            if !reports::move_context(tx, &report, row.context, *to)? {
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
        Step::OtherWords => Err(HubError::Request {
            status: StatusCode::CONFLICT,
            code: "wording-changed",
            detail: "What would be said has changed meanwhile. Read it again before you agree."
                .to_owned(),
        }),
    }
}

/// What a decision came to.
enum Step {
    Done,
    NotWaiting,
    NoAgreement,
    OtherWords,
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
    let entry = audit::Entry::new(hub.now(), actor, "context.revoke", report);
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
        let facts = facts_of(&self.policy.vocabulary, report);
        self.prospect(tx, report.case(), &report.member, &facts, now)
    }
}

/// Where a report's context stands and what it would say, in one word for forms: a form made from
/// another changes nothing.
pub fn stand(vocabulary: &Vocabulary, report: &ReportRow) -> String {
    format!("{}-{}", report.context.as_str(), words_print(&facts_of(vocabulary, report)))
}

/// What of a report can become context: what the desk composed, else the reporter's own choices. Both
/// are terms of the closed vocabulary.
pub fn facts_of(vocabulary: &Vocabulary, report: &ReportRow) -> ContextFacts {
    let said = report.composed.as_ref().unwrap_or(&report.facts);
    context_facts(vocabulary, &facts_from_json(said))
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
