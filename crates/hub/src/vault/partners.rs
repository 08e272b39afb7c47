//! Partners: other CERTs and the hub's own desk, who share open intelligence. They are no members;
//! nothing here stands beside a report.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO partner (id, name, contributor, desk, read_releases, created, left_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    LEAVE = "UPDATE partner SET left_at = $2 WHERE id = $1 AND left_at IS NULL";
    LIST = "SELECT id, name, contributor, desk, read_releases, created, left_at FROM partner
        ORDER BY name, id";
    ONE = "SELECT id, name, contributor, desk, read_releases, created, left_at FROM partner
        WHERE id = $1";
    INSERT_KEY = "INSERT INTO partner_key
        (id, partner, label, digest, fingerprint, created, expires, revoked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    REVOKE_KEY = "UPDATE partner_key SET revoked = $2 WHERE id = $1 AND revoked IS NULL";
    REVOKE_KEYS_OF = "UPDATE partner_key SET revoked = $2 WHERE partner = $1 AND revoked IS NULL";
    EXPIRE_KEY_BY = "UPDATE partner_key SET expires = $2 WHERE id = $1 AND expires > $2";
    KEY = "SELECT id, partner, label, digest, fingerprint, created, expires, revoked
        FROM partner_key WHERE id = $1";
    KEYS = "SELECT id, partner, label, digest, fingerprint, created, expires, revoked
        FROM partner_key ORDER BY partner, created, id";
}

/// A partner.
#[derive(Clone, PartialEq, Eq)]
pub struct Partner {
    /// Random id, `p-` and 26 letters and digits.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The opaque name under which its objects stand on the shelf.
    pub contributor: [u8; 16],
    /// Whether it is the hub's own desk, which may delete what others brought.
    pub desk: bool,
    /// Whether it may also read what the hub released.
    pub read_releases: bool,
    /// When it was added.
    pub created: Timestamp,
    /// When it was removed.
    pub left: Option<Timestamp>,
}

/// A key or client certificate of a partner.
#[derive(Clone, PartialEq, Eq)]
pub struct PartnerKey {
    /// Public part.
    pub id: String,
    /// Whose it is.
    pub partner: String,
    /// What the partner calls it.
    pub label: String,
    /// BLAKE3 keyed hash of the key or of the certificate's fingerprint, 32 bytes.
    pub digest: Vec<u8>,
    /// SHA-256 of the certificate, where it is one.
    pub fingerprint: Option<Vec<u8>>,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
    /// When it was taken back.
    pub revoked: Option<Timestamp>,
}

impl PartnerKey {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires > now
    }
}

/// Adds a partner.
///
/// # Errors
/// When the id exists or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, p: &Partner) -> Result<(), StoreError> {
    tx.execute(
        INSERT,
        &[
            (&p.id).into(),
            (&p.name).into(),
            (&p.contributor).into(),
            p.desk.into(),
            p.read_releases.into(),
            p.created.as_micros().into(),
        ],
    )
    .map(drop)
}

/// Removes a partner and takes all its keys back; false where it was removed or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn leave(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let params = [id.into(), at.as_micros().into()];
    tx.execute(REVOKE_KEYS_OF, &params)?;
    Ok(tx.execute(LEAVE, &params)? > 0)
}

/// Every partner, also those that were removed.
///
/// # Errors
/// When the vault cannot be read.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Partner>, StoreError> {
    Ok(tx.query(LIST, &[], partner_row)?.into_iter().flatten().collect())
}

/// One partner.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<Partner>, StoreError> {
    Ok(tx.query_one(ONE, &[id.into()], partner_row)?.flatten())
}

/// Adds a key.
///
/// # Errors
/// When the partner does not exist or the vault cannot be written.
pub fn insert_key(tx: &mut Tx<'_>, k: &PartnerKey) -> Result<(), StoreError> {
    tx.execute(
        INSERT_KEY,
        &[
            (&k.id).into(),
            (&k.partner).into(),
            (&k.label).into(),
            (&k.digest).into(),
            k.fingerprint.as_deref().into(),
            k.created.as_micros().into(),
            k.expires.as_micros().into(),
        ],
    )
    .map(drop)
}

/// Takes a key back; false where it was already or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn revoke_key(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(REVOKE_KEY, &[id.into(), at.as_micros().into()])? > 0)
}

/// Lets a key run out at `at`, unless it ends sooner.
///
/// # Errors
/// When the vault cannot be written.
pub fn expire_key_by(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(EXPIRE_KEY_BY, &[id.into(), at.as_micros().into()]).map(drop)
}

/// One key.
///
/// # Errors
/// When the vault cannot be read.
pub fn key(tx: &mut Tx<'_>, id: &str) -> Result<Option<PartnerKey>, StoreError> {
    tx.query_one(KEY, &[id.into()], key_row)
}

/// Every key of a partner ever made.
///
/// # Errors
/// When the vault cannot be read.
pub fn keys(tx: &mut Tx<'_>) -> Result<Vec<PartnerKey>, StoreError> {
    tx.query(KEYS, &[], key_row)
}

/// A partner whose contributor is damaged is nobody.
fn partner_row(r: &Row<'_>) -> Result<Option<Partner>, StoreError> {
    let Ok(contributor) = r.blob(2)?.try_into() else { return Ok(None) };
    Ok(Some(Partner {
        id: r.text(0)?,
        name: r.text(1)?,
        contributor,
        desk: r.int(3)? != 0,
        read_releases: r.int(4)? != 0,
        created: Timestamp::from_micros(r.int(5)?),
        left: r.opt_int(6)?.map(Timestamp::from_micros),
    }))
}

fn key_row(r: &Row<'_>) -> Result<PartnerKey, StoreError> {
    Ok(PartnerKey {
        id: r.text(0)?,
        partner: r.text(1)?,
        label: r.text(2)?,
        digest: r.blob(3)?,
        fingerprint: r.opt_blob(4)?,
        created: Timestamp::from_micros(r.int(5)?),
        expires: Timestamp::from_micros(r.int(6)?),
        revoked: r.opt_int(7)?.map(Timestamp::from_micros),
    })
}
