//! Reports that somebody is still writing.
//!
//! A draft belongs to one account: no colleague, no desk and no operator reads it, no line of the
//! audit trail tells of it, and nothing of it reaches a gate, a tick or the shelf. It ends in the
//! transaction that accepts its report, by hand, or fourteen days after it was saved last.

use axum::http::StatusCode;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use crate::access::Principal;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::drafts::{self as rows, DraftContent, DraftFile, DraftGlimpse, DraftRow};
use crate::vault::reports;

/// Days a draft is kept after it was saved last.
pub const KEEP_DAYS: u32 = 14;
/// Most drafts of one account.
const MAX_DRAFTS: usize = 10;
/// Most files in one draft, as in a report.
const MAX_FILES: usize = 50;
/// Longest name of a draft.
const MAX_NAME: usize = 64;

/// Whose draft, and which.
#[derive(Clone)]
pub struct DraftKey {
    /// The account.
    pub account: String,
    /// Its member: the name must not be that of a report it sent.
    pub member: String,
    /// The draft's name, which is also the key against double filing.
    pub id: String,
}

/// A draft with the list of its files.
pub struct Draft {
    /// What was typed.
    pub row: DraftRow,
    /// Its files without their contents.
    pub files: Vec<DraftFile>,
}

/// What is to be changed about a draft.
#[derive(Default)]
pub struct Change {
    /// What was typed; `None` leaves it as it is.
    pub typed: Option<Typed>,
    /// Files to add.
    pub add: Vec<NewFile>,
    /// Ids of files to take out.
    pub remove: Vec<String>,
}

/// What was typed into a draft.
pub struct Typed {
    /// The plain answer to what happened, or empty.
    pub happened: String,
    /// How the pasted text begins.
    pub glimpse: String,
    /// All of it, as JSON.
    pub body: String,
    /// The revision it was typed over.
    pub over: i64,
    /// Whether nothing was typed at all: no draft begins with that.
    pub blank: bool,
}

/// A file to add to a draft.
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its media type, or empty.
    pub media: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// What saving came to.
pub enum Saved {
    /// It is on the disk.
    Kept(Draft),
    /// It was saved in another window since: its moment and its revision.
    Elsewhere(Timestamp, i64),
    /// It was sent already, as this report.
    Sent(String),
    /// There is no such draft, and nothing that one could begin with.
    Nothing,
}

/// A draft as it is read to be filed.
pub(crate) struct Whole {
    /// What was typed, where there is a draft.
    pub(crate) row: Option<DraftRow>,
    /// Its files.
    pub(crate) files: Vec<DraftContent>,
    /// What the transaction that files it compares.
    pub(crate) seen: Seen,
}

/// The state of a draft that a report was made of. What was saved since, in another window or on
/// another device, must not end with it.
#[derive(Clone)]
pub(crate) struct Seen {
    key: DraftKey,
    since: Timestamp,
    /// Its revision, and the ids of its files, which are never used twice.
    state: Option<(i64, Vec<String>)>,
}

impl Seen {
    /// Whether the draft is as it was.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub(crate) fn holds(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let DraftKey { account, id, .. } = &self.key;
        let Some(row) = rows::one(tx, account, id, self.since)? else {
            return Ok(self.state.is_none());
        };
        let files = rows::files(tx, account, id)?;
        Ok(self.state.as_ref().is_some_and(|(revision, known)| {
            *revision == row.revision && known.iter().eq(files.iter().map(|f| &f.id))
        }))
    }

    /// Deletes it: it became a report.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub(crate) fn end(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        rows::delete(tx, &self.key.account, &self.key.id)
    }
}

impl DraftKey {
    /// The draft of this name of whoever is signed in.
    ///
    /// # Errors
    /// 404 for keys of programs, which have no drafts; 400 for a name no form was given.
    pub fn of(who: &Principal, id: &str) -> Result<Self, HubError> {
        let account =
            who.session().map(|s| s.account.id.clone()).ok_or_else(HubError::not_found)?;
        let member = who.member().ok_or_else(HubError::not_found)?.to_owned();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if id.is_empty() || id.len() > MAX_NAME || !id.bytes().all(plain) {
            return Err(HubError::bad("bad-draft", "This draft's name is none of ours."));
        }
        Ok(Self { account, member, id: id.to_owned() })
    }
}

/// Saves a change of a draft, which begins with it where there is none.
///
/// # Errors
/// 413 where text and files together have more than a report may have, 400 where there are too
/// many files or drafts; then nothing was changed.
pub async fn save(hub: &Hub, key: &DraftKey, change: Change) -> Result<Saved, HubError> {
    let limit = hub.config().limits.report_bytes;
    let now = hub.now();
    let files: Vec<DraftContent> = change
        .add
        .into_iter()
        .map(|f| DraftContent {
            id: ids::fresh("f", hub.entropy()),
            name: f.name,
            media: f.media,
            content: f.content,
        })
        .collect();
    let saving =
        Saving { key: key.clone(), typed: change.typed, files, remove: change.remove, limit };
    let outcome = hub.vault().write("drafts.save", move |tx| saving.run(tx, now)).await?;
    match outcome {
        Outcome::Done(saved) => Ok(saved),
        Outcome::TooLarge => Err(HubError::Request {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "too-large",
            detail: format!(
                "A report may have {} MiB, all files together. The draft was left as it was.",
                limit / (1024 * 1024)
            ),
        }),
        Outcome::TooManyFiles => {
            Err(HubError::bad("too-many-files", "Send at most 50 files in one report."))
        }
        Outcome::TooManyDrafts => Err(HubError::bad(
            "too-many-drafts",
            "You have ten drafts. Send or delete one of them first.",
        )),
    }
}

/// Everything a transaction of saving needs.
struct Saving {
    key: DraftKey,
    typed: Option<Typed>,
    files: Vec<DraftContent>,
    remove: Vec<String>,
    limit: usize,
}

enum Outcome {
    Done(Saved),
    TooLarge,
    TooManyFiles,
    TooManyDrafts,
}

impl Saving {
    fn run(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Outcome, StoreError> {
        let DraftKey { account, member, id } = &self.key;
        // What arrives after the report is no draft of it any more.
        if let Some(report) = reports::by_idempotency(tx, member, id)? {
            return Ok(Outcome::Done(Saved::Sent(report.id)));
        }
        let known = rows::one(tx, account, id, oldest(now))?;
        if known.is_none() {
            let blank = self.typed.as_ref().is_none_or(|t| t.blank);
            if blank && self.files.is_empty() {
                return Ok(Outcome::Done(Saved::Nothing));
            }
            // One that has run out is not taken up again under its name.
            rows::delete(tx, account, id)?;
            if rows::of_account(tx, account, oldest(now))?.len() >= MAX_DRAFTS {
                return Ok(Outcome::TooManyDrafts);
            }
        }
        let fresh = || DraftRow {
            id: id.clone(),
            saved: now,
            revision: 0,
            happened: String::new(),
            glimpse: String::new(),
            body: "{}".to_owned(),
        };
        let mut row = known.unwrap_or_else(fresh);
        if let Some(typed) = &self.typed {
            if typed.over != row.revision {
                return Ok(Outcome::Done(Saved::Elsewhere(row.saved, row.revision)));
            }
            row.revision += 1;
            row.happened.clone_from(&typed.happened);
            row.glimpse.clone_from(&typed.glimpse);
            row.body.clone_from(&typed.body);
        }
        row.saved = now;
        let kept = rows::files(tx, account, id)?;
        let kept = kept.iter().filter(|f| !self.remove.contains(&f.id)).map(|f| f.bytes);
        let sizes = kept.chain(self.files.iter().map(|f| f.content.len()));
        let (count, bytes) = sizes.fold((0, row.body.len()), |(n, all), b| (n + 1, all + b));
        if !self.files.is_empty() && count > MAX_FILES {
            return Ok(Outcome::TooManyFiles);
        }
        if bytes > self.limit {
            return Ok(Outcome::TooLarge);
        }
        rows::put(tx, account, &row)?;
        for file in &self.remove {
            rows::remove_file(tx, account, id, file)?;
        }
        for file in &self.files {
            rows::add_file(tx, account, id, file)?;
        }
        let files = rows::files(tx, account, id)?;
        Ok(Outcome::Done(Saved::Kept(Draft { row, files })))
    }
}

/// A draft, if the account has it.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn one(hub: &Hub, key: &DraftKey) -> Result<Option<Draft>, HubError> {
    let (key, since) = (key.clone(), oldest(hub.now()));
    let read = move |tx: &mut Tx<'_>| {
        let Some(row) = rows::one(tx, &key.account, &key.id, since)? else { return Ok(None) };
        Ok(Some(Draft { files: rows::files(tx, &key.account, &key.id)?, row }))
    };
    Ok(hub.vault().read("drafts.one", read).await?)
}

/// A draft with the contents of its files, as of one moment.
///
/// # Errors
/// 503 where the vault does not answer.
pub(crate) async fn whole(hub: &Hub, key: &DraftKey) -> Result<Whole, HubError> {
    let (key, since) = (key.clone(), oldest(hub.now()));
    let read = move |tx: &mut Tx<'_>| {
        let row = rows::one(tx, &key.account, &key.id, since)?;
        let files = match &row {
            Some(_) => rows::contents(tx, &key.account, &key.id)?,
            None => Vec::new(),
        };
        let ids = files.iter().map(|f| f.id.clone()).collect();
        let state = row.as_ref().map(|r| (r.revision, ids));
        Ok(Whole { row, files, seen: Seen { key: key.clone(), since, state } })
    };
    Ok(hub.vault().read("drafts.whole", read).await?)
}

/// The files of a draft with their contents.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn contents(hub: &Hub, key: &DraftKey) -> Result<Vec<DraftContent>, HubError> {
    let (key, since) = (key.clone(), oldest(hub.now()));
    let read = move |tx: &mut Tx<'_>| match rows::one(tx, &key.account, &key.id, since)? {
        Some(_) => rows::contents(tx, &key.account, &key.id),
        None => Ok(Vec::new()),
    };
    Ok(hub.vault().read("drafts.contents", read).await?)
}

/// The drafts of an account, newest first.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn of_account(hub: &Hub, account: &str) -> Result<Vec<DraftGlimpse>, HubError> {
    let (account, since) = (account.to_owned(), oldest(hub.now()));
    let read = move |tx: &mut Tx<'_>| rows::of_account(tx, &account, since);
    Ok(hub.vault().read("drafts.of_account", read).await?)
}

/// Deletes a draft; harmless where it is not there.
///
/// # Errors
/// 503 where the vault does not answer.
pub async fn delete(hub: &Hub, key: &DraftKey) -> Result<(), HubError> {
    let key = key.clone();
    let write = move |tx: &mut Tx<'_>| rows::delete(tx, &key.account, &key.id);
    Ok(hub.vault().write("drafts.delete", write).await?)
}

/// What was saved then or earlier is a draft no more.
pub(crate) fn oldest(now: Timestamp) -> Timestamp {
    now.plus_days(-i64::from(KEEP_DAYS))
}
