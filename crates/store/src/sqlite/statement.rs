//! Running one statement on an SQLite connection.

use rusqlite::{CachedStatement, Connection, ErrorCode, ffi};

use crate::row::Inner;
use crate::tx::{Failed, Failure, Next};
use crate::{ConstraintKind, Param, StoreError};

pub(crate) fn execute(
    connection: &Connection,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, Failed> {
    let mut statement = bound(connection, sql, params)?;
    let changed = statement.raw_execute().map_err(failed)?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

pub(crate) fn visit(
    connection: &Connection,
    sql: &'static str,
    params: &[Param<'_>],
    f: &mut dyn FnMut(Inner<'_>) -> Next,
) -> Result<(), Failed> {
    let mut statement = bound(connection, sql, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(failed)? {
        if matches!(f(Inner::Sqlite(row)), Next::Stop) {
            break;
        }
    }
    Ok(())
}

pub(crate) fn prepare(connection: &Connection, sql: &'static str) -> Result<(), Failed> {
    let statement = prepared(connection, sql)?;
    let numbers: Vec<usize> = (1..=statement.parameter_count())
        .map(|index| number_of(&statement, sql, index))
        .collect::<Result<_, Failed>>()?;
    let highest = numbers.iter().max().copied().unwrap_or_default();
    if highest != numbers.len() {
        return Err(unusable(sql, format!("of $1 to ${highest} some are missing")));
    }
    Ok(())
}

/// The statement with its parameters in place. SQLite numbers `$2` by where it stands in the text,
/// not by its digit, so each is bound by name.
fn bound<'c>(
    connection: &'c Connection,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<CachedStatement<'c>, Failed> {
    let mut statement = prepared(connection, sql)?;
    let count = statement.parameter_count();
    if count != params.len() {
        let reason = format!("it takes {count} parameters, but {} were given", params.len());
        return Err(unusable(sql, reason));
    }
    for index in 1..=count {
        let number = number_of(&statement, sql, index)?;
        let param = params
            .get(number - 1)
            .ok_or_else(|| unusable(sql, format!("there is no parameter ${number}")))?;
        statement.raw_bind_parameter(index, param).map_err(failed)?;
    }
    Ok(statement)
}

fn prepared<'c>(
    connection: &'c Connection,
    sql: &'static str,
) -> Result<CachedStatement<'c>, Failed> {
    connection.prepare_cached(sql).map_err(|error| unusable(sql, reason(&error)))
}

fn number_of(
    statement: &CachedStatement<'_>,
    sql: &'static str,
    index: usize,
) -> Result<usize, Failed> {
    statement
        .parameter_name(index)
        .and_then(|name| name.strip_prefix('$')?.parse().ok())
        .filter(|&number: &usize| number > 0)
        .ok_or_else(|| unusable(sql, "placeholders are $1, $2, ...".to_owned()))
}

fn unusable(sql: &'static str, reason: String) -> Failed {
    Failed(Failure::Final, StoreError::BadStatement { sql, reason })
}

fn failed(error: rusqlite::Error) -> Failed {
    Failed(Failure::Final, translate(&error))
}

/// What a failed statement means. SQLite's texts name tables, columns and constraints, never values.
pub(super) fn translate(error: &rusqlite::Error) -> StoreError {
    let Some(code) = error.sqlite_error() else {
        return StoreError::Statement(reason(error));
    };
    let kind = match code.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => ConstraintKind::Unique,
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ConstraintKind::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => ConstraintKind::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => ConstraintKind::Check,
        _ if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            return StoreError::Unavailable("another program is writing".to_owned());
        }
        _ => return StoreError::Statement(reason(error)),
    };
    let text = reason(error);
    let what = text.split_once(": ").map_or(text.as_str(), |(_, what)| what).to_owned();
    StoreError::Constraint { kind, what }
}

/// The engine's own words.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(text)) => text.clone(),
        // The text of the statement is fixed, but long; its position says enough.
        rusqlite::Error::SqlInputError { msg, offset, .. } => format!("{msg} at byte {offset}"),
        other => other.to_string(),
    }
}
