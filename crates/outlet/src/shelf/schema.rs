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

/// A log: batches follow each other in `sequence`, which has no gaps and follows the order of
/// commits, because the row of the counter stays locked until a publishing transaction ends. A
/// batch is cut into segments, the unit that is read and verified; every index over them is in
/// memory, made from what was verified, so that adding is appending. `leaves` are the 32-byte leaf
/// hashes of the batch in order: one changed object is found and the others still serve.
///
/// Version 2 starts the log anew; the hub fills it from the outbox of its vault.
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
        postgres: "",
    },
    Migration {
        version: 2,
        name: "a log of signed batches, partners, what a credential opens",
        sql: "
DROP TABLE object;
DROP TABLE entry;
DROP TABLE batch;
DROP TABLE credential;
UPDATE counter SET value = 0 WHERE name IN ('sequence', 'date_added');
INSERT INTO counter (name, value) VALUES ('deletions', 0), ('partners_date_added', 0);
CREATE TABLE batch (
  batch_id BYTEA PRIMARY KEY,
  first_sequence BIGINT NOT NULL,
  count BIGINT NOT NULL,
  date_added BIGINT NOT NULL,
  head BYTEA NOT NULL,
  leaves BYTEA NOT NULL
);
CREATE INDEX batch_order ON batch (first_sequence, count);
CREATE TABLE segment (
  first_sequence BIGINT PRIMARY KEY,
  batch_id BYTEA NOT NULL,
  contributor BYTEA NOT NULL,
  lengths BYTEA NOT NULL,
  body BYTEA NOT NULL
);
CREATE TABLE deletion (
  number BIGINT PRIMARY KEY,
  head BYTEA NOT NULL,
  statement BYTEA NOT NULL
);
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
  read_releases BIGINT NOT NULL,
  read_partners BIGINT NOT NULL,
  write_inbox BIGINT NOT NULL,
  contributor BYTEA NOT NULL,
  moderate BIGINT NOT NULL
);
CREATE TABLE posting (
  status_id TEXT PRIMARY KEY,
  contributor BYTEA NOT NULL,
  posted BIGINT NOT NULL,
  status BYTEA NOT NULL
);
CREATE INDEX posting_posted ON posting (posted);
",
        // Bodies are JSON in pieces that are read whole: to compress them costs more than it saves.
        postgres: "ALTER TABLE segment ALTER COLUMN body SET STORAGE EXTERNAL",
    },
    Migration {
        version: 3,
        name: "documents beside releases",
        sql: "
INSERT INTO counter (name, value) VALUES ('documents', 0);
CREATE TABLE document (
  name TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  clear BIGINT NOT NULL,
  body BYTEA NOT NULL,
  signature BYTEA NOT NULL
);
CREATE INDEX document_number ON document (number);
",
        postgres: "",
    },
];

/// Every statement, for the test that prepares them on both engines.
const STATEMENTS: &[&str] = &[
    COUNTERS,
    BUMP_COUNTER,
    SET_COUNTER,
    BATCH_BY_ID,
    BATCH_AT,
    INSERT_BATCH,
    BATCHES_FROM,
    INSERT_SEGMENT,
    UPDATE_SEGMENT,
    SEGMENTS,
    INSERT_DELETION,
    DELETIONS_AFTER,
    INSERT_ENTRY,
    DELETE_ENTRIES,
    LIST,
    CREDENTIALS,
    UPSERT_CREDENTIAL,
    DELETE_CREDENTIAL,
    DELETE_CREDENTIALS,
    INSERT_POSTING,
    POSTING,
    DELETE_POSTINGS,
    DOCUMENT,
    DOCUMENTS,
    PUT_DOCUMENT,
];

pub(super) const COUNTERS: &str = "SELECT name, value FROM counter";
pub(super) const BUMP_COUNTER: &str =
    "UPDATE counter SET value = value + $2 WHERE name = $1 RETURNING value";
pub(super) const SET_COUNTER: &str = "UPDATE counter SET value = $2 WHERE name = $1";

pub(super) const BATCH_BY_ID: &str = "SELECT head FROM batch WHERE batch_id = $1";
/// The batch that holds a sequence number is the last one with objects that begins at or before it.
pub(super) const BATCH_AT: &str = "SELECT batch_id, first_sequence, count, date_added, head, leaves \
     FROM batch WHERE first_sequence <= $1 AND count > 0 ORDER BY first_sequence DESC LIMIT 1";
pub(super) const INSERT_BATCH: &str = "INSERT INTO batch (batch_id, first_sequence, count, \
     date_added, head, leaves) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const BATCHES_FROM: &str = "SELECT batch_id, first_sequence, count, date_added, head, leaves \
     FROM batch WHERE first_sequence >= $1 AND count > 0 ORDER BY first_sequence LIMIT $2";

pub(super) const INSERT_SEGMENT: &str = "INSERT INTO segment (first_sequence, batch_id, \
     contributor, lengths, body) VALUES ($1, $2, $3, $4, $5)";
pub(super) const UPDATE_SEGMENT: &str =
    "UPDATE segment SET lengths = $2, body = $3 WHERE first_sequence = $1";
pub(super) const SEGMENTS: &str = "SELECT first_sequence, contributor, lengths, body FROM segment \
     WHERE first_sequence >= $1 AND first_sequence <= $2 ORDER BY first_sequence";

pub(super) const INSERT_DELETION: &str =
    "INSERT INTO deletion (number, head, statement) VALUES ($1, $2, $3)";
pub(super) const DELETIONS_AFTER: &str =
    "SELECT number, head, statement FROM deletion WHERE number > $1 ORDER BY number";

pub(super) const INSERT_ENTRY: &str = "INSERT INTO entry (sequence, kind, value, until, tlp) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(super) const DELETE_ENTRIES: &str = "DELETE FROM entry WHERE sequence = $1";
pub(super) const LIST: &str = "SELECT value, sequence, until, tlp FROM entry \
     WHERE kind = $1 AND until > $2 AND tlp <= $3 AND sequence <= $4 ORDER BY value";

pub(super) const INSERT_POSTING: &str =
    "INSERT INTO posting (status_id, contributor, posted, status) VALUES ($1, $2, $3, $4)";
pub(super) const POSTING: &str = "SELECT contributor, status FROM posting WHERE status_id = $1";
pub(super) const DELETE_POSTINGS: &str = "DELETE FROM posting WHERE posted < $1";

pub(super) const DOCUMENT: &str =
    "SELECT number, name, clear, body, signature FROM document WHERE name = $1";
pub(super) const DOCUMENTS: &str = "SELECT number, name, clear, body, signature FROM document \
     WHERE number > $1 AND number <= $2 ORDER BY number";
pub(super) const PUT_DOCUMENT: &str = "INSERT INTO document (name, number, clear, body, signature) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET number = excluded.number, \
     clear = excluded.clear, body = excluded.body, signature = excluded.signature";

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
