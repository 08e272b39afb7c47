//! A transaction as closures see it.

use crate::postgresql::Session;
use crate::row::Inner;
use crate::{Param, Row, StoreError, postgresql, sqlite};

/// A running transaction. After a statement has failed, further ones are refused on both engines
/// (PostgreSQL demands it), and the transaction is rolled back whatever the closure returns.
pub struct Tx<'a> {
    engine: Engine<'a>,
    failure: Option<Failure>,
}

/// Why a statement failed, as far as the engine's retry loop cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Another transaction was in the way: repeat.
    Conflict,
    /// The connection is gone: reconnect and repeat.
    Lost,
    /// Repeating would fail again.
    Final,
}

/// A failed statement: why, and what the closure sees.
pub(crate) struct Failed(pub(crate) Failure, pub(crate) StoreError);

enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Self {
        Self { engine: Engine::Sqlite(connection), failure: None }
    }

    pub(crate) fn postgres(session: &'a mut Session) -> Self {
        Self { engine: Engine::Postgres(session), failure: None }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    pub(crate) fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.guard(sql, params)?;
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Engine::Postgres(session) => postgresql::execute(session, sql, params),
        };
        self.note(outcome)
    }

    /// Runs a statement; answers every row, mapped.
    pub fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut out = Vec::new();
        self.each(sql, params, |row| {
            out.push(map(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// Runs a statement; answers the first row, mapped, if there is one.
    pub fn query_one<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut out = None;
        self.visit(sql, params, &mut |row| {
            out = Some(map(row)?);
            Ok(Next::Stop)
        })?;
        Ok(out)
    }

    /// Runs a statement and shows `f` every row as it comes, without collecting them.
    pub fn each(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.visit(sql, params, &mut |row| f(row).map(|()| Next::Row))
    }

    /// Checks that the engine understands a statement, without running it.
    pub(crate) fn prepare(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::prepare(connection, sql),
            Engine::Postgres(session) => postgresql::prepare(session, sql),
        };
        self.note(outcome)
    }

    fn visit(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        f: &mut Visitor<'_>,
    ) -> Result<(), StoreError> {
        self.guard(sql, params)?;
        // The visitor's own errors end the loop but leave the transaction usable.
        let mut refusal = None;
        let mut visit = |row: Inner<'_>| match f(&Row(row)) {
            Ok(next) => next,
            Err(error) => {
                refusal = Some(error);
                Next::Stop
            }
        };
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::visit(connection, sql, params, &mut visit),
            Engine::Postgres(session) => postgresql::visit(session, sql, params, &mut visit),
        };
        self.note(outcome)?;
        refusal.map_or(Ok(()), Err)
    }

    fn guard(&self, sql: &'static str, params: &[Param<'_>]) -> Result<(), StoreError> {
        if self.has_failed() {
            let reason = "an earlier statement of this transaction failed".to_owned();
            return Err(StoreError::BadStatement { sql, reason });
        }
        if controls_transactions(sql) {
            let reason = "the store itself begins and ends transactions".to_owned();
            return Err(StoreError::BadStatement { sql, reason });
        }
        let nul = |param: &Param<'_>| matches!(param, Param::Text(text) if text.contains('\0'));
        match params.iter().position(nul) {
            Some(place) => Err(StoreError::NulInText(place + 1)),
            None => Ok(()),
        }
    }

    fn note<T>(&mut self, outcome: Result<T, Failed>) -> Result<T, StoreError> {
        outcome.map_err(|Failed(failure, error)| {
            self.failure = Some(failure);
            error
        })
    }
}

/// A closure that ended its transaction would end that of all who share the commit.
fn controls_transactions(sql: &str) -> bool {
    let word = sql.split_ascii_whitespace().next().unwrap_or_default().trim_end_matches(';');
    ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"]
        .iter()
        .any(|command| word.eq_ignore_ascii_case(command))
}

/// Whether a visitor wants another row.
pub(crate) enum Next {
    Row,
    Stop,
}

type Visitor<'v> = dyn FnMut(&Row<'_>) -> Result<Next, StoreError> + 'v;
