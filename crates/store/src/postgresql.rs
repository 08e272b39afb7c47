//! PostgreSQL: a pool of connections, each on its own thread, with serializable transactions that
//! are repeated when they meet.

mod backup;
mod pool;
mod session;
mod statement;

pub(crate) use backup::backup;
pub(crate) use pool::start;
pub(crate) use session::Session;
pub(crate) use statement::{execute, prepare, visit};
