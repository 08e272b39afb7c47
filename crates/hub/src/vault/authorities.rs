//! Authorities: whose key filings are sealed to, and who signs in for them.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO authority (id, name, statement, obligations, kind, added, removed)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    RENEW = "UPDATE authority SET statement = $2, obligations = $3, kind = $4
        WHERE id = $1 AND removed IS NULL";
    REMOVE = "UPDATE authority SET removed = $2 WHERE id = $1 AND removed IS NULL";
    LIST = "SELECT id, name, statement, obligations, kind FROM authority WHERE removed IS NULL
        ORDER BY name, id";
    BIND = "INSERT INTO authority_account (account, authority) VALUES ($1, $2)";
    OF_ACCOUNT = "SELECT b.authority FROM authority_account b JOIN authority a
        ON a.id = b.authority WHERE b.account = $1 AND a.removed IS NULL";
}

/// An authority that takes sealed filings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRow {
    /// Random id, `g-` and 26 letters and digits.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    /// Its key statement, as JSON.
    pub statement: String,
    /// Obligations whose filings go to it.
    pub obligations: Vec<String>,
    /// `addressee`, or to whom reporters may have filings passed on: `national-office`, `partner`.
    pub kind: String,
}

/// Adds an authority.
///
/// # Errors
/// When the id is taken or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, a: &AuthorityRow, at: Timestamp) -> Result<(), StoreError> {
    let obligations = a.obligations.join("\n");
    let params = [
        (&a.id).into(),
        (&a.name).into(),
        (&a.statement).into(),
        (&obligations).into(),
        (&a.kind).into(),
        at.as_micros().into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Replaces key, obligations and kind of an authority.
///
/// # Errors
/// When the vault cannot be written.
pub fn renew(tx: &mut Tx<'_>, a: &AuthorityRow) -> Result<(), StoreError> {
    let obligations = a.obligations.join("\n");
    let params = [(&a.id).into(), (&a.statement).into(), (&obligations).into(), (&a.kind).into()];
    tx.execute(RENEW, &params).map(drop)
}

/// Ends an authority: nothing more is sealed to it, and its people see nothing; false where there is
/// none.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &[id.into(), at.as_micros().into()])? > 0)
}

/// Every authority that was not removed.
///
/// # Errors
/// When the vault cannot be read.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<AuthorityRow>, StoreError> {
    tx.query(LIST, &[], row)
}

/// The authority that takes the filings of an obligation.
///
/// # Errors
/// When the vault cannot be read.
pub fn for_obligation(tx: &mut Tx<'_>, id: &str) -> Result<Option<AuthorityRow>, StoreError> {
    Ok(list(tx)?.into_iter().find(|a| a.obligations.iter().any(|o| o == id)))
}

/// Says for which authority an account acts.
///
/// # Errors
/// When it acts for one already or the vault cannot be written.
pub fn bind(tx: &mut Tx<'_>, account: &str, authority: &str) -> Result<(), StoreError> {
    tx.execute(BIND, &[account.into(), authority.into()]).map(drop)
}

/// The authority an account acts for.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_account(tx: &mut Tx<'_>, account: &str) -> Result<Option<String>, StoreError> {
    tx.query_one(OF_ACCOUNT, &[account.into()], |r| r.text(0))
}

fn row(r: &Row<'_>) -> Result<AuthorityRow, StoreError> {
    Ok(AuthorityRow {
        id: r.text(0)?,
        name: r.text(1)?,
        statement: r.text(2)?,
        obligations: r.text(3)?.lines().map(str::to_owned).collect(),
        kind: r.text(4)?,
    })
}
