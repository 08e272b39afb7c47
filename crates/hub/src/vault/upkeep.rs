//! What the operator looks after: how large things are, and what waits.

use noroshi_store::{StoreError, Tx};

/// Rows that are counted at most: counting a million takes longer than a page may.
pub const MOST_COUNTED: i64 = 100_000;

/// Declares one counting statement for each table, and the list of both.
macro_rules! counted {
    ($($table:literal = $name:ident),* $(,)?) => {
        super::statements! {
            $($name = concat!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM ", $table, " LIMIT 100001) AS counted"
            );)*
            COLLECTION = "SELECT position, tick FROM outbox WHERE collection = $1
                ORDER BY position DESC LIMIT 1";
            WAITING = "SELECT COUNT(*) FROM outbox WHERE published = 0";
            DOCUMENTS = "SELECT COUNT(*) FROM document WHERE published = 0";
        }
        const COUNTS: &[(&str, &str)] = &[$(($table, $name)),*];
    };
}
counted! {
    "account" = ACCOUNTS,
    "agreement_signature" = SIGNATURES,
    "api_key" = KEYS,
    "audit" = AUDIT,
    "document" = PUBLISHED_DOCUMENTS,
    "indicator" = INDICATORS,
    "member" = MEMBERS,
    "member_asset" = ASSETS,
    "outbox" = BATCHES,
    "report" = REPORTS,
    "report_item" = ITEMS,
    "report_original" = ORIGINALS,
    "session" = SESSIONS,
}

/// How many rows the larger tables have, at most [`MOST_COUNTED`] and one.
///
/// # Errors
/// When the vault cannot be read.
pub fn rows(tx: &mut Tx<'_>) -> Result<Vec<(&'static str, i64)>, StoreError> {
    let count = |(table, sql): &(&'static str, &'static str), tx: &mut Tx<'_>| {
        Ok((*table, tx.query_one(sql, &[], |r| r.int(0))?.unwrap_or(0)))
    };
    COUNTS.iter().map(|c| count(c, tx)).collect()
}

/// How many batches a collection has, and the tick of its newest one in microseconds.
///
/// # Errors
/// When the vault cannot be read.
pub fn collection(tx: &mut Tx<'_>, name: &str) -> Result<(i64, Option<i64>), StoreError> {
    let newest = tx.query_one(COLLECTION, &[name.into()], |r| Ok((r.int(0)?, r.int(1)?)))?;
    Ok(newest.map_or((0, None), |(position, tick)| (position, Some(tick))))
}

/// How many batches and documents wait for the shelf.
///
/// # Errors
/// When the vault cannot be read.
pub fn waiting(tx: &mut Tx<'_>) -> Result<(i64, i64), StoreError> {
    let batches = tx.query_one(WAITING, &[], |r| r.int(0))?.unwrap_or(0);
    Ok((batches, tx.query_one(DOCUMENTS, &[], |r| r.int(0))?.unwrap_or(0)))
}
