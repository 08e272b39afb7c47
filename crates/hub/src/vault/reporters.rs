//! The public keys of reports that were filed with words of their own.

use noroshi_store::{StoreError, Tx};

super::statements! {
    PUT = "INSERT INTO reporter_key (report, report_key, mailbox_key) VALUES ($1, $2, $3)";
    MAILBOX = "SELECT mailbox_key FROM reporter_key WHERE report = $1";
    REPORTS = "SELECT report FROM reporter_key WHERE report_key = $1 ORDER BY report";
}

/// Keeps the keys of a report.
///
/// # Errors
/// When the report has keys already or the vault cannot be written.
pub fn put(
    tx: &mut Tx<'_>,
    report: &str,
    report_key: &[u8],
    mailbox_key: &[u8],
) -> Result<(), StoreError> {
    tx.execute(PUT, &[report.into(), report_key.into(), mailbox_key.into()]).map(drop)
}

/// What questions to this report are sealed to; `None` where it was filed without words.
///
/// # Errors
/// When the vault cannot be read.
pub fn mailbox_key(tx: &mut Tx<'_>, report: &str) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_one(MAILBOX, &[report.into()], |r| r.blob(0))
}

/// The reports with this report key.
///
/// # Errors
/// When the vault cannot be read.
pub fn reports(tx: &mut Tx<'_>, report_key: &[u8]) -> Result<Vec<String>, StoreError> {
    tx.query(REPORTS, &[report_key.into()], |r| r.text(0))
}
