//! An empty database for one test, on either engine.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use noroshi_store::{Address, Durability, Migration, Schema, Store};
use tempfile::TempDir;

/// The environment variable with the address of a scratch PostgreSQL database; `.ci/postgres`
/// provides one.
pub(crate) const POSTGRES: &str = "NOROSHI_TEST_POSTGRES";

/// A database that vanishes after the test.
pub(crate) struct Place {
    pub(crate) address: Address,
    pub(crate) folder: TempDir,
}

/// A table of every column type, and one that refers to it.
pub(crate) static SCHEMA: Schema = Schema {
    name: "test",
    migrations: &[Migration {
        version: 1,
        name: "tables",
        sql: "CREATE TABLE thing (
                id TEXT PRIMARY KEY,
                number BIGINT CHECK (number <> -13),
                bytes BYTEA,
                note TEXT
              );
              CREATE TABLE part (
                id TEXT PRIMARY KEY,
                thing TEXT NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED
              );",
        postgres: "",
    }],
    statements: &[INSERT, SELECT],
    durability: Durability::Full,
};
pub(crate) const INSERT: &str =
    "INSERT INTO thing (id, number, bytes, note) VALUES ($1, $2, $3, $4)";
pub(crate) const SELECT: &str = "SELECT id, number, bytes, note FROM thing WHERE id = $1";
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM thing";

impl Place {
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.address, &SCHEMA).await.unwrap()
    }
}

impl Place {
    /// Runs statements past the store; `{schema}` stands for this test's schema. PostgreSQL only.
    pub(crate) fn past_the_store(&self, sql: &str) {
        let Address::Postgres(url) = &self.address else { return };
        let (url, schema) = url.split_once("?schema=").unwrap();
        let sql = sql.replace("{schema}", schema);
        // The client brings its own runtime, which must not start inside another.
        let work = || postgres::Client::connect(url, postgres::NoTls)?.batch_execute(&sql);
        std::thread::scope(|scope| scope.spawn(work).join()).unwrap().unwrap();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.past_the_store("DROP SCHEMA IF EXISTS {schema} CASCADE");
    }
}

pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place { address: Address::Sqlite(folder.path().join("data").join("test.db")), folder }
}

/// `None` without a server.
pub(crate) fn postgresql() -> Option<Place> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var(POSTGRES).ok()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let address = Address::Postgres(format!("{url}?schema=t{}_{number}", std::process::id()));
    Some(Place { address, folder: tempfile::tempdir().unwrap() })
}

/// Runs a test, or says that it did not run.
pub(crate) fn run(place: Option<Place>, test: impl AsyncFnOnce(&Place)) {
    let Some(place) = place else {
        // Past the test harness, which hides the output of tests that pass.
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let text =
                format!("\nSKIPPED: the PostgreSQL half; set {POSTGRES} (see .ci/postgres)\n");
            std::io::stderr().write_all(text.as_bytes()).unwrap();
        });
        return;
    };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap().block_on(test(&place));
}
