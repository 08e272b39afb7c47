//! Publicity flags: cases the public knows of, entered by the desk from public facts only.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO publicity_flag (id, member, since, basis, entered, entered_by, withdrawn)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    WITHDRAW = "UPDATE publicity_flag SET withdrawn = $2 WHERE id = $1 AND withdrawn IS NULL";
    OF_MEMBER = "SELECT id, member, since, basis, entered, entered_by, withdrawn FROM publicity_flag
        WHERE member = $1 AND withdrawn IS NULL ORDER BY since, id";
    ALL_FLAGS = "SELECT id, member, since, basis, entered, entered_by, withdrawn FROM publicity_flag
        ORDER BY entered DESC, id LIMIT $1";
    IN_FORCE = "SELECT id, member, since, basis, entered, entered_by, withdrawn FROM publicity_flag
        WHERE withdrawn IS NULL ORDER BY since, id";
}

/// One flag.
#[derive(Clone, PartialEq, Eq)]
pub struct FlagRow {
    /// Random id, `f-` and 26 letters and digits.
    pub id: String,
    /// Of whom the public speaks.
    pub member: String,
    /// Since when.
    pub since: Timestamp,
    /// Where the public can read it: an address, or a sentence.
    pub basis: String,
    /// When it was entered.
    pub entered: Timestamp,
    /// By which account.
    pub entered_by: String,
    /// When it was taken back.
    pub withdrawn: Option<Timestamp>,
}

/// Adds a flag.
///
/// # Errors
/// When there is no such member or the vault cannot be written.
pub fn insert(tx: &mut Tx<'_>, flag: &FlagRow) -> Result<(), StoreError> {
    let params = [
        (&flag.id).into(),
        (&flag.member).into(),
        flag.since.as_micros().into(),
        (&flag.basis).into(),
        flag.entered.as_micros().into(),
        (&flag.entered_by).into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Takes a flag back; false where there is none in force under this id.
///
/// # Errors
/// When the vault cannot be written.
pub fn withdraw(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(WITHDRAW, &[id.into(), at.as_micros().into()])? > 0)
}

/// A member's flags in force.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_member(tx: &mut Tx<'_>, member: &str) -> Result<Vec<FlagRow>, StoreError> {
    tx.query(OF_MEMBER, &[member.into()], row)
}

/// All flags, also those taken back, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn all(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<FlagRow>, StoreError> {
    tx.query(ALL_FLAGS, &[limit.into()], row)
}

/// Every flag that was not taken back.
///
/// # Errors
/// When the vault cannot be read.
pub fn in_force(tx: &mut Tx<'_>) -> Result<Vec<FlagRow>, StoreError> {
    tx.query(IN_FORCE, &[], row)
}

fn row(r: &Row<'_>) -> Result<FlagRow, StoreError> {
    Ok(FlagRow {
        id: r.text(0)?,
        member: r.text(1)?,
        since: Timestamp::from_micros(r.int(2)?),
        basis: r.text(3)?,
        entered: Timestamp::from_micros(r.int(4)?),
        entered_by: r.text(5)?,
        withdrawn: r.opt_int(6)?.map(Timestamp::from_micros),
    })
}
