//! One small transactional store over SQLite and PostgreSQL; knows no domain word.
//!
//! Domain code hands over a synchronous closure; the store runs it in a transaction on its own
//! threads and answers asynchronously. The same SQL text runs on both engines:
//!
//! - placeholders `$1`, `$2`, ...; `ON CONFLICT ... DO NOTHING/UPDATE`; `RETURNING`;
//! - columns are `BIGINT`, `TEXT` or `BYTEA`; sums need `CAST(SUM(x) AS BIGINT)`;
//! - no clocks and no generated keys: time and randomness are parameters.
//!
//! ```
//! use noroshi_store::{Address, Durability, Migration, Schema, Store, StoreError};
//!
//! const INSERT: &str = "INSERT INTO beacon (name, lit) VALUES ($1, $2)";
//! const COUNT: &str = "SELECT COUNT(*) FROM beacon WHERE lit = $1";
//!
//! static SCHEMA: Schema = Schema {
//!     name: "beacons",
//!     migrations: &[Migration {
//!         version: 1,
//!         name: "beacons",
//!         sql: "CREATE TABLE beacon (name TEXT PRIMARY KEY, lit BIGINT NOT NULL)",
//!         postgres: "",
//!     }],
//!     statements: &[INSERT, COUNT],
//!     durability: Durability::Full,
//! };
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), StoreError> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("beacons.db");
//! let store = Store::open(&Address::Sqlite(path), &SCHEMA).await?;
//! store.write("light", |tx| tx.execute(INSERT, &["mount".into(), true.into()])).await?;
//! let lit = store.read("count", |tx| tx.query_one(COUNT, &[true.into()], |row| row.int(0))).await?;
//! assert_eq!(lit, Some(1));
//! # Ok(())
//! # }
//! ```
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
