//! How fast reports are taken, and how long until others have them.
//!
//! `cargo bench -p noroshi-hub --bench lanes` prints one line a figure. Every rate stands beside a
//! limit of the same machine in the same run (durable appends of the disk, or the tick), because
//! only ratios travel. With `NOROSHI_TEST_POSTGRES` set it measures PostgreSQL too; start that
//! server with fsync on. `-- latency` runs the second half alone.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run must fail")]

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use noroshi_hub::admin::{self, KeyWish, NewMember};
use noroshi_hub::config::Config;
use noroshi_hub::intake::{Part, Submission, accept};
use noroshi_hub::{Hub, tick};
use noroshi_outlet::{Clock, OutletConfig, OutletState};
use noroshi_seal::{Entropy, SeededEntropy};
use noroshi_stix::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Seconds each rate is measured for.
const SECONDS: u64 = 5;
/// Seconds reports are filed for in the latency run: several ticks.
const LATENCY_SECONDS: u64 = 60;
/// Members that listen on the stream meanwhile.
const LISTENERS: usize = 1_000;

struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = durable_appends(folder.path());
    println!("disk: {disk:.0} durable appends of 4 KiB a second");
    runtime.block_on(async {
        if std::env::args().any(|a| a == "latency") {
            return latency(&folder.path().join("latency")).await;
        }
        for writers in [1, 8, 64] {
            let hub = sqlite(&folder.path().join(format!("accept-{writers}"))).await;
            let rate = accept_rate(&hub, writers).await;
            report("sqlite", writers, rate, disk);
        }
        if let Ok(base) = std::env::var("NOROSHI_TEST_POSTGRES") {
            for writers in [1, 8, 64] {
                let hub = postgres(&base, folder.path(), writers).await;
                let rate = accept_rate(&hub, writers).await;
                report("postgresql", writers, rate, disk);
            }
        } else {
            println!("postgresql: SKIPPED, NOROSHI_TEST_POSTGRES is not set");
        }
        latency(&folder.path().join("latency")).await;
    });
}

fn report(engine: &str, writers: usize, rate: f64, disk: f64) {
    println!(
        "{engine}: {rate:.0} reports/s acknowledged durably by {writers} senders, \
         {:.1} times the disk's single appends",
        rate / disk
    );
}

/// What one fsync after another gives on this disk.
fn durable_appends(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("appends")).expect("a file");
    let block = [7u8; 4096];
    let (start, mut count) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(2) {
        file.write_all(&block).expect("written");
        file.sync_data().expect("synced");
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

async fn sqlite(data: &Path) -> Hub {
    std::fs::create_dir_all(data).expect("a folder");
    let mut config = Config::default();
    config.hub.data = data.to_owned();
    open(config).await
}

async fn postgres(base: &str, data: &Path, run: usize) -> Hub {
    let join = if base.contains('?') { '&' } else { '?' };
    let unique = std::process::id();
    let mut config = Config::default();
    config.hub.data = data.to_owned();
    config.hub.vault = format!("{base}{join}schema=vault_{unique}_{run}");
    config.hub.shelf = format!("{base}{join}schema=shelf_{unique}_{run}");
    open(config).await
}

async fn open(config: Config) -> Hub {
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(2011));
    let hub = Hub::open(config, "", Arc::new(RealClock), entropy).await.expect("a hub");
    admin::publish_agreement(&hub, "bench", "text").await.expect("published");
    hub
}

async fn member(hub: &Hub) -> String {
    let new = NewMember {
        name_ja: "架空重工".to_owned(),
        name_en: "Kaku Heavy".to_owned(),
        label_path: vec!["manufacturing".to_owned()],
        weight: 1,
        ..NewMember::default()
    };
    let id = admin::add_member(hub, new).await.expect("added");
    admin::sign_agreement(hub, &id, "bench", hub.now().plus_days(1)).await.expect("signed");
    hub.reload_policy().await.expect("reloaded");
    id
}

/// A report as people send it: some lines of log with five indicators, new ones each time.
fn submission(n: u64) -> Submission {
    let (a, b) = (n / 200 % 200 + 1, n % 200 + 1);
    let text = format!(
        "03:12 mail from sender{n}@kurokumo-{n}.com, link hxxp://dl.kurokumo-{n}[.]com/a.php\n\
         03:15 connection to 45.{}.{a}.{b} after opening, file\n{n:064x}\n",
        n / 40_000 % 200 + 1
    );
    let parts = vec![Part {
        name: String::new(),
        media: "text/plain".to_owned(),
        bytes: text.into_bytes(),
    }];
    Submission { parts, idempotency: None, continues: None, reporter: None }
}

async fn accept_rate(hub: &Hub, senders: usize) -> f64 {
    let member = member(hub).await;
    let next = Arc::new(AtomicU64::new(1));
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..senders {
        let (hub, member, next) = (hub.clone(), member.clone(), Arc::clone(&next));
        tasks.push(tokio::spawn(async move {
            while start.elapsed() < Duration::from_secs(SECONDS) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                accept(&hub, &member, "bench", submission(n)).await.expect("accepted");
            }
        }));
    }
    for task in tasks {
        task.await.expect("finished");
    }
    (next.load(Ordering::Relaxed) - 1) as f64 / start.elapsed().as_secs_f64()
}

/// Reports at uneven moments over several ticks of the default 10 s, followed over HTTP: the time
/// from the acknowledgement until a member listening on `/stream` has the report's domain, while
/// [`LISTENERS`] others listen too.
async fn latency(data: &Path) {
    let hub = sqlite(data).await;
    let member = member(&hub).await;
    let wish = KeyWish { label: "bench".to_owned(), may_read: true, may_report: false, days: 1 };
    let key = admin::create_key(&hub, &member, &wish).await.expect("a key");
    hub.reload_policy().await.expect("reloaded");
    let address = serve(&hub).await;
    let beat = tokio::spawn(beat(hub.clone()));
    let arrivals: Arc<Mutex<HashMap<u64, Instant>>> = Arc::default();
    for i in 0..=LISTENERS {
        let notes = (i == 0).then(|| Arc::clone(&arrivals));
        tokio::spawn(listen(address, key.expose().to_owned(), notes));
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let start = Instant::now();
    let (mut accepted, mut n) = (Vec::new(), 0u64);
    while start.elapsed() < Duration::from_secs(LATENCY_SECONDS) {
        n += 1;
        accept(&hub, &member, "bench", submission(n)).await.expect("accepted");
        accepted.push((n, Instant::now()));
        tokio::time::sleep(Duration::from_millis(90 + n * 37 % 60)).await;
    }
    tokio::time::sleep(Duration::from_secs(12)).await;
    beat.abort();
    let arrivals = arrivals.lock().expect("no listener panicked");
    let mut waits: Vec<f64> = accepted
        .iter()
        .filter_map(|(n, at)| Some(arrivals.get(n)?.duration_since(*at).as_secs_f64()))
        .collect();
    assert!(!waits.is_empty(), "the listener saw none of the reports");
    waits.sort_by(f64::total_cmp);
    let at = |q: f64| waits[((waits.len() - 1) as f64 * q) as usize];
    println!(
        "accepted to received on the stream, 10 s tick, {LISTENERS} listeners, {} of {} reports: \
         p50 {:.2} s, p99 {:.2} s (the tick alone: 5.00 and 9.90)",
        waits.len(),
        accepted.len(),
        at(0.5),
        at(0.99)
    );
}

/// The outlet of this hub on a free port.
async fn serve(hub: &Hub) -> SocketAddr {
    let config = OutletConfig::new(hub.key_pepper());
    let state = OutletState::new(hub.shelf().clone(), hub.clock(), config).expect("an outlet");
    let router = noroshi_outlet::harden(noroshi_outlet::router(state.clone()), &state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Listens on the stream; notes when the domain of each report arrives.
async fn listen(
    address: SocketAddr,
    key: String,
    notes: Option<Arc<Mutex<HashMap<u64, Instant>>>>,
) {
    let mut socket = tokio::net::TcpStream::connect(address).await.expect("connected");
    let request =
        format!("GET /stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("asked");
    let mut buffer = vec![0; 64 * 1024];
    let mut text = String::new();
    while let Ok(length) = socket.read(&mut buffer).await {
        if length == 0 {
            return;
        }
        let Some(notes) = &notes else { continue };
        let now = Instant::now();
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
        let complete = text.rfind('\n').map_or(0, |at| at + 1);
        let mut notes = notes.lock().expect("no listener panicked");
        for piece in text[..complete].split("@kurokumo-").skip(1) {
            if let Some(n) = piece.split('.').next().and_then(|n| n.parse().ok()) {
                notes.entry(n).or_insert(now);
            }
        }
        text.drain(..complete);
    }
}

/// Ticks for ever.
async fn beat(hub: Hub) {
    loop {
        let (now, length) = (hub.now(), hub.tick_micros());
        let next = now.floor_to(length).plus_micros(length);
        let wait = u64::try_from(next.as_micros() - now.as_micros()).unwrap_or(0);
        tokio::time::sleep(Duration::from_micros(wait)).await;
        tick::tick(&hub).await.expect("a tick");
    }
}
