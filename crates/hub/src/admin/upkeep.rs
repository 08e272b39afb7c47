//! What the operator looks after: what needs attention, storage, feeds, the trail.

use std::path::PathBuf;

use noroshi_outlet::ShelfHealth;
use noroshi_stix::Timestamp;
use noroshi_store::{Address, StoreError, Tx};

use super::{Scribe, backup, note, soon};
use crate::error::HubError;
use crate::hub::Hub;
use crate::jobs::Job;
use crate::vault::audit::{self, Line};
use crate::vault::members::{self, Counts};
use crate::vault::{indicators, keys, secrets, upkeep};

pub use crate::vault::audit::Wanted as TrailWanted;

/// What needs the operator.
#[derive(Clone, Debug)]
pub struct Attention {
    /// Members, and whose agreements end or are missing.
    pub members: Counts,
    /// Keys that end within 30 days.
    pub keys_ending: i64,
    /// When the last backup was made.
    pub last_backup: Option<Timestamp>,
    /// Jobs whose last run failed.
    pub failing: Vec<Job>,
    /// Indicators that leave with the next tick, roughly.
    pub pending: String,
}

/// What needs the operator now.
///
/// # Errors
/// When the vault does not answer.
pub async fn attention(hub: &Hub) -> Result<Attention, HubError> {
    let (now, soon) = (hub.now(), soon(hub.now()));
    let failing: Vec<Job> = Job::ALL.into_iter().filter(|j| hub.jobs().state(*j).failing).collect();
    let read = move |tx: &mut Tx<'_>| {
        Ok(Attention {
            members: members::counts(tx, now, soon)?,
            keys_ending: keys::ending(tx, now, soon)?,
            last_backup: last_backup(tx)?,
            pending: roughly(indicators::pending(tx, now)?),
            failing: failing.clone(),
        })
    };
    Ok(hub.vault().read("admin.attention", read).await?)
}

fn last_backup(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let at = secrets::counter(tx, secrets::LAST_BACKUP)?;
    Ok((at > 0).then(|| Timestamp::from_micros(at)))
}

/// How large things are.
#[derive(Clone, Debug)]
pub struct Storage {
    /// Vault and shelf: where, and bytes on the disk where it is a file.
    pub databases: Vec<(&'static str, String, Option<u64>)>,
    /// Rows of the vault's larger tables, roughly.
    pub rows: Vec<(&'static str, String)>,
    /// When the last backup was made.
    pub last_backup: Option<Timestamp>,
    /// The folder for backups that are asked for on the page, where one is configured.
    pub folder: Option<PathBuf>,
}

/// How large things are.
///
/// # Errors
/// When the vault does not answer.
pub async fn storage(hub: &Hub) -> Result<Storage, HubError> {
    let read = |tx: &mut Tx<'_>| Ok((upkeep::rows(tx)?, last_backup(tx)?));
    let (rows, last_backup) = hub.vault().read("admin.storage", read).await?;
    let config = hub.config();
    let databases = [("vault", config.vault()?), ("shelf", config.shelf()?)];
    Ok(Storage {
        databases: databases.map(|(name, at)| (name, at.to_string(), bytes(&at))).to_vec(),
        rows: rows.into_iter().map(|(table, rows)| (table, roughly(rows))).collect(),
        last_backup,
        folder: backup_folder(hub),
    })
}

fn backup_folder(hub: &Hub) -> Option<PathBuf> {
    Some(hub.config().hub.backups.clone()).filter(|f| !f.as_os_str().is_empty())
}

/// Bytes of a file and its log.
fn bytes(at: &Address) -> Option<u64> {
    let Address::Sqlite(path) = at else { return None };
    let main = std::fs::metadata(path).ok()?.len();
    let log = std::fs::metadata(format!("{}-wal", path.display())).map_or(0, |m| m.len());
    Some(main + log)
}

/// Two digits of a number, and no number below a hundred: looked at again and again, an exact one
/// would tell when a report came in.
fn roughly(rows: i64) -> String {
    if rows < 100 {
        return "< 100".to_owned();
    }
    if rows > upkeep::MOST_COUNTED {
        return format!("> {}", upkeep::MOST_COUNTED);
    }
    let mut step = 1;
    while rows / step >= 100 {
        step *= 10;
    }
    format!("~ {}", rows / step * step)
}

/// Begins to write a backup into a new folder of the configured one; [`Job::Backup`] says how it
/// went.
///
/// # Errors
/// When no folder is configured.
pub fn backup_in_background(hub: &Hub) -> Result<(), HubError> {
    let Some(folder) = backup_folder(hub) else {
        return Err(HubError::bad(
            "no-backup-folder",
            "Set hub.backups in the configuration to a folder first, or use `noroshi admin backup`.",
        ));
    };
    let hub = hub.clone();
    let name: String =
        hub.now().to_string().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
    tokio::spawn(async move {
        let folder = folder.join(name);
        let made = match std::fs::create_dir_all(&folder) {
            Ok(()) => backup(&hub, &folder).await,
            Err(e) => Err(HubError::bad(
                "no-backup-folder",
                format!("{} cannot be made: {e}.", folder.display()),
            )),
        };
        if let Err(error) = &made {
            tracing::error!(%error, "a backup failed");
        }
        hub.jobs().ran(Job::Backup, hub.now(), &made);
    });
    Ok(())
}

/// How the feeds are.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// What the shelf has verified.
    pub health: ShelfHealth,
    /// Each collection of releases: its name, its batches, its newest tick.
    pub collections: Vec<(&'static str, i64, Option<Timestamp>)>,
    /// Batches and documents that wait for the shelf.
    pub waiting: (i64, i64),
    /// Keys of members that may read.
    pub readers: i64,
}

/// How the feeds are.
///
/// # Errors
/// When the vault does not answer.
pub async fn feeds(hub: &Hub) -> Result<Feeds, HubError> {
    let (health, now) = (hub.shelf().health(), hub.now());
    let read = move |tx: &mut Tx<'_>| {
        let mut collections = Vec::new();
        for name in ["signals", "context"] {
            let (batches, tick) = upkeep::collection(tx, name)?;
            collections.push((name, batches, tick.map(Timestamp::from_micros)));
        }
        let (waiting, readers) = (upkeep::waiting(tx)?, keys::reading(tx, now)?);
        Ok(Feeds { health, collections, waiting, readers })
    };
    Ok(hub.vault().read("admin.feeds", read).await?)
}

/// Lines of the trail that the operator may see, newest first.
///
/// # Errors
/// When the vault does not answer.
pub async fn trail(hub: &Hub, wanted: TrailWanted) -> Result<Vec<Line>, HubError> {
    Ok(hub.vault().read("admin.trail", move |tx| audit::shown(tx, &wanted)).await?)
}

/// The same for a file; that it was taken is in the trail.
///
/// # Errors
/// When the vault does not answer.
pub async fn export_trail(hub: &Hub, wanted: TrailWanted) -> Result<Vec<Line>, HubError> {
    let (now, scribe) = (hub.now(), Scribe::of(hub));
    let work = move |tx: &mut Tx<'_>| {
        let lines = audit::shown(tx, &wanted)?;
        note(tx, &scribe, now, "trail.export", "trail")?;
        Ok(lines)
    };
    Ok(hub.vault().write("admin.export_trail", work).await?)
}

#[cfg(test)]
mod tests {
    use super::roughly;

    #[test]
    fn one_more_report_shows_in_no_number() {
        let shown: Vec<_> = [0, 99, 100, 109, 110, 1234, 99_999, 100_000, 100_001]
            .into_iter()
            .map(roughly)
            .collect();
        let want = [
            "< 100", "< 100", "~ 100", "~ 100", "~ 110", "~ 1200", "~ 99000", "~ 100000",
            "> 100000",
        ];
        assert_eq!(shown, want);
    }
}
