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
        let alone = group.len() == 1;
        let mut ran: Vec<Ran> = Vec::with_capacity(group.len());
        let mut waiting = group.into_iter();
        while let Some(mut work) = waiting.next() {
            let outcome = self.run_in_savepoint(work.as_mut());
            if !self.connection.is_autocommit() {
                ran.push((work, outcome));
                continue;
            }
            // A full or broken disk makes SQLite drop the whole transaction.
            if alone {
                let dropped = || Err(unconfirmed("the database dropped the transaction"));
                return vec![(work, outcome.and_then(|()| dropped()))];
            }
            return self.one_by_one(ran, std::iter::once(work).chain(waiting));
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
        self.command("SAVEPOINT one").map_err(|error| translate(&error))?;
        let outcome = work.run(&mut Tx::sqlite(&self.connection));
        if self.connection.is_autocommit() {
            return outcome;
        }
        let undone = match &outcome {
            Ok(()) => Ok(()),
            Err(_) => self.command("ROLLBACK TO one"),
        };
        if let Err(error) = undone.and_then(|()| self.command("RELEASE one")) {
            // Half of this closure might be kept: give up the whole transaction instead.
            tracing::error!(reason = reason(&error), "a savepoint could not be ended");
            self.roll_back();
            return outcome.and(Err(translate(&error)));
        }
        outcome
    }

    fn after_failed_commit(&self, ran: Vec<Ran>, error: &rusqlite::Error) -> Vec<Ran> {
        self.roll_back();
        // Undone for certain: a deferred rule that one of them broke, or no room for all of them.
        let undone = matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::ConstraintViolation | ErrorCode::DiskFull)
        );
        let alone = ran.len() == 1;
        if undone && !alone {
            return self.one_by_one(ran, std::iter::empty());
        }
        let answer = || if undone { translate(error) } else { unconfirmed(&reason(error)) };
        ran.into_iter()
            .map(|(work, outcome)| (work, outcome.and_then(|()| Err(answer()))))
            .collect()
    }

    /// After a shared transaction was undone: gives each closure that had succeeded or was still
    /// waiting a transaction of its own, so that it pays for nobody else's failure.
    fn one_by_one(&self, ran: Vec<Ran>, waiting: impl Iterator<Item = Box<dyn Work>>) -> Vec<Ran> {
        let again = ran.into_iter().flat_map(|(work, outcome)| match outcome {
            Ok(()) => self.run_group(vec![work]),
            Err(_) => vec![(work, outcome)],
        });
        again.chain(waiting.flat_map(|work| self.run_group(vec![work]))).collect()
    }

    /// Ends whatever transaction is still open.
    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.command("ROLLBACK")
        {
            tracing::error!(reason = reason(&error), "a transaction could not be rolled back");
        }
    }

    fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }
}

fn unconfirmed(reason: &str) -> StoreError {
    StoreError::Unconfirmed(reason.to_owned())
}
