//! People who sign in: accounts, one-time links, how they want pages to be.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::sessions;
use crate::access::Role;

super::statements! {
    INSERT = "INSERT INTO account (id, role, member, name, created, disabled, language, zone)
        VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL)";
    DISABLE = "UPDATE account SET disabled = $2 WHERE id = $1 AND disabled IS NULL";
    ENABLE = "UPDATE account SET disabled = NULL WHERE id = $1 AND disabled IS NOT NULL";
    LIST = "SELECT id, role, member, name, disabled FROM account ORDER BY role, name, id";
    ONE = "SELECT id, role, member, name, disabled FROM account WHERE id = $1";
    ADD_LINK = "INSERT INTO sign_in_link (digest, account, expires, used)
        VALUES ($1, $2, $3, NULL)";
    USE_LINK = "UPDATE sign_in_link SET used = $2
        WHERE digest = $1 AND used IS NULL AND expires > $2 RETURNING account";
    LINK_HOLDS = "SELECT COUNT(*) FROM sign_in_link
        WHERE digest = $1 AND used IS NULL AND expires > $2";
    SWEEP_LINKS = "DELETE FROM sign_in_link WHERE expires <= $1";
    FORGET_LINKS_OF = "DELETE FROM sign_in_link WHERE account = $1";
    PREFERENCES = "SELECT language, zone FROM account WHERE id = $1";
    SET_PREFERENCES = "UPDATE account SET language = $2, zone = $3 WHERE id = $1";
    PAGE = "SELECT a.id, a.role, a.member, a.name, a.disabled, l.login, p.changed, m.name_ja,
            m.name_en
        FROM account a
        LEFT JOIN account_login l ON l.account = a.id
        LEFT JOIN account_password p ON p.account = a.id
        LEFT JOIN member m ON m.id = a.member
        WHERE ($1 = '' OR a.role = $1) AND ($2 = '' OR a.member = $2)
            AND ($3 = '' OR LOWER(a.name) LIKE $3 OR l.login LIKE $3 OR a.id = $4)
            AND (a.name, a.id) > ($5, $6)
        ORDER BY a.name, a.id LIMIT $7";
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

/// How somebody wants pages to be; kept with the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `ja` or `en`; `None`: what the browser asks for.
    pub language: Option<String>,
    /// Time zone of dates, an IANA name; `None`: as the language has it.
    pub zone: Option<String>,
}

/// An account as the operator sees it in a list.
#[derive(Clone)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Its sign-in name.
    pub login: Option<String>,
    /// Since when it has its password.
    pub password: Option<Timestamp>,
    /// The names of its member, Japanese and English.
    pub member: Option<(String, String)>,
}

/// Which accounts a page lists; empty texts choose all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this role.
    pub role: String,
    /// Of this member.
    pub member: String,
    /// With this in the name or sign-in name, or of this id.
    pub search: String,
    /// After this name and id.
    pub after: (String, String),
    /// At most so many.
    pub limit: i64,
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

/// Switches an account off and ends its sessions and links; false where it was off or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn disable(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    sessions::end_all(tx, id, "")?;
    forget_links(tx, id)?;
    Ok(tx.execute(DISABLE, &[id.into(), at.as_micros().into()])? > 0)
}

/// Switches an account on again; false where it was on or does not exist.
///
/// # Errors
/// When the vault cannot be written.
pub fn enable(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(ENABLE, &[id.into()])? > 0)
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

/// How somebody wants pages to be.
///
/// # Errors
/// When the vault cannot be read.
pub fn preferences(tx: &mut Tx<'_>, id: &str) -> Result<Preferences, StoreError> {
    let read = tx.query_one(PREFERENCES, &[id.into()], |r| {
        Ok(Preferences { language: r.opt_text(0)?, zone: r.opt_text(1)? })
    })?;
    Ok(read.unwrap_or_default())
}

/// Keeps how somebody wants pages to be.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_preferences(tx: &mut Tx<'_>, id: &str, p: &Preferences) -> Result<(), StoreError> {
    let params = [id.into(), p.language.as_deref().into(), p.zone.as_deref().into()];
    tx.execute(SET_PREFERENCES, &params).map(drop)
}

/// One page of accounts, by name.
///
/// # Errors
/// When the vault cannot be read.
pub fn page(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Vec<Listed>, StoreError> {
    let like = super::contains(&wanted.search);
    let params = [
        (&wanted.role).into(),
        (&wanted.member).into(),
        (&like).into(),
        (&wanted.search).into(),
        (&wanted.after.0).into(),
        (&wanted.after.1).into(),
        wanted.limit.into(),
    ];
    let rows = tx.query(PAGE, &params, |r| {
        let disabled = r.opt_int(4)?.is_some();
        let Some(account) = account(r, disabled)? else { return Ok(None) };
        Ok(Some(Listed {
            account,
            login: r.opt_text(5)?,
            password: r.opt_int(6)?.map(Timestamp::from_micros),
            member: r.opt_text(7)?.zip(r.opt_text(8)?),
        }))
    })?;
    Ok(rows.into_iter().flatten().collect())
}

/// Forgets every link of an account.
///
/// # Errors
/// When the vault cannot be written.
pub fn forget_links(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.execute(FORGET_LINKS_OF, &[id.into()]).map(drop)
}

/// Forgets links that have run out.
///
/// # Errors
/// When the vault cannot be written.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(SWEEP_LINKS, &[now.as_micros().into()]).map(drop)
}

fn row(r: &noroshi_store::Row<'_>) -> Result<Option<Account>, StoreError> {
    let disabled = r.opt_int(4)?.is_some();
    account(r, disabled)
}

/// Columns id, role, member, name. A role this version does not know gives nobody.
pub(super) fn account(
    r: &noroshi_store::Row<'_>,
    disabled: bool,
) -> Result<Option<Account>, StoreError> {
    let Some(role) = Role::from_name(&r.text(1)?) else { return Ok(None) };
    Ok(Some(Account { id: r.text(0)?, role, member: r.opt_text(2)?, name: r.text(3)?, disabled }))
}
