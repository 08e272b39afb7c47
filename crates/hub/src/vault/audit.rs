//! Who did what, append-only. Subjects are ids, never contents.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO audit (id, at, actor, action, subject) VALUES ($1, $2, $3, $4, $5)";
    LAST_OF = "SELECT at, actor, action, subject FROM audit
        WHERE subject = $1 AND action = $2 ORDER BY at DESC, id LIMIT 1";
    OF_SUBJECT = "SELECT at, actor, action, subject FROM audit
        WHERE subject = $1 ORDER BY at, id";
    RECENT = "SELECT at, actor, action, subject FROM audit ORDER BY at DESC, id LIMIT $1";
}

/// One line of the trail.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Account or key id, or `hub`.
    pub actor: String,
    /// What, such as `quarantine.release`.
    pub action: String,
    /// The id it was done to.
    pub subject: String,
}

impl Entry {
    /// One line.
    pub fn new(at: Timestamp, actor: &str, action: &str, subject: &str) -> Self {
        let [actor, action, subject] = [actor, action, subject].map(str::to_owned);
        Self { at, actor, action, subject }
    }
}

/// Appends a line under `id` (random).
///
/// # Errors
/// When the vault cannot be written.
pub fn append(tx: &mut Tx<'_>, id: &str, e: &Entry) -> Result<(), StoreError> {
    let params = [
        id.into(),
        e.at.as_micros().into(),
        (&e.actor).into(),
        (&e.action).into(),
        (&e.subject).into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Appends a line made of these parts under `id` (random).
///
/// # Errors
/// When the vault cannot be written.
pub fn note(
    tx: &mut Tx<'_>,
    id: &str,
    at: Timestamp,
    actor: &str,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    append(tx, id, &Entry::new(at, actor, action, subject))
}

/// The newest lines first, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn recent(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    tx.query(RECENT, &[limit.into()], row)
}

/// The last time something was done to a subject.
///
/// # Errors
/// When the vault cannot be read.
pub fn last_of(tx: &mut Tx<'_>, subject: &str, action: &str) -> Result<Option<Entry>, StoreError> {
    tx.query_one(LAST_OF, &[subject.into(), action.into()], row)
}

/// Everything that was done to a subject, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_subject(tx: &mut Tx<'_>, subject: &str) -> Result<Vec<Entry>, StoreError> {
    tx.query(OF_SUBJECT, &[subject.into()], row)
}

fn row(r: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        at: Timestamp::from_micros(r.int(0)?),
        actor: r.text(1)?,
        action: r.text(2)?,
        subject: r.text(3)?,
    })
}
