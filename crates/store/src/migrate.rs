//! Which migrations are due.

use crate::{Migration, Schema, StoreError};

/// Where each schema's version is kept, in its own database.
pub(crate) const CREATE_VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (name TEXT PRIMARY KEY, version BIGINT NOT NULL)";
pub(crate) const READ_VERSION: &str = "SELECT version FROM schema_version WHERE name = $1";
pub(crate) const WRITE_VERSION: &str = "INSERT INTO schema_version (name, version) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET version = excluded.version";

/// The migrations after version `found`; refuses a database that is ahead of the program.
pub(crate) fn due(schema: &Schema, found: i64) -> Result<&'static [Migration], StoreError> {
    let in_order =
        schema.migrations.iter().zip(1_u32..).all(|(step, number)| step.version == number);
    if !in_order {
        return Err(StoreError::BadMigrations(schema.name));
    }
    let newer = || StoreError::NewerSchema {
        schema: schema.name,
        found,
        known: schema.migrations.last().map_or(0, |step| step.version),
    };
    let done = usize::try_from(found).map_err(|_| newer())?;
    schema.migrations.get(done..).ok_or_else(newer)
}

/// The error of a failed step.
pub(crate) fn failed(schema: &Schema, step: &Migration, reason: String) -> StoreError {
    StoreError::Migration { schema: schema.name, version: step.version, name: step.name, reason }
}
