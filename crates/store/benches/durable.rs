//! Durable writes a second, next to what the disk itself can do in the same run.
//!
//! `cargo bench -p noroshi-store`; with `NOROSHI_TEST_POSTGRES` (see `.ci/postgres`, without
//! `--fast`) PostgreSQL too. `NOROSHI_BENCH_DIR` chooses the disk. The figures of one machine mean
//! little; the ratios are the result.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use noroshi_store::{Address, Durability, Migration, Schema, Store};

static SCHEMA: Schema = Schema {
    name: "bench",
    migrations: &[Migration {
        version: 1,
        name: "rows",
        sql: "CREATE TABLE row (writer BIGINT, number BIGINT, bytes BYTEA NOT NULL, \
              PRIMARY KEY (writer, number))",
        postgres: "",
    }],
    statements: &[INSERT, SELECT],
    durability: Durability::Full,
};
const INSERT: &str = "INSERT INTO row (writer, number, bytes) VALUES ($1, $2, $3)";
const SELECT: &str = "SELECT bytes FROM row WHERE writer = $1 AND number = $2";

/// How long each line of the table is measured.
const LENGTH: Duration = Duration::from_secs(4);
/// Bytes of a stored row: a small report.
const ROW: usize = 1_024;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let folder = match std::env::var_os("NOROSHI_BENCH_DIR") {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("rows of {ROW} bytes, one transaction each, answered only when durable");
    println!(
        "| engine | writers | writes/s | disk: appends/s | in place/s | ratio | writes a commit | p50 ms | p99 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let address = Address::Sqlite(folder.path().join("bench.db"));
    runtime.block_on(measure("SQLite", &address, folder.path()))?;
    match std::env::var("NOROSHI_TEST_POSTGRES") {
        Ok(url) => {
            let address = Address::Postgres(format!("{url}?schema=bench_{}", std::process::id()));
            runtime.block_on(measure("PostgreSQL", &address, folder.path()))?;
        }
        Err(_) => println!("PostgreSQL was not measured: set NOROSHI_TEST_POSTGRES"),
    }
    Ok(())
}

async fn measure(engine: &str, address: &Address, folder: &Path) -> Outcome<()> {
    let store = Store::open(address, &SCHEMA).await?;
    let mut next_writer = 0;
    for writers in [1, 8, 64] {
        // Around each line: neighbours on the machine change what the disk gives.
        let disk = Disk::measure(folder)?;
        let before = store.commits();
        let started = Instant::now();
        let tasks: Vec<_> = (0..writers)
            .map(|task| tokio::spawn(write(store.clone(), next_writer + task, started + LENGTH)))
            .collect();
        next_writer += writers;
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        let rate = times.len() as f64 / started.elapsed().as_secs_f64();
        let commits = store.commits() - before;
        let disk = disk.mean(Disk::measure(folder)?);
        times.sort_unstable();
        let share = |per_cent: usize| {
            times.get(times.len() * per_cent / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        println!(
            "| {engine} | {writers} | {rate:.0} | {:.0} | {:.0} | {:.2} | {:.1} | {:.2} | {:.2} |",
            disk.appends,
            disk.in_place,
            rate / disk.in_place,
            times.len() as f64 / commits.max(1) as f64,
            share(50),
            share(99),
        );
    }
    let started = Instant::now();
    let mut reads = 0_u32;
    while started.elapsed() < LENGTH {
        store
            .read("read", |tx| {
                tx.query_one(SELECT, &[0.into(), 0.into()], |row| Ok(row.blob_ref(0)?.len()))
            })
            .await?;
        reads += 1;
    }
    let rate = f64::from(reads) / started.elapsed().as_secs_f64();
    println!("| {engine} | 1 reader | {rate:.0} reads/s | | | | | | |");
    Ok(())
}

async fn write(store: Store, writer: i64, until: Instant) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for number in 0_i64.. {
        let started = Instant::now();
        if started >= until {
            break;
        }
        let bytes = vec![0x5a; ROW];
        store
            .write("write", move |tx| {
                tx.execute(INSERT, &[writer.into(), number.into(), (&bytes).into()])
            })
            .await?;
        times.push(started.elapsed());
    }
    Ok(times)
}

/// What the disk gives one commit after another: 4 KiB, waited for, again and again.
#[derive(Clone, Copy)]
struct Disk {
    /// Each at the end of a growing file.
    appends: f64,
    /// Each over bytes that exist: cheaper, and what a database log that is used again does. The
    /// physical limit.
    in_place: f64,
}

impl Disk {
    fn measure(folder: &Path) -> Outcome<Self> {
        const LOG: u64 = 1_024;
        let path = folder.join("limit");
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
        let mut syncs = |wrap: bool| -> Outcome<f64> {
            file.seek(SeekFrom::Start(0))?;
            let started = Instant::now();
            let mut count = 0_u64;
            while started.elapsed() < Duration::from_millis(700) {
                if wrap && count.is_multiple_of(LOG) {
                    file.seek(SeekFrom::Start(0))?;
                }
                file.write_all(&[0x5a; 4_096])?;
                file.sync_data()?;
                count += 1;
            }
            Ok(count as f64 / started.elapsed().as_secs_f64())
        };
        let appends = syncs(false)?;
        std::fs::write(&path, vec![0; 4_096 * 1_024])?;
        let in_place = syncs(true)?;
        std::fs::remove_file(&path)?;
        Ok(Self { appends, in_place })
    }

    fn mean(self, other: Self) -> Self {
        Self {
            appends: f64::midpoint(self.appends, other.appends),
            in_place: f64::midpoint(self.in_place, other.in_place),
        }
    }
}
