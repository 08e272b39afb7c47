//! Tables and statements of the shelf.
//!
//! Nothing here can hold who reported anything: no table has a column for it.

use noroshi_store::{Durability, Migration, Schema};

/// The shelf's schema, for opening and for the tests that compare it with `disclosure.toml`.
pub static SCHEMA: Schema = Schema {
    name: "shelf",
    migrations: MIGRATIONS,
    statements: STATEMENTS,
    durability: Durability::Full,
};

/// Sequence numbers have no gaps and follow the order of commits, because the row of the counter
/// stays locked until a publishing transaction ends: a reader that has seen number n has seen all
/// before it. `leaves` are the 32-byte leaf hashes of the batch in order, so that one changed row
/// is found and the others still serve.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "batches, objects, block list entries, credentials",
        sql: "
CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counter (name, value) VALUES ('sequence', 0), ('date_added', 0), ('credentials', 0);
CREATE TABLE batch (
  batch_id BYTEA PRIMARY KEY,
  first_sequence BIGINT NOT NULL,
  count BIGINT NOT NULL,
  collection TEXT NOT NULL,
  tick BIGINT NOT NULL,
  head BYTEA NOT NULL,
  leaves BYTEA NOT NULL
);
CREATE INDEX batch_order ON batch (first_sequence);
CREATE TABLE object (
  sequence BIGINT PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  spec_version TEXT NOT NULL,
  version BIGINT NOT NULL,
  date_added BIGINT NOT NULL,
  tlp BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  oldest BIGINT NOT NULL,
  batch_id BYTEA NOT NULL,
  json BYTEA NOT NULL
);
CREATE UNIQUE INDEX object_version ON object (collection, id, version);
CREATE INDEX object_page ON object (collection, date_added, sequence);
CREATE INDEX object_type_page ON object (collection, type, date_added, sequence);
CREATE INDEX object_clear_page ON object (collection, date_added, sequence) WHERE tlp = 0;
CREATE TABLE entry (
  sequence BIGINT NOT NULL,
  kind TEXT NOT NULL,
  value BYTEA NOT NULL,
  until BIGINT NOT NULL,
  tlp BIGINT NOT NULL,
  PRIMARY KEY (sequence, kind, value)
);
CREATE INDEX entry_list ON entry (kind, value);
CREATE TABLE credential (
  key_id TEXT PRIMARY KEY,
  digest BYTEA NOT NULL,
  expires BIGINT NOT NULL,
  write_inbox BIGINT NOT NULL
);
",
    },
    Migration {
        version: 2,
        name: "what a credential opens",
        sql: "
DROP TABLE credential;
CREATE TABLE credential (
  key_id TEXT PRIMARY KEY,
  digest BYTEA NOT NULL,
  expires BIGINT NOT NULL,
  read_releases BIGINT NOT NULL,
  read_partners BIGINT NOT NULL,
  write_inbox BIGINT NOT NULL,
  contributor BYTEA NOT NULL,
  moderate BIGINT NOT NULL
);
",
    },
];

/// Every statement, for the test that prepares them on both engines.
const STATEMENTS: &[&str] = &[
    COUNTERS,
    BUMP_COUNTER,
    SET_COUNTER,
    BATCH_BY_ID,
    INSERT_BATCH,
    BATCHES_FROM,
    VERSIONS_OF_ID,
    INSERT_OBJECT,
    CLEAR_NEWEST,
    CLEAR_OLDEST,
    INSERT_ENTRY,
    DELETE_ENTRIES,
    OBJECTS_OF_BATCH,
    PAGE,
    PAGE_CLEAR,
    PAGE_OF_TYPE,
    OBJECTS_OF_ID,
    RELEASES_AFTER,
    LIST,
    CREDENTIALS,
    UPSERT_CREDENTIAL,
    DELETE_CREDENTIAL,
    DELETE_CREDENTIALS,
];

pub(super) const COUNTERS: &str = "SELECT name, value FROM counter";
pub(super) const BUMP_COUNTER: &str =
    "UPDATE counter SET value = value + $2 WHERE name = $1 RETURNING value";
pub(super) const SET_COUNTER: &str = "UPDATE counter SET value = $2 WHERE name = $1";

pub(super) const BATCH_BY_ID: &str = "SELECT head FROM batch WHERE batch_id = $1";
pub(super) const INSERT_BATCH: &str = "INSERT INTO batch (batch_id, first_sequence, count, collection, tick, head, leaves) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(super) const BATCHES_FROM: &str = "SELECT first_sequence, count, head, leaves FROM batch \
     WHERE first_sequence >= $1 ORDER BY first_sequence LIMIT $2";

pub(super) const VERSIONS_OF_ID: &str =
    "SELECT sequence, version, newest, oldest FROM object WHERE collection = $1 AND id = $2";
pub(super) const INSERT_OBJECT: &str = "INSERT INTO object (sequence, collection, id, type, \
     spec_version, version, date_added, tlp, newest, oldest, batch_id, json) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
pub(super) const CLEAR_NEWEST: &str = "UPDATE object SET newest = 0 WHERE sequence = $1";
pub(super) const CLEAR_OLDEST: &str = "UPDATE object SET oldest = 0 WHERE sequence = $1";
pub(super) const INSERT_ENTRY: &str = "INSERT INTO entry (sequence, kind, value, until, tlp) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(super) const DELETE_ENTRIES: &str = "DELETE FROM entry WHERE sequence = $1";

/// The columns of every statement that reads objects, in the order [`super::row`] takes them.
macro_rules! object_columns {
    () => {
        "SELECT sequence, date_added, collection, id, type, spec_version, version, tlp, newest, \
         oldest, json FROM object "
    };
}

pub(super) const OBJECTS_OF_BATCH: &str =
    concat!(object_columns!(), "WHERE sequence >= $1 AND sequence < $2 ORDER BY sequence");
pub(super) const PAGE: &str = concat!(
    object_columns!(),
    "WHERE collection = $1 AND (date_added, sequence) > ($2, $3) AND sequence <= $4 \
     AND newest >= $5 ORDER BY date_added, sequence LIMIT $6"
);
/// `tlp = 0` is written out so that the partial index is used.
pub(super) const PAGE_CLEAR: &str = concat!(
    object_columns!(),
    "WHERE collection = $1 AND (date_added, sequence) > ($2, $3) AND sequence <= $4 \
     AND newest >= $5 AND tlp = 0 ORDER BY date_added, sequence LIMIT $6"
);
pub(super) const PAGE_OF_TYPE: &str = concat!(
    object_columns!(),
    "WHERE collection = $1 AND (date_added, sequence) > ($2, $3) AND sequence <= $4 \
     AND newest >= $5 AND type = $7 ORDER BY date_added, sequence LIMIT $6"
);
pub(super) const OBJECTS_OF_ID: &str = concat!(
    object_columns!(),
    "WHERE collection = $1 AND id = $2 AND (date_added, sequence) > ($3, $4) AND sequence <= $5 \
     ORDER BY date_added, sequence"
);
pub(super) const RELEASES_AFTER: &str =
    concat!(object_columns!(), "WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3");

pub(super) const LIST: &str = "SELECT value, sequence, until, tlp FROM entry \
     WHERE kind = $1 AND until > $2 AND tlp <= $3 AND sequence <= $4 ORDER BY value";

pub(super) const CREDENTIALS: &str = "SELECT key_id, digest, expires, read_releases, \
     read_partners, write_inbox, contributor, moderate FROM credential";
pub(super) const UPSERT_CREDENTIAL: &str = "INSERT INTO credential (key_id, digest, expires, \
     read_releases, read_partners, write_inbox, contributor, moderate) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (key_id) DO UPDATE SET digest = excluded.digest, expires = excluded.expires, \
     read_releases = excluded.read_releases, read_partners = excluded.read_partners, \
     write_inbox = excluded.write_inbox, contributor = excluded.contributor, \
     moderate = excluded.moderate";
pub(super) const DELETE_CREDENTIAL: &str = "DELETE FROM credential WHERE key_id = $1";
pub(super) const DELETE_CREDENTIALS: &str = "DELETE FROM credential";
