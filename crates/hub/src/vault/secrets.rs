//! The hub's own secrets and counters.

use noroshi_store::{StoreError, Tx};
use zeroize::Zeroizing;

super::statements! {
    SECRET = "SELECT value FROM secret WHERE name = $1";
    PUT_SECRET = "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    SETTING = "SELECT value FROM setting WHERE name = $1";
    RAISE = "INSERT INTO setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > setting.value";
    BUMP = "INSERT INTO setting (name, value) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET value = setting.value + 1";
}

/// The 32-byte seed of the hub's signing key.
pub const SIGNING_SEED: &str = "signing-seed";
/// The 16-byte UUID of the hub's STIX identity object.
pub const IDENTITY: &str = "identity";
/// The last context batch, as a number of batch periods since 1970.
pub const CONTEXT_BATCH: &str = "context-batch";
/// The first day with a tree of receipts, in days since 1970-01-01.
pub const FIRST_DAY: &str = "receipts-first-day";
/// The 32-byte seed of the key that opens answers to the desk.
pub const DESK_SEED: &str = "desk-opening-seed";
/// 32 bytes: under which names attempts to sign in are counted, and which browsers are known.
pub const SIGN_IN_SEED: &str = "sign-in-seed";
/// When a backup was last made, in microseconds since 1970.
pub const LAST_BACKUP: &str = "last-backup";
/// Counts changes of members, agreements and keys; a running hub rereads them when it moves.
pub const REGISTER_VERSION: &str = "register-version";

/// Reads a secret, or keeps and returns `fresh` where there is none yet.
///
/// # Errors
/// When the vault cannot be read or written.
pub fn secret_or(
    tx: &mut Tx<'_>,
    name: &str,
    fresh: &[u8],
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    tx.execute(PUT_SECRET, &[name.into(), fresh.into()])?;
    let found = tx.query_one(SECRET, &[name.into()], |r| r.blob(0))?;
    found
        .map(Zeroizing::new)
        .ok_or_else(|| StoreError::Refused("the vault lost a secret it had just kept".to_owned()))
}

/// The value of a counter; 0 where it was never bumped.
///
/// # Errors
/// When the vault cannot be read.
pub fn counter(tx: &mut Tx<'_>, name: &str) -> Result<i64, StoreError> {
    Ok(tx.query_one(SETTING, &[name.into()], |r| r.int(0))?.unwrap_or(0))
}

/// Raises a counter to `value`; false where it was there already.
///
/// # Errors
/// When the vault cannot be written.
pub fn raise(tx: &mut Tx<'_>, name: &str, value: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(RAISE, &[name.into(), value.into()])? > 0)
}

/// Adds one to a counter.
///
/// # Errors
/// When the vault cannot be written.
pub fn bump(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.execute(BUMP, &[name.into()]).map(drop)
}
