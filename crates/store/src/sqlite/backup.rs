//! A copy of a running SQLite database.

use std::fs::{self, File};
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::open::connect;
use super::statement::reason;
use crate::{Durability, StoreError, file};

/// Copies the database as of one moment to a file that must not exist, and checks the copy. Writers
/// go on meanwhile.
pub(crate) fn backup(from: &Path, to: &Path) -> Result<(), StoreError> {
    drop(file::create_private(to).map_err(|error| refused(to, &error.to_string()))?);
    let outcome = copy(from, to).and_then(|()| {
        let synced = File::open(to).and_then(|copy| copy.sync_all());
        synced.and_then(|()| file::sync_folder_of(to)).map_err(|error| error.to_string())
    });
    outcome.map_err(|why| {
        // Half a backup is worse than none; if it cannot be removed, the error says which file.
        drop(fs::remove_file(to));
        refused(to, &why)
    })
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let text = |error: rusqlite::Error| reason(&error);
    let source = connect(from, Durability::Normal).map_err(text)?;
    let mut target = Connection::open(to).map_err(text)?;
    // All pages in one step: one snapshot, which writers in WAL mode do not disturb.
    let step =
        Backup::new(&source, &mut target).and_then(|backup| backup.step(-1)).map_err(text)?;
    if step != StepResult::Done {
        return Err("the database is locked by another program".to_owned());
    }
    // One file to carry away, not three.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(text)?;
    let checked: String =
        target.query_row("PRAGMA quick_check", [], |row| row.get(0)).map_err(text)?;
    if checked != "ok" {
        return Err("the copy is damaged; check the disk and the database".to_owned());
    }
    target.close().map_err(|(_, error)| text(error))
}

fn refused(to: &Path, why: &str) -> StoreError {
    StoreError::Backup(format!("{}: {why}", to.display()))
}
