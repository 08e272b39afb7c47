//! Threads with a connection each, and the retry loop around a transaction.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use postgres::Client;
use tokio::sync::mpsc;

use super::Session;
use super::session::{cannot_open, configure};
use super::statement::{connect_reason, failure, reason, translate};
use crate::migrate::{self, CREATE_VERSIONS, READ_VERSION, WRITE_VERSION};
use crate::stats::Stats;
use crate::store::Queues;
use crate::tx::{Failed, Failure};
use crate::work::{QUEUE_LEN, Work};
use crate::{ConstraintKind, Schema, StoreError, Tx};

/// Connections that write: the server merges their commits into shared disk waits, so more of them
/// help until the default limit of 100 connections, which vault, shelf and outlets share, is near.
const WRITERS: usize = 16;
/// Connections that read, apart so that they do not wait behind writers.
const READERS: usize = 4;
/// How often a transaction is repeated after conflicts; with the pauses below about 3 seconds.
const MAX_RETRIES: u32 = 40;
/// How often a transaction is repeated after it wrote a row that is there.
const MAX_TAKEN: u32 = 2;
/// How often a transaction is repeated after a lost connection.
const MAX_RECONNECTS: u32 = 2;
/// Key of the lock that keeps two programs from migrating at once: "noroshi" in ASCII.
const MIGRATION_LOCK: i64 = 0x6e_6f_72_6f_73_68_69;

/// Connects, migrates and starts the threads.
pub(crate) fn start(
    url: &str,
    schema: &'static Schema,
    stats: &Arc<Stats>,
) -> Result<Queues, StoreError> {
    let (config, namespace) = configure(url)?;
    let mut client = config
        .connect(postgres::NoTls)
        .map_err(|error| cannot_open(url, connect_reason(&error)))?;
    migrate(&mut client, namespace.as_deref(), schema)?;
    drop(client);

    let (writes, write_queue) = mpsc::channel(QUEUE_LEN);
    let (reads, read_queue) = mpsc::channel(QUEUE_LEN);
    for (mode, queue, threads) in
        [(Mode::Write, write_queue, WRITERS), (Mode::Read, read_queue, READERS)]
    {
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads {
            let session = Session::new(config.clone());
            let worker = Worker { mode, number, session, stats: Arc::clone(stats) };
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name(mode.thread_name().to_owned())
                .spawn(move || worker.serve(&queue))
                .map_err(|error| cannot_open(url, error.to_string()))?;
        }
    }
    Ok(Queues { writes, reads })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Read,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            Self::Write => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    fn thread_name(self) -> &'static str {
        match self {
            Self::Write => "store-write",
            Self::Read => "store-read",
        }
    }
}

struct Worker {
    mode: Mode,
    number: usize,
    session: Session,
    stats: Arc<Stats>,
}

/// What one attempt came to.
enum Attempt {
    Done(Result<(), StoreError>),
    Repeat(Failure, StoreError),
}

impl Worker {
    /// Takes turns at the queue with the other threads until the store is dropped.
    fn serve(mut self, queue: &Mutex<mpsc::Receiver<Box<dyn Work>>>) {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            let Some(mut work) = next else { return };
            let outcome = self.run(work.as_mut());
            work.answer(outcome);
        }
    }

    fn run(&mut self, work: &mut dyn Work) -> Result<(), StoreError> {
        let (mut conflicts, mut reconnects, mut taken) = (0, 0, 0);
        loop {
            match self.attempt(work) {
                // The server calls it so, and not a conflict, where a transaction looked for the
                // row by another index before somebody else's commit. The repeat finds it.
                Attempt::Done(Err(StoreError::Constraint {
                    kind: ConstraintKind::Unique, ..
                })) if taken < MAX_TAKEN => {
                    taken += 1;
                }
                Attempt::Done(outcome) => return outcome,
                Attempt::Repeat(Failure::Lost, error) => {
                    self.session.drop_connection();
                    reconnects += 1;
                    if reconnects > MAX_RECONNECTS {
                        return Err(error);
                    }
                }
                Attempt::Repeat(..) => {
                    conflicts += 1;
                    if conflicts > MAX_RETRIES {
                        return Err(StoreError::Contended(work.name()));
                    }
                    std::thread::sleep(self.pause(conflicts));
                }
            }
            self.stats.retried(work.name());
        }
    }

    fn attempt(&mut self, work: &mut dyn Work) -> Attempt {
        match self.command(self.mode.begin()) {
            Ok(()) => {}
            Err(Failed(Failure::Final, error)) => return Attempt::Done(Err(error)),
            Err(Failed(failure, error)) => return Attempt::Repeat(failure, error),
        }
        let mut tx = Tx::postgres(&mut self.session);
        let outcome = work.run(&mut tx);
        let failed = tx.failure();
        match (outcome, failed) {
            (Ok(()), _) => self.commit(),
            (Err(error), Some(Failure::Lost)) => Attempt::Repeat(Failure::Lost, error),
            (Err(error), failed) => {
                if self.command("ROLLBACK").is_err() {
                    self.session.drop_connection();
                }
                match failed {
                    Some(Failure::Conflict) => Attempt::Repeat(Failure::Conflict, error),
                    _ => Attempt::Done(Err(error)),
                }
            }
        }
    }

    fn commit(&mut self) -> Attempt {
        match self.command("COMMIT") {
            Ok(()) => {
                if self.mode == Mode::Write {
                    self.stats.committed();
                }
                Attempt::Done(Ok(()))
            }
            Err(Failed(Failure::Conflict, error)) => Attempt::Repeat(Failure::Conflict, error),
            // The answer is lost, perhaps not the change: repeating could do it twice.
            Err(Failed(Failure::Lost, error)) if self.mode == Mode::Write => {
                self.session.drop_connection();
                Attempt::Done(Err(StoreError::Unconfirmed(error.to_string())))
            }
            Err(Failed(Failure::Lost, error)) => Attempt::Repeat(Failure::Lost, error),
            Err(Failed(Failure::Final, error)) => Attempt::Done(Err(error)),
        }
    }

    fn command(&mut self, sql: &str) -> Result<(), Failed> {
        let client = self.session.client()?;
        client.batch_execute(sql).map_err(|error| Failed(failure(&error), translate(&error)))
    }

    /// Longer from time to time, and different for each thread, so that two do not meet forever.
    fn pause(&self, conflicts: u32) -> Duration {
        let base = 500_u64 << conflicts.min(7);
        let spread = u64::try_from(self.number).unwrap_or_default() * base / 8;
        Duration::from_micros(base / 2 + spread)
    }
}

fn migrate(
    client: &mut Client,
    namespace: Option<&str>,
    schema: &'static Schema,
) -> Result<(), StoreError> {
    let statement = |error: postgres::Error| translate(&error);
    // Held by this connection until it is closed, whatever happens in between.
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK]).map_err(statement)?;
    if let Some(name) = namespace {
        // Looked up first, as the table below: creating needs a privilege even when it exists.
        let exists = client
            .query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&name])
            .map_err(statement)?;
        if exists.is_none() {
            client.batch_execute(&format!("CREATE SCHEMA {name}")).map_err(statement)?;
        }
    }
    let exists = client
        .query_opt("SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL", &[])
        .map_err(statement)?;
    if exists.is_none() {
        client.batch_execute(CREATE_VERSIONS).map_err(statement)?;
    }
    let found: i64 = client
        .query_opt(READ_VERSION, &[&schema.name])
        .map_err(statement)?
        .map_or(Ok(0), |row| row.try_get(0))
        .map_err(statement)?;
    for step in migrate::due(schema, found)? {
        let outcome = client.transaction().and_then(|mut transaction| {
            transaction.batch_execute(step.sql)?;
            transaction.batch_execute(step.postgres)?;
            transaction.execute(WRITE_VERSION, &[&schema.name, &i64::from(step.version)])?;
            transaction.commit()
        });
        outcome.map_err(|error| {
            let why = error.as_db_error().map_or_else(|| error.to_string(), reason);
            migrate::failed(schema, step, why)
        })?;
    }
    Ok(())
}
