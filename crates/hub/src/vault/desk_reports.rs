//! What the desk keeps about a report: how urgent it is and why, who took it, whether it is read or put
//! aside, and by which traits other reports are found.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use super::desk_work::{self, Kind};

super::statements! {
    FILE = "INSERT INTO desk_report (report, rank, why, attack_type, due, clocked)
        VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (report) DO NOTHING";
    TRAIT = "INSERT INTO desk_trait (trait, report, accepted) VALUES ($1, $2, $3)
        ON CONFLICT (trait, accepted, report) DO NOTHING";
    TRAITS = "SELECT trait FROM desk_trait WHERE report = $1 ORDER BY trait";
    WITH_TRAIT = "SELECT report FROM desk_trait WHERE trait = $1 AND accepted >= $2
        AND accepted <= $3 AND report <> $4 ORDER BY accepted DESC, report LIMIT $5";
    ONE = "SELECT report, rank, why, attack_type, due, clock, reviewed, reviewed_by, assignee, pause,
        hold_reason, hold_note, held_by FROM desk_report WHERE report = $1";
    UNFILED = "SELECT id FROM report WHERE NOT EXISTS
        (SELECT 1 FROM desk_report d WHERE d.report = report.id) ORDER BY id LIMIT $1";
    /// From the report's few values to the others': CROSS JOIN and COALESCE keep SQLite from beginning
    /// with every item that passed.
    SHARING = "SELECT DISTINCT o.report, r.member FROM report_item i
        CROSS JOIN report_item o CROSS JOIN report r
        WHERE i.report = $1 AND COALESCE(i.verdict, '') IN ('passed', 'cleared')
        AND o.fingerprint = i.fingerprint AND o.report <> $1
        AND COALESCE(o.verdict, '') IN ('passed', 'cleared') AND r.id = o.report LIMIT 50";
    RAISE = "UPDATE desk_report SET rank = CASE WHEN rank > 0 THEN rank - 1 ELSE 0 END,
        why = why || ' shared' WHERE report = $1 AND why NOT LIKE '%shared%' RETURNING rank";
    REVIEW = "UPDATE desk_report SET reviewed = $2, reviewed_by = $3
        WHERE report = $1 AND reviewed IS NULL";
    REOPEN = "UPDATE desk_report SET reviewed = NULL, reviewed_by = NULL
        WHERE report = $1 AND reviewed IS NOT NULL";
    ASSIGN = "UPDATE desk_report SET assignee = $3 WHERE report = $1
        AND COALESCE(assignee, '') = $2";
    HOLD = "UPDATE desk_report SET pause = $3, hold_reason = $4, hold_note = $5, held_by = $6
        WHERE report = $1 AND COALESCE(pause, 0) = $2";
    UNCLOCKED = "SELECT report FROM desk_report WHERE clocked = 0 ORDER BY report LIMIT $1";
    /// A deadline that was moved or is over takes its old moment with it.
    CLOCK = "UPDATE desk_report SET clocked = 1, clock = $2, due = CASE WHEN due IS NULL
        OR due = clock OR $2 < due THEN $2 ELSE due END WHERE report = $1 RETURNING due";
    UNCLOCK = "UPDATE desk_report SET clocked = 0 WHERE report = $1 AND clocked = 1";
}

/// What the desk keeps about a report. Attributed: prints nothing.
#[derive(Clone)]
pub struct DeskRow {
    /// The report.
    pub report: String,
    /// 0 now, 1 today, 2 soon, 3 when there is time.
    pub rank: i64,
    /// Codes of why, in order.
    pub why: Vec<String>,
    /// Kind of attack, a term of the vocabulary; empty where it is not said.
    pub attack_type: String,
    /// When something happens by itself.
    pub due: Option<Timestamp>,
    /// The first legal deadline.
    pub clock: Option<Timestamp>,
    /// When it was read, and by whom.
    pub reviewed: Option<(Timestamp, String)>,
    /// Who took it.
    pub assignee: Option<String>,
    /// Put aside: until when, why, a note, by whom.
    pub hold: Option<Hold>,
}

/// A report put aside.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    /// Until when.
    pub until: Timestamp,
    /// Code of the reason.
    pub reason: String,
    /// A note for the desk.
    pub note: String,
    /// By whom.
    pub by: String,
}

impl std::fmt::Debug for DeskRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeskRow(..)")
    }
}

/// What is noted of a report when it is filed.
#[derive(Clone, Default)]
pub struct NewDeskRow {
    /// 0 now to 3.
    pub rank: i64,
    /// Codes of why, parted by blanks.
    pub why: String,
    /// Kind of attack; empty where it is not said.
    pub attack_type: String,
    /// When its hold ends.
    pub due: Option<Timestamp>,
    /// By what other reports are found.
    pub traits: Vec<String>,
}

/// Notes a report before its items are written, and that it is to be read. Nothing where it was noted
/// before.
///
/// # Errors
/// When the vault cannot be written.
pub fn file(
    tx: &mut Tx<'_>,
    report: &str,
    at: Timestamp,
    new: &NewDeskRow,
) -> Result<(), StoreError> {
    let params = [
        report.into(),
        new.rank.into(),
        (&new.why).into(),
        (&new.attack_type).into(),
        new.due.map(Timestamp::as_micros).into(),
    ];
    tx.execute(FILE, &params)?;
    for name in &new.traits {
        tx.execute(TRAIT, &[name.into(), report.into(), at.as_micros().into()])?;
    }
    desk_work::add_report(tx, report, at)
}

/// Raises a report, and those of other members that name the same values, by one step.
///
/// # Errors
/// When the vault cannot be written.
pub fn raise_shared(tx: &mut Tx<'_>, report: &str, member: &str) -> Result<(), StoreError> {
    let sharing = tx.query(SHARING, &[report.into()], |r| Ok((r.text(0)?, r.text(1)?)))?;
    let mut others = sharing.into_iter().filter(|(_, m)| m != member).map(|(r, _)| r).peekable();
    if others.peek().is_none() {
        return Ok(());
    }
    for one in std::iter::once(report.to_owned()).chain(others) {
        if let Some(rank) = tx.query_one(RAISE, &[(&one).into()], |r| r.int(0))? {
            desk_work::raise(tx, &one, rank)?;
        }
    }
    Ok(())
}

/// Reports that a version without a desk took, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn unfiled(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.query(UNFILED, &[limit.into()], |r| r.text(0))
}

/// What the desk keeps about a report.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, report: &str) -> Result<Option<DeskRow>, StoreError> {
    tx.query_one(ONE, &[report.into()], row)
}

/// By what a report is found.
///
/// # Errors
/// When the vault cannot be read.
pub fn traits(tx: &mut Tx<'_>, report: &str) -> Result<Vec<String>, StoreError> {
    tx.query(TRAITS, &[report.into()], |r| r.text(0))
}

/// Other reports with a trait, accepted between two moments, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn with_trait(
    tx: &mut Tx<'_>,
    name: &str,
    between: (Timestamp, Timestamp),
    but: &str,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let (from, to) = (between.0.as_micros(), between.1.as_micros());
    let params = [name.into(), from.into(), to.into(), but.into(), limit.into()];
    tx.query(WITH_TRAIT, &params, |r| r.text(0))
}

/// Notes that a report was read; false where it was before.
///
/// # Errors
/// When the vault cannot be written.
pub fn review(tx: &mut Tx<'_>, report: &str, at: Timestamp, by: &str) -> Result<bool, StoreError> {
    let done = tx.execute(REVIEW, &[report.into(), at.as_micros().into(), by.into()])? > 0;
    if done {
        desk_work::remove(tx, Kind::Report, report)?;
    }
    Ok(done)
}

/// Puts a report that was read back into the queue; false where it stands there.
///
/// # Errors
/// When the vault cannot be written.
pub fn reopen(tx: &mut Tx<'_>, report: &str, at: Timestamp) -> Result<bool, StoreError> {
    let done = tx.execute(REOPEN, &[report.into()])? > 0;
    if done {
        desk_work::add_report(tx, report, at)?;
    }
    Ok(done)
}

/// Gives a report to somebody, where `from` has it now; an empty name is nobody.
///
/// # Errors
/// When the vault cannot be written.
pub fn assign(
    tx: &mut Tx<'_>,
    report: &str,
    from: &str,
    to: Option<&str>,
) -> Result<bool, StoreError> {
    Ok(tx.execute(ASSIGN, &[report.into(), from.into(), to.into()])? > 0)
}

/// Puts a report aside, or takes it up again with `None`, where it stood at `from` (microseconds, 0
/// for not aside).
///
/// # Errors
/// When the vault cannot be written.
pub fn hold(
    tx: &mut Tx<'_>,
    report: &str,
    from: i64,
    hold: Option<&Hold>,
) -> Result<bool, StoreError> {
    let params = [
        report.into(),
        from.into(),
        hold.map(|h| h.until.as_micros()).into(),
        hold.map(|h| h.reason.as_str()).into(),
        hold.map(|h| h.note.as_str()).into(),
        hold.map(|h| h.by.as_str()).into(),
    ];
    let done = tx.execute(HOLD, &params)? > 0;
    if done {
        desk_work::set_pause(tx, report, hold.map(|h| h.until))?;
    }
    Ok(done)
}

/// Reports whose legal clock nobody looked at yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn unclocked(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.query(UNCLOCKED, &[limit.into()], |r| r.text(0))
}

/// Notes the first legal deadline of a report.
///
/// # Errors
/// When the vault cannot be written.
pub fn clock(tx: &mut Tx<'_>, report: &str, clock: Option<Timestamp>) -> Result<(), StoreError> {
    let params = [report.into(), clock.map(Timestamp::as_micros).into()];
    let due = tx.query_one(CLOCK, &params, |r| r.opt_int(0))?.flatten();
    desk_work::set_due(tx, report, due.map(Timestamp::from_micros))
}

/// Something about a report's case changed: its legal clock is looked at again with the next tick.
///
/// # Errors
/// When the vault cannot be written.
pub fn look_again(tx: &mut Tx<'_>, report: &str) -> Result<(), StoreError> {
    tx.execute(UNCLOCK, &[report.into()]).map(drop)
}

fn row(r: &Row<'_>) -> Result<DeskRow, StoreError> {
    let moment = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    let hold = match moment(r.opt_int(9)?) {
        None => None,
        Some(until) => Some(Hold {
            until,
            reason: r.opt_text(10)?.unwrap_or_default(),
            note: r.opt_text(11)?.unwrap_or_default(),
            by: r.opt_text(12)?.unwrap_or_default(),
        }),
    };
    Ok(DeskRow {
        report: r.text(0)?,
        rank: r.int(1)?,
        why: r.text(2)?.split_whitespace().map(str::to_owned).collect(),
        attack_type: r.text(3)?,
        due: moment(r.opt_int(4)?),
        clock: moment(r.opt_int(5)?),
        reviewed: moment(r.opt_int(6)?).zip(r.opt_text(7)?),
        assignee: r.opt_text(8)?,
        hold,
    })
}
