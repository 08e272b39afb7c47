//! How long the desk's pages take with 10,000 reports in the vault, beside a vault with ten.
//!
//! `cargo bench -p noroshi-hub --bench desk` prints one line a page: milliseconds of the server, bytes,
//! and the ratio to the nearly empty vault, because only ratios travel. It fails where a page of the
//! queue is larger than 100 KB. With `NOROSHI_TEST_POSTGRES` set it measures PostgreSQL too.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run must fail")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use noroshi_hub::access::{Role, use_link};
use noroshi_hub::admin::{self, NewAccount, NewMember};
use noroshi_hub::app::{self, App};
use noroshi_hub::config::Config;
use noroshi_hub::intake::{Part, Submission, accept};
use noroshi_hub::{HUB_TEXTS, Hub, tick};
use noroshi_outlet::i18n::{OUTLET_TEXTS, Texts};
use noroshi_outlet::{Clock, ManualClock};
use noroshi_seal::{Entropy, SeededEntropy, Token};
use noroshi_stix::Timestamp;
use tower::ServiceExt;

/// Reports in the full vault.
const REPORTS: usize = 10_000;
/// Reports in the other.
const FEW: usize = 10;
/// Times each page is asked for; the median counts.
const TIMES: usize = 15;
/// Most bytes of a page of the queue.
const MOST_BYTES: usize = 100_000;
/// 2026-11-23T03:00:00Z.
const START: i64 = 1_795_402_800_000_000;
/// A report comes every so many microseconds.
const BETWEEN: i64 = 60_000_000;

const PAGES: [&str; 8] = [
    "/desk",
    "/desk?show=value",
    "/desk?show=context&urgency=1",
    "/desk?show=mine",
    "/desk?age=24h",
    "NEXT",
    "/desk/now?hours=72",
    "REPORT",
];

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(async {
        let (few, full) = (folder.path().join("few"), folder.path().join("full"));
        run("sqlite", [(few, String::new()), (full, String::new())]).await;
        match std::env::var("NOROSHI_TEST_POSTGRES") {
            Ok(base) => {
                let join = if base.contains('?') { '&' } else { '?' };
                let unique = std::process::id();
                let place = |n: u32| {
                    let folder = folder.path().join(format!("pg-{n}"));
                    (folder, format!("{base}{join}schema=NAME_{unique}_{n}"))
                };
                run("postgresql", [place(1), place(2)]).await;
            }
            Err(_) => println!("postgresql: SKIPPED, NOROSHI_TEST_POSTGRES is not set"),
        }
    });
}

async fn run(engine: &str, [few, full]: [(std::path::PathBuf, String); 2]) {
    let few = measure(&few.0, &few.1, FEW).await;
    let full = measure(&full.0, &full.1, REPORTS).await;
    for ((page, few), full) in PAGES.iter().zip(few).zip(full) {
        println!(
            "{engine}: {page}: {:.1} ms with {REPORTS} reports, {:.1} times as long as with {FEW}, {} bytes",
            full.0,
            full.0 / few.0,
            full.1
        );
        let queue = page.starts_with("/desk?") || *page == "/desk" || *page == "NEXT";
        assert!(!queue || full.1 <= MOST_BYTES, "{page} has {} bytes", full.1);
    }
}

/// Milliseconds and bytes of each page.
async fn measure(data: &Path, address: &str, reports: usize) -> Vec<(f64, usize)> {
    std::fs::create_dir_all(data).expect("a folder");
    let mut config = Config::default();
    config.hub.data = data.to_owned();
    config.hub.vault = address.replace("NAME", "vault");
    config.hub.shelf = address.replace("NAME", "shelf");
    let clock = Arc::new(ManualClock::new(Timestamp::from_micros(START)));
    let shown: Arc<dyn Clock> = clock.clone();
    let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(3));
    let hub = Hub::open(config, "", shown, entropy).await.expect("a hub");
    let last = fill(&hub, &clock, reports).await;
    tick::tick(&hub).await.expect("a tick");
    let (router, cookie) = router(&hub).await;
    let first = page(&router, &cookie, "/desk").await;
    let next = first.split("rel=\"next\"").next().unwrap_or_default().rsplit("href=\"").next();
    let next = next.and_then(|t| t.split('"').next()).unwrap_or("/desk").replace("&#38;", "&");
    let mut out = Vec::new();
    for asked in PAGES {
        let path = match asked {
            "NEXT" if reports > FEW => next.replace("&amp;", "&"),
            "NEXT" => "/desk".to_owned(),
            "REPORT" => format!("/desk/reports/{last}"),
            other => other.to_owned(),
        };
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..TIMES {
            let start = Instant::now();
            bytes = page(&router, &cookie, &path).await.len();
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        out.push((times.get(TIMES / 2).copied().unwrap_or_default(), bytes));
    }
    out
}

/// Members, and so many reports of all kinds; gives the last one.
async fn fill(hub: &Hub, clock: &ManualClock, reports: usize) -> String {
    admin::publish_agreement(hub, "bench", "text").await.expect("published");
    let mut members = Vec::new();
    for n in 0..20 {
        let new = NewMember {
            name_ja: format!("架空重工{n}"),
            name_en: format!("Kaku Heavy {n}"),
            label_path: vec![if n % 4 == 0 { "energy" } else { "manufacturing" }.to_owned()],
            weight: 1,
            domains: vec![
                noroshi_stix::DomainName::parse(&format!("kaku-heavy{n}.co.jp")).expect("a name"),
            ],
            ..NewMember::default()
        };
        let id = admin::add_member(hub, new).await.expect("added");
        admin::sign_agreement(hub, &id, "bench", hub.now().plus_days(90)).await.expect("signed");
        members.push(id);
    }
    hub.reload_policy().await.expect("reloaded");
    let mut last = String::new();
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..reports {
        clock.advance(BETWEEN);
        let member = members.get(n % members.len()).cloned().unwrap_or_default();
        let (hub, submission) = (hub.clone(), submission(n));
        waiting.spawn(async move {
            let accepted = accept(&hub, &member, "k-bench", submission).await;
            accepted.expect("accepted").0.report.id
        });
        if waiting.len() >= 16 || n + 1 == reports {
            while let Some(done) = waiting.join_next().await {
                last = done.expect("filed");
            }
        }
    }
    last
}

/// As people send it: five new indicators, one of an attack many see, one that is kept back.
fn submission(n: usize) -> Submission {
    let kinds = ["ransomware", "phishing", "targeted-mail", "unauthorised-access"];
    let kind = kinds.get(n % kinds.len()).copied().unwrap_or_default();
    let body = serde_json::json!({
        "schema": "noroshi-report/1",
        "title": format!("報告 {n}: 不審なメールと通信"),
        "attack_type": kind,
        "impact": if n.is_multiple_of(50) { "availability" } else { "blocked" },
        "techniques": ["T1566.001"],
        "indicators": [
            format!("45.{}.{}.{}", n / 40_000 % 200 + 1, n / 200 % 200 + 1, n % 200 + 1),
            format!("http://dl.kurokumo-{n}.com/a.php"),
            format!("sender{n}@kurokumo-{n}.com"),
            format!("{n:064x}"),
            format!("shared-{}.kuro-umi.net", n / 100),
            format!("http://kaku-heavy{}-vpn{n}.net/", n % 20),
        ],
    });
    let parts = vec![Part {
        name: String::new(),
        media: "application/json".to_owned(),
        bytes: body.to_string().into_bytes(),
    }];
    Submission { parts, idempotency: None, continues: None, reporter: None }
}

/// The hub's router and the cookie of an analyst.
async fn router(hub: &Hub) -> (Router, String) {
    let files: Vec<_> = OUTLET_TEXTS.iter().chain(HUB_TEXTS).copied().collect();
    let texts = Arc::new(Texts::new(&files).expect("texts"));
    let new = NewAccount { role: Role::Desk, member: None, name: "A".to_owned() };
    let account = admin::add_account(hub, new).await.expect("an account");
    let link = admin::sign_in_link(hub, &account).await.expect("a link");
    let token = Token::parse(link.rsplit('/').next().unwrap_or_default()).expect("a token");
    let session = use_link(hub, &token).await.expect("a session").expect("a fresh link");
    let cookie = format!("noroshi={}", session.token.expose().as_str());
    (app::router(App { hub: hub.clone(), texts }), cookie)
}

async fn page(router: &Router, cookie: &str, path: &str) -> String {
    let request =
        Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT_LANGUAGE, "ja");
    let response = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
    let response = response.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8_lossy(&body).into_owned()
}
