//! Direct releases: the logged exception to the policy, to named members only.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    NEXT = "SELECT number FROM direct_release ORDER BY number DESC LIMIT 1";
    INSERT = "INSERT INTO direct_release (number, report, at, recipients, body, ground, basis,
        first_officer, second_officer, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ONE = "SELECT number, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE number = $1";
    OF_REPORT = "SELECT number, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release WHERE report = $1 ORDER BY number";
    NEWEST = "SELECT number, report, at, recipients, body, ground, basis, first_officer,
        second_officer, state FROM direct_release ORDER BY number DESC LIMIT $1";
    SETTLE = "UPDATE direct_release SET state = $2, second_officer = $3, at = $4
        WHERE number = $1 AND state = 'proposed'";
    SENT = "SELECT COUNT(*) FROM direct_release WHERE state = 'sent'";
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
    /// Counts from 1.
    pub number: i64,
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

/// The number of the next direct release.
///
/// # Errors
/// When the vault cannot be read.
pub fn next_number(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_one(NEXT, &[], |r| r.int(0))?.unwrap_or(0) + 1)
}

/// Adds one.
///
/// # Errors
/// When the number is taken or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, d: &DirectRow) -> Result<(), StoreError> {
    let recipients = d.recipients.join("\n");
    let params = [
        d.number.into(),
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
    tx.execute(INSERT, &params).map(drop)
}

/// One of them.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(tx: &mut Tx<'_>, number: i64) -> Result<Option<DirectRow>, StoreError> {
    tx.query_one(ONE, &[number.into()], row)
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
    number: i64,
    state: DirectState,
    second: Option<&str>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let params = [number.into(), state.as_str().into(), second.into(), at.as_micros().into()];
    Ok(tx.execute(SETTLE, &params)? > 0)
}

/// How many were sent: releases outside the guarantee.
///
/// # Errors
/// When the vault cannot be read.
pub fn sent(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_one(SENT, &[], |r| r.int(0))?.unwrap_or(0))
}

fn row(r: &Row<'_>) -> Result<DirectRow, StoreError> {
    Ok(DirectRow {
        number: r.int(0)?,
        report: r.text(1)?,
        at: Timestamp::from_micros(r.int(2)?),
        recipients: r.text(3)?.lines().map(str::to_owned).collect(),
        body: r.text(4)?,
        ground: r.text(5)?,
        basis: r.text(6)?,
        first_officer: r.text(7)?,
        second_officer: r.opt_text(8)?,
        state: DirectState::from_name(&r.text(9)?),
    })
}
