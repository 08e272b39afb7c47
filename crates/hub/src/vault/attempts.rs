//! Attempts to sign in that failed, counted under keyed hashes: what people type into the wrong field
//! is not kept.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    ONE = "SELECT failures, last FROM sign_in_attempt WHERE name = $1";
    SET = "INSERT INTO sign_in_attempt (name, failures, last) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, last = excluded.last";
    FORGET = "DELETE FROM sign_in_attempt WHERE name = $1";
    SWEEP = "DELETE FROM sign_in_attempt WHERE last < $1";
}

/// What failed under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// How often.
    pub failures: i64,
    /// When last.
    pub last: Timestamp,
}

/// What failed under this name.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, name: &[u8; 32]) -> Result<Option<Failed>, StoreError> {
    tx.query_one(ONE, &[name.as_slice().into()], |r| {
        Ok(Failed { failures: r.int(0)?, last: Timestamp::from_micros(r.int(1)?) })
    })
}

/// Notes what failed under this name.
///
/// # Errors
/// When the vault cannot be written.
pub fn set(tx: &mut Tx<'_>, name: &[u8; 32], failed: Failed) -> Result<(), StoreError> {
    let params = [name.as_slice().into(), failed.failures.into(), failed.last.as_micros().into()];
    tx.execute(SET, &params).map(drop)
}

/// Forgets what failed under this name.
///
/// # Errors
/// When the vault cannot be written.
pub fn forget(tx: &mut Tx<'_>, name: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(FORGET, &[name.as_slice().into()]).map(drop)
}

/// Forgets what failed last before `oldest`.
///
/// # Errors
/// When the vault cannot be written.
pub fn sweep(tx: &mut Tx<'_>, oldest: Timestamp) -> Result<(), StoreError> {
    tx.execute(SWEEP, &[oldest.as_micros().into()]).map(drop)
}
