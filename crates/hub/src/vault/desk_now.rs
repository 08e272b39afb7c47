//! What happened hour by hour, and what was done to one report: counts and the trail.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::audit::Entry;

super::statements! {
    REPORTS = "SELECT (accepted - $1) / 3600000000, COUNT(*) FROM report WHERE accepted >= $1
        GROUP BY 1";
    RELEASED = "SELECT (created_tick - $1) / 3600000000, COUNT(*) FROM indicator
        WHERE created_tick >= $1 GROUP BY 1";
    DELIVERED = "SELECT (tick - $1) / 3600000000, COUNT(*) FROM outbox
        WHERE tick >= $1 AND published = 1 GROUP BY 1";
    /// From the reports of these hours to their items that were kept back, each by an index of its
    /// own: CROSS JOIN keeps SQLite from beginning with everything that ever was.
    HELD = "SELECT (r.accepted - $1) / 3600000000, COUNT(*) FROM report r CROSS JOIN report_item i
        WHERE r.accepted >= $1 AND i.report = r.id
        AND i.verdict IN ('quarantined', 'refused') GROUP BY 1";
    TYPES = "SELECT d.attack_type, COUNT(*) FROM report r JOIN desk_report d ON d.report = r.id
        WHERE r.accepted >= $1 GROUP BY d.attack_type ORDER BY 2 DESC, 1";
    NEWEST = "SELECT at, actor, action, subject FROM audit
        WHERE at >= $1 AND (action LIKE 'report.%' OR action LIKE 'context.%'
            OR action LIKE 'quarantine.%' OR action LIKE 'question.%' OR action LIKE 'direct.%'
            OR action LIKE 'desk.%' OR action LIKE 'campaign.%' OR action LIKE 'indicator.%')
        ORDER BY at DESC, id LIMIT $2";
    TRAIL = "SELECT a.at, a.actor, a.action, a.subject FROM audit a WHERE a.subject = $1
        UNION ALL SELECT a.at, a.actor, a.action, a.subject FROM report_item i
            JOIN audit a ON a.subject = i.id WHERE i.report = $1
        ORDER BY 1 DESC LIMIT $2";
    LAST = "SELECT at, actor, action, subject FROM audit WHERE subject = $1 AND action LIKE $2
        ORDER BY at DESC, id LIMIT 1";
}

/// What is counted hour by hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Reports that came in.
    Reports,
    /// Indicators that went out for the first time.
    Released,
    /// Batches handed to the shelf.
    Delivered,
    /// Items kept back, by when their report came.
    Held,
}

impl Series {
    /// Every series.
    pub const ALL: [Self; 4] = [Self::Reports, Self::Released, Self::Held, Self::Delivered];

    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Released => "released",
            Self::Delivered => "delivered",
            Self::Held => "held",
        }
    }
}

/// Counts for each hour from `from` on: number of the hour, count.
///
/// # Errors
/// When the vault cannot be read.
pub fn series(
    tx: &mut Tx<'_>,
    series: Series,
    from: Timestamp,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let sql = match series {
        Series::Reports => REPORTS,
        Series::Released => RELEASED,
        Series::Delivered => DELIVERED,
        Series::Held => HELD,
    };
    tx.query(sql, &[from.as_micros().into()], |r| Ok((r.int(0)?, r.int(1)?)))
}

/// Kinds of attack of the reports since `from`, the most first; empty where it was not said.
///
/// # Errors
/// When the vault cannot be read.
pub fn types(tx: &mut Tx<'_>, from: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
    tx.query(TYPES, &[from.as_micros().into()], |r| Ok((r.text(0)?, r.int(1)?)))
}

/// What was done about reports since `from`, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn newest(tx: &mut Tx<'_>, from: Timestamp, limit: i64) -> Result<Vec<Entry>, StoreError> {
    tx.query(NEWEST, &[from.as_micros().into(), limit.into()], entry)
}

/// What was done to a report and its items, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn trail(tx: &mut Tx<'_>, report: &str, limit: i64) -> Result<Vec<Entry>, StoreError> {
    tx.query(TRAIL, &[report.into(), limit.into()], entry)
}

/// The last thing of a family (`context` for instance) that was done to a subject.
///
/// # Errors
/// When the vault cannot be read.
pub fn last(tx: &mut Tx<'_>, subject: &str, family: &str) -> Result<Option<Entry>, StoreError> {
    let pattern = format!("{family}.%");
    tx.query_one(LAST, &[subject.into(), (&pattern).into()], entry)
}

fn entry(r: &noroshi_store::Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        at: Timestamp::from_micros(r.int(0)?),
        actor: r.text(1)?,
        action: r.text(2)?,
        subject: r.text(3)?,
    })
}
