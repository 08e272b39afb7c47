//! What the desk does with a report beside rulings and releases: reads it, takes it, puts it aside,
//! chooses what would be said. Every change says what it was made from, so that the second of two
//! analysts changes nothing unseen.

use noroshi_anonymity::{Group, Vocabulary};
use noroshi_intake::Facts;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use crate::context::{context_facts, stand};
use crate::desk_queue::HOUR;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::intake::facts_to_json;
use crate::vault::desk_reports::{self, Hold};
use crate::vault::desk_work::{self, Kind};
use crate::vault::reports::{self, ContextState};
use crate::vault::{audit, desk_looks};

/// Most characters of a note.
pub const MAX_NOTE: usize = 500;
/// Seconds after which somebody no longer looks at a report.
pub const LOOK_SECONDS: i64 = 90;
/// Microseconds of a second.
const SECOND: i64 = 1_000_000;
/// Until when something is put aside that nobody gave an end: in a hundred years.
const NO_END_HOURS: i64 = 100 * 365 * 24;

/// Why a report is put aside: a closed list, so that reasons can be counted.
pub const HOLD_REASONS: [&str; 6] =
    ["reporter", "second-opinion", "authority", "vendor", "in-the-news", "other"];
/// For how long, in hours; 0 is until it is taken up again.
pub const HOLD_HOURS: [i64; 5] = [1, 4, 24, 72, 0];

/// What is done to a report at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was read.
    Review,
    /// It is to be read again.
    Reopen,
    /// Somebody takes it, from whoever has it (empty for nobody).
    Take {
        /// Account that has it now.
        from: String,
    },
    /// Nobody has it any more.
    Release {
        /// Account that has it now.
        from: String,
    },
    /// Put aside; context that was approved but is not out waits for the desk again.
    Hold {
        /// Until when it was aside, in microseconds; 0 for not aside.
        from: i64,
        /// One of [`HOLD_REASONS`].
        reason: String,
        /// One of [`HOLD_HOURS`].
        hours: i64,
        /// For the desk.
        note: String,
    },
    /// Taken up again.
    Lift {
        /// Until when it was aside, in microseconds.
        from: i64,
    },
}

impl Change {
    /// Its name in the audit trail.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Review => "desk.review",
            Self::Reopen => "desk.reopen",
            Self::Take { .. } => "desk.take",
            Self::Release { .. } => "desk.release",
            Self::Hold { .. } => "desk.hold",
            Self::Lift { .. } => "desk.lift",
        }
    }
}

/// Makes a change.
///
/// # Errors
/// 404 for an unknown report, 409 where it no longer stands as the change says, 422 for a reason,
/// a time or a note that is none.
pub async fn change(hub: &Hub, report: &str, actor: &str, change: Change) -> Result<(), HubError> {
    if let Change::Hold { reason, hours, note, .. } = &change {
        check_hold(reason, *hours, note)?;
    }
    let entry = audit::Entry::new(hub.now(), actor, change.action(), report);
    let (audit_id, report) = (ids::fresh("a", hub.entropy()), report.to_owned());
    let done = hub
        .vault()
        .write("desk.change", move |tx| {
            if desk_reports::one(tx, &report)?.is_none() {
                return Ok(None);
            }
            let done = apply(tx, &report, &change, &entry)?;
            if done {
                audit::append(tx, &audit_id, &entry)?;
            }
            Ok(Some(done))
        })
        .await?;
    match done {
        Some(true) => Ok(()),
        Some(false) => Err(HubError::conflict("Somebody changed this first. Load it again.")),
        None => Err(HubError::not_found()),
    }
}

fn apply(
    tx: &mut Tx<'_>,
    report: &str,
    change: &Change,
    entry: &audit::Entry,
) -> Result<bool, StoreError> {
    let (now, actor) = (entry.at, entry.actor.as_str());
    match change {
        Change::Review => desk_reports::review(tx, report, now, actor),
        Change::Reopen => desk_reports::reopen(tx, report, now),
        Change::Take { from } => desk_reports::assign(tx, report, from, Some(actor)),
        Change::Release { from } => desk_reports::assign(tx, report, from, None),
        Change::Lift { from } => desk_reports::hold(tx, report, *from, None),
        Change::Hold { from, reason, hours, note } => {
            let hours = if *hours == 0 { NO_END_HOURS } else { *hours };
            let hold = Hold {
                until: now.plus_micros(hours * HOUR),
                reason: reason.clone(),
                note: note.trim().to_owned(),
                by: actor.to_owned(),
            };
            // First, so that a hold that comes second takes no approval back, and the row that the
            // context gets in the queue is put aside too.
            if !desk_reports::hold(tx, report, *from, Some(&hold))? {
                return Ok(false);
            }
            for state in [ContextState::DeskApproved, ContextState::Approved] {
                reports::move_context(tx, report, state, ContextState::Proposed)?;
            }
            Ok(true)
        }
    }
}

fn check_hold(reason: &str, hours: i64, note: &str) -> Result<(), HubError> {
    if !HOLD_REASONS.contains(&reason) || !HOLD_HOURS.contains(&hours) {
        return Err(HubError::bad("bad-hold", "Choose a reason and a time of the list."));
    }
    if note.chars().count() > MAX_NOTE {
        return Err(HubError::bad("bad-hold", "Write at most 500 characters in the note."));
    }
    Ok(())
}

/// Whether a hold has no end of its own.
pub fn is_endless(until: Timestamp, now: Timestamp) -> bool {
    until.as_micros() - now.as_micros() > NO_END_HOURS / 2 * HOUR
}

/// What the desk would say of an attack: ids of the closed vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// Kind of attack.
    pub attack_type: Option<String>,
    /// Way in.
    pub initial_access: Option<String>,
    /// Impact.
    pub impact: Option<String>,
    /// What to do.
    pub course_of_action: Option<String>,
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
}

impl Composition {
    /// As the fields of a report: only what the vocabulary holds, each by its id. Whatever else was
    /// sent is not said.
    pub fn facts(&self, vocabulary: &Vocabulary) -> Facts {
        let id = |group, text: &Option<String>| {
            let term = vocabulary.term(group, text.as_deref()?)?;
            Some(term.id().to_owned())
        };
        let techniques = self.techniques.iter().filter_map(|t| vocabulary.technique(t));
        Facts {
            attack_type: id(Group::AttackType, &self.attack_type),
            initial_access: id(Group::InitialAccess, &self.initial_access),
            impact: id(Group::Impact, &self.impact),
            course_of_action: id(Group::CourseOfAction, &self.course_of_action),
            techniques: techniques.map(|t| t.id().to_owned()).collect(),
            ..Facts::default()
        }
    }
}

/// Keeps what the desk would say instead of the reporter's own choices, where the context is still as
/// `from` ([`stand`]) says: in that state, and of those words. It waits for the desk's yes again, and then for the reporter's: nobody has approved
/// these words yet.
///
/// # Errors
/// 422 where nothing would be said, 404 for an unknown report, 409 where the context is elsewhere.
pub async fn compose(
    hub: &Hub,
    report: &str,
    actor: &str,
    from: &str,
    composition: &Composition,
) -> Result<(), HubError> {
    use ContextState::{Approved, DeskApproved, Nothing, Proposed};
    let policy = hub.policy();
    let facts = composition.facts(&policy.vocabulary);
    if context_facts(&policy.vocabulary, &facts).is_empty() {
        return Err(HubError::bad("nothing-composed", "Choose at least one term of the list."));
    }
    let entry = audit::Entry::new(hub.now(), actor, "context.compose", report);
    let (audit_id, report) = (ids::fresh("a", hub.entropy()), report.to_owned());
    let from = from.to_owned();
    let done = hub
        .vault()
        .write("context.compose", move |tx| {
            let Some(row) = reports::one(tx, &report)? else { return Ok(None) };
            let open = [Nothing, Proposed, DeskApproved, Approved].contains(&row.context);
            if !open || stand(&policy.vocabulary, &row) != from {
                return Ok(Some(false));
            }
            if row.context != Proposed {
                reports::move_context(tx, &report, row.context, Proposed)?;
            }
            reports::compose(tx, &report, Some(&facts_to_json(&facts)))?;
            audit::append(tx, &audit_id, &entry)?;
            Ok(Some(true))
        })
        .await?;
    match done {
        Some(true) => Ok(()),
        Some(false) => Err(HubError::conflict("The context of this report stands elsewhere now.")),
        None => Err(HubError::not_found()),
    }
}

/// Notes that the answers to a report's questions were read.
///
/// # Errors
/// When the vault cannot be written.
pub async fn see_answers(hub: &Hub, report: &str, actor: &str) -> Result<(), HubError> {
    let entry = audit::Entry::new(hub.now(), actor, "question.seen", report);
    let (audit_id, report) = (ids::fresh("a", hub.entropy()), report.to_owned());
    hub.vault()
        .write("desk.see_answers", move |tx| {
            let work = desk_work::of_report(tx, &report)?;
            let answers = work.iter().filter(|w| w.kind == Kind::Answer);
            let mut seen = false;
            for one in answers {
                desk_work::remove(tx, Kind::Answer, &one.subject)?;
                seen = true;
            }
            if seen {
                audit::append(tx, &audit_id, &entry)?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Notes that somebody looks at a report; names of the others who do.
///
/// # Errors
/// When the vault cannot be written.
pub async fn look(hub: &Hub, report: &str, account: &str) -> Result<Vec<String>, HubError> {
    let (report, account, now) = (report.to_owned(), account.to_owned(), hub.now());
    let oldest = now.plus_micros(-LOOK_SECONDS * SECOND);
    let write = move |tx: &mut Tx<'_>| {
        desk_looks::look(tx, &report, &account, now, oldest)?;
        desk_looks::others(tx, &report, &account, oldest)
    };
    Ok(hub.vault().write("desk.look", write).await?)
}
