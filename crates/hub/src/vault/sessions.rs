//! Sessions of signed-in people.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use super::accounts::{self, Account};

super::statements! {
    ADD = "INSERT INTO session
        (digest, id, account, csrf, means, started, seen, proved, expires, pending)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, NULL)";
    ONE = "SELECT a.id, a.role, a.member, a.name, s.id, s.csrf, s.means, s.started, s.seen,
            s.proved, s.expires, a.zone
        FROM session s JOIN account a ON a.id = s.account
        WHERE s.digest = $1 AND s.expires > $2 AND s.seen > $3 AND a.disabled IS NULL";
    PAGE = "SELECT a.id, a.role, a.member, a.name, s.id, s.csrf, s.means, s.started, s.seen,
            s.proved, s.expires, a.zone
        FROM session s JOIN account a ON a.id = s.account
        WHERE ($1 = '' OR a.id = $1) AND s.expires > $2 AND s.seen > $3 AND a.disabled IS NULL
            AND (a.name, s.id) > ($4, $5) AND a.role <> $6
        ORDER BY a.name, s.id LIMIT $7";
    SEEN = "UPDATE session SET seen = $2 WHERE id = $1 AND seen < $2";
    PROVED = "UPDATE session SET proved = $2 WHERE id = $1";
    PENDING = "SELECT pending FROM session WHERE id = $1";
    SET_PENDING = "UPDATE session SET pending = $2 WHERE id = $1 AND pending IS NULL";
    CLEAR_PENDING = "UPDATE session SET pending = NULL WHERE id = $1";
    END = "DELETE FROM session WHERE digest = $1";
    END_ONE = "DELETE FROM session WHERE id = $1 AND ($2 = '' OR account = $2)";
    END_ALL = "DELETE FROM session WHERE account = $1 AND id <> $2";
    SWEEP = "DELETE FROM session WHERE expires <= $1 OR seen <= $2";
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A one-time link of the operator.
    Link,
    /// Password and code of a phone.
    Password,
    /// Password and a recovery code.
    Recovery,
}

impl Means {
    /// Stable name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Password => "password",
            Self::Recovery => "recovery",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "password" => Self::Password,
            "recovery" => Self::Recovery,
            _ => Self::Link,
        }
    }
}

/// A signed-in person and the token their forms must carry.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// Under which name it can be ended; says nothing of the token.
    pub id: String,
    /// Anti-forgery token of the session's forms.
    pub csrf: String,
    /// How it began.
    pub means: Means,
    /// When it began.
    pub started: Timestamp,
    /// When it was last used, to five minutes.
    pub seen: Timestamp,
    /// When the person last proved who they are.
    pub proved: Timestamp,
    /// When it ends, used or not.
    pub expires: Timestamp,
    /// In which time zone the person reads dates, an IANA name.
    pub zone: Option<String>,
}

/// A session that begins.
pub struct Beginning<'a> {
    /// Digest of the token in the cookie.
    pub digest: &'a [u8; 32],
    /// Random name.
    pub id: &'a str,
    /// Whose.
    pub account: &'a str,
    /// Anti-forgery token.
    pub csrf: &'a str,
    /// How they signed in.
    pub means: Means,
    /// Now.
    pub at: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// Starts a session.
///
/// # Errors
/// When the vault cannot be written.
pub fn add(tx: &mut Tx<'_>, s: &Beginning<'_>) -> Result<(), StoreError> {
    let params = [
        s.digest.as_slice().into(),
        s.id.into(),
        s.account.into(),
        s.csrf.into(),
        s.means.as_str().into(),
        s.at.as_micros().into(),
        s.expires.as_micros().into(),
    ];
    tx.execute(ADD, &params).map(drop)
}

/// The session of this digest, if it holds at `now` and was used after `idle`.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    now: Timestamp,
    idle: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let params = [digest.as_slice().into(), now.as_micros().into(), idle.as_micros().into()];
    Ok(tx.query_one(ONE, &params, row)?.flatten())
}

/// Sessions that hold, by their person's name: of one account, or of all where it is empty; not those
/// of people of the role `without`; those after this name and id.
///
/// # Errors
/// When the vault cannot be read.
pub fn page(
    tx: &mut Tx<'_>,
    account: &str,
    (now, idle): (Timestamp, Timestamp),
    without: &str,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    let params = [
        account.into(),
        now.as_micros().into(),
        idle.as_micros().into(),
        after.0.into(),
        after.1.into(),
        without.into(),
        limit.into(),
    ];
    Ok(tx.query(PAGE, &params, row)?.into_iter().flatten().collect())
}

/// Notes that a session was used.
///
/// # Errors
/// When the vault cannot be written.
pub fn seen(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(SEEN, &[id.into(), at.as_micros().into()]).map(drop)
}

/// Notes that the person proved again who they are.
///
/// # Errors
/// When the vault cannot be written.
pub fn proved(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(PROVED, &[id.into(), at.as_micros().into()]).map(drop)
}

/// The secret of a phone that is being set up in this session; `fresh` where there was none.
///
/// # Errors
/// When the session ended meanwhile or the vault cannot be written.
pub fn pending_or(tx: &mut Tx<'_>, id: &str, fresh: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    tx.execute(SET_PENDING, &[id.into(), fresh.into()])?;
    pending(tx, id)
}

/// The secret of a phone that is being set up in this session.
///
/// # Errors
/// When the vault cannot be read.
pub fn pending(tx: &mut Tx<'_>, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.query_one(PENDING, &[id.into()], |r| r.opt_blob(0))?.flatten())
}

/// The phone is set up, or will not be.
///
/// # Errors
/// When the vault cannot be written.
pub fn clear_pending(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.execute(CLEAR_PENDING, &[id.into()]).map(drop)
}

/// Ends the session of this digest.
///
/// # Errors
/// When the vault cannot be written.
pub fn end(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(END, &[digest.as_slice().into()]).map(drop)
}

/// Ends the session of this name, if it is of `account` (empty: of anybody); false where there is
/// none.
///
/// # Errors
/// When the vault cannot be written.
pub fn end_one(tx: &mut Tx<'_>, id: &str, account: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(END_ONE, &[id.into(), account.into()])? > 0)
}

/// Ends every session of an account but the one named `keep`; answers how many.
///
/// # Errors
/// When the vault cannot be written.
pub fn end_all(tx: &mut Tx<'_>, account: &str, keep: &str) -> Result<u64, StoreError> {
    tx.execute(END_ALL, &[account.into(), keep.into()])
}

/// Forgets sessions that have run out.
///
/// # Errors
/// When the vault cannot be written.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp, idle: Timestamp) -> Result<(), StoreError> {
    tx.execute(SWEEP, &[now.as_micros().into(), idle.as_micros().into()]).map(drop)
}

fn row(r: &Row<'_>) -> Result<Option<Session>, StoreError> {
    let Some(account) = accounts::account(r, false)? else { return Ok(None) };
    let time = |at| r.int(at).map(Timestamp::from_micros);
    Ok(Some(Session {
        account,
        id: r.text(4)?,
        csrf: r.text(5)?,
        means: Means::from_name(&r.text(6)?),
        started: time(7)?,
        seen: time(8)?,
        proved: time(9)?,
        expires: time(10)?,
        zone: r.opt_text(11)?,
    }))
}
