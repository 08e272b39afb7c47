//! SQLite: one writer thread that shares each disk wait among all waiting writers, and a few reader
//! threads that each see one snapshot.

mod backup;
mod open;
mod statement;
mod writer;

pub(crate) use backup::backup;
pub(crate) use open::start;
pub(crate) use statement::{execute, prepare, visit};
