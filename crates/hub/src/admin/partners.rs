//! Partners: added, listed, removed, and given keys or certificates.

use noroshi_seal::{ApiKey, random_bytes};
use noroshi_stix::Timestamp;

use super::certificates::{CertificateFile, Registered};
use super::credentials::{Fresh, end_of, known_as, registered_before};
use super::{Scribe, record, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::partners::{self, Partner, PartnerKey};

/// A partner to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPartner {
    /// What it is called.
    pub name: String,
    /// Whether it is the hub's own desk, which may delete what others brought.
    pub desk: bool,
    /// Whether it may also read what the hub released.
    pub read_releases: bool,
}

/// Adds a partner and returns its id.
///
/// # Errors
/// When the name is empty or taken.
pub async fn add_partner(hub: &Hub, new: NewPartner) -> Result<String, HubError> {
    let name = new.name.trim().to_owned();
    if name.is_empty() {
        return Err(HubError::bad("bad-partner", "A partner needs a name, such as JPCERT/CC."));
    }
    let partner = Partner {
        id: ids::fresh("p", hub.entropy()),
        name,
        contributor: random_bytes(hub.entropy()),
        desk: new.desk,
        read_releases: new.read_releases,
        created: hub.now(),
        left: None,
    };
    let id = partner.id.clone();
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.add_partner", move |tx| {
            let same = |p: &Partner| p.left.is_none() && p.name == partner.name;
            if partners::list(tx)?.iter().any(same) {
                return Ok(false);
            }
            partners::insert(tx, &partner)?;
            record(tx, &scribe, now, "partner.add", &partner.id)?;
            Ok(true)
        })
        .await?;
    let taken = || {
        HubError::bad(
            "partner-known",
            "There is a partner of this name. `noroshi admin partner list` lists them.",
        )
    };
    if done { Ok(id) } else { Err(taken()) }
}

/// Every partner, also those that were removed.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_partners(hub: &Hub) -> Result<Vec<Partner>, HubError> {
    Ok(hub.vault().read("admin.partners", partners::list).await?)
}

/// Removes a partner: all its keys and certificates end at once. What it shared stays.
///
/// # Errors
/// When there is no such partner or it was removed before.
pub async fn remove_partner(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (key, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.remove_partner", move |tx| {
            let done = partners::leave(tx, &key, now)?;
            if done {
                record(tx, &scribe, now, "partner.remove", &key)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("partner", "partner list")) }
}

/// Makes a key for a partner. This is the only moment the key can be seen.
///
/// # Errors
/// When there is no such partner.
pub async fn create_partner_key(
    hub: &Hub,
    partner: &str,
    label: &str,
    days: u32,
) -> Result<ApiKey, HubError> {
    let key = ApiKey::generate(hub.entropy());
    let fresh = Fresh::of_key(&key, &hub.key_pepper(), end_of(hub.now(), days)?);
    insert(hub, row_of(hub.now(), fresh, partner, label)).await?;
    Ok(key)
}

/// Lets a client certificate stand for a key of a partner.
///
/// # Errors
/// When there is no such partner, or the certificate has run out or was registered before.
pub async fn register_partner_certificate(
    hub: &Hub,
    partner: &str,
    label: &str,
    days: u32,
    file: &CertificateFile,
) -> Result<Registered, HubError> {
    let fresh = Fresh::of_certificate(file, &hub.key_pepper(), hub.now(), days)?;
    let registered = fresh.registered(&file.certificate);
    insert(hub, row_of(hub.now(), fresh, partner, label)).await?;
    Ok(registered)
}

/// Every key of a partner ever made.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_partner_keys(hub: &Hub) -> Result<Vec<PartnerKey>, HubError> {
    Ok(hub.vault().read("admin.partner_keys", partners::keys).await?)
}

/// The row of a key that is made now.
pub(super) fn row_of(now: Timestamp, fresh: Fresh, partner: &str, label: &str) -> PartnerKey {
    PartnerKey {
        id: fresh.id,
        partner: partner.to_owned(),
        label: label.to_owned(),
        digest: fresh.digest,
        fingerprint: fresh.fingerprint,
        created: now,
        expires: fresh.expires,
        revoked: None,
    }
}

async fn insert(hub: &Hub, row: PartnerKey) -> Result<(), HubError> {
    let (now, scribe, id) = (hub.now(), Scribe::of(hub), row.id.clone());
    let outcome = hub
        .vault()
        .write("admin.insert_partner_key", move |tx| {
            if partners::one(tx, &row.partner)?.is_none_or(|p| p.left.is_some()) {
                return Ok(Outcome::NoPartner);
            }
            if known_as(tx, &row.id)? {
                return Ok(Outcome::Known);
            }
            partners::insert_key(tx, &row)?;
            record(tx, &scribe, now, "partner.key.create", &row.id)?;
            Ok(Outcome::Done)
        })
        .await?;
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Known => Err(registered_before(&id)),
        Outcome::NoPartner => Err(unknown("partner", "partner list")),
    }
}

enum Outcome {
    Done,
    Known,
    NoPartner,
}
