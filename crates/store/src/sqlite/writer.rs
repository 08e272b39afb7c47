//! Group commit: every closure that waits when a commit ends shares the next one.
//!
//! A disk confirms a few thousand commits a second at best, and only one at a time. So the writer
//! takes all that wait, runs each in its own savepoint inside one transaction, commits once, and
//! only then answers. A closure that fails is rolled back to its savepoint; the others do not
//! notice.

use std::sync::Arc;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::mpsc;

use super::statement::{reason, translate};
use crate::stats::Stats;
use crate::work::Work;
use crate::{StoreError, Tx};

/// Closures that share a commit at most, so that the first does not wait too long for the last.
const GROUP: usize = 512;

pub(super) struct Writer {
    connection: Connection,
    stats: Arc<Stats>,
}

/// A closure that ran, and how.
type Ran = (Box<dyn Work>, Result<(), StoreError>);

impl Writer {
    pub(super) fn new(connection: Connection, stats: Arc<Stats>) -> Self {
        Self { connection, stats }
    }

    /// Works until the store is dropped.
    pub(super) fn serve(self, mut queue: mpsc::Receiver<Box<dyn Work>>) {
        let mut group = Vec::new();
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            for (work, outcome) in self.run_group(std::mem::take(&mut group)) {
                work.answer(outcome);
            }
        }
    }

    fn run_group(&self, group: Vec<Box<dyn Work>>) -> Vec<Ran> {
        if let Err(error) = self.command("BEGIN IMMEDIATE") {
            return group.into_iter().map(|work| (work, Err(translate(&error)))).collect();
        }
        let mut ran: Vec<Ran> = Vec::with_capacity(group.len());
        for mut work in group {
            let outcome = self.run_in_savepoint(work.as_mut());
            ran.push((work, outcome));
        }
        if self.connection.is_autocommit() {
            // A full or broken disk makes SQLite drop the whole transaction.
            return without_confirmation(ran, "the transaction was dropped by the database");
        }
        match self.command("COMMIT") {
            Ok(()) => {
                self.stats.committed();
                ran
            }
            Err(error) => self.after_failed_commit(ran, &error),
        }
    }

    fn run_in_savepoint(&self, work: &mut dyn Work) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            return Err(StoreError::Unconfirmed("an earlier failure in this group".to_owned()));
        }
        self.command("SAVEPOINT one").map_err(|error| translate(&error))?;
        let outcome = work.run(&mut Tx::sqlite(&self.connection));
        if self.connection.is_autocommit() {
            return outcome;
        }
        if outcome.is_err() {
            self.command("ROLLBACK TO one").map_err(|error| translate(&error))?;
        }
        self.command("RELEASE one").map_err(|error| translate(&error))?;
        outcome
    }

    fn after_failed_commit(&self, ran: Vec<Ran>, error: &rusqlite::Error) -> Vec<Ran> {
        if !self.connection.is_autocommit()
            && let Err(stuck) = self.command("ROLLBACK")
        {
            tracing::error!(
                reason = reason(&stuck),
                "a failed transaction could not be rolled back"
            );
        }
        let deferred = error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation);
        match (deferred, ran.len()) {
            // A deferred rule was broken by one of them: commit each alone to find out by whom.
            (true, 2..) => ran
                .into_iter()
                .flat_map(|(work, outcome)| match outcome {
                    Ok(()) => self.run_group(vec![work]),
                    Err(_) => vec![(work, outcome)],
                })
                .collect(),
            (true, _) => ran
                .into_iter()
                .map(|(work, outcome)| (work, outcome.and_then(|()| Err(translate(error)))))
                .collect(),
            (false, _) => without_confirmation(ran, &reason(error)),
        }
    }

    fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }
}

fn without_confirmation(ran: Vec<Ran>, reason: &str) -> Vec<Ran> {
    let unconfirmed = || Err(StoreError::Unconfirmed(reason.to_owned()));
    ran.into_iter().map(|(work, outcome)| (work, outcome.and_then(|()| unconfirmed()))).collect()
}
