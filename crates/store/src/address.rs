//! Where a database is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::StoreError;

/// A database: a file, or a PostgreSQL server. Prints without user, password and host.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// An SQLite file; created with its folder when missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL. `?schema=NAME` keeps the tables in that schema, created when missing.
    /// Connections are not encrypted: a host elsewhere needs `sslmode=disable` as an explicit word.
    Postgres(String),
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = match text.strip_prefix("sqlite:") {
            Some(path) => path.strip_prefix("//").unwrap_or(path),
            None if text.contains("://") => {
                return Err(StoreError::BadAddress("unknown kind of database"));
            }
            None => text,
        };
        if path.is_empty() || path.contains('\0') {
            return Err(StoreError::BadAddress("no file name"));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => match split_schema(url) {
                Ok((_, Some(schema))) => write!(f, "PostgreSQL, schema {schema}"),
                _ => f.write_str("PostgreSQL"),
            },
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// The URL without its `schema` parameter, and that parameter: a plain lower-case SQL name, so that
/// it needs no quoting anywhere.
pub(crate) fn split_schema(url: &str) -> Result<(String, Option<String>), StoreError> {
    let Some((base, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), None));
    };
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|part| part.starts_with("schema="));
    let rest = if theirs.iter().all(|part| part.is_empty()) {
        base.to_owned()
    } else {
        format!("{base}?{}", theirs.join("&"))
    };
    let name = match ours.as_slice() {
        [] => return Ok((rest, None)),
        [one] => one.strip_prefix("schema=").unwrap_or_default(),
        _ => return Err(StoreError::BadAddress("two schema names")),
    };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts_well = name.starts_with(|first: char| first.is_ascii_lowercase());
    if !starts_well || name.len() > 60 || !name.bytes().all(plain) || name.starts_with("pg_") {
        return Err(StoreError::BadAddress(
            "a schema name has up to 60 lower-case letters, digits and _, starts with a letter and not with pg_",
        ));
    }
    Ok((rest, Some(name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::{Address, split_schema};

    #[test]
    fn reads_every_form() {
        for (text, printed) in [
            ("vault.db", "vault.db"),
            ("sqlite:/var/lib/noroshi/vault.db", "/var/lib/noroshi/vault.db"),
            ("sqlite:///var/lib/vault.db", "/var/lib/vault.db"),
            ("postgres://me:secret@db/noroshi", "PostgreSQL"),
            ("postgresql://me:secret@db/noroshi?schema=vault", "PostgreSQL, schema vault"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), printed);
            assert!(!format!("{address:?}").contains("secret"));
        }
        for text in ["", "sqlite:", "mysql://x/y", "sqlite://", "a\0b"] {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn takes_the_schema_out_of_the_url() {
        let split = |url: &str| split_schema(url).ok();
        let answer =
            |url: &str, schema: Option<&str>| Some((url.to_owned(), schema.map(str::to_owned)));
        assert_eq!(split("postgres://h/d"), answer("postgres://h/d", None));
        assert_eq!(split("postgres://h/d?schema=v_1"), answer("postgres://h/d", Some("v_1")));
        assert_eq!(
            split("postgres://h/d?a=1&schema=v&b=2"),
            answer("postgres://h/d?a=1&b=2", Some("v"))
        );
        for bad in ["", "V", "1v", "a-b", "a;drop", "pg_x", "a%20b"] {
            assert_eq!(split(&format!("postgres://h/d?schema={bad}")), None, "{bad}");
        }
        assert_eq!(split("postgres://h/d?schema=a&schema=b"), None);
    }
}
