//! Context releases as they went out, so that they can be corrected and taken back.

use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    OF_CASE = "SELECT case_id, report, release_id, objects, versions, state FROM context_release
        WHERE case_id = $1";
    PUT = "INSERT INTO context_release (case_id, report, release_id, objects, versions, state)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (case_id) DO UPDATE SET report = excluded.report,
        release_id = excluded.release_id, objects = excluded.objects, versions = excluded.versions,
        state = excluded.state";
    MOVE = "UPDATE context_release SET state = $3 WHERE case_id = $1 AND state = $2";
    VICTIMS = "SELECT c.release_id, r.member FROM context_release c
        JOIN report r ON r.id = c.report ORDER BY c.release_id";
    IN_STATE = "SELECT case_id, report, release_id, objects, versions, state FROM context_release
        WHERE state = $1 ORDER BY case_id LIMIT $2";
}

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// Out.
    Out,
    /// To be taken back with the next batch.
    Revoking,
    /// Taken back.
    Revoked,
}

impl ReleaseState {
    /// Stable name in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "out" => Self::Out,
            "revoking" => Self::Revoking,
            _ => Self::Revoked,
        }
    }
}

/// The release about one case.
pub struct ContextRow {
    /// The case.
    pub case: String,
    /// The newest report it was made from.
    pub report: String,
    /// Id of the released report object.
    pub release_id: String,
    /// The objects of the newest version, as a JSON array.
    pub objects: Vec<u8>,
    /// How many versions went out.
    pub versions: i64,
    /// Where it stands.
    pub state: ReleaseState,
}

/// The release about a case.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_case(tx: &mut Tx<'_>, case: &str) -> Result<Option<ContextRow>, StoreError> {
    tx.query_one(OF_CASE, &[case.into()], row)
}

/// Notes a release, or its newest version.
///
/// # Errors
/// When the vault cannot be written.
pub fn put(tx: &mut Tx<'_>, c: &ContextRow) -> Result<(), StoreError> {
    let params = [
        (&c.case).into(),
        (&c.report).into(),
        (&c.release_id).into(),
        (&c.objects).into(),
        c.versions.into(),
        c.state.as_str().into(),
    ];
    tx.execute(PUT, &params).map(drop)
}

/// Moves a release from one state to the next; false where it was not at `from`.
///
/// # Errors
/// When the vault cannot be written.
pub fn move_state(
    tx: &mut Tx<'_>,
    case: &str,
    from: ReleaseState,
    to: ReleaseState,
) -> Result<bool, StoreError> {
    Ok(tx.execute(MOVE, &[case.into(), from.as_str().into(), to.as_str().into()])? > 0)
}

/// Which member each release is about.
///
/// # Errors
/// When the vault cannot be read.
pub fn victims(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, StoreError> {
    tx.query(VICTIMS, &[], |r| Ok((r.text(0)?, r.text(1)?)))
}

/// Releases in a state.
///
/// # Errors
/// When the vault cannot be read.
pub fn in_state(
    tx: &mut Tx<'_>,
    state: ReleaseState,
    limit: i64,
) -> Result<Vec<ContextRow>, StoreError> {
    tx.query(IN_STATE, &[state.as_str().into(), limit.into()], row)
}

fn row(r: &Row<'_>) -> Result<ContextRow, StoreError> {
    Ok(ContextRow {
        case: r.text(0)?,
        report: r.text(1)?,
        release_id: r.text(2)?,
        objects: r.blob(3)?,
        versions: r.int(4)?,
        state: ReleaseState::from_name(&r.text(5)?),
    })
}
