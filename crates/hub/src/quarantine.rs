//! The desk's rulings: what was kept back goes out after review, or never; what went out wrongly
//! is taken back.

use noroshi_anonymity::Verdict;
use noroshi_stix::{Kind, Observable};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::reports::{self, ItemRow, ItemVerdict};
use crate::vault::{audit, indicators};

/// What the desk says about a quarantined item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// It goes out with the next tick.
    Release,
    /// It stays inside for good.
    Refuse,
}

/// Whether the desk may let an item go at all: what a member owns and what is no public address
/// stays inside, whoever says otherwise.
pub fn releasable(item: &ItemRow) -> bool {
    item.reasons.iter().all(|r| r.releasable)
}

/// Whether an item waits for the desk and the desk can do something about it.
pub fn waits(item: &ItemRow) -> bool {
    item.verdict == ItemVerdict::Quarantined && releasable(item)
}

/// Rules on a quarantined item.
///
/// # Errors
/// 404 where there is no such item, 409 where somebody ruled before or it may not go out.
pub async fn rule(hub: &Hub, id: &str, actor: &str, ruling: Ruling) -> Result<ItemRow, HubError> {
    let key = id.to_owned();
    let item = hub.vault().read("quarantine.item", move |tx| reports::item(tx, &key)).await?;
    let item = item.ok_or_else(HubError::not_found)?;
    let offer = match ruling {
        Ruling::Release => Some(reviewed_form(hub, &item)?),
        Ruling::Refuse => None,
    };
    let (to, action) = match ruling {
        Ruling::Release => (ItemVerdict::Cleared, "quarantine.release"),
        Ruling::Refuse => (ItemVerdict::Refused, "quarantine.refuse"),
    };
    let entry = audit::Entry::new(hub.now(), actor, action, id);
    let audit_id = ids::fresh("a", hub.entropy());
    let (id, now) = (id.to_owned(), hub.now());
    let after = hub
        .vault()
        .write("quarantine.rule", move |tx| {
            if !reports::decide(tx, &id, ItemVerdict::Quarantined, to, &entry.actor)? {
                return Ok(None);
            }
            if let Some(o) = &offer {
                let hold = reports::one(tx, &item.report)?.and_then(|r| r.hold_until);
                let due = hold.map_or(now, |h| h.max(now));
                let fingerprint = ids::fingerprint(o);
                reports::refile(tx, &id, &fingerprint)?;
                indicators::offer(tx, &fingerprint, o.kind(), &o.value(), due, true)?;
            }
            audit::append(tx, &audit_id, &entry)?;
            reports::item(tx, &id)
        })
        .await?;
    after.ok_or_else(|| {
        HubError::conflict("Somebody ruled on this item before. Load the list again.")
    })
}

fn reviewed_form(hub: &Hub, item: &ItemRow) -> Result<Observable, HubError> {
    let never = || {
        HubError::conflict(
            "This item can never be released: it belongs to a member or is no public address.",
        )
    };
    let observable = Observable::parse(item.kind, &item.value).map_err(|_| never())?;
    match hub.policy().gate.judge_reviewed(&observable) {
        Verdict::Pass(shared) => Ok(shared),
        Verdict::Quarantine(_) | Verdict::Drop(_) => Err(never()),
    }
}

/// Takes a released value back with the next tick.
///
/// # Errors
/// 422 where the text is no value of that kind, 404 where it is not out.
pub async fn revoke(hub: &Hub, kind: Kind, value: &str, actor: &str) -> Result<(), HubError> {
    let observable =
        Observable::parse(kind, value).map_err(|e| HubError::bad("bad-value", format!("{e}.")))?;
    let fingerprint = ids::fingerprint(&observable);
    let entry = audit::Entry::new(
        hub.now(),
        actor,
        "indicator.revoke",
        &data_encoding::HEXLOWER.encode(&fingerprint),
    );
    let audit_id = ids::fresh("a", hub.entropy());
    let found = hub
        .vault()
        .write("quarantine.revoke", move |tx| {
            let found = indicators::revoke(tx, &fingerprint)?;
            if found {
                audit::append(tx, &audit_id, &entry)?;
            }
            Ok(found)
        })
        .await?;
    if found { Ok(()) } else { Err(HubError::not_found()) }
}
