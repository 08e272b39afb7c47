//! Publicity flags: the desk notes what the public knows anyway, from public facts only.

use noroshi_stix::Timestamp;

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::flags::{self, FlagRow};
use crate::vault::{audit, members};

/// Microseconds of a day.
const DAY_MICROS: i64 = 86_400_000_000;
/// Nine hours, in microseconds.
const JAPAN_AHEAD: i64 = 9 * 3_600_000_000;
/// Most characters of where the public can read it.
const MAX_BASIS: usize = 500;

/// What the public knows, and where it can be read.
pub struct NewFlag {
    /// Id of the member the public speaks of.
    pub member: String,
    /// Since when.
    pub since: Timestamp,
    /// An address or a sentence.
    pub basis: String,
}

/// Enters a flag. The cell of the member is in quarantine from then on, for whoever reports there:
/// that tells nothing about who did.
///
/// # Errors
/// 400 without a basis or with a day that has not come, 404 for an unknown member, 409 where the same
/// case is flagged already.
pub async fn enter(hub: &Hub, new: NewFlag, actor: &str) -> Result<String, HubError> {
    let basis = new.basis.trim().to_owned();
    if basis.is_empty() || basis.chars().count() > MAX_BASIS {
        return Err(HubError::bad(
            "no-basis",
            "Say where the public can read of it, in up to 500 characters: an address, or which paper on which day.",
        ));
    }
    let now = hub.now();
    // A day, and no finer: the record publishes it. Where the day has begun in Japan only, today's.
    let since = new.since.floor_to(DAY_MICROS);
    let since = if since > now && since.as_micros() - now.as_micros() <= JAPAN_AHEAD {
        now.floor_to(DAY_MICROS)
    } else {
        since
    };
    if since > now {
        return Err(HubError::bad(
            "not-yet-public",
            "The day since when the public knows lies ahead. Enter what is public already.",
        ));
    }
    let flag = FlagRow {
        id: ids::fresh("f", hub.entropy()),
        member: new.member,
        since,
        basis,
        entered: now,
        entered_by: actor.to_owned(),
        withdrawn: None,
    };
    let id = flag.id.clone();
    let audit_id = ids::fresh("a", hub.entropy());
    let done = hub
        .vault()
        .write("flags.enter", move |tx| {
            if members::one(tx, &flag.member)?.is_none() {
                return Ok(Entered::NoMember);
            }
            let others = flags::of_member(tx, &flag.member)?;
            if others.iter().any(|f| f.since == flag.since) {
                return Ok(Entered::Known);
            }
            flags::insert(tx, &flag)?;
            audit::append(
                tx,
                &audit_id,
                &audit::Entry::new(now, &flag.entered_by, "flag.enter", &flag.id),
            )?;
            Ok(Entered::Done)
        })
        .await?;
    match done {
        Entered::Done => Ok(id),
        Entered::NoMember => Err(HubError::not_found()),
        Entered::Known => Err(HubError::conflict(
            "This member is flagged since that day already. Take the old flag back to change it.",
        )),
    }
}

enum Entered {
    Done,
    NoMember,
    Known,
}

/// Takes a flag back that was entered by mistake.
///
/// # Errors
/// 404 where there is none in force under this id.
pub async fn withdraw(hub: &Hub, id: &str, actor: &str) -> Result<(), HubError> {
    let (id, actor, now) = (id.to_owned(), actor.to_owned(), hub.now());
    let audit_id = ids::fresh("a", hub.entropy());
    let done = hub
        .vault()
        .write("flags.withdraw", move |tx| {
            let done = flags::withdraw(tx, &id, now)?;
            if done {
                audit::append(
                    tx,
                    &audit_id,
                    &audit::Entry::new(now, &actor, "flag.withdraw", &id),
                )?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(HubError::not_found()) }
}
