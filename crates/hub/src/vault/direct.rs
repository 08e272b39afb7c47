//! Direct releases: the logged exception to the policy, to named members only.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

use super::desk_work::{self, Kind};

super::statements! {
    INSERT = "INSERT INTO direct_release (id, report, at, recipients, body, ground, basis,
        first_officer, second_officer, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ONE = "SELECT id, logged, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE id = $1";
    OF_REPORT = "SELECT id, logged, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE report = $1 ORDER BY at, id";
    NEWEST = "SELECT id, logged, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release ORDER BY at DESC, id LIMIT $1";
    SENT = "SELECT id, logged, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE state = 'sent' ORDER BY at DESC, id";
    TO_LOG = "SELECT id, logged, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE state = 'sent' AND logged IS NULL ORDER BY id";
    SETTLE = "UPDATE direct_release SET state = $2, second_officer = $3, at = $4
        WHERE id = $1 AND state = 'proposed'";
    LOG = "UPDATE direct_release SET logged = $2 WHERE id = $1";
    LOGGED = "SELECT COUNT(*) FROM direct_release WHERE logged IS NOT NULL";
}

/// Where a direct release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectState {
    /// Waits for the reporter's consent or the second officer.
    Proposed,
    /// The recipients can read it.
    Sent,
    /// Refused.
    Refused,
}

impl DirectState {
    /// Stable name in tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Sent => "sent",
            Self::Refused => "refused",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "proposed" => Self::Proposed,
            "sent" => Self::Sent,
            _ => Self::Refused,
        }
    }
}

/// A direct release. Attributed: prints nothing.
#[derive(Clone)]
pub struct DirectRow {
    /// Random id, `d-` and 26 letters and digits: a number would count proposals.
    pub id: String,
    /// Its number in the public log, once it stands there.
    pub logged: Option<i64>,
    /// The report it is about.
    pub report: String,
    /// When it was proposed, then when it was settled.
    pub at: Timestamp,
    /// Ids of the members that may read it.
    pub recipients: Vec<String>,
    /// What they read.
    pub body: String,
    /// `consent` or `law`.
    pub ground: String,
    /// The legal ground in words; empty for consent.
    pub basis: String,
    /// Account that proposed it.
    pub first_officer: String,
    /// Account that agreed, for `law`.
    pub second_officer: Option<String>,
    /// Where it stands.
    pub state: DirectState,
}

impl std::fmt::Debug for DirectRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DirectRow(..)")
    }
}

impl DirectRow {
    /// Whether it waits for a second officer.
    pub fn asks_officer(&self) -> bool {
        self.state == DirectState::Proposed && self.ground == "law"
    }
}

/// Adds one.
///
/// # Errors
/// When the id is taken or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, d: &DirectRow) -> Result<(), StoreError> {
    let recipients = d.recipients.join("\n");
    let params = [
        (&d.id).into(),
        (&d.report).into(),
        d.at.as_micros().into(),
        (&recipients).into(),
        (&d.body).into(),
        (&d.ground).into(),
        (&d.basis).into(),
        (&d.first_officer).into(),
        d.second_officer.as_deref().into(),
        d.state.as_str().into(),
    ];
    tx.execute(INSERT, &params)?;
    if d.asks_officer() {
        desk_work::add_direct(tx, &d.id, &d.report, d.at)?;
    }
    Ok(())
}

/// One of them.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Option<DirectRow>, StoreError> {
    tx.query_one(ONE, &[id.into()], row)
}

/// Those about a report, in order.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_report(tx: &mut Tx<'_>, report: &str) -> Result<Vec<DirectRow>, StoreError> {
    tx.query(OF_REPORT, &[report.into()], row)
}

/// The newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn newest(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<DirectRow>, StoreError> {
    tx.query(NEWEST, &[limit.into()], row)
}

/// Settles a proposal; false where it was settled before.
///
/// # Errors
/// When the vault cannot be written.
pub fn settle(
    tx: &mut Tx<'_>,
    id: &str,
    state: DirectState,
    second: Option<&str>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let params = [id.into(), state.as_str().into(), second.into(), at.as_micros().into()];
    let settled = tx.execute(SETTLE, &params)? > 0;
    if settled {
        desk_work::remove(tx, Kind::Direct, id)?;
    }
    Ok(settled)
}

/// Those that were sent, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn sent(tx: &mut Tx<'_>) -> Result<Vec<DirectRow>, StoreError> {
    tx.query(SENT, &[], row)
}

/// Those that were sent and do not stand in the public log yet.
///
/// # Errors
/// When the vault cannot be read.
pub fn to_log(tx: &mut Tx<'_>) -> Result<Vec<DirectRow>, StoreError> {
    tx.query(TO_LOG, &[], row)
}

/// Gives a release its number in the public log: one more than there are. Returns the number.
///
/// # Errors
/// When the vault cannot be written.
pub fn log(tx: &mut Tx<'_>, id: &str) -> Result<i64, StoreError> {
    let number = tx.query_one(LOGGED, &[], |r| r.int(0))?.unwrap_or(0) + 1;
    tx.execute(LOG, &[id.into(), number.into()])?;
    Ok(number)
}

fn row(r: &Row<'_>) -> Result<DirectRow, StoreError> {
    Ok(DirectRow {
        id: r.text(0)?,
        logged: r.opt_int(1)?,
        report: r.text(2)?,
        at: Timestamp::from_micros(r.int(3)?),
        recipients: r.text(4)?.lines().map(str::to_owned).collect(),
        body: r.text(5)?,
        ground: r.text(6)?,
        basis: r.text(7)?,
        first_officer: r.text(8)?,
        second_officer: r.opt_text(9)?,
        state: DirectState::from_name(&r.text(10)?),
    })
}
