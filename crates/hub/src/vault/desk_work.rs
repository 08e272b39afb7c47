//! What waits for the desk: one row for each thing to do, kept by the functions that change the tables
//! it follows from, in the order of the queue.

use data_encoding::HEXLOWER;
use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    ADD = "INSERT INTO desk_work (kind, subject, report, rank, since, due, pause, reports)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), d.report, d.rank, CAST($4 AS BIGINT), d.due,
            d.pause, 1 FROM desk_report d WHERE d.report = $3
        ON CONFLICT (kind, subject) DO NOTHING";
    ADD_CONTEXT = "INSERT INTO desk_work (kind, subject, report, rank, since, due, pause, reports)
        SELECT 'context', r.id, r.id, d.rank, r.accepted, d.due, d.pause, 1
            FROM report r JOIN desk_report d ON d.report = r.id WHERE r.id = $1
        ON CONFLICT (kind, subject) DO NOTHING";
    ADD_VALUE = "INSERT INTO desk_work (kind, subject, report, rank, since, due, pause, reports)
        SELECT 'value', CAST($2 AS TEXT), MIN(r.id), MIN(d.rank), MIN(r.accepted), MIN(d.due),
            NULL, COUNT(DISTINCT r.id)
            FROM report_item i JOIN report r ON r.id = i.report JOIN desk_report d ON d.report = r.id
            WHERE i.fingerprint = $1 AND i.verdict = 'quarantined' HAVING COUNT(*) > 0
        ON CONFLICT (kind, subject) DO UPDATE SET reports = excluded.reports,
            rank = CASE WHEN excluded.rank < desk_work.rank THEN excluded.rank
                ELSE desk_work.rank END";
    SETTLE_VALUE = "DELETE FROM desk_work WHERE kind = 'value' AND subject = $2 AND NOT EXISTS
        (SELECT 1 FROM report_item WHERE fingerprint = $1 AND verdict = 'quarantined')";
    ADD_ANSWER = "INSERT INTO desk_work (kind, subject, report, rank, since, due, pause, reports)
        SELECT 'answer', q.id, q.report, d.rank, CAST($2 AS BIGINT), d.due, NULL, 1
            FROM desk_question q JOIN desk_report d ON d.report = q.report WHERE q.id = $1
        ON CONFLICT (kind, subject) DO NOTHING";
    ADD_RECALL = "INSERT INTO desk_work (kind, subject, report, rank, since, due, pause, reports)
        SELECT 'recall', CAST($2 AS TEXT), MIN(i.report), 0, MIN(r.accepted), NULL, NULL,
            COUNT(DISTINCT i.report)
            FROM report_item i JOIN report r ON r.id = i.report
            WHERE i.fingerprint = $1 AND EXISTS (SELECT 1 FROM indicator n
                WHERE n.fingerprint = $1 AND n.state = 'held' AND n.object_id IS NOT NULL)
            HAVING COUNT(*) > 0
        ON CONFLICT (kind, subject) DO NOTHING";
    REMOVE = "DELETE FROM desk_work WHERE kind = $1 AND subject = $2";
    IS_DUE = "SELECT COUNT(*) FROM desk_work WHERE due <= $1 AND due IS NOT NULL AND rank > 0";
    PROMOTE = "UPDATE desk_work SET rank = 0 WHERE due <= $1 AND due IS NOT NULL AND rank > 0";
    RAISE = "UPDATE desk_work SET rank = $2 WHERE report = $1 AND rank > $2";
    SET_DUE = "UPDATE desk_work SET due = $2 WHERE report = $1 AND kind IN ('report', 'context')";
    SET_PAUSE = "UPDATE desk_work SET pause = $2
        WHERE report = $1 AND kind IN ('report', 'context')";
    COUNTS = "SELECT kind, rank, COUNT(*) FROM desk_work WHERE pause IS NULL OR pause <= $1
        GROUP BY kind, rank";
    COUNT_PAUSED = "SELECT COUNT(*) FROM desk_work WHERE pause > $1";
    COUNT_MINE = "SELECT COUNT(*) FROM desk_report d JOIN desk_work w ON w.report = d.report
        WHERE d.assignee = $1 AND (w.pause IS NULL OR w.pause <= $2)";
    PAGE = "SELECT w.kind, w.subject, w.report, w.rank, w.since, w.due, w.pause, w.reports
        FROM desk_work w WHERE (w.rank, w.since, w.subject, w.kind) > ($1, $2, $3, $4)
        AND w.rank <= $5 AND w.since <= $6 AND (w.pause IS NULL OR w.pause <= $7)
        ORDER BY w.rank, w.since, w.subject, w.kind LIMIT $8";
    PAGE_KIND = "SELECT w.kind, w.subject, w.report, w.rank, w.since, w.due, w.pause, w.reports
        FROM desk_work w WHERE w.kind = $4 AND (w.rank, w.since, w.subject) > ($1, $2, $3)
        AND w.rank <= $5 AND w.since <= $6 AND (w.pause IS NULL OR w.pause <= $7)
        ORDER BY w.rank, w.since, w.subject LIMIT $8";
    PAGE_PAUSED = "SELECT w.kind, w.subject, w.report, w.rank, w.since, w.due, w.pause, w.reports
        FROM desk_work w WHERE (w.rank, w.since, w.subject, w.kind) > ($1, $2, $3, $4)
        AND w.rank <= $5 AND w.since <= $6 AND w.pause > $7
        ORDER BY w.rank, w.since, w.subject, w.kind LIMIT $8";
    PAGE_MINE = "SELECT w.kind, w.subject, w.report, w.rank, w.since, w.due, w.pause, w.reports
        FROM desk_report d JOIN desk_work w ON w.report = d.report
        WHERE d.assignee = $9 AND (w.rank, w.since, w.subject, w.kind) > ($1, $2, $3, $4)
        AND w.rank <= $5 AND w.since <= $6 AND (w.pause IS NULL OR w.pause <= $7)
        ORDER BY w.rank, w.since, w.subject, w.kind LIMIT $8";
    OF_REPORT = "SELECT kind, subject, report, rank, since, due, pause, reports FROM desk_work
        WHERE report = $1 ORDER BY rank, since, subject, kind";
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A report nobody of the desk has read.
    Report,
    /// Context that waits for the desk's yes.
    Context,
    /// A value that was kept back, once for all reports that name it.
    Value,
    /// An answer of a reporter nobody has read.
    Answer,
    /// A direct release that waits for the second officer.
    Direct,
    /// A value that is out and that a later check would keep back.
    Recall,
}

impl Kind {
    /// Every kind, in the order of filters.
    pub const ALL: [Self; 6] =
        [Self::Report, Self::Context, Self::Value, Self::Answer, Self::Direct, Self::Recall];

    /// Stable name in tables and addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Context => "context",
            Self::Value => "value",
            Self::Answer => "answer",
            Self::Direct => "direct",
            Self::Recall => "recall",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

/// One thing to do. Attributed: it names a report.
#[derive(Clone, PartialEq, Eq)]
pub struct Work {
    /// What it is.
    pub kind: Kind,
    /// Id of the report, question or proposal; the fingerprint of a value in hexadecimal.
    pub subject: String,
    /// The report; for a value one of those that name it.
    pub report: String,
    /// 0 now, 1 today, 2 soon, 3 when there is time.
    pub rank: i64,
    /// Since when it waits.
    pub since: Timestamp,
    /// When something happens by itself: a hold ends, a legal clock runs out.
    pub due: Option<Timestamp>,
    /// Until when the desk put it aside.
    pub pause: Option<Timestamp>,
    /// How many reports a value stands in.
    pub reports: i64,
}

/// A place in the queue: rank, since in microseconds, subject, kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Rank of the last row.
    pub rank: i64,
    /// Its `since`, in microseconds.
    pub since: i64,
    /// Its subject.
    pub subject: String,
    /// Its kind.
    pub kind: String,
}

/// Which rows of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Everything that is not put aside.
    #[default]
    All,
    /// Of one kind.
    Kind(&'static str),
    /// What one person took.
    Mine(String),
    /// What was put aside.
    Paused,
}

/// A page of the queue.
pub struct Page<'a> {
    /// Which rows.
    pub choice: &'a Choice,
    /// After this place; `None` from the first.
    pub after: Option<&'a Place>,
    /// Only of this rank or more urgent.
    pub rank: i64,
    /// Only what waits since before this moment.
    pub before: Timestamp,
    /// The present moment.
    pub now: Timestamp,
    /// Most rows.
    pub limit: i64,
}

/// The rows of a page.
///
/// # Errors
/// When the vault cannot be read.
pub fn page(tx: &mut Tx<'_>, page: &Page<'_>) -> Result<Vec<Work>, StoreError> {
    let start = Place { rank: -1, since: 0, subject: String::new(), kind: String::new() };
    let after = page.after.unwrap_or(&start);
    let mut params = vec![
        after.rank.into(),
        after.since.into(),
        (&after.subject).into(),
        (&after.kind).into(),
        page.rank.into(),
        page.before.as_micros().into(),
        page.now.as_micros().into(),
        page.limit.into(),
    ];
    let sql = match page.choice {
        Choice::All => PAGE,
        Choice::Paused => PAGE_PAUSED,
        Choice::Kind(kind) => {
            if let Some(slot) = params.get_mut(3) {
                *slot = (*kind).into();
            }
            PAGE_KIND
        }
        Choice::Mine(account) => {
            params.push(account.into());
            PAGE_MINE
        }
    };
    Ok(tx.query(sql, &params, row)?.into_iter().flatten().collect())
}

/// How many there are: kind, rank, number.
///
/// # Errors
/// When the vault cannot be read.
pub fn counts(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<(String, i64, i64)>, StoreError> {
    tx.query(COUNTS, &[now.as_micros().into()], |r| Ok((r.text(0)?, r.int(1)?, r.int(2)?)))
}

/// How many are put aside, and how many one person took.
///
/// # Errors
/// When the vault cannot be read.
pub fn side_counts(
    tx: &mut Tx<'_>,
    account: &str,
    now: Timestamp,
) -> Result<(i64, i64), StoreError> {
    let paused = tx.query_one(COUNT_PAUSED, &[now.as_micros().into()], |r| r.int(0))?;
    let mine = tx.query_one(COUNT_MINE, &[account.into(), now.as_micros().into()], |r| r.int(0))?;
    Ok((paused.unwrap_or(0), mine.unwrap_or(0)))
}

/// What is to be done about one report.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_report(tx: &mut Tx<'_>, report: &str) -> Result<Vec<Work>, StoreError> {
    Ok(tx.query(OF_REPORT, &[report.into()], row)?.into_iter().flatten().collect())
}

/// Whether something becomes due until `soon` that does not stand first yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn is_due(tx: &mut Tx<'_>, soon: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.query_one(IS_DUE, &[soon.as_micros().into()], |r| r.int(0))?.unwrap_or(0) > 0)
}

/// Puts first what becomes due until `soon`.
///
/// # Errors
/// When the vault cannot be written.
pub fn promote(tx: &mut Tx<'_>, soon: Timestamp) -> Result<(), StoreError> {
    tx.execute(PROMOTE, &[soon.as_micros().into()]).map(drop)
}

/// A new report is to be read.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_report(tx: &mut Tx<'_>, report: &str, at: Timestamp) -> Result<(), StoreError> {
    add(tx, Kind::Report, report, report, at)
}

/// Its context waits for the desk.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_context(tx: &mut Tx<'_>, report: &str) -> Result<(), StoreError> {
    tx.execute(ADD_CONTEXT, &[report.into()]).map(drop)
}

/// A direct release waits for a second officer.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_direct(
    tx: &mut Tx<'_>,
    proposal: &str,
    report: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    add(tx, Kind::Direct, proposal, report, at)
}

/// A value was kept back and the desk can rule on it.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_value(tx: &mut Tx<'_>, fingerprint: &[u8]) -> Result<(), StoreError> {
    let hex = HEXLOWER.encode(fingerprint);
    tx.execute(ADD_VALUE, &[fingerprint.into(), (&hex).into()]).map(drop)
}

/// Takes a value off the list where nothing of it waits any more.
///
/// # Errors
/// When the vault cannot be written.
pub fn settle_value(tx: &mut Tx<'_>, fingerprint: &[u8]) -> Result<(), StoreError> {
    let hex = HEXLOWER.encode(fingerprint);
    tx.execute(SETTLE_VALUE, &[fingerprint.into(), (&hex).into()]).map(drop)
}

/// An answer came in.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_answer(tx: &mut Tx<'_>, question: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(ADD_ANSWER, &[question.into(), at.as_micros().into()]).map(drop)
}

/// A value that is out is kept back by a later check: should it be taken back?
///
/// # Errors
/// When the vault cannot be written.
pub fn add_recall(tx: &mut Tx<'_>, fingerprint: &[u8]) -> Result<(), StoreError> {
    let hex = HEXLOWER.encode(fingerprint);
    tx.execute(ADD_RECALL, &[fingerprint.into(), (&hex).into()]).map(drop)
}

/// It was taken back, or passes again.
///
/// # Errors
/// When the vault cannot be written.
pub fn settle_recall(tx: &mut Tx<'_>, fingerprint: &[u8]) -> Result<(), StoreError> {
    remove(tx, Kind::Recall, &HEXLOWER.encode(fingerprint))
}

/// Takes something off the list.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove(tx: &mut Tx<'_>, kind: Kind, subject: &str) -> Result<(), StoreError> {
    tx.execute(REMOVE, &[kind.as_str().into(), subject.into()]).map(drop)
}

/// Raises everything of a report to this rank at least.
///
/// # Errors
/// When the vault cannot be written.
pub fn raise(tx: &mut Tx<'_>, report: &str, rank: i64) -> Result<(), StoreError> {
    tx.execute(RAISE, &[report.into(), rank.into()]).map(drop)
}

/// Notes when something happens by itself.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_due(tx: &mut Tx<'_>, report: &str, due: Option<Timestamp>) -> Result<(), StoreError> {
    tx.execute(SET_DUE, &[report.into(), due.map(Timestamp::as_micros).into()]).map(drop)
}

/// Puts a report's reading and context aside until then, or takes them up again.
///
/// # Errors
/// When the vault cannot be written.
pub fn set_pause(
    tx: &mut Tx<'_>,
    report: &str,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.execute(SET_PAUSE, &[report.into(), until.map(Timestamp::as_micros).into()]).map(drop)
}

fn add(
    tx: &mut Tx<'_>,
    kind: Kind,
    subject: &str,
    report: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let params = [kind.as_str().into(), subject.into(), report.into(), at.as_micros().into()];
    tx.execute(ADD, &params).map(drop)
}

/// A kind this version does not know is left out.
fn row(r: &Row<'_>) -> Result<Option<Work>, StoreError> {
    let Some(kind) = Kind::from_name(&r.text(0)?) else { return Ok(None) };
    Ok(Some(Work {
        kind,
        subject: r.text(1)?,
        report: r.text(2)?,
        rank: r.int(3)?,
        since: Timestamp::from_micros(r.int(4)?),
        due: r.opt_int(5)?.map(Timestamp::from_micros),
        pause: r.opt_int(6)?.map(Timestamp::from_micros),
        reports: r.int(7)?,
    }))
}
