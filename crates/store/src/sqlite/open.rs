//! Opening and migrating an SQLite file, and its reader threads.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _};
use tokio::sync::mpsc;

use super::statement::{reason, translate};
use super::writer::Writer;
use crate::migrate::{self, CREATE_VERSIONS, READ_VERSION, WRITE_VERSION};
use crate::stats::Stats;
use crate::store::Queues;
use crate::work::{QUEUE_LEN, Work};
use crate::{Durability, Schema, StoreError, Tx, file};

/// Threads that read. Two cores are enough to feed four: some wait for the disk.
const READERS: usize = 4;
/// How long to wait for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements kept for each connection.
const STATEMENTS: usize = 256;

/// Opens, migrates and starts the threads.
pub(crate) fn start(
    path: &Path,
    schema: &'static Schema,
    stats: &Arc<Stats>,
) -> Result<Queues, StoreError> {
    file::ensure_private(path).map_err(|error| cannot_open(path, error.to_string()))?;
    let open =
        || connect(path, schema.durability).map_err(|error| cannot_open(path, reason(&error)));
    let writing = open()?;
    migrate(&writing, schema)?;
    let mut reading = Vec::new();
    for _ in 0..READERS {
        let connection = open()?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(|error| cannot_open(path, reason(&error)))?;
        reading.push(connection);
    }

    let (writes, write_queue) = mpsc::channel(QUEUE_LEN);
    let (reads, read_queue) = mpsc::channel(QUEUE_LEN);
    let writer = Writer::new(writing, Arc::clone(stats));
    spawn(path, "store-write", move || writer.serve(write_queue))?;
    let read_queue = Arc::new(Mutex::new(read_queue));
    for connection in reading {
        let queue = Arc::clone(&read_queue);
        spawn(path, "store-read", move || serve_reads(&connection, &queue))?;
    }
    Ok(Queues { writes, reads })
}

/// A connection with this store's settings.
pub(super) fn connect(path: &Path, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What was deleted is overwritten: a seized disk must not hold it.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn migrate(connection: &Connection, schema: &Schema) -> Result<(), StoreError> {
    loop {
        // Read again under the lock each time: another process may have migrated meanwhile.
        let locked = connection.execute_batch("BEGIN IMMEDIATE");
        locked.map_err(|error| translate(&error))?;
        let outcome = migrate_one(connection, schema);
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = connection.execute_batch(end);
        let migrated = outcome?;
        ended.map_err(|error| translate(&error))?;
        if !migrated {
            return Ok(());
        }
    }
}

/// Runs the next migration; `false` if none is due.
fn migrate_one(connection: &Connection, schema: &Schema) -> Result<bool, StoreError> {
    let statement = |error: rusqlite::Error| translate(&error);
    connection.execute_batch(CREATE_VERSIONS).map_err(statement)?;
    let found = connection
        .query_row(READ_VERSION, [schema.name], |row| row.get(0))
        .optional()
        .map_err(statement)?
        .unwrap_or(0);
    let Some(step) = migrate::due(schema, found)?.first() else {
        return Ok(false);
    };
    connection
        .execute_batch(&with_blobs(step.sql))
        .map_err(|error| migrate::failed(schema, step, reason(&error)))?;
    connection.execute(WRITE_VERSION, (schema.name, step.version)).map_err(statement)?;
    Ok(true)
}

/// `BYTEA` written as `BLOB`: to SQLite an unknown type name means numeric, which would turn a text
/// stored by mistake into a number.
fn with_blobs(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for piece in
        sql.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
    {
        let word =
            piece.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        if word.eq_ignore_ascii_case("bytea") {
            out.push_str("BLOB");
            out.push_str(piece.get(word.len()..).unwrap_or_default());
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// Takes turns at the queue with the other readers until the store is dropped.
fn serve_reads(connection: &Connection, queue: &Mutex<mpsc::Receiver<Box<dyn Work>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(mut work) = next else { return };
        let outcome = read_once(connection, work.as_mut());
        work.answer(outcome);
    }
}

fn read_once(connection: &Connection, work: &mut dyn Work) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN").map_err(|error| translate(&error))?;
    let outcome = work.run(&mut Tx::sqlite(connection));
    let ended = connection.execute_batch("ROLLBACK");
    outcome?;
    ended.map_err(|error| translate(&error))
}

fn spawn(path: &Path, name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map(drop)
        .map_err(|error| cannot_open(path, error.to_string()))
}

fn cannot_open(path: &Path, reason: String) -> StoreError {
    StoreError::Open { place: path.display().to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::with_blobs;

    #[test]
    fn only_the_word_is_replaced() {
        assert_eq!(
            with_blobs("CREATE TABLE t (a BYTEA, bytea_count BIGINT, b bytea NOT NULL, c BYTEA);"),
            "CREATE TABLE t (a BLOB, bytea_count BIGINT, b BLOB NOT NULL, c BLOB);"
        );
        assert_eq!(with_blobs("電力 BYTEA"), "電力 BLOB");
    }
}
