//! The daily trees of receipts: every day that is over has one, whatever happened on it.

use noroshi_store::{StoreError, Tx};

super::statements! {
    PUT = "INSERT INTO receipt_day (day, head, leaves) VALUES ($1, $2, $3)";
    LAST = "SELECT day, head, leaves FROM receipt_day ORDER BY day DESC LIMIT 1";
    ONE = "SELECT day, head, leaves FROM receipt_day WHERE day = $1";
    CLOSED = "SELECT COUNT(*) FROM receipt_day WHERE day >= $1";
    RECEIPTS = "SELECT receipt FROM report WHERE accepted >= $1 AND accepted < $2";
}

/// A day that is over.
pub struct DayRow {
    /// Days since 1970-01-01.
    pub day: i64,
    /// The encoded signed head.
    pub head: Vec<u8>,
    /// All leaves, 32 bytes each, sorted.
    pub leaves: Vec<u8>,
}

/// Keeps a day.
///
/// # Errors
/// When the day is there already or the vault cannot be written.
pub fn put(tx: &mut Tx<'_>, d: &DayRow) -> Result<(), StoreError> {
    tx.execute(PUT, &[d.day.into(), (&d.head).into(), (&d.leaves).into()]).map(drop)
}

/// The newest day.
///
/// # Errors
/// When the vault cannot be read.
pub fn last(tx: &mut Tx<'_>) -> Result<Option<DayRow>, StoreError> {
    tx.query_one(LAST, &[], row)
}

/// One day.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, day: i64) -> Result<Option<DayRow>, StoreError> {
    tx.query_one(ONE, &[day.into()], row)
}

/// Whether no receipt of this day can be made out any more.
///
/// # Errors
/// When the vault cannot be read.
pub fn is_closed(tx: &mut Tx<'_>, day: i64) -> Result<bool, StoreError> {
    Ok(tx.query_one(CLOSED, &[day.into()], |r| r.int(0))?.unwrap_or(0) > 0)
}

/// The receipts of the reports accepted from `from` until before `until`, in microseconds.
///
/// # Errors
/// When the vault cannot be read.
pub fn receipts(tx: &mut Tx<'_>, from: i64, until: i64) -> Result<Vec<String>, StoreError> {
    tx.query(RECEIPTS, &[from.into(), until.into()], |r| r.text(0))
}

fn row(r: &noroshi_store::Row<'_>) -> Result<DayRow, StoreError> {
    Ok(DayRow { day: r.int(0)?, head: r.blob(1)?, leaves: r.blob(2)? })
}
