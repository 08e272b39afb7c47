//! Two empty databases for one test, vault and shelf, on either engine.

use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// The environment variable with the address of a scratch PostgreSQL database; `.ci/postgres`
/// provides one.
const POSTGRES: &str = "NOROSHI_TEST_POSTGRES";

/// Databases that vanish after the test.
pub(crate) struct Place {
    pub(crate) vault: String,
    pub(crate) shelf: String,
    pub(crate) folder: TempDir,
}

pub(crate) fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    Place { vault: at("vault.db"), shelf: at("shelf.db"), folder }
}

/// `None` without a server.
pub(crate) fn postgresql() -> Option<Place> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var(POSTGRES).ok()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let at = |what: &str| format!("{url}?schema=hub_{what}{}_{number}", std::process::id());
    Some(Place { vault: at("v"), shelf: at("s"), folder: tempfile::tempdir().unwrap() })
}

impl Drop for Place {
    fn drop(&mut self) {
        for address in [&self.vault, &self.shelf] {
            let Some((url, schema)) = address.split_once("?schema=") else { continue };
            let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
            // The client brings its own runtime, which must not start inside another.
            let work = || postgres::Client::connect(url, postgres::NoTls)?.batch_execute(&sql);
            std::thread::scope(|scope| scope.spawn(work).join()).unwrap().unwrap();
        }
    }
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
