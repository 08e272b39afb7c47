//! People who sign in: accounts, one-time links, sessions.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use crate::access::Role;

super::statements! {
    INSERT = "INSERT INTO account (id, role, member, name, created, disabled)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    DISABLE = "UPDATE account SET disabled = $2 WHERE id = $1 AND disabled IS NULL";
    LIST = "SELECT id, role, member, name, disabled FROM account ORDER BY role, name, id";
    ONE = "SELECT id, role, member, name, disabled FROM account WHERE id = $1";
    ADD_LINK = "INSERT INTO sign_in_link (digest, account, expires, used)
        VALUES ($1, $2, $3, NULL)";
    USE_LINK = "UPDATE sign_in_link SET used = $2
        WHERE digest = $1 AND used IS NULL AND expires > $2 RETURNING account";
    LINK_HOLDS = "SELECT COUNT(*) FROM sign_in_link
        WHERE digest = $1 AND used IS NULL AND expires > $2";
    ADD_SESSION = "INSERT INTO session (digest, account, csrf, expires) VALUES ($1, $2, $3, $4)";
    SESSION = "SELECT a.id, a.role, a.member, a.name, s.csrf
        FROM session s JOIN account a ON a.id = s.account
        WHERE s.digest = $1 AND s.expires > $2 AND a.disabled IS NULL";
    END_SESSION = "DELETE FROM session WHERE digest = $1";
    END_SESSIONS_OF = "DELETE FROM session WHERE account = $1";
    SWEEP_SESSIONS = "DELETE FROM session WHERE expires <= $1";
    SWEEP_LINKS = "DELETE FROM sign_in_link WHERE expires <= $1";
    OPERATORS = "SELECT COUNT(*) FROM account WHERE role = 'operator' AND disabled IS NULL";
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Random id.
    pub id: String,
    /// What they may do.
    pub role: Role,
    /// The member they act for, where the role is [`Role::Member`].
    pub member: Option<String>,
    /// Their name.
    pub name: String,
    /// Whether sign-in is switched off.
    pub disabled: bool,
}

/// A signed-in person and the token their forms must carry.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// Anti-forgery token of the session's forms.
    pub csrf: String,
}

/// Adds an account.
///
/// # Errors
/// When the id exists, the member does not, or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, a: &Account, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        INSERT,
        &[
            (&a.id).into(),
            a.role.as_str().into(),
            a.member.as_deref().into(),
            (&a.name).into(),
            at.as_micros().into(),
        ],
    )
    .map(drop)
}

/// Switches an account off and ends its sessions; false where it was off or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn disable(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    tx.execute(END_SESSIONS_OF, &[id.into()])?;
    Ok(tx.execute(DISABLE, &[id.into(), at.as_micros().into()])? > 0)
}

/// Every account.
///
/// # Errors
/// When the vault cannot be read.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    let rows = tx.query(LIST, &[], row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// One account.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<Account>, StoreError> {
    Ok(tx.query_one(ONE, &[id.into()], row)?.flatten())
}

/// How many operators can sign in.
///
/// # Errors
/// When the vault cannot be read.
pub fn operators(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_one(OPERATORS, &[], |r| r.int(0))?.unwrap_or(0))
}

/// Keeps a one-time link by its digest.
///
/// # Errors
/// When the account does not exist or the vault cannot be written.
pub fn add_link(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    account: &str,
    expires: Timestamp,
) -> Result<(), StoreError> {
    let params = [digest.as_slice().into(), account.into(), expires.as_micros().into()];
    tx.execute(ADD_LINK, &params).map(drop)
}

/// Whether a link can still be used. Looking does not use it up: mail scanners look.
///
/// # Errors
/// When the vault cannot be read.
pub fn link_holds(tx: &mut Tx<'_>, digest: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    let params = [digest.as_slice().into(), now.as_micros().into()];
    Ok(tx.query_one(LINK_HOLDS, &params, |r| r.int(0))?.unwrap_or(0) > 0)
}

/// Uses a link up and gives its account; `None` where it was used, is too old or never existed.
///
/// # Errors
/// When the vault cannot be written.
pub fn use_link(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let params = [digest.as_slice().into(), now.as_micros().into()];
    let Some(account) = tx.query_one(USE_LINK, &params, |r| r.text(0))? else { return Ok(None) };
    Ok(one(tx, &account)?.filter(|a| !a.disabled))
}

/// Starts a session.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_session(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    account: &str,
    csrf: &str,
    expires: Timestamp,
) -> Result<(), StoreError> {
    let params =
        [digest.as_slice().into(), account.into(), csrf.into(), expires.as_micros().into()];
    tx.execute(ADD_SESSION, &params).map(drop)
}

/// The session of this digest, if it holds.
///
/// # Errors
/// When the vault cannot be read.
pub fn session(
    tx: &mut Tx<'_>,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    let params = [digest.as_slice().into(), now.as_micros().into()];
    let found = tx.query_one(SESSION, &params, |r| {
        let account = account(r, false)?;
        Ok(account.map(|account| (account, r.text(4))))
    })?;
    match found.flatten() {
        Some((account, csrf)) => Ok(Some(Session { account, csrf: csrf? })),
        None => Ok(None),
    }
}

/// Ends one session.
///
/// # Errors
/// When the vault cannot be written.
pub fn end_session(tx: &mut Tx<'_>, digest: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(END_SESSION, &[digest.as_slice().into()]).map(drop)
}

/// Forgets sessions and links that have run out.
///
/// # Errors
/// When the vault cannot be written.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(SWEEP_SESSIONS, &[now.as_micros().into()])?;
    tx.execute(SWEEP_LINKS, &[now.as_micros().into()]).map(drop)
}

fn row(r: &noroshi_store::Row<'_>) -> Result<Option<Account>, StoreError> {
    let disabled = r.opt_int(4)?.is_some();
    account(r, disabled)
}

/// Columns id, role, member, name. A role this version does not know gives nobody.
fn account(r: &noroshi_store::Row<'_>, disabled: bool) -> Result<Option<Account>, StoreError> {
    let Some(role) = Role::from_name(&r.text(1)?) else { return Ok(None) };
    Ok(Some(Account { id: r.text(0)?, role, member: r.opt_text(2)?, name: r.text(3)?, disabled }))
}
