//! The asynchronous face: closures go into bounded queues, answers come back.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::stats::{Ending, Stats};
use crate::work::{Closure, Work};
use crate::{Address, CallStats, Schema, StoreError, Tx, postgresql, sqlite};

/// A table of every column; one row each: table, column.
const SQLITE_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c \
     WHERE t.type IN ('table', 'view') AND substr(t.name, 1, 7) <> 'sqlite_'";
const POSTGRES_COLUMNS: &str = "SELECT CAST(t.relname AS TEXT), CAST(c.attname AS TEXT) \
     FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid \
     JOIN pg_namespace n ON n.oid = t.relnamespace \
     WHERE n.nspname = current_schema() AND t.relkind IN ('r', 'p', 'v', 'm', 'f') \
     AND c.attnum > 0 AND NOT c.attisdropped";

/// An open database. Clones share it; its threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    schema: &'static Schema,
    stats: Arc<Stats>,
    queues: Queues,
}

/// Where closures wait. When a queue is full, callers wait: that is the back pressure.
pub(crate) struct Queues {
    pub(crate) writes: mpsc::Sender<Box<dyn Work>>,
    pub(crate) reads: mpsc::Sender<Box<dyn Work>>,
}

impl Store {
    /// Opens a database, creates it when missing, brings its schema up to date. Refuses one that a
    /// newer program has written.
    pub async fn open(address: &Address, schema: &'static Schema) -> Result<Self, StoreError> {
        let address = address.clone();
        let stats = Arc::new(Stats::default());
        let (queues, address, stats) = blocking(move || {
            let queues = match &address {
                Address::Sqlite(path) => sqlite::start(path, schema, &stats),
                Address::Postgres(url) => postgresql::start(url, schema, &stats),
            };
            queues.map(|queues| (queues, address, stats))
        })
        .await?;
        Ok(Self { shared: Arc::new(Shared { address, schema, stats, queues }) })
    }

    /// Runs `f` in a transaction that may write. When this returns, the change is durable.
    ///
    /// `f` may run more than once: the store repeats it after a conflict. A caller that stops
    /// waiting does not stop `f`. `name` labels the counters of [`Store::stats`].
    pub async fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        f: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call(&self.shared.queues.writes, name, f).await
    }

    /// Runs `f` on one snapshot of the database. It cannot write.
    pub async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        f: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.call(&self.shared.queues.reads, name, f).await
    }

    /// Every table and view of the live schema with its columns, sorted: (table, column).
    pub async fn columns(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = match self.shared.address {
            Address::Sqlite(_) => SQLITE_COLUMNS,
            Address::Postgres(_) => POSTGRES_COLUMNS,
        };
        let mut columns = self
            .read("columns", move |tx| tx.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?))))
            .await?;
        // Sorted here: the engines' collations differ.
        columns.sort();
        Ok(columns)
    }

    /// Prepares every statement of the schema, so that a typing error is found by a test.
    pub async fn prepare_all(&self) -> Result<(), StoreError> {
        let statements = self.shared.schema.statements;
        self.read("prepare_all", move |tx| statements.iter().try_for_each(|sql| tx.prepare(sql)))
            .await
    }

    /// Copies the database as of one moment to a file that must not exist; only its owner can read
    /// it. SQLite: a database file. PostgreSQL: an archive for `pg_restore`, made by `pg_dump`.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let (address, to) = (self.shared.address.clone(), to.to_owned());
        blocking(move || match &address {
            Address::Sqlite(path) => sqlite::backup(path, &to),
            Address::Postgres(url) => postgresql::backup(url, &to),
        })
        .await
    }

    /// Counters per name since the store was opened, sorted by name.
    pub fn stats(&self) -> Vec<CallStats> {
        self.shared.stats.snapshot()
    }

    /// Commits since the store was opened. On SQLite many writes share one.
    pub fn commits(&self) -> u64 {
        self.shared.stats.commits()
    }

    async fn call<T: Send + 'static>(
        &self,
        queue: &mpsc::Sender<Box<dyn Work>>,
        name: &'static str,
        f: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let started = Instant::now();
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Closure { name, run: f, value: None, reply });
        let sent = queue.send(work).await;
        let outcome = match sent {
            Ok(()) => answer.await.unwrap_or(Err(StoreError::Closed)),
            Err(_) => Err(StoreError::Closed),
        };
        let ending = match &outcome {
            Ok(_) => Ending::Done,
            Err(StoreError::Refused(_)) => Ending::Refused,
            Err(_) => Ending::Failed,
        };
        self.shared.stats.ended(name, ending, started.elapsed());
        outcome
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({}, {})", self.shared.schema.name, self.shared.address)
    }
}

/// Runs slow work on its own thread, so that it neither needs nor blocks a particular runtime.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("store-open".to_owned())
        .spawn(move || drop(reply.send(work())))
        .map_err(|error| StoreError::Unavailable(error.to_string()))?;
    answer.await.unwrap_or(Err(StoreError::Closed))
}
