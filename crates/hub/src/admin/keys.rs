//! Keys of members, and what keys of members and partners have in common: made once, shown once.
//! A client certificate stands for a key; there is nothing secret to show then.

use noroshi_seal::{ApiKey, ClientCertificate};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::certificates::{CertificateFile, Registered, fingerprint_text};
use super::{partners as partner_admin, record, unknown};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::keys::{self, KeyRow};
use crate::vault::members;
use crate::vault::partners::{self, PartnerKey};

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
    let entropy = hub.entropy_arc();
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
            record(tx, entropy.as_ref(), now, "key.rotate", &id)
        })
        .await?;
    Ok(key)
}

/// Takes a key or certificate of a member or partner back at once.
///
/// # Errors
/// When there is no such key or it was taken back before.
pub async fn revoke_key(hub: &Hub, id: &str) -> Result<(), HubError> {
    let (id, now, entropy) = (id.to_owned(), hub.now(), hub.entropy_arc());
    let done = hub
        .vault()
        .write("admin.revoke_key", move |tx| {
            let done = keys::revoke(tx, &id, now)? || partners::revoke_key(tx, &id, now)?;
            if done {
                record(tx, entropy.as_ref(), now, "key.revoke", &id)?;
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

/// What every new key or certificate has, whoever owns it.
#[derive(Clone)]
pub(super) struct Fresh {
    pub(super) id: String,
    pub(super) digest: Vec<u8>,
    pub(super) fingerprint: Option<Vec<u8>>,
    pub(super) expires: Timestamp,
}

impl Fresh {
    pub(super) fn of_key(key: &ApiKey, pepper: &[u8; 32], expires: Timestamp) -> Self {
        let digest = key.digest(pepper).as_bytes().to_vec();
        Self { id: key.id().to_owned(), digest, fingerprint: None, expires }
    }

    /// Ends with the certificate, if that is sooner.
    ///
    /// # Errors
    /// When the certificate has run out, or it should hold for no day.
    pub(super) fn of_certificate(
        file: &CertificateFile,
        pepper: &[u8; 32],
        now: Timestamp,
        days: u32,
    ) -> Result<Self, HubError> {
        let expires = end_of(now, days)?.min(file.not_after);
        if expires <= now {
            return Err(HubError::bad(
                "certificate-expired",
                format!("The certificate has run out on {}. Make a new one.", file.not_after),
            ));
        }
        let certificate = &file.certificate;
        Ok(Self {
            id: certificate.id(),
            digest: certificate.digest(pepper).as_bytes().to_vec(),
            fingerprint: Some(certificate.fingerprint().to_vec()),
            expires,
        })
    }

    pub(super) fn registered(&self, certificate: &ClientCertificate) -> Registered {
        Registered {
            id: self.id.clone(),
            fingerprint: fingerprint_text(certificate.fingerprint()),
            expires: self.expires,
        }
    }
}

/// When a key made now ends.
///
/// # Errors
/// When it should hold for no day.
pub(super) fn end_of(now: Timestamp, days: u32) -> Result<Timestamp, HubError> {
    if days == 0 {
        return Err(HubError::bad("bad-key", "A key holds for at least one day."));
    }
    let end = now.plus_days(i64::from(days));
    Ok(if end > now { end } else { Timestamp::from_micros(i64::MAX) })
}

/// Whether a key or certificate of this public part was ever made.
///
/// # Errors
/// When the vault cannot be read.
pub(super) fn known_as(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(either(tx, id)?.is_some())
}

/// The refusal of a certificate that stands for a key already.
pub(super) fn registered_before(id: &str) -> HubError {
    HubError::bad(
        "certificate-known",
        format!(
            "This certificate was registered before, as key {id}; see `noroshi admin key list`. One certificate stands for one key, also after its end: make another one."
        ),
    )
}

/// A key of a member or of a partner.
enum Either {
    Member(KeyRow),
    Partner(PartnerKey),
}

impl Either {
    fn holds(&self, now: Timestamp) -> bool {
        match self {
            Self::Member(k) => k.holds(now),
            Self::Partner(k) => k.holds(now),
        }
    }

    fn is_certificate(&self) -> bool {
        match self {
            Self::Member(k) => k.fingerprint.is_some(),
            Self::Partner(k) => k.fingerprint.is_some(),
        }
    }
}

fn either(tx: &mut Tx<'_>, id: &str) -> Result<Option<Either>, StoreError> {
    if let Some(key) = keys::one(tx, id)? {
        return Ok(Some(Either::Member(key)));
    }
    Ok(partners::key(tx, id)?.map(Either::Partner))
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
    let (now, entropy, id) = (hub.now(), hub.entropy_arc(), row.id.clone());
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
            record(tx, entropy.as_ref(), now, "key.create", &row.id)?;
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
