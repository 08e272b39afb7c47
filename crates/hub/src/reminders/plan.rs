//! Deciding: which marks were reached, what is pointless by now, when to look again.

use std::collections::BTreeSet;

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::{Mark, Settings};
use crate::case::{self, Case};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::reminders::{self, About};

/// Most members looked at in one pass.
const LIMIT: i64 = 1_000;
/// Most messages of one reminder, however often a member changes its addresses.
const MAX_OF_ONE: usize = 12;
/// A member is looked at after this at the latest: new reports and whatever else says nothing.
const AT_LATEST: i64 = 10 * 60 * 1_000_000;

/// Looks at every member whose time has come; answers with how many reminders were decided.
pub(super) async fn decide(hub: &Hub) -> Result<usize, HubError> {
    let now = hub.now();
    let read = move |tx: &mut Tx<'_>| reminders::to_look_at(tx, now, LIMIT);
    let members = hub.vault().read("reminders.to_look_at", read).await?;
    let mut decided = 0;
    for member in members {
        match one(hub, &member, now).await {
            Ok(count) => decided += count,
            Err(HubError::Store(e)) => return Err(e.into()),
            // One member's broken clause keeps back no other's reminders.
            Err(error) => {
                tracing::warn!(%error, "the deadlines of one member could not be computed");
                let later = now.plus_micros(AT_LATEST);
                let write = move |tx: &mut Tx<'_>| reminders::look_at(tx, &member, later);
                hub.vault().write("reminders.look_later", write).await?;
            }
        }
    }
    Ok(decided)
}

/// A deadline that is open, and the marks of it that were reached, the newest last.
struct Open {
    about: About,
    reached: Vec<Mark>,
}

async fn one(hub: &Hub, member: &str, now: Timestamp) -> Result<usize, HubError> {
    let settings = super::of(hub, member).await?;
    let targets = settings.targets();
    if targets.is_empty() {
        let (member, never) = (member.to_owned(), Timestamp::from_micros(i64::MAX));
        let write = move |tx: &mut Tx<'_>| {
            cancel(tx, &member, &[], &[], now)?;
            reminders::look_at(tx, &member, never)
        };
        hub.vault().write("reminders.nobody", write).await?;
        return Ok(0);
    }
    let cases = case::all_of(hub, member).await?;
    let (open, next) = marks_of(&cases, &settings, now)?;
    let next = next.min(now.plus_micros(AT_LATEST));
    // Ids are drawn before the transaction: it may run again.
    let ids: Vec<Vec<String>> = open
        .iter()
        .map(|o| {
            let messages = if o.reached.is_empty() { 0 } else { targets.len() };
            let count = o.reached.len() + messages;
            (0..count).map(|_| ids::fresh("n", hub.entropy())).collect()
        })
        .collect();
    let member = member.to_owned();
    let write = move |tx: &mut Tx<'_>| {
        cancel(tx, &member, &open, &targets, now)?;
        let mut decided = 0;
        for (o, ids) in open.iter().zip(&ids) {
            if store(tx, &member, o, &targets, ids, now)? {
                decided += 1;
            }
        }
        reminders::look_at(tx, &member, next)?;
        Ok(decided)
    };
    Ok(hub.vault().write("reminders.decide", write).await?)
}

/// Every open deadline with the marks that were reached, and when the next one is.
fn marks_of(
    cases: &[Case],
    settings: &Settings,
    now: Timestamp,
) -> Result<(Vec<Open>, Timestamp), HubError> {
    let mut next = Timestamp::from_micros(i64::MAX);
    let mut open = Vec::new();
    let mut seen = BTreeSet::new();
    for case in cases {
        for duty in case.duties(now)?.open {
            let (Some(start), Some(due)) = (duty.deadline.start, duty.deadline.due) else {
                continue;
            };
            let of = |at: jiff::Timestamp| Timestamp::from_micros(at.as_microsecond());
            let (start, due) = (of(start), of(due));
            let mut reached = Vec::new();
            for mark in &settings.marks {
                let at = mark.moment(start, due);
                if at <= now {
                    reached.push(*mark);
                } else {
                    next = next.min(at);
                }
            }
            let about = About {
                case: case.id.clone(),
                obligation: duty.deadline.obligation.clone(),
                stage: duty.deadline.stage.clone(),
                due,
                mark: String::new(),
            };
            if seen.insert((case.id.clone(), about.obligation.clone(), about.stage.clone())) {
                open.push(Open { about, reached });
            }
        }
    }
    Ok((open, next))
}

/// Ends waiting messages that are about no open deadline, or go where the member wants none any more.
fn cancel(
    tx: &mut Tx<'_>,
    member: &str,
    open: &[Open],
    targets: &[(&'static str, String)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for waiting in reminders::waiting_of(tx, member)? {
        let same = |o: &Open| o.about == About { mark: String::new(), ..waiting.about.clone() };
        let wanted = targets.iter().any(|(c, a)| *c == waiting.channel && *a == waiting.address);
        if !wanted || !open.iter().any(same) {
            reminders::end(tx, &waiting.id, "cancelled", now)?;
        }
    }
    Ok(())
}

/// Notes every mark that was reached and, where the newest was not noted before, queues its messages.
/// Marks that were passed over meanwhile are told by it; so is what still waits of older ones. One that
/// was told before is told to the addresses that came since.
fn store(
    tx: &mut Tx<'_>,
    member: &str,
    open: &Open,
    targets: &[(&'static str, String)],
    ids: &[String],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (mut new, mut newest) = (None, None);
    for (mark, id) in open.reached.iter().zip(ids) {
        let about = About { mark: mark.name(), ..open.about.clone() };
        // The last one counts: a later mark that was noted before has told this one too.
        new = reminders::decide(tx, id, member, &about)?.then_some(id);
        newest = Some(about);
    }
    let Some(reminder) = new else {
        if let Some(about) = newest {
            tell_new_targets(tx, member, &about, targets, ids, now)?;
        }
        return Ok(false);
    };
    for waiting in reminders::waiting_of(tx, member)? {
        if (About { mark: String::new(), ..waiting.about }) == open.about {
            reminders::end(tx, &waiting.id, "superseded", now)?;
        }
    }
    let ids = ids.iter().skip(open.reached.len());
    for ((channel, address), id) in targets.iter().zip(ids) {
        reminders::queue(tx, id, member, Some(reminder), (channel, address), now)?;
    }
    Ok(true)
}

/// Queues a reminder that was decided before for the targets that have no message of it: an address
/// that was mistyped and corrected is told too. One that was told to nobody stays so: another told it.
fn tell_new_targets(
    tx: &mut Tx<'_>,
    member: &str,
    about: &About,
    targets: &[(&'static str, String)],
    ids: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut told = reminders::told(tx, member, about)?;
    let Some(reminder) = told.first().map(|t| t.reminder.clone()) else { return Ok(()) };
    // What was cancelled never left.
    told.retain(|t| t.state != "cancelled");
    let has = |(channel, address): &(&str, String)| {
        told.iter().any(|t| t.channel == *channel && t.address == *address)
    };
    let fresh = targets.iter().filter(|t| !has(t)).take(MAX_OF_ONE.saturating_sub(told.len()));
    // The last ids are those of messages: there is one for each target.
    for ((channel, address), id) in fresh.zip(ids.iter().rev()) {
        reminders::queue(tx, id, member, Some(&reminder), (channel, address), now)?;
    }
    Ok(())
}
