//! A copy of a PostgreSQL schema by the server's own tool.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use postgres::Config;
use postgres::config::Host;

use super::session::configure;
use crate::{StoreError, file};

/// Runs `pg_dump` in its custom format to a file that must not exist.
pub(crate) fn backup(url: &str, to: &Path) -> Result<(), StoreError> {
    let (config, schema) = configure(url)?;
    let copy = file::create_private(to)
        .map_err(|error| StoreError::Backup(format!("{}: {error}", to.display())))?;
    let outcome = copy
        .try_clone()
        .map_err(|error| error.to_string())
        .and_then(|out| dump(&config, schema.as_deref(), out.into()))
        .and_then(|()| {
            let synced = copy.sync_all().and_then(|()| file::sync_folder_of(to));
            synced.map_err(|error| error.to_string())
        });
    outcome.map_err(|why| {
        // Half a backup is worse than none; if it cannot be removed, the error says which file.
        drop(fs::remove_file(to));
        StoreError::Backup(format!("{}: {why}", to.display()))
    })
}

fn dump(config: &Config, schema: Option<&str>, out: Stdio) -> Result<(), String> {
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-password"]);
    if let Some(schema) = schema {
        command.arg(format!("--schema={schema}"));
    }
    // By environment: arguments, with the password in them, are visible to every user.
    if let Some(host) = config.get_hosts().first() {
        match host {
            Host::Tcp(name) => command.env("PGHOST", name),
            #[cfg(unix)]
            Host::Unix(folder) => command.env("PGHOST", folder),
        };
    }
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(name) = config.get_dbname() {
        command.env("PGDATABASE", name);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
    }
    command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped());
    let output = command.output().map_err(|error| {
        format!(
            "pg_dump cannot be run ({error}); install it with: apt-get install postgresql-client"
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("pg_dump failed without a word").to_owned())
}
