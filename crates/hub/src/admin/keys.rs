//! Keys of members: made once, shown once. A client certificate stands for a key; there is nothing
//! secret to show then. Keys of partners are rotated and taken back here too.

use noroshi_seal::ApiKey;
use noroshi_stix::Timestamp;
use noroshi_store::Tx;

use super::certificates::{CertificateFile, Registered};
use super::credentials::{Either, Fresh, either, end_of, known_as, registered_before};
use super::{Scribe, partners as partner_admin, record, soon, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::keys::{self, KeyRow, Listed, Wanted};
use crate::vault::{members, partners};

/// What a new key may do and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyWish {
    /// What the member calls it.
    pub label: String,
    /// May read releases and what partners share.
    pub may_read: bool,
    /// May file reports, also as objects posted to the inbox.
    pub may_report: bool,
    /// Days it holds, at least 1.
    pub days: u32,
}

/// Microseconds the old key of a rotation still holds: one day, to change it everywhere.
const ROTATION_MICROS: i64 = 86_400_000_000;

/// Makes a key for a member. This is the only moment the key can be seen.
///
/// # Errors
/// When there is no such member or the key could do nothing.
pub async fn create_key(hub: &Hub, member: &str, wish: &KeyWish) -> Result<ApiKey, HubError> {
    check(wish)?;
    let key = ApiKey::generate(hub.entropy());
    let fresh = Fresh::of_key(&key, &hub.key_pepper(), end_of(hub.now(), wish.days)?);
    insert(hub, row_of(hub.now(), fresh, member, wish)).await?;
    Ok(key)
}

/// Lets a client certificate stand for a key of a member.
///
/// # Errors
/// When there is no such member, the key could do nothing, or the certificate has run out or was
/// registered before.
pub async fn register_certificate(
    hub: &Hub,
    member: &str,
    wish: &KeyWish,
    file: &CertificateFile,
) -> Result<Registered, HubError> {
    check(wish)?;
    let fresh = Fresh::of_certificate(file, &hub.key_pepper(), hub.now(), wish.days)?;
    let registered = fresh.registered(&file.certificate);
    insert(hub, row_of(hub.now(), fresh, member, wish)).await?;
    Ok(registered)
}

/// Replaces a key of a member or partner: the new one does the same, the old one holds for one more
/// day.
///
/// # Errors
/// When there is no such key, it holds no more, or it is a certificate.
pub async fn rotate_key(hub: &Hub, id: &str, days: u32) -> Result<ApiKey, HubError> {
    let (key, now) = (id.to_owned(), hub.now());
    let old = hub.vault().read("admin.key", move |tx| either(tx, &key)).await?;
    let old = old.filter(|k| k.holds(now)).ok_or_else(|| unknown("key", "key list"))?;
    if old.is_certificate() {
        return Err(HubError::bad(
            "certificate",
            "This is a certificate: register the new one with --certificate, then revoke this one.",
        ));
    }
    let key = ApiKey::generate(hub.entropy());
    let fresh = Fresh::of_key(&key, &hub.key_pepper(), end_of(now, days)?);
    let until = now.plus_micros(ROTATION_MICROS);
    let scribe = Scribe::of(hub);
    // In one step: whatever happens, there are never two keys for the whole time, or none.
    hub.vault()
        .write("admin.rotate_key", move |tx| {
            let fresh = fresh.clone();
            let id = fresh.id.clone();
            match &old {
                Either::Member(old) => {
                    let wish = KeyWish {
                        label: old.label.clone(),
                        may_read: old.may_read,
                        may_report: old.may_report,
                        days,
                    };
                    keys::insert(tx, &row_of(now, fresh, &old.member, &wish))?;
                    keys::expire_by(tx, &old.id, until)?;
                }
                Either::Partner(old) => {
                    let row = partner_admin::row_of(now, fresh, &old.partner, &old.label);
                    partners::insert_key(tx, &row)?;
                    partners::expire_key_by(tx, &old.id, until)?;
                }
            }
            record(tx, &scribe, now, "key.rotate", &id)
        })
        .await?;
    Ok(key)
}

/// Takes a key or certificate of a member or partner back at once.
///
/// # Errors
/// When there is no such key or it was taken back before.
pub async fn revoke_key(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, scribe) = (id.to_owned(), hub.now(), Scribe::of(hub));
    let done = hub
        .vault()
        .write("admin.revoke_key", move |tx| {
            let done = keys::revoke(tx, &id, now)? || partners::revoke_key(tx, &id, now)?;
            if done {
                record(tx, &scribe, now, "key.revoke", &id)?;
            }
            Ok(done)
        })
        .await?;
    if done { Ok(()) } else { Err(unknown("key", "key list")) }
}

/// Every key of a member ever made.
///
/// # Errors
/// When the vault does not answer.
pub async fn list_keys(hub: &Hub) -> Result<Vec<KeyRow>, HubError> {
    Ok(hub.vault().read("admin.keys", keys::list).await?)
}

/// One page of members' keys; those that end within 30 days are ending.
///
/// # Errors
/// When the vault does not answer.
pub async fn keys_page(hub: &Hub, wanted: Wanted) -> Result<Vec<Listed>, HubError> {
    let (now, soon) = (hub.now(), soon(hub.now()));
    let read = move |tx: &mut Tx<'_>| keys::page(tx, &wanted, now, soon);
    Ok(hub.vault().read("admin.keys_page", read).await?)
}

fn check(wish: &KeyWish) -> Result<(), HubError> {
    if wish.may_read || wish.may_report {
        return Ok(());
    }
    Err(HubError::bad("bad-key", "A key must read or report: leave --no-read out or add --report."))
}

fn row_of(now: Timestamp, fresh: Fresh, member: &str, wish: &KeyWish) -> KeyRow {
    KeyRow {
        id: fresh.id,
        member: member.to_owned(),
        label: wish.label.clone(),
        digest: fresh.digest,
        fingerprint: fresh.fingerprint,
        may_read: wish.may_read,
        may_report: wish.may_report,
        created: now,
        expires: fresh.expires,
        revoked: None,
    }
}

async fn insert(hub: &Hub, row: KeyRow) -> Result<(), HubError> {
    let (now, scribe, id) = (hub.now(), Scribe::of(hub), row.id.clone());
    let outcome = hub
        .vault()
        .write("admin.insert_key", move |tx| {
            if members::one(tx, &row.member)?.is_none() {
                return Ok(Outcome::NoMember);
            }
            if known_as(tx, &row.id)? {
                return Ok(Outcome::Known);
            }
            keys::insert(tx, &row)?;
            record(tx, &scribe, now, "key.create", &row.id)?;
            Ok(Outcome::Done)
        })
        .await?;
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Known => Err(registered_before(&id)),
        Outcome::NoMember => Err(unknown("member", "member list")),
    }
}

enum Outcome {
    Done,
    Known,
    NoMember,
}
