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
    OF = "SELECT id, member, label, digest, may_read, may_report, created, expires, revoked,
        fingerprint FROM api_key WHERE member = $1 ORDER BY created DESC, id";
    PAGE = "SELECT k.id, k.member, k.label, k.digest, k.may_read, k.may_report, k.created,
            k.expires, k.revoked, k.fingerprint, m.name_ja, m.name_en
        FROM api_key k JOIN member m ON m.id = k.member
        WHERE (m.name_en, k.id) > ($1, $2)
            AND ($3 = '' OR LOWER(m.name_en) LIKE $3 OR LOWER(m.name_ja) LIKE $3
                OR LOWER(k.label) LIKE $3 OR k.id = $4)
            AND ($5 = '' OR (k.revoked IS NULL AND k.expires > $6 AND k.expires <= $7))
        ORDER BY m.name_en, k.id LIMIT $8";
    ENDING = "SELECT COUNT(*) FROM api_key k JOIN member m ON m.id = k.member
        WHERE k.revoked IS NULL AND k.expires > $1 AND k.expires <= $2 AND m.left_at IS NULL";
    READING = "SELECT COUNT(*) FROM api_key
        WHERE revoked IS NULL AND expires > $1 AND may_read = 1";
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

/// Every key of a member, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of(tx: &mut Tx<'_>, member: &str) -> Result<Vec<KeyRow>, StoreError> {
    tx.query(OF, &[member.into()], row)
}

/// A key in the operator's list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The key.
    pub key: KeyRow,
    /// The member's names, Japanese and English.
    pub names: (String, String),
}

/// Which keys a page lists.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// With this in the label or the member's name, or of this id.
    pub search: String,
    /// Only those that end soon.
    pub ending: bool,
    /// After this English name of the member and id of the key.
    pub after: (String, String),
    /// At most so many.
    pub limit: i64,
}

/// One page of keys, by their members' English names; those that end before `soon` are ending.
///
/// # Errors
/// When the vault cannot be read.
pub fn page(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    now: Timestamp,
    soon: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    let like = super::contains(&wanted.search);
    let params = [
        (&wanted.after.0).into(),
        (&wanted.after.1).into(),
        (&like).into(),
        (&wanted.search).into(),
        (if wanted.ending { "ending" } else { "" }).into(),
        now.as_micros().into(),
        soon.as_micros().into(),
        wanted.limit.into(),
    ];
    tx.query(PAGE, &params, |r| Ok(Listed { key: row(r)?, names: (r.text(10)?, r.text(11)?) }))
}

/// How many keys of members that are here end between `now` and `soon`.
///
/// # Errors
/// When the vault cannot be read.
pub fn ending(tx: &mut Tx<'_>, now: Timestamp, soon: Timestamp) -> Result<i64, StoreError> {
    let params = [now.as_micros().into(), soon.as_micros().into()];
    Ok(tx.query_one(ENDING, &params, |r| r.int(0))?.unwrap_or(0))
}

/// How many keys may read releases, as far as the keys themselves say.
///
/// # Errors
/// When the vault cannot be read.
pub fn reading(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, StoreError> {
    Ok(tx.query_one(READING, &[now.as_micros().into()], |r| r.int(0))?.unwrap_or(0))
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
