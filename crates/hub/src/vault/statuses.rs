//! What became of posts to the inbox: TAXII status resources, for the member that posted.

use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO inbox_status (id, member, report, at, status)
        VALUES ($1, $2, $3, $4, $5)";
    ONE = "SELECT status FROM inbox_status WHERE id = $1 AND member = $2 AND at > $3";
    OF_REPORT = "SELECT status FROM inbox_status WHERE report = $1 AND at > $2
        ORDER BY at, id LIMIT 1";
    PRUNE = "DELETE FROM inbox_status WHERE at <= $1";
}

/// A status as the vault keeps it. Attributed: it names the objects a member sent.
#[derive(Clone)]
pub struct StatusRow {
    /// Random UUID.
    pub id: String,
    /// Who posted.
    pub member: String,
    /// When.
    pub at: Timestamp,
    /// The TAXII status resource, as JSON.
    pub status: String,
}

/// Keeps a status; `report` is the report the post became, if anything of it was taken.
///
/// # Errors
/// When the id exists or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, s: &StatusRow, report: Option<&str>) -> Result<(), StoreError> {
    let params = [
        (&s.id).into(),
        (&s.member).into(),
        report.into(),
        s.at.as_micros().into(),
        (&s.status).into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// The status of this id, if `member` posted it after `since`.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(
    tx: &mut Tx<'_>,
    id: &str,
    member: &str,
    since: Timestamp,
) -> Result<Option<String>, StoreError> {
    tx.query_one(ONE, &[id.into(), member.into(), since.as_micros().into()], |r| r.text(0))
}

/// The first status of a report, if it is younger than `since`.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_report(
    tx: &mut Tx<'_>,
    report: &str,
    since: Timestamp,
) -> Result<Option<String>, StoreError> {
    tx.query_one(OF_REPORT, &[report.into(), since.as_micros().into()], |r| r.text(0))
}

/// Forgets what was posted until `until`.
///
/// # Errors
/// When the vault cannot be written.
pub fn prune(tx: &mut Tx<'_>, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(PRUNE, &[until.as_micros().into()]).map(drop)
}
