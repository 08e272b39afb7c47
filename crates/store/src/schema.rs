//! What a crate tells the store about its tables.

/// One step of a schema's history. Never edited once released.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, ... without gaps.
    pub version: u32,
    /// A few words for logs and errors.
    pub name: &'static str,
    /// One or more statements. Columns are `BIGINT`, `TEXT` or `BYTEA`.
    pub sql: &'static str,
    /// Statements that PostgreSQL alone runs afterwards, such as how a column is stored; may be
    /// empty. The tables are the same on both engines.
    pub postgres: &'static str,
}

/// A crate's tables and statements.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// The name under which the version is kept.
    pub name: &'static str,
    /// The history, oldest first.
    pub migrations: &'static [Migration],
    /// Every SQL text the crate uses, so that a test can prepare them all on both engines.
    pub statements: &'static [&'static str],
    /// What an answered write survives.
    pub durability: Durability,
}

/// What an answered write survives. On PostgreSQL both mean the server's own full durability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process and a power cut: every commit waits for the disk.
    Full,
    /// The end of the process. After a power cut the last moments may be missing, never damaged.
    /// For what can be fetched or computed again.
    Normal,
}
