//! The agreement: publish a text, sign it, end it.

use noroshi_stix::Timestamp;
use noroshi_store::Tx;

use super::{Scribe, record, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::agreements::{self, Agreement, Listed, Signature};
use crate::vault::members;

/// Publishes a version of the agreement.
///
/// # Errors
/// When the version exists: a text never changes under a signature.
pub async fn publish_agreement(hub: &Hub, version: &str, text: &str) -> Result<(), HubError> {
    if version.trim().is_empty() || text.trim().is_empty() {
        return Err(HubError::bad("bad-agreement", "An agreement needs a version and a text."));
    }
    let agreement =
        Agreement { version: version.to_owned(), text: text.to_owned(), published: hub.now() };
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.publish_agreement", move |tx| {
            let done = agreements::publish(tx, &agreement)?;
            if done {
                record(tx, &scribe, now, "agreement.publish", &agreement.version)?;
            }
            Ok(done)
        })
        .await?;
    if done {
        return Ok(());
    }
    Err(HubError::conflict("This version exists. Publish a changed text under a new version."))
}

/// Records that `signer` signed the newest version for `member`, until `expires`.
///
/// # Errors
/// When there is no agreement or no such member, or `expires` has passed.
pub async fn sign_agreement(
    hub: &Hub,
    member: &str,
    signer: &str,
    expires: Timestamp,
) -> Result<(), HubError> {
    let now = hub.now();
    if expires <= now {
        return Err(HubError::bad("bad-expiry", "The end of the signature has passed already."));
    }
    let (member, signer) = (member.to_owned(), signer.to_owned());
    let (id, scribe) = (ids::fresh("g", hub.entropy()), Scribe::of(hub));
    let outcome = hub
        .vault()
        .write("admin.sign_agreement", move |tx| {
            let Some(agreement) = agreements::latest(tx)? else { return Ok(None) };
            if members::one(tx, &member)?.is_none() {
                return Ok(Some(false));
            }
            let signature = Signature {
                member: member.clone(),
                agreement: agreement.version,
                signer: signer.clone(),
                signed: now,
                expires,
                withdrawn: None,
            };
            agreements::sign(tx, &id, &signature)?;
            record(tx, &scribe, now, "agreement.sign", &member)?;
            Ok(Some(true))
        })
        .await?;
    match outcome {
        Some(true) => Ok(()),
        Some(false) => Err(unknown("member", "member list")),
        None => Err(HubError::bad(
            "no-agreement-text",
            "Publish the agreement first: `noroshi admin agreement publish VERSION FILE`.",
        )),
    }
}

/// Ends a member's signatures now: it sends and receives nothing from the next tick on.
///
/// # Errors
/// When nothing was signed.
pub async fn withdraw_agreement(hub: &Hub, member: &str) -> Result<(), HubError> {
    let (member, now, scribe) = (member.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.withdraw_agreement", move |tx| {
            let done = agreements::withdraw(tx, &member, now)?;
            if done {
                record(tx, &scribe, now, "agreement.withdraw", &member)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("signature", "agreement list")) }
}

/// Every version, and every signature ever made.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_agreements(hub: &Hub) -> Result<(Vec<Agreement>, Vec<Signature>), HubError> {
    Ok(hub
        .vault()
        .read("admin.agreements", |tx| Ok((agreements::list(tx)?, agreements::signatures(tx)?)))
        .await?)
}

/// One page of signatures, newest first; those before this time and id.
///
/// # Errors
/// When the vault does not answer.
pub async fn signatures_page(
    hub: &Hub,
    before: Option<(Timestamp, String)>,
    limit: i64,
) -> Result<(Vec<Agreement>, Vec<Listed>), HubError> {
    let (at, id) = before.unwrap_or((Timestamp::from_micros(i64::MAX), String::new()));
    let read = move |tx: &mut Tx<'_>| {
        Ok((agreements::list(tx)?, agreements::signatures_page(tx, (at, &id), limit)?))
    };
    Ok(hub.vault().read("admin.signatures_page", read).await?)
}
