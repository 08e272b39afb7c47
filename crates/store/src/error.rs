//! What can go wrong between a closure and the disk.

use std::fmt;

/// Why a store could not be opened, read or written. Never contains a parameter's value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The closure itself said no; the text is the domain's. Rolled back, not retried.
    #[error("{0}")]
    Refused(String),
    /// A rule of the schema was broken, for instance a key that exists already.
    #[error("{kind} ({what}): the database refused the change")]
    Constraint {
        /// Which rule.
        kind: ConstraintKind,
        /// The constraint or the columns, as the engine names them.
        what: String,
    },
    /// Not an address of a database.
    #[error("{0}: write a file path, sqlite:PATH, or postgres://USER@HOST/DATABASE?schema=NAME")]
    BadAddress(&'static str),
    /// The database could not be opened or created.
    #[error("cannot open the database {place}: {reason}")]
    Open {
        /// The address, without password.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// Written by a newer program.
    #[error(
        "the database schema \"{schema}\" has version {found}, but this program knows only up to {known}: start the newer program again, or restore a backup made before the upgrade"
    )]
    NewerSchema {
        /// Which schema.
        schema: &'static str,
        /// The version in the database.
        found: i64,
        /// The newest version this program knows.
        known: u32,
    },
    /// The program's own list of migrations is wrong.
    #[error(
        "the migrations of \"{0}\" are not numbered 1, 2, 3, ...: this is a mistake in the program"
    )]
    BadMigrations(&'static str),
    /// A migration failed; nothing of it was kept.
    #[error("migration {version} ({name}) of \"{schema}\" failed and was undone: {reason}")]
    Migration {
        /// Which schema.
        schema: &'static str,
        /// Its number.
        version: u32,
        /// Its name.
        name: &'static str,
        /// What the engine said.
        reason: String,
    },
    /// A statement failed.
    #[error("a database statement failed: {0}")]
    Statement(String),
    /// A statement that no engine should be given.
    #[error("the statement {sql:?} is not usable: {reason}")]
    BadStatement {
        /// The statement's fixed text.
        sql: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A column is missing or holds another type.
    #[error("column {index} of a result is not {wanted}: {reason}")]
    Column {
        /// Which, counted from 0.
        index: usize,
        /// What was asked for.
        wanted: &'static str,
        /// What is there.
        reason: String,
    },
    /// A text with a NUL character, which PostgreSQL cannot hold.
    #[error("parameter ${0} contains a NUL character: remove it before it is stored")]
    NulInText(usize),
    /// The closure went on after one of its statements had failed; everything was rolled back.
    #[error(
        "\"{0}\" went on after a failed statement and was rolled back: this is a mistake in the program"
    )]
    WentOn(&'static str),
    /// Too many writers at the same rows.
    #[error("\"{0}\" gave way to other writers too often: try again in a moment")]
    Contended(&'static str),
    /// The database cannot be reached or is locked.
    #[error("the database is not available ({0}): try again when it is back")]
    Unavailable(String),
    /// The end of a write could not be observed.
    #[error(
        "the database did not confirm a write ({0}): it may or may not be saved; look before you repeat it"
    )]
    Unconfirmed(String),
    /// The closure panicked; its transaction was rolled back.
    #[error("\"{0}\" failed unexpectedly and was rolled back: this is a mistake in the program")]
    Panicked(&'static str),
    /// The store's threads are gone.
    #[error("the database is shut down: restart the program")]
    Closed,
    /// No backup was made.
    #[error("no backup was made: {0}")]
    Backup(String),
}

/// Which rule of a schema was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A key exists already.
    Unique,
    /// A row that is referred to does not exist.
    ForeignKey,
    /// A value is missing.
    NotNull,
    /// A condition of the schema does not hold.
    Check,
}

impl fmt::Display for ConstraintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unique => "exists already",
            Self::ForeignKey => "refers to something that does not exist",
            Self::NotNull => "a required value is missing",
            Self::Check => "a value is outside what is allowed",
        })
    }
}
