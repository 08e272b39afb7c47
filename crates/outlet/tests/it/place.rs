//! An empty database for one test, on either engine.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use noroshi_store::Address;
use tempfile::TempDir;

/// The environment variable with the address of a scratch PostgreSQL database; `.ci/postgres`
/// provides one.
const POSTGRES: &str = "NOROSHI_TEST_POSTGRES";

/// A database that vanishes after the test.
pub(crate) struct Place {
    pub(crate) address: Address,
    _folder: TempDir,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Address::Postgres(url) = &self.address else { return };
        let Some((url, schema)) = url.split_once("?schema=") else { return };
        let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
        // The client brings its own runtime, which must not start inside another.
        let work = || postgres::Client::connect(url, postgres::NoTls)?.batch_execute(&sql);
        std::thread::scope(|scope| scope.spawn(work).join()).unwrap().unwrap();
    }
}

pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place { address: Address::Sqlite(folder.path().join("shelf.db")), _folder: folder }
}

/// `None` without a server.
pub(crate) fn postgresql() -> Option<Place> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var(POSTGRES).ok()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let address = Address::Postgres(format!("{url}?schema=outlet{}_{number}", std::process::id()));
    Some(Place { address, _folder: tempfile::tempdir().unwrap() })
}

/// Runs a test, or says that it did not run.
pub(crate) fn run(place: Option<Place>, test: impl AsyncFnOnce(&Place)) {
    let Some(place) = place else {
        static ONCE: std::sync::Once = std::sync::Once::new();
        let text = format!("\nSKIPPED: the PostgreSQL half; set {POSTGRES} (see .ci/postgres)\n");
        // Past the test harness, which hides the output of tests that pass.
        ONCE.call_once(|| std::io::stderr().write_all(text.as_bytes()).unwrap());
        return;
    };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap().block_on(test(&place));
}
