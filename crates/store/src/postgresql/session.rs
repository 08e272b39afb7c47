//! One connection that comes back when it is lost, with its prepared statements.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls, Statement};

use super::statement::{connect_reason, failed};
use crate::address::split_schema;
use crate::tx::{Failed, Failure};
use crate::{Address, StoreError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

pub(crate) struct Session {
    config: Config,
    open: Option<Open>,
}

struct Open {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    pub(super) fn new(config: Config) -> Self {
        Self { config, open: None }
    }

    /// The connection; connects when there is none.
    pub(super) fn client(&mut self) -> Result<&mut Client, Failed> {
        Ok(&mut self.open()?.client)
    }

    /// The connection and a statement prepared on it, which must take `params` parameters.
    pub(super) fn prepared(
        &mut self,
        sql: &'static str,
        params: Option<usize>,
    ) -> Result<(&mut Client, Statement), Failed> {
        let open = self.open()?;
        let statement = match open.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = open.client.prepare(sql).map_err(|error| {
                    let Failed(failure, plain) = failed(&error);
                    match (failure, error.as_db_error()) {
                        (Failure::Final, Some(db)) => {
                            let reason = super::statement::reason(db);
                            Failed(failure, StoreError::BadStatement { sql, reason })
                        }
                        _ => Failed(failure, plain),
                    }
                })?;
                open.statements.insert(sql, statement.clone());
                statement
            }
        };
        let takes = statement.params().len();
        if let Some(given) = params.filter(|&given| given != takes) {
            let reason = format!("it takes {takes} parameters, but {given} were given");
            return Err(Failed(Failure::Final, StoreError::BadStatement { sql, reason }));
        }
        Ok((&mut open.client, statement))
    }

    /// Forgets a connection that is lost or in an unknown state.
    pub(super) fn drop_connection(&mut self) {
        self.open = None;
    }

    fn open(&mut self) -> Result<&mut Open, Failed> {
        if self.open.as_ref().is_some_and(|open| open.client.is_closed()) {
            self.open = None;
        }
        if self.open.is_none() {
            let client = self.config.connect(NoTls).map_err(|error| {
                Failed(Failure::Lost, StoreError::Unavailable(connect_reason(&error)))
            })?;
            self.open = Some(Open { client, statements: HashMap::new() });
        }
        // The line above has just filled it; the error is for the type checker.
        self.open.as_mut().ok_or(Failed(Failure::Lost, StoreError::Closed))
    }
}

/// The driver's settings for an address, and its schema.
pub(super) fn configure(url: &str) -> Result<(Config, Option<String>), StoreError> {
    let (url, schema) = split_schema(url)?;
    let mut config: Config =
        url.parse().map_err(|_| StoreError::BadAddress("the PostgreSQL address cannot be read"))?;
    if config.get_ssl_mode() != SslMode::Disable && config.get_hosts().iter().any(is_elsewhere) {
        return Err(StoreError::BadAddress(
            "the connection to that PostgreSQL server would not be encrypted; use a Unix socket, \
             localhost or a tunnel, or add sslmode=disable if the network is yours alone",
        ));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_application_name().is_none() {
        config.application_name("noroshi");
    }
    if let Some(schema) = &schema {
        let options = config.get_options().unwrap_or_default();
        let options = format!("{options} -c search_path={schema}");
        config.options(options.trim());
    }
    Ok((config, schema))
}

/// Whether bytes to this host leave the machine.
fn is_elsewhere(host: &Host) -> bool {
    let Host::Tcp(name) = host else { return false };
    let loopback = name.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    !loopback && name != "localhost"
}

/// The error of a server that cannot be used.
pub(super) fn cannot_open(url: &str, reason: String) -> StoreError {
    StoreError::Open { place: Address::Postgres(url.to_owned()).to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::configure;

    #[test]
    fn plain_text_stays_on_the_machine() {
        for here in ["%2Ftmp%2Fsocket", "localhost", "127.0.0.1:5433", "[::1]"] {
            assert!(configure(&format!("postgres://me@{here}/d")).is_ok(), "{here}");
        }
        for there in ["db.example.net", "192.0.2.1:5432", "localhost,db.example.net"] {
            let error = configure(&format!("postgres://me@{there}/d")).unwrap_err();
            assert!(error.to_string().contains("sslmode=disable"), "{error}");
            assert!(
                configure(&format!("postgres://me@{there}/d?sslmode=disable&schema=a")).is_ok()
            );
        }
    }

    #[test]
    fn the_schema_joins_other_options() {
        let (config, schema) =
            configure("postgres://me@localhost/d?options=-c%20jit%3Doff&schema=vault").unwrap();
        assert_eq!(schema.as_deref(), Some("vault"));
        assert_eq!(config.get_options(), Some("-c jit=off -c search_path=vault"));
    }
}
