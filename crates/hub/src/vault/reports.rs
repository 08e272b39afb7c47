//! Reports, and the files they came as.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use super::desk_work::{self, Kind};
pub use super::items::{
    CommonItem, DropRow, ItemRow, ItemVerdict, Why, common_items, decide, drops, fingerprint_of,
    insert_drop, insert_item, item, item_of_value, items, linking, naming, next_hold, refile,
    rejudge, reporters, waiting_of_value, with_verdict,
};

super::statements! {
    INSERT = "INSERT INTO report
        (id, member, idempotency, accepted, hold_until, content_hash, facts, receipt, context_state,
        case_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    INSERT_ORIGINAL = "INSERT INTO report_original (report, ordinal, name, content)
        VALUES ($1, $2, $3, $4)";
    BY_IDEMPOTENCY = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE member = $1 AND idempotency = $2";
    ONE = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE id = $1";
    OF_MEMBER = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE member = $1 ORDER BY accepted DESC, id LIMIT $2";
    RECENT = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report ORDER BY accepted DESC, id LIMIT $1";
    CONTEXT_DUE = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE context_state = 'approved'
        AND (hold_until IS NULL OR hold_until <= $1) ORDER BY accepted, id LIMIT $2";
    IN_CONTEXT_STATE = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE context_state = $1 ORDER BY accepted, id LIMIT $2";
    SET_CONTEXT = "UPDATE report SET context_state = $3 WHERE id = $1 AND context_state = $2";
    ORIGINALS = "SELECT name, content FROM report_original WHERE report = $1 ORDER BY ordinal";
    SENT_FILES = "SELECT COUNT(*) FROM report_original WHERE report = $1";
    OF_CASE = "SELECT id, member, accepted, hold_until, content_hash, facts, receipt,
        context_state, case_id, composed FROM report WHERE id = $1 OR case_id = $1 ORDER BY accepted, id";
    COUNT = "SELECT COUNT(*) FROM report";
    COMPOSE = "UPDATE report SET composed = $2 WHERE id = $1";
    ORIGINAL = "SELECT name, content FROM report_original WHERE report = $1 AND ordinal = $2";
}

/// Where the context of a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextState {
    /// The reporter gave nothing that could become context.
    Nothing,
    /// Waits for the desk.
    Proposed,
    /// The desk approved; waits for the reporter.
    DeskApproved,
    /// Both approved; goes out with the next context batch.
    Approved,
    /// Went out.
    Released,
    /// The desk or the reporter said no.
    Declined,
}

impl ContextState {
    /// Stable name in tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Proposed => "proposed",
            Self::DeskApproved => "desk-approved",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Declined => "declined",
        }
    }

    fn from_name(name: &str) -> Self {
        [Self::Proposed, Self::DeskApproved, Self::Approved, Self::Released, Self::Declined]
            .into_iter()
            .find(|s| s.as_str() == name)
            .unwrap_or(Self::Nothing)
    }
}

/// A report as the vault keeps it. Attributed: never serialised, prints nothing.
#[derive(Clone)]
pub struct ReportRow {
    /// Random id, `r-` and 26 letters and digits.
    pub id: String,
    /// Who reported.
    pub member: String,
    /// When it was acknowledged.
    pub accepted: Timestamp,
    /// Before this moment nothing of it goes out.
    pub hold_until: Option<Timestamp>,
    /// SHA-256 of what was sent.
    pub content_hash: Vec<u8>,
    /// The structured fields, as JSON.
    pub facts: String,
    /// The receipt as text.
    pub receipt: String,
    /// Where its context stands.
    pub context: ContextState,
    /// The case it continues; `None` where it is a case of its own.
    pub continues: Option<String>,
    /// What the desk would say of the attack instead of the reporter's own choices: terms of the closed
    /// vocabulary, as JSON of the same shape as `facts`.
    pub composed: Option<String>,
}

impl ReportRow {
    /// The case it is about: reports of one case are about one victim.
    pub fn case(&self) -> &str {
        self.continues.as_deref().unwrap_or(&self.id)
    }
}

impl std::fmt::Debug for ReportRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportRow(..)")
    }
}

/// Adds a report.
///
/// # Errors
/// When the id or the idempotency key of this member exists, or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, r: &ReportRow, idempotency: Option<&str>) -> Result<(), StoreError> {
    tx.execute(
        INSERT,
        &[
            (&r.id).into(),
            (&r.member).into(),
            idempotency.into(),
            r.accepted.as_micros().into(),
            r.hold_until.map(Timestamp::as_micros).into(),
            (&r.content_hash).into(),
            (&r.facts).into(),
            (&r.receipt).into(),
            r.context.as_str().into(),
            r.continues.as_deref().into(),
        ],
    )
    .map(drop)
}

/// Keeps one submitted file as it came.
///
/// # Errors
/// When the vault cannot be written.
pub fn insert_original(
    tx: &mut Tx<'_>,
    report: &str,
    ordinal: i64,
    name: &str,
    content: &[u8],
) -> Result<(), StoreError> {
    tx.execute(INSERT_ORIGINAL, &[report.into(), ordinal.into(), name.into(), content.into()])
        .map(drop)
}

/// The report a member sent under this idempotency key before.
///
/// # Errors
/// When the vault cannot be read.
pub fn by_idempotency(
    tx: &mut Tx<'_>,
    member: &str,
    key: &str,
) -> Result<Option<ReportRow>, StoreError> {
    tx.query_one(BY_IDEMPOTENCY, &[member.into(), key.into()], report_row)
}

/// One report.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<ReportRow>, StoreError> {
    tx.query_one(ONE, &[id.into()], report_row)
}

/// Every report of a case, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_case(tx: &mut Tx<'_>, case: &str) -> Result<Vec<ReportRow>, StoreError> {
    tx.query(OF_CASE, &[case.into()], report_row)
}

/// A member's reports, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_member(tx: &mut Tx<'_>, member: &str, limit: i64) -> Result<Vec<ReportRow>, StoreError> {
    tx.query(OF_MEMBER, &[member.into(), limit.into()], report_row)
}

/// Everybody's reports, newest first: for the desk.
///
/// # Errors
/// When the vault cannot be read.
pub fn recent(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<ReportRow>, StoreError> {
    tx.query(RECENT, &[limit.into()], report_row)
}

/// Reports whose context both sides approved and whose hold has ended at `now`, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn context_due(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ReportRow>, StoreError> {
    tx.query(CONTEXT_DUE, &[now.as_micros().into(), limit.into()], report_row)
}

/// Reports whose context stands at `state`, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn in_context_state(
    tx: &mut Tx<'_>,
    state: ContextState,
    limit: i64,
) -> Result<Vec<ReportRow>, StoreError> {
    tx.query(IN_CONTEXT_STATE, &[state.as_str().into(), limit.into()], report_row)
}

/// Moves a report's context from one state to the next; false where it was not at `from`.
///
/// # Errors
/// When the vault cannot be written.
pub fn move_context(
    tx: &mut Tx<'_>,
    id: &str,
    from: ContextState,
    to: ContextState,
) -> Result<bool, StoreError> {
    let moved =
        tx.execute(SET_CONTEXT, &[id.into(), from.as_str().into(), to.as_str().into()])? > 0;
    if moved && to == ContextState::Proposed {
        desk_work::add_context(tx, id)?;
    } else if moved && from == ContextState::Proposed {
        desk_work::remove(tx, Kind::Context, id)?;
    }
    Ok(moved)
}

/// The submitted files of a report: name, content.
///
/// # Errors
/// When the vault cannot be read.
pub fn originals(tx: &mut Tx<'_>, report: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    tx.query(ORIGINALS, &[report.into()], |r| Ok((r.text(0)?, r.blob(1)?)))
}

/// How many files a report was sent in.
///
/// # Errors
/// When the vault cannot be read.
pub fn sent_files(tx: &mut Tx<'_>, report: &str) -> Result<i64, StoreError> {
    Ok(tx.query_one(SENT_FILES, &[report.into()], |r| r.int(0))?.unwrap_or(0))
}

/// One submitted file of a report: name, content.
///
/// # Errors
/// When the vault cannot be read.
pub fn original(
    tx: &mut Tx<'_>,
    report: &str,
    ordinal: i64,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    tx.query_one(ORIGINAL, &[report.into(), ordinal.into()], |r| Ok((r.text(0)?, r.blob(1)?)))
}

/// Keeps what the desk would say of the attack; `None` goes back to the reporter's own choices.
///
/// # Errors
/// When the vault cannot be written.
pub fn compose(tx: &mut Tx<'_>, id: &str, composed: Option<&str>) -> Result<(), StoreError> {
    tx.execute(COMPOSE, &[id.into(), composed.into()]).map(drop)
}

/// How many reports there are.
///
/// # Errors
/// When the vault cannot be read.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_one(COUNT, &[], |r| r.int(0))?.unwrap_or(0))
}

fn report_row(r: &Row<'_>) -> Result<ReportRow, StoreError> {
    Ok(ReportRow {
        id: r.text(0)?,
        member: r.text(1)?,
        accepted: Timestamp::from_micros(r.int(2)?),
        hold_until: r.opt_int(3)?.map(Timestamp::from_micros),
        content_hash: r.blob(4)?,
        facts: r.text(5)?,
        receipt: r.text(6)?,
        context: ContextState::from_name(&r.text(7)?),
        continues: r.opt_text(8)?,
        composed: r.opt_text(9)?,
    })
}
