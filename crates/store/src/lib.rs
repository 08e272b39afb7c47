//! One small transactional store over SQLite and PostgreSQL; knows no domain word.
//!
//! Domain code hands over a synchronous closure; the store runs it in a transaction on its own
//! threads and answers asynchronously. The same SQL text runs on both engines:
//!
//! - placeholders `$1`, `$2`, ...; `ON CONFLICT ... DO NOTHING/UPDATE`; `RETURNING`;
//! - columns are `BIGINT`, `TEXT` or `BYTEA`; sums need `CAST(SUM(x) AS BIGINT)`;
//! - no clocks and no generated keys: time and randomness are parameters.
//!
//! A write that was answered is on the disk (see [`Durability`]). No error text ever contains a
//! parameter's value: it may say who reported.

mod address;
mod error;
mod file;
mod migrate;
mod postgresql;
mod row;
mod schema;
mod sqlite;
mod stats;
mod store;
mod tx;
mod work;

pub use address::Address;
pub use error::{ConstraintKind, StoreError};
pub use row::{Param, Row};
pub use schema::{Durability, Migration, Schema};
pub use stats::CallStats;
pub use store::Store;
pub use tx::Tx;
