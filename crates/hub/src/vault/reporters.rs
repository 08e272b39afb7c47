//! The public keys of reports that were filed with words of their own.

use noroshi_store::{StoreError, Tx};

super::statements! {
    PUT = "INSERT INTO reporter_key (report, report_key, mailbox_key) VALUES ($1, $2, $3)";
    ONE = "SELECT report_key, mailbox_key FROM reporter_key WHERE report = $1";
}

/// The public keys of a report. Attributed: prints nothing.
pub struct ReporterRow {
    /// Checks what the words signed.
    pub report_key: Vec<u8>,
    /// Questions are sealed to it.
    pub mailbox_key: Vec<u8>,
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

/// The keys of a report; `None` where it was filed without words.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, report: &str) -> Result<Option<ReporterRow>, StoreError> {
    tx.query_one(ONE, &[report.into()], |r| {
        Ok(ReporterRow { report_key: r.blob(0)?, mailbox_key: r.blob(1)? })
    })
}
