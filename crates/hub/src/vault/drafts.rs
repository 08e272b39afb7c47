//! Reports that somebody is still writing: of one account, seen by nobody else, gone after a while.
//!
//! A draft's name is made for one form and is unique within its account only, so that no name of
//! somebody else's draft can be found by trying.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    PUT = "INSERT INTO report_draft (account, id, saved, revision, happened, glimpse, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, id) DO UPDATE SET
        saved = excluded.saved, revision = excluded.revision, happened = excluded.happened,
        glimpse = excluded.glimpse, body = excluded.body";
    ONE = "SELECT id, saved, revision, happened, glimpse, body FROM report_draft
        WHERE account = $1 AND id = $2 AND saved > $3";
    OF_ACCOUNT = "SELECT id, saved, happened, glimpse FROM report_draft
        WHERE account = $1 AND saved > $2 ORDER BY saved DESC, id";
    ADD_FILE = "INSERT INTO report_draft_file (account, draft, id, place, name, media, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FILES = "SELECT id, name, CAST(LENGTH(content) AS BIGINT), place FROM report_draft_file
        WHERE account = $1 AND draft = $2 ORDER BY place";
    CONTENTS = "SELECT id, name, media, content FROM report_draft_file
        WHERE account = $1 AND draft = $2 ORDER BY place";
    REMOVE_FILE = "DELETE FROM report_draft_file WHERE account = $1 AND draft = $2 AND id = $3";
    DELETE_FILES = "DELETE FROM report_draft_file WHERE account = $1 AND draft = $2";
    DELETE = "DELETE FROM report_draft WHERE account = $1 AND id = $2";
    PRUNE_FILES = "DELETE FROM report_draft_file WHERE EXISTS (SELECT 1 FROM report_draft d
        WHERE d.account = report_draft_file.account AND d.id = report_draft_file.draft
        AND d.saved <= $1)";
    PRUNE = "DELETE FROM report_draft WHERE saved <= $1";
}

/// A draft without its files. Prints nothing: it is what a reporter typed.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its name, which is also the key against double filing.
    pub id: String,
    /// When it was saved last.
    pub saved: Timestamp,
    /// How often it was saved.
    pub revision: i64,
    /// The plain answer to what happened, or empty.
    pub happened: String,
    /// How the pasted text begins.
    pub glimpse: String,
    /// What was typed, as JSON.
    pub body: String,
}

/// A draft in a list: megabytes may be in it, which nobody reads there.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftGlimpse {
    /// Its name.
    pub id: String,
    /// When it was saved last.
    pub saved: Timestamp,
    /// The plain answer to what happened, or empty.
    pub happened: String,
    /// How the pasted text begins.
    pub glimpse: String,
}

/// A file of a draft, without its content.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Random id.
    pub id: String,
    /// The name it was attached under.
    pub name: String,
    /// Its length in bytes.
    pub bytes: usize,
    /// Where it stands in the list.
    place: i64,
}

/// A file of a draft, whole.
#[derive(Clone)]
pub struct DraftContent {
    /// Random id.
    pub id: String,
    /// The name it was attached under.
    pub name: String,
    /// Its media type, or empty.
    pub media: String,
    /// The bytes as they came.
    pub content: Vec<u8>,
}

/// Writes a draft, new or over its last revision.
///
/// # Errors
/// When there is no such account or the vault cannot be written.
pub fn put(tx: &mut Tx<'_>, account: &str, d: &DraftRow) -> Result<(), StoreError> {
    let params = [
        account.into(),
        (&d.id).into(),
        d.saved.as_micros().into(),
        d.revision.into(),
        (&d.happened).into(),
        (&d.glimpse).into(),
        (&d.body).into(),
    ];
    tx.execute(PUT, &params).map(drop)
}

/// A draft of this account that was saved after `since`.
///
/// # Errors
/// When the vault cannot be read.
pub fn one(
    tx: &mut Tx<'_>,
    account: &str,
    id: &str,
    since: Timestamp,
) -> Result<Option<DraftRow>, StoreError> {
    tx.query_one(ONE, &[account.into(), id.into(), since.as_micros().into()], draft_row)
}

/// The drafts of this account that were saved after `since`, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_account(
    tx: &mut Tx<'_>,
    account: &str,
    since: Timestamp,
) -> Result<Vec<DraftGlimpse>, StoreError> {
    tx.query(OF_ACCOUNT, &[account.into(), since.as_micros().into()], |r| {
        Ok(DraftGlimpse {
            id: r.text(0)?,
            saved: Timestamp::from_micros(r.int(1)?),
            happened: r.text(2)?,
            glimpse: r.text(3)?,
        })
    })
}

/// Adds a file at the end of a draft's list.
///
/// # Errors
/// When there is no such draft or the vault cannot be written.
pub fn add_file(
    tx: &mut Tx<'_>,
    account: &str,
    draft: &str,
    file: &DraftContent,
) -> Result<(), StoreError> {
    let place = files(tx, account, draft)?.last().map_or(0, |f| f.place + 1);
    let params = [
        account.into(),
        draft.into(),
        (&file.id).into(),
        place.into(),
        (&file.name).into(),
        (&file.media).into(),
        (&file.content).into(),
    ];
    tx.execute(ADD_FILE, &params).map(drop)
}

/// The files of a draft without their contents, in their order.
///
/// # Errors
/// When the vault cannot be read.
pub fn files(tx: &mut Tx<'_>, account: &str, draft: &str) -> Result<Vec<DraftFile>, StoreError> {
    tx.query(FILES, &[account.into(), draft.into()], |r| {
        Ok(DraftFile {
            id: r.text(0)?,
            name: r.text(1)?,
            bytes: usize::try_from(r.int(2)?).unwrap_or(usize::MAX),
            place: r.int(3)?,
        })
    })
}

/// The files of a draft with their contents, in their order.
///
/// # Errors
/// When the vault cannot be read.
pub fn contents(
    tx: &mut Tx<'_>,
    account: &str,
    draft: &str,
) -> Result<Vec<DraftContent>, StoreError> {
    tx.query(CONTENTS, &[account.into(), draft.into()], |r| {
        Ok(DraftContent {
            id: r.text(0)?,
            name: r.text(1)?,
            media: r.text(2)?,
            content: r.blob(3)?,
        })
    })
}

/// Takes a file out of a draft; harmless where it is not there.
///
/// # Errors
/// When the vault cannot be written.
pub fn remove_file(
    tx: &mut Tx<'_>,
    account: &str,
    draft: &str,
    id: &str,
) -> Result<(), StoreError> {
    tx.execute(REMOVE_FILE, &[account.into(), draft.into(), id.into()]).map(drop)
}

/// Deletes a draft with its files; harmless where it is not there.
///
/// # Errors
/// When the vault cannot be written.
pub fn delete(tx: &mut Tx<'_>, account: &str, id: &str) -> Result<(), StoreError> {
    tx.execute(DELETE_FILES, &[account.into(), id.into()])?;
    tx.execute(DELETE, &[account.into(), id.into()]).map(drop)
}

/// Deletes what was saved at `until` or earlier.
///
/// # Errors
/// When the vault cannot be written.
pub fn prune(tx: &mut Tx<'_>, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(PRUNE_FILES, &[until.as_micros().into()])?;
    tx.execute(PRUNE, &[until.as_micros().into()]).map(drop)
}

fn draft_row(r: &Row<'_>) -> Result<DraftRow, StoreError> {
    Ok(DraftRow {
        id: r.text(0)?,
        saved: Timestamp::from_micros(r.int(1)?),
        revision: r.int(2)?,
        happened: r.text(3)?,
        glimpse: r.text(4)?,
        body: r.text(5)?,
    })
}
