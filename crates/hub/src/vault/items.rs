//! The items of reports: indicators and what became of them, and what was no indicator.

use noroshi_stix::{Kind, Timestamp};
use noroshi_store::{Row, StoreError, Tx};
use serde::{Deserialize, Serialize};

use super::desk_work;

super::statements! {
    INSERT_ITEM = "INSERT INTO report_item
        (id, report, ordinal, fingerprint, kind, value, origin, verdict, reasons)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_DROP = "INSERT INTO report_drop (report, ordinal, text, reason, origin)
        VALUES ($1, $2, $3, $4, $5)";
    ITEMS = "SELECT id, report, ordinal, kind, value, origin, verdict, reasons
        FROM report_item WHERE report = $1 ORDER BY ordinal";
    ITEM = "SELECT id, report, ordinal, kind, value, origin, verdict, reasons
        FROM report_item WHERE id = $1";
    WITH_VERDICT = "SELECT id, report, ordinal, kind, value, origin, verdict, reasons
        FROM report_item WHERE verdict = $1 ORDER BY report, ordinal LIMIT $2";
    FINGERPRINT = "SELECT fingerprint FROM report_item WHERE id = $1";
    OF_VALUE = "SELECT id, report, ordinal, kind, value, origin, verdict, reasons FROM report_item
        WHERE fingerprint = $1 AND verdict = 'quarantined' ORDER BY id LIMIT $2";
    ANY_OF_VALUE = "SELECT id, report, ordinal, kind, value, origin, verdict, reasons
        FROM report_item WHERE fingerprint = $1 ORDER BY id LIMIT 1";
    LINKING = "SELECT fingerprint, kind, value FROM report_item WHERE report = $1
        AND verdict <> 'dropped' AND reasons NOT LIKE '%\"releasable\":false%'
        AND reasons NOT LIKE '%\"code\":\"warning-list\"%' ORDER BY ordinal LIMIT $2";
    NAMING = "SELECT DISTINCT report FROM report_item WHERE fingerprint = $1 AND report <> $2
        ORDER BY report LIMIT $3";
    DECIDE = "UPDATE report_item SET verdict = $3, decided_by = $4
        WHERE id = $1 AND verdict = $2";
    REJUDGE = "UPDATE report_item SET verdict = $2, reasons = $3
        WHERE fingerprint = $1 AND verdict IN ('passed', 'cleared')";
    DROPS = "SELECT text, reason, origin FROM report_drop WHERE report = $1 ORDER BY ordinal";
    /// What everybody has (10.0.0.5, a resolver, a member's own host) joins nothing.
    COMMON = "SELECT report, kind, value FROM report_item WHERE verdict <> 'dropped'
        AND reasons NOT LIKE '%\"releasable\":false%'
        AND reasons NOT LIKE '%\"code\":\"warning-list\"%'
        AND fingerprint IN (SELECT fingerprint FROM report_item GROUP BY fingerprint
            HAVING COUNT(DISTINCT report) > 1)
        ORDER BY fingerprint, report LIMIT $1";
    REPORTERS = "SELECT r.member, r.accepted FROM report_item i JOIN report r ON r.id = i.report
        WHERE i.fingerprint = $1 AND (r.hold_until IS NULL OR r.hold_until <= $2)
        ORDER BY r.accepted LIMIT 1000";
    REFILE = "UPDATE report_item SET fingerprint = $2 WHERE id = $1";
    NEXT_HOLD = "SELECT MIN(r.hold_until) FROM report_item i JOIN report r ON r.id = i.report
        WHERE i.fingerprint = $1 AND r.hold_until > $2";
}

/// What became of one item of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemVerdict {
    /// Passed every gate; goes out with the next tick.
    Passed,
    /// Kept back for the desk.
    Quarantined,
    /// Nothing of it could be shared.
    Dropped,
    /// The desk let it go after review.
    Cleared,
    /// The desk keeps it back for good.
    Refused,
}

impl ItemVerdict {
    /// Stable name in tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Quarantined => "quarantined",
            Self::Dropped => "dropped",
            Self::Cleared => "cleared",
            Self::Refused => "refused",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Passed, Self::Quarantined, Self::Dropped, Self::Cleared, Self::Refused]
            .into_iter()
            .find(|v| v.as_str() == name)
    }
}

/// One indicator of a report, with what became of it.
#[derive(Clone)]
pub struct ItemRow {
    /// Random id.
    pub id: String,
    /// Its report.
    pub report: String,
    /// Its place in the report, from 0.
    pub ordinal: i64,
    /// Kind of value.
    pub kind: Kind,
    /// Normalised value.
    pub value: String,
    /// Where in the input it stood.
    pub origin: String,
    /// What became of it.
    pub verdict: ItemVerdict,
    /// Why it was kept back, in the words of that day.
    pub reasons: Vec<Why>,
}

/// A reason as it was given to the reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Stable code.
    pub code: String,
    /// English sentence.
    pub en: String,
    /// Japanese sentence.
    pub ja: String,
    /// Whether the desk may let it go in spite of it.
    pub releasable: bool,
}

/// Something of a report that is no indicator, and why.
#[derive(Clone)]
pub struct DropRow {
    /// The text, at most 120 characters.
    pub text: String,
    /// Reason code.
    pub reason: String,
    /// Where in the input it stood.
    pub origin: String,
}

/// A value that more than one report names, once for each of them.
#[derive(Clone)]
pub struct CommonItem {
    /// One of the reports.
    pub report: String,
    /// Kind of the value.
    pub kind: String,
    /// The value.
    pub value: String,
}

/// Adds an item under its fingerprint.
///
/// # Errors
/// When the vault cannot be written.
pub fn insert_item(
    tx: &mut Tx<'_>,
    item: &ItemRow,
    fingerprint: &[u8; 32],
) -> Result<(), StoreError> {
    tx.execute(
        INSERT_ITEM,
        &[
            (&item.id).into(),
            (&item.report).into(),
            item.ordinal.into(),
            fingerprint.as_slice().into(),
            item.kind.as_str().into(),
            (&item.value).into(),
            (&item.origin).into(),
            item.verdict.as_str().into(),
            (&why_text(&item.reasons)).into(),
        ],
    )?;
    if waits(item.verdict, &item.reasons) {
        desk_work::add_value(tx, fingerprint)?;
    }
    Ok(())
}

/// Whether the desk can do something about it.
fn waits(verdict: ItemVerdict, reasons: &[Why]) -> bool {
    verdict == ItemVerdict::Quarantined && reasons.iter().all(|r| r.releasable)
}

/// Keeps what was dropped, for the reporter to see.
///
/// # Errors
/// When the vault cannot be written.
pub fn insert_drop(
    tx: &mut Tx<'_>,
    report: &str,
    ordinal: i64,
    d: &DropRow,
) -> Result<(), StoreError> {
    let params =
        [report.into(), ordinal.into(), (&d.text).into(), (&d.reason).into(), (&d.origin).into()];
    tx.execute(INSERT_DROP, &params).map(drop)
}

/// The items of a report in their order.
///
/// # Errors
/// When the vault cannot be read.
pub fn items(tx: &mut Tx<'_>, report: &str) -> Result<Vec<ItemRow>, StoreError> {
    Ok(tx.query(ITEMS, &[report.into()], item_row)?.into_iter().flatten().collect())
}

/// One item.
///
/// # Errors
/// When the vault cannot be read.
pub fn item(tx: &mut Tx<'_>, id: &str) -> Result<Option<ItemRow>, StoreError> {
    Ok(tx.query_one(ITEM, &[id.into()], item_row)?.flatten())
}

/// Items with this verdict, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn with_verdict(
    tx: &mut Tx<'_>,
    verdict: ItemVerdict,
    limit: i64,
) -> Result<Vec<ItemRow>, StoreError> {
    let rows = tx.query(WITH_VERDICT, &[verdict.as_str().into(), limit.into()], item_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Quarantined items of one value, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn waiting_of_value(
    tx: &mut Tx<'_>,
    fingerprint: &[u8],
    limit: i64,
) -> Result<Vec<ItemRow>, StoreError> {
    let rows = tx.query(OF_VALUE, &[fingerprint.into(), limit.into()], item_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Moves an item from one verdict to another; false where somebody else already decided.
///
/// # Errors
/// When the vault cannot be written.
pub fn decide(
    tx: &mut Tx<'_>,
    id: &str,
    from: ItemVerdict,
    to: ItemVerdict,
    by: &str,
) -> Result<bool, StoreError> {
    let params = [id.into(), from.as_str().into(), to.as_str().into(), by.into()];
    let decided = tx.execute(DECIDE, &params)? > 0;
    if decided && let Some(print) = fingerprint_of(tx, id)? {
        desk_work::settle_value(tx, &print)?;
    }
    Ok(decided)
}

/// The fingerprint an item is filed under.
///
/// # Errors
/// When the vault cannot be read.
pub fn fingerprint_of(tx: &mut Tx<'_>, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
    tx.query_one(FINGERPRINT, &[id.into()], |r| r.blob(0))
}

/// Files an item under the fingerprint of the form in which the desk let it go.
///
/// # Errors
/// When the vault cannot be written.
pub fn refile(tx: &mut Tx<'_>, id: &str, fingerprint: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(REFILE, &[id.into(), fingerprint.as_slice().into()]).map(drop)
}

/// Quarantines every item of this value that was to go out: the register changed before it went out.
///
/// # Errors
/// When the vault cannot be written.
pub fn rejudge(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
    verdict: ItemVerdict,
    reasons: &[Why],
) -> Result<(), StoreError> {
    let text = why_text(reasons);
    let params = [fingerprint.as_slice().into(), verdict.as_str().into(), (&text).into()];
    tx.execute(REJUDGE, &params)?;
    if waits(verdict, reasons) {
        desk_work::add_value(tx, fingerprint)?;
    }
    Ok(())
}

/// What was dropped from a report.
///
/// # Errors
/// When the vault cannot be read.
pub fn drops(tx: &mut Tx<'_>, report: &str) -> Result<Vec<DropRow>, StoreError> {
    tx.query(DROPS, &[report.into()], |r| {
        Ok(DropRow { text: r.text(0)?, reason: r.text(1)?, origin: r.text(2)? })
    })
}

/// Values that more than one report names, at most `limit` rows.
///
/// # Errors
/// When the vault cannot be read.
pub fn common_items(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<CommonItem>, StoreError> {
    tx.query(COMMON, &[limit.into()], |r| {
        Ok(CommonItem { report: r.text(0)?, kind: r.text(1)?, value: r.text(2)? })
    })
}

/// Any item of a value.
///
/// # Errors
/// When the vault cannot be read.
pub fn item_of_value(tx: &mut Tx<'_>, fingerprint: &[u8]) -> Result<Option<ItemRow>, StoreError> {
    Ok(tx.query_one(ANY_OF_VALUE, &[fingerprint.into()], item_row)?.flatten())
}

/// The values of a report that may link it to others: fingerprint, kind, value. What everybody has
/// (a private address, a resolver, a member's own host) links nothing.
///
/// # Errors
/// When the vault cannot be read.
pub fn linking(
    tx: &mut Tx<'_>,
    report: &str,
    limit: i64,
) -> Result<Vec<(Vec<u8>, String, String)>, StoreError> {
    tx.query(LINKING, &[report.into(), limit.into()], |r| Ok((r.blob(0)?, r.text(1)?, r.text(2)?)))
}

/// Other reports that name a value, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn naming(
    tx: &mut Tx<'_>,
    fingerprint: &[u8],
    but: &str,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    tx.query(NAMING, &[fingerprint.into(), but.into(), limit.into()], |r| r.text(0))
}

/// Who reported a value and when, oldest first, at most 1,000. Reports that are held at `now` do
/// not count yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn reporters(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(REPORTERS, &[fingerprint.as_slice().into(), now.as_micros().into()], |r| {
        Ok((r.text(0)?, Timestamp::from_micros(r.int(1)?)))
    })
}

/// When the next held report of a value begins to count.
///
/// # Errors
/// When the vault cannot be read.
pub fn next_hold(
    tx: &mut Tx<'_>,
    fingerprint: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let params = [fingerprint.as_slice().into(), now.as_micros().into()];
    let next = tx.query_one(NEXT_HOLD, &params, |r| r.opt_int(0))?;
    Ok(next.flatten().map(Timestamp::from_micros))
}

/// A kind or verdict this version does not know gives nothing rather than something wrong.
fn item_row(r: &Row<'_>) -> Result<Option<ItemRow>, StoreError> {
    let (Some(kind), Some(verdict)) =
        (Kind::from_name(&r.text(3)?), ItemVerdict::from_name(&r.text(6)?))
    else {
        return Ok(None);
    };
    Ok(Some(ItemRow {
        id: r.text(0)?,
        report: r.text(1)?,
        ordinal: r.int(2)?,
        kind,
        value: r.text(4)?,
        origin: r.text(5)?,
        verdict,
        reasons: serde_json::from_str(&r.text(7)?).unwrap_or_default(),
    }))
}

fn why_text(reasons: &[Why]) -> String {
    serde_json::to_string(reasons).unwrap_or_default()
}
