//! Campaigns: reports the desk holds for the work of one attacker. For the desk alone.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO campaign (id, number, opened, opened_by)
        SELECT CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT),
            CAST($3 AS TEXT) FROM campaign RETURNING number";
    ONE = "SELECT c.id, c.number, c.opened, c.closed, (SELECT COUNT(*) FROM campaign_report m
        WHERE m.campaign = c.id) FROM campaign c WHERE c.id = $1";
    OF_REPORT = "SELECT c.id, c.number, c.opened, c.closed, (SELECT COUNT(*) FROM campaign_report m
        WHERE m.campaign = c.id) FROM campaign_report x JOIN campaign c ON c.id = x.campaign
        WHERE x.report = $1";
    NEWEST = "SELECT c.id, c.number, c.opened, c.closed, (SELECT COUNT(*) FROM campaign_report m
        WHERE m.campaign = c.id) FROM campaign c ORDER BY c.number DESC LIMIT $1";
    ADD = "INSERT INTO campaign_report (report, campaign, added, added_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (report) DO NOTHING";
    REMOVE = "DELETE FROM campaign_report WHERE report = $1 AND campaign = $2";
    REPORTS = "SELECT report FROM campaign_report WHERE campaign = $1 ORDER BY report LIMIT 1000";
    CLOSE = "UPDATE campaign SET closed = $2 WHERE id = $1 AND closed IS NULL";
    REOPEN = "UPDATE campaign SET closed = NULL WHERE id = $1 AND closed IS NOT NULL";
    VALUES = "SELECT i.kind, i.value, COUNT(DISTINCT i.report), MIN(i.verdict)
        FROM campaign_report m JOIN report_item i ON i.report = m.report
        WHERE m.campaign = $1 AND i.verdict <> 'dropped'
        GROUP BY i.fingerprint, i.kind, i.value ORDER BY 3 DESC, 1, 2 LIMIT $2";
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Random id.
    pub id: String,
    /// Its number, which its name is made of.
    pub number: i64,
    /// When it was opened.
    pub opened: Timestamp,
    /// When the desk closed it.
    pub closed: Option<Timestamp>,
    /// How many reports belong to it.
    pub reports: i64,
}

/// Opens a campaign under a random id; returns its number.
///
/// # Errors
/// When the vault cannot be written.
pub fn open(tx: &mut Tx<'_>, id: &str, at: Timestamp, by: &str) -> Result<i64, StoreError> {
    let params = [id.into(), at.as_micros().into(), by.into()];
    Ok(tx.query_one(INSERT, &params, |r| r.int(0))?.unwrap_or(0))
}

/// One campaign.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<CampaignRow>, StoreError> {
    tx.query_one(ONE, &[id.into()], row)
}

/// The campaign of a report.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_report(tx: &mut Tx<'_>, report: &str) -> Result<Option<CampaignRow>, StoreError> {
    tx.query_one(OF_REPORT, &[report.into()], row)
}

/// The newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn newest(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<CampaignRow>, StoreError> {
    tx.query(NEWEST, &[limit.into()], row)
}

/// Puts a report into a campaign; false where it belongs to one already.
///
/// # Errors
/// When the vault cannot be written.
pub fn add(
    tx: &mut Tx<'_>,
    campaign: &str,
    report: &str,
    at: Timestamp,
    by: &str,
) -> Result<bool, StoreError> {
    let params = [report.into(), campaign.into(), at.as_micros().into(), by.into()];
    Ok(tx.execute(ADD, &params)? > 0)
}

/// Takes a report out of a campaign; false where it was not in it.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove(tx: &mut Tx<'_>, campaign: &str, report: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &[report.into(), campaign.into()])? > 0)
}

/// Ids of its reports.
///
/// # Errors
/// When the vault cannot be read.
pub fn reports(tx: &mut Tx<'_>, campaign: &str) -> Result<Vec<String>, StoreError> {
    tx.query(REPORTS, &[campaign.into()], |r| r.text(0))
}

/// Closes a campaign at a moment, or opens it again with `None`; false where nothing changed.
///
/// # Errors
/// When the vault cannot be written.
pub fn close(tx: &mut Tx<'_>, id: &str, at: Option<Timestamp>) -> Result<bool, StoreError> {
    let changed = match at {
        Some(at) => tx.execute(CLOSE, &[id.into(), at.as_micros().into()])?,
        None => tx.execute(REOPEN, &[id.into()])?,
    };
    Ok(changed > 0)
}

/// What its reports name: kind, value, in how many of them, what became of it; the most named first.
///
/// # Errors
/// When the vault cannot be read.
pub fn values(
    tx: &mut Tx<'_>,
    campaign: &str,
    limit: i64,
) -> Result<Vec<(String, String, i64, String)>, StoreError> {
    tx.query(VALUES, &[campaign.into(), limit.into()], |r| {
        Ok((r.text(0)?, r.text(1)?, r.int(2)?, r.text(3)?))
    })
}

fn row(r: &Row<'_>) -> Result<CampaignRow, StoreError> {
    Ok(CampaignRow {
        id: r.text(0)?,
        number: r.int(1)?,
        opened: Timestamp::from_micros(r.int(2)?),
        closed: r.opt_int(3)?.map(Timestamp::from_micros),
        reports: r.int(4)?,
    })
}
