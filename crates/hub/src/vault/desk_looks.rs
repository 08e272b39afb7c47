//! Who of the desk looks at which report right now.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    LOOK = "INSERT INTO desk_look (report, account, at) VALUES ($1, $2, $3)
        ON CONFLICT (report, account) DO UPDATE SET at = excluded.at";
    SWEEP = "DELETE FROM desk_look WHERE at < $1";
    OTHERS = "SELECT a.name FROM desk_look l JOIN account a ON a.id = l.account
        WHERE l.report = $1 AND l.account <> $2 AND l.at >= $3 ORDER BY a.name, a.id";
    NAMES = "SELECT id, name FROM account WHERE role = 'desk' ORDER BY id";
}

/// Notes that somebody looks at a report, and forgets looks from before `oldest`.
///
/// # Errors
/// When the vault cannot be written.
pub fn look(
    tx: &mut Tx<'_>,
    report: &str,
    account: &str,
    at: Timestamp,
    oldest: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(SWEEP, &[oldest.as_micros().into()])?;
    tx.execute(LOOK, &[report.into(), account.into(), at.as_micros().into()]).map(drop)
}

/// Names of the others that looked at a report since `oldest`.
///
/// # Errors
/// When the vault cannot be read.
pub fn others(
    tx: &mut Tx<'_>,
    report: &str,
    account: &str,
    oldest: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let params = [report.into(), account.into(), oldest.as_micros().into()];
    tx.query(OTHERS, &params, |r| r.text(0))
}

/// Everybody of the desk: account, name.
///
/// # Errors
/// When the vault cannot be read.
pub fn names(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, StoreError> {
    tx.query(NAMES, &[], |r| Ok((r.text(0)?, r.text(1)?)))
}
