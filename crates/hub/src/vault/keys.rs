//! API keys and client certificates of members. The vault knows whose a key is; the shelf only that it is good.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO api_key
        (id, member, label, digest, may_read, may_report, created, expires, revoked, fingerprint)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
    REVOKE = "UPDATE api_key SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
    EXPIRE_BY = "UPDATE api_key SET expires = $2 WHERE id = $1 AND expires > $2";
    ONE = "SELECT id, member, label, digest, may_read, may_report, created, expires, revoked,
        fingerprint FROM api_key WHERE id = $1";
    LIST = "SELECT id, member, label, digest, may_read, may_report, created, expires, revoked,
        fingerprint FROM api_key ORDER BY member, created, id";
}

/// A row of the key table; the key itself is known to its holder only.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Public part of the key.
    pub id: String,
    /// Whose it is.
    pub member: String,
    /// What the member calls it: "SIEM", "firewall".
    pub label: String,
    /// BLAKE3 keyed hash of the key or of the certificate's fingerprint, 32 bytes.
    pub digest: Vec<u8>,
    /// SHA-256 of the client certificate, where it is one.
    pub fingerprint: Option<Vec<u8>>,
    /// May read releases.
    pub may_read: bool,
    /// May file reports.
    pub may_report: bool,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// When it was taken back.
    pub revoked: Option<Timestamp>,
}

impl KeyRow {
    /// Whether the key itself holds at `now`; the member's agreement is a separate question.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires > now
    }
}

/// Adds a key.
///
/// # Errors
/// When the member does not exist or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, k: &KeyRow) -> Result<(), StoreError> {
    tx.execute(
        INSERT,
        &[
            (&k.id).into(),
            (&k.member).into(),
            (&k.label).into(),
            (&k.digest).into(),
            k.may_read.into(),
            k.may_report.into(),
            k.created.as_micros().into(),
            k.expires.as_micros().into(),
            k.fingerprint.as_deref().into(),
        ],
    )
    .map(drop)
}

/// Takes a key back; false where it was already or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn revoke(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(REVOKE, &[id.into(), at.as_micros().into()])? > 0)
}

/// Lets a key run out at `at`, unless it ends sooner: the old key of a rotation.
///
/// # Errors
/// When the vault cannot be written.
pub fn expire_by(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(EXPIRE_BY, &[id.into(), at.as_micros().into()]).map(drop)
}

/// One key.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<KeyRow>, StoreError> {
    tx.query_one(ONE, &[id.into()], row)
}

/// Every key ever made.
///
/// # Errors
/// When the vault cannot be read.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<KeyRow>, StoreError> {
    tx.query(LIST, &[], row)
}

fn row(r: &noroshi_store::Row<'_>) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: r.text(0)?,
        member: r.text(1)?,
        label: r.text(2)?,
        digest: r.blob(3)?,
        fingerprint: r.opt_blob(9)?,
        may_read: r.int(4)? != 0,
        may_report: r.int(5)? != 0,
        created: Timestamp::from_micros(r.int(6)?),
        expires: Timestamp::from_micros(r.int(7)?),
        revoked: r.opt_int(8)?.map(Timestamp::from_micros),
    })
}
