//! The desk's queue: how urgent a report is, by what others are found, and when something happens to it
//! by itself. What waits stands in [`crate::vault::desk_work`].

mod traits;
mod urgency;

use noroshi_intake::Facts;
use noroshi_stix::{Kind, Timestamp};
use noroshi_store::{StoreError, Tx};

pub use traits::{Trait, sender_domain, subject_print};
pub use urgency::{LEVELS, Reason, Urgency, urgency};

use crate::case;
use crate::error::HubError;
use crate::hub::Hub;
use crate::intake::facts_from_json;
use crate::register::Policy;
use crate::vault::desk_reports::{self, NewDeskRow};
use crate::vault::reports::{self, ContextState, ReportRow};
use crate::vault::{desk_work, direct, mailbox};

/// Hours before a hold or a legal clock ends in which a report stands first.
pub const SOON_HOURS: i64 = 3;
/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// Most reports whose legal clock is looked at in one tick.
const CLOCKS_PER_TICK: i64 = 20;
/// Reports of an earlier version taken up in one transaction.
const CATCH_UP: i64 = 200;
/// Days in which a report, or an answer, of an earlier version may still be unread.
const FRESH_DAYS: i64 = 7;

/// What the desk notes of a report when it is filed; `values` are kind, value and place of its
/// indicators.
pub(crate) fn new_row<'a>(
    policy: &Policy,
    member: &str,
    facts: &Facts,
    values: impl Iterator<Item = (Kind, &'a str, &'a str)>,
) -> NewDeskRow {
    let path = policy.members.get(member).map(|m| m.label_path.as_slice()).unwrap_or_default();
    let urgency = urgency(&policy.vocabulary, facts, path);
    let why: Vec<&str> = urgency.why.iter().map(|r| r.code()).collect();
    NewDeskRow {
        rank: urgency.rank,
        why: why.join(" "),
        attack_type: traits::attack_type(&policy.vocabulary, facts).unwrap_or_default(),
        due: facts.hold_until,
        traits: traits::of(policy, facts, values).iter().map(Trait::key).collect(),
    }
}

/// Takes up reports that a version without a desk filed, and everything about them that waits. What
/// was decided, or is older than [`FRESH_DAYS`], was read with that version and is not asked for again.
///
/// # Errors
/// When the vault does not answer.
pub(crate) async fn catch_up(hub: &Hub) -> Result<(), HubError> {
    loop {
        let (policy, now) = (hub.policy(), hub.now());
        let done = hub
            .vault()
            .write("desk.catch_up", move |tx| {
                let ids = desk_reports::unfiled(tx, CATCH_UP)?;
                for id in &ids {
                    if let Some(row) = reports::one(tx, id)? {
                        take_up(tx, &policy, &row, now)?;
                    }
                }
                Ok(ids.len())
            })
            .await?;
        if done == 0 {
            return Ok(());
        }
    }
}

fn take_up(
    tx: &mut Tx<'_>,
    policy: &Policy,
    row: &ReportRow,
    now: Timestamp,
) -> Result<(), StoreError> {
    let items = reports::items(tx, &row.id)?;
    let facts = facts_from_json(&row.facts);
    let values = items.iter().map(|i| (i.kind, i.value.as_str(), i.origin.as_str()));
    let new = new_row(policy, &row.member, &facts, values);
    desk_reports::file(tx, &row.id, row.accepted, &new)?;
    let proposed = row.context == ContextState::Proposed;
    let fresh = |at: Timestamp| at >= now.plus_days(-FRESH_DAYS);
    if !(proposed || row.context == ContextState::Nothing) || !fresh(row.accepted) {
        desk_reports::review(tx, &row.id, now, "hub")?;
    }
    if proposed {
        desk_work::add_context(tx, &row.id)?;
    }
    for item in &items {
        let Some(print) = reports::fingerprint_of(tx, &item.id)? else { continue };
        if crate::quarantine::waits(item) {
            desk_work::add_value(tx, &print)?;
        }
        desk_work::add_recall(tx, &print)?;
    }
    for question in mailbox::of_report(tx, &row.id)? {
        if let Some(at) = question.answered.filter(|at| proposed || fresh(*at)) {
            desk_work::add_answer(tx, &question.id, at)?;
        }
    }
    for proposal in direct::of_report(tx, &row.id)?.iter().filter(|d| d.asks_officer()) {
        desk_work::add_direct(tx, &proposal.id, &row.id, proposal.at)?;
    }
    Ok(())
}

/// Looks at the legal clocks of new reports. Called with each tick, after everything that leaves.
///
/// # Errors
/// When the vault does not answer.
pub(crate) async fn look_at_clocks(hub: &Hub) -> Result<(), HubError> {
    let read = |tx: &mut Tx<'_>| {
        let ids = desk_reports::unclocked(tx, CLOCKS_PER_TICK)?;
        ids.iter().map(|id| reports::one(tx, id)).collect::<Result<Vec<_>, _>>()
    };
    let rows: Vec<Option<ReportRow>> = hub.vault().read("desk.unclocked", read).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut clocks = Vec::new();
    for row in rows.into_iter().flatten() {
        let first = match first_deadline(hub, &row).await {
            Ok(first) => first,
            // A profile that no longer loads has its own message on the member's page.
            Err(HubError::Request { .. } | HubError::Register(_)) => None,
            Err(e) => return Err(e),
        };
        clocks.push((row.id, first));
    }
    let write = move |tx: &mut Tx<'_>| {
        clocks.iter().try_for_each(|(id, first)| desk_reports::clock(tx, id, *first))
    };
    Ok(hub.vault().write("desk.clocks", write).await?)
}

/// The first legal deadline of a report's case that is not over.
async fn first_deadline(hub: &Hub, row: &ReportRow) -> Result<Option<Timestamp>, HubError> {
    let case = case::load(hub, row).await?;
    let duties = case.duties(hub.now())?;
    let open = duties.open.iter().filter(|d| d.late != Some(true));
    let first = open.filter_map(|d| d.deadline.due).min();
    Ok(first.map(|at| Timestamp::from_micros(at.as_microsecond())))
}

/// Puts first what becomes due soon. Reads only where nothing does.
///
/// # Errors
/// When the vault does not answer.
pub async fn promote(hub: &Hub) -> Result<(), HubError> {
    let soon = hub.now().plus_micros(SOON_HOURS * HOUR);
    if hub.vault().read("desk.due", move |tx| desk_work::is_due(tx, soon)).await? {
        hub.vault().write("desk.promote", move |tx| desk_work::promote(tx, soon)).await?;
    }
    Ok(())
}
