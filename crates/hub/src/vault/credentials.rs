//! Sign-in names, passwords, the secrets of second factors, recovery codes.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};
use zeroize::Zeroizing;

super::statements! {
    ADD_LOGIN = "INSERT INTO account_login (login, account) VALUES ($1, $2)
        ON CONFLICT DO NOTHING";
    REMOVE_LOGIN = "DELETE FROM account_login WHERE account = $1";
    LOGIN_OF = "SELECT login FROM account_login WHERE account = $1";
    BY_LOGIN = "SELECT p.account, p.password, p.totp, p.totp_step, p.changed
        FROM account_login l
        JOIN account_password p ON p.account = l.account
        JOIN account a ON a.id = l.account
        WHERE l.login = $1 AND a.disabled IS NULL";
    OF = "SELECT account, password, totp, totp_step, changed FROM account_password
        WHERE account = $1";
    ACCOUNT_OF = "SELECT account FROM account_login WHERE login = $1";
    SET = "INSERT INTO account_password (account, password, totp, totp_step, changed)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account) DO UPDATE SET password = excluded.password, totp = excluded.totp,
            totp_step = excluded.totp_step, changed = excluded.changed";
    SET_PASSWORD = "UPDATE account_password SET password = $2, changed = $3 WHERE account = $1";
    SET_TOTP = "UPDATE account_password SET totp = $2, totp_step = $3, changed = $4
        WHERE account = $1";
    STEP = "UPDATE account_password SET totp_step = $2 WHERE account = $1 AND totp_step < $2";
    REMOVE = "DELETE FROM account_password WHERE account = $1";
    ADD_CODE = "INSERT INTO recovery_code (account, digest) VALUES ($1, $2)";
    HAS_CODE = "SELECT COUNT(*) FROM recovery_code WHERE account = $1 AND digest = $2";
    USE_CODE = "DELETE FROM recovery_code WHERE account = $1 AND digest = $2";
    REMOVE_CODES = "DELETE FROM recovery_code WHERE account = $1";
    COUNT_CODES = "SELECT COUNT(*) FROM recovery_code WHERE account = $1";
}

/// What an account signs in with. Never printed.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub account: String,
    /// Hash of the password, in PHC string format.
    pub password: Zeroizing<String>,
    /// What phone and hub share.
    pub totp: Zeroizing<Vec<u8>>,
    /// The step of the last code that was taken.
    pub totp_step: i64,
    /// When password or phone were last changed.
    pub changed: Timestamp,
}

/// Gives an account a sign-in name; false where another account has it.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_login(tx: &mut Tx<'_>, account: &str, login: &str) -> Result<bool, StoreError> {
    let holder = tx.query_one(ACCOUNT_OF, &[login.into()], |r| r.text(0))?;
    if let Some(holder) = holder {
        return Ok(holder == account);
    }
    tx.execute(REMOVE_LOGIN, &[account.into()])?;
    Ok(tx.execute(ADD_LOGIN, &[login.into(), account.into()])? > 0)
}

/// The sign-in name of an account.
///
/// # Errors
/// When the vault cannot be read.
pub fn login_of(tx: &mut Tx<'_>, account: &str) -> Result<Option<String>, StoreError> {
    tx.query_one(LOGIN_OF, &[account.into()], |r| r.text(0))
}

/// What the account of this sign-in name signs in with; `None` where nobody can sign in so.
///
/// # Errors
/// When the vault cannot be read.
pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Credentials>, StoreError> {
    tx.query_one(BY_LOGIN, &[login.into()], row)
}

/// What an account signs in with.
///
/// # Errors
/// When the vault cannot be read.
pub fn of(tx: &mut Tx<'_>, account: &str) -> Result<Option<Credentials>, StoreError> {
    tx.query_one(OF, &[account.into()], row)
}

/// Sets password and second factor together: one without the other is not enough.
///
/// # Errors
/// When the vault cannot be written.
pub fn set(tx: &mut Tx<'_>, c: &Credentials) -> Result<(), StoreError> {
    let params = [
        (&c.account).into(),
        c.password.as_str().into(),
        c.totp.as_slice().into(),
        c.totp_step.into(),
        c.changed.as_micros().into(),
    ];
    tx.execute(SET, &params).map(drop)
}

/// Changes the password; false where the account has none.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_password(
    tx: &mut Tx<'_>,
    account: &str,
    password: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.execute(SET_PASSWORD, &[account.into(), password.into(), at.as_micros().into()])? > 0)
}

/// Changes the second factor; false where the account has none.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_totp(
    tx: &mut Tx<'_>,
    account: &str,
    totp: &[u8],
    step: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let params = [account.into(), totp.into(), step.into(), at.as_micros().into()];
    Ok(tx.execute(SET_TOTP, &params)? > 0)
}

/// Uses the code of a step up; false where it, or a later one, was used before.
///
/// # Errors
/// When the vault cannot be written.
pub fn use_step(tx: &mut Tx<'_>, account: &str, step: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(STEP, &[account.into(), step.into()])? > 0)
}

/// Whether a recovery code is good, without using it up.
///
/// # Errors
/// When the vault cannot be read.
pub fn has_code(tx: &mut Tx<'_>, account: &str, digest: &[u8; 32]) -> Result<bool, StoreError> {
    let params = [account.into(), digest.as_slice().into()];
    Ok(tx.query_one(HAS_CODE, &params, |r| r.int(0))?.unwrap_or(0) > 0)
}

/// Uses a recovery code up; false where it is none or was used.
///
/// # Errors
/// When the vault cannot be written.
pub fn use_code(tx: &mut Tx<'_>, account: &str, digest: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(tx.execute(USE_CODE, &[account.into(), digest.as_slice().into()])? > 0)
}

/// Replaces all recovery codes.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_codes(tx: &mut Tx<'_>, account: &str, digests: &[[u8; 32]]) -> Result<(), StoreError> {
    tx.execute(REMOVE_CODES, &[account.into()])?;
    for digest in digests {
        tx.execute(ADD_CODE, &[account.into(), digest.as_slice().into()])?;
    }
    Ok(())
}

/// How many recovery codes are left.
///
/// # Errors
/// When the vault cannot be read.
pub fn codes_left(tx: &mut Tx<'_>, account: &str) -> Result<i64, StoreError> {
    Ok(tx.query_one(COUNT_CODES, &[account.into()], |r| r.int(0))?.unwrap_or(0))
}

/// Takes password, second factor and recovery codes away; the sign-in name stays.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove(tx: &mut Tx<'_>, account: &str) -> Result<(), StoreError> {
    tx.execute(REMOVE_CODES, &[account.into()])?;
    tx.execute(REMOVE, &[account.into()]).map(drop)
}

fn row(r: &Row<'_>) -> Result<Credentials, StoreError> {
    Ok(Credentials {
        account: r.text(0)?,
        password: Zeroizing::new(r.text(1)?),
        totp: Zeroizing::new(r.blob(2)?),
        totp_step: r.int(3)?,
        changed: Timestamp::from_micros(r.int(4)?),
    })
}
