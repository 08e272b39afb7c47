//! Running one statement on a PostgreSQL connection, and what its errors mean.

use postgres::error::{DbError, SqlState};
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;

use super::Session;
use crate::row::Inner;
use crate::tx::{Failed, Failure, Next};
use crate::{ConstraintKind, Param, StoreError};

pub(crate) fn execute(
    session: &mut Session,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, Failed> {
    let (client, statement) = session.prepared(sql, Some(params.len()))?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
    client.execute(&statement, &params).map_err(|error| failed(&error))
}

pub(crate) fn visit(
    session: &mut Session,
    sql: &'static str,
    params: &[Param<'_>],
    f: &mut dyn FnMut(Inner<'_>) -> Next,
) -> Result<(), Failed> {
    let (client, statement) = session.prepared(sql, Some(params.len()))?;
    let mut rows = client.query_raw(&statement, params).map_err(|error| failed(&error))?;
    while let Some(row) = rows.next().map_err(|error| failed(&error))? {
        if matches!(f(Inner::Postgres(&row)), Next::Stop) {
            break;
        }
    }
    Ok(())
}

pub(crate) fn prepare(session: &mut Session, sql: &'static str) -> Result<(), Failed> {
    session.prepared(sql, None).map(drop)
}

pub(super) fn failed(error: &postgres::Error) -> Failed {
    Failed(failure(error), translate(error))
}

/// Whether repeating helps.
pub(super) fn failure(error: &postgres::Error) -> Failure {
    match error.as_db_error().map(DbError::code) {
        Some(code) if is_conflict(code) => Failure::Conflict,
        Some(code) if is_loss(code) => Failure::Lost,
        Some(_) => Failure::Final,
        None if error.is_closed() || is_io(error) => Failure::Lost,
        None => Failure::Final,
    }
}

/// What a failed statement means. The server's messages quote values (`invalid input syntax for
/// type bigint: "..."`, `Key (member)=(...) already exists`), so only codes and names of columns
/// and constraints pass.
pub(super) fn translate(error: &postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        return if matches!(failure(error), Failure::Lost) {
            StoreError::Unavailable("the connection was lost".to_owned())
        } else {
            StoreError::Statement(without_values(error))
        };
    };
    let code = db.code();
    let kind = match *code {
        SqlState::UNIQUE_VIOLATION => ConstraintKind::Unique,
        SqlState::FOREIGN_KEY_VIOLATION => ConstraintKind::ForeignKey,
        SqlState::NOT_NULL_VIOLATION => ConstraintKind::NotNull,
        SqlState::CHECK_VIOLATION => ConstraintKind::Check,
        _ if is_loss(code) => {
            return StoreError::Unavailable(format!(
                "the server ended the connection, {}",
                code.code()
            ));
        }
        _ => return StoreError::Statement(reason(db)),
    };
    StoreError::Constraint { kind, what: names(db) }
}

/// The server's words where they can only quote the fixed text of a statement or settings (classes
/// 3D, 3F, 28, 42 and 53), else the code alone.
pub(super) fn reason(db: &DbError) -> String {
    let code = db.code().code();
    let quotes_no_value =
        ["3D", "3F", "28", "42", "53"].iter().any(|class| code.starts_with(class));
    if quotes_no_value {
        return format!("{} (SQLSTATE {code})", db.message());
    }
    match names(db) {
        names if names.is_empty() => format!("SQLSTATE {code}"),
        names => format!("SQLSTATE {code} at {names}"),
    }
}

/// Why a connection could not be made. No statement has run yet, so the driver's words hold no
/// value.
pub(super) fn connect_reason(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => db.message().to_owned(),
        None => error.to_string(),
    }
}

fn without_values(error: &postgres::Error) -> String {
    // The driver's conversion errors name a type and a parameter's number.
    error.to_string()
}

fn names(db: &DbError) -> String {
    let parts = [db.table(), db.column(), db.constraint()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_conflict(code: &SqlState) -> bool {
    *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
}

/// The server is going down or has cut the connection.
fn is_loss(code: &SqlState) -> bool {
    code.code().starts_with("08") || code.code().starts_with("57P")
}

fn is_io(error: &postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>())
}
