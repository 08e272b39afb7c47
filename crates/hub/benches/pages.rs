//! What the pages cost with a full database, beside an empty one.
//!
//! `cargo bench -p noroshi-hub --bench pages` fills a hub with 1,000,000 indicators, 10,000 released
//! reports and 10,000 reports in the vault, asks for each page 30 times, and prints the median and
//! the slowest answer, the size of the page, and the ratio to a hub with nothing in it. A number
//! behind `--` takes that many indicators instead. It fails where a page takes more than 50 ms or
//! 100 KB.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run must fail")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use noroshi_hub::access::{Role, use_link};
use noroshi_hub::admin::{self, NewAccount, NewMember};
use noroshi_hub::app::{self, App};
use noroshi_hub::config::Config;
use noroshi_hub::intake::{Part, Submission, accept};
use noroshi_hub::{HUB_TEXTS, Hub};
use noroshi_outlet::i18n::{OUTLET_TEXTS, Texts};
use noroshi_outlet::{Clock, OutletConfig, OutletState, ReleasedObject, SignedBatch};
use noroshi_seal::{BatchHead, Entropy, SeededEntropy, Token, leaf_hash, random_bytes};
use noroshi_stix::{IndicatorFacts, Kind, ObjectType, Observable, StixId, Timestamp, Tlp, emit};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Indicators on the shelf where nobody says.
const INDICATORS: usize = 1_000_000;
/// Reports, released ones on the shelf and filed ones in the vault.
const REPORTS: usize = 10_000;
/// Objects of one batch.
const BATCH: usize = 2_000;
/// How often each page is asked for.
const ASKED: usize = 30;
/// What a page may take.
const MOST_TIME: Duration = Duration::from_millis(50);
const MOST_BYTES: usize = 100_000;

struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// A hub with somebody signed in for each role.
struct World {
    hub: Hub,
    router: Router,
    member: String,
    desk: String,
    /// The first member.
    reporter: String,
}

/// One page: what it is called, who asks, the address.
type Page = (&'static str, bool, String);

fn main() {
    let indicators = std::env::args().find_map(|a| a.parse().ok()).unwrap_or(INDICATORS);
    let reports = REPORTS.min(indicators);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(async {
        let empty = World::new(&folder.path().join("empty")).await;
        let full = World::new(&folder.path().join("full")).await;
        let start = Instant::now();
        let (indicator, report) = full.fill(indicators, reports).await;
        println!(
            "filled with {indicators} indicators, {reports} released and {reports} filed reports \
             in {:.0} s",
            start.elapsed().as_secs_f64()
        );
        let start = Instant::now();
        drop(full.hub.shelf().headlines(false));
        println!("headlines of all reports: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        let deep = full.deep_page().await;
        let mut slow = Vec::new();
        println!(
            "{:<44} {:>9} {:>9} {:>9} {:>8} {:>8}",
            "page", "median", "slowest", "empty", "ratio", "bytes"
        );
        for (name, desk, path) in pages(&indicator, &report, &deep) {
            let (median, slowest, bytes) = full.ask(&path, desk, true).await;
            let (nothing, _, _) = empty.ask(&path, desk, false).await;
            println!(
                "{name:<44} {:>6.2} ms {:>6.2} ms {:>6.2} ms {:>8.1} {bytes:>8}",
                median.as_secs_f64() * 1e3,
                slowest.as_secs_f64() * 1e3,
                nothing.as_secs_f64() * 1e3,
                median.as_secs_f64() / nothing.as_secs_f64(),
            );
            if median > MOST_TIME || bytes > MOST_BYTES {
                slow.push(name);
            }
        }
        assert!(slow.is_empty(), "over 50 ms or 100 KB: {slow:?}");
    });
}

fn pages(indicator: &str, report: &str, deep: &str) -> Vec<Page> {
    let member = |name, path: &str| (name, false, path.to_owned());
    vec![
        member("feed", "/"),
        member("search: one address", "/?q=45.83.22.109"),
        member("search: part of a host, defanged", "/?q=cdn-777%5B.%5Dkuro"),
        member("search: two characters of Japanese", "/?q=%E9%9B%BB%E5%8A%9B"),
        member("search: one common character", "/?q=a"),
        member("search: several words", "/?q=cdn+net+9"),
        member("search: nothing there", "/?q=nothing-like-this"),
        member("filter: kind and state", "/?kind=sha256&state=current"),
        member("filter: nothing fits", "/?kind=mutex&tlp=clear&state=revoked"),
        member("filter: days", "/?since=2026-01-01&until=2026-12-31"),
        member("far back", deep),
        member("indicator", &format!("/objects/{indicator}")),
        member("report", &format!("/objects/{report}")),
        member("connect", "/connect"),
        member("situation", "/situation"),
        member("own reports", "/reports"),
        ("desk", true, "/desk".to_owned()),
        ("desk: services", true, "/desk/services".to_owned()),
    ]
}

impl World {
    async fn new(data: &Path) -> Self {
        std::fs::create_dir_all(data).expect("a folder");
        let mut config = Config::default();
        config.hub.data = data.to_owned();
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(2011));
        let hub = Hub::open(config, "", Arc::new(RealClock), entropy).await.expect("a hub");
        admin::publish_agreement(&hub, "bench", "text").await.expect("published");
        let mut members = Vec::new();
        for n in 0..60 {
            let sector = ["manufacturing", "energy", "transport"][n % 3];
            let new = NewMember {
                name_ja: format!("架空{n}"),
                name_en: format!("Kaku {n}"),
                label_path: vec![sector.to_owned()],
                weight: 1,
                ..NewMember::default()
            };
            members.push(admin::add_member(&hub, new).await.expect("added"));
        }
        let until = hub.now().plus_days(1);
        admin::sign_agreement(&hub, &members[0], "bench", until).await.expect("signed");
        hub.reload_policy().await.expect("reloaded");
        let texts: Vec<_> = OUTLET_TEXTS.iter().chain(HUB_TEXTS).copied().collect();
        let texts = Arc::new(Texts::new(&texts).expect("texts"));
        let app = App { hub: hub.clone(), texts };
        let config = OutletConfig::new(hub.key_pepper());
        let state =
            OutletState::beside_hub(hub.shelf().clone(), hub.clock(), config, app.hub_side())
                .expect("an outlet");
        let router = noroshi_outlet::router(state.clone()).merge(app::router(app));
        let router = noroshi_outlet::harden(router, &state);
        let member = cookie(&hub, Role::Member, Some(members[0].clone())).await;
        let desk = cookie(&hub, Role::Desk, None).await;
        let reporter = members.swap_remove(0);
        Self { hub, router, member, desk, reporter }
    }

    /// The median and slowest time until a page is there, and its bytes; `full` where it has to be.
    async fn ask(&self, path: &str, desk: bool, full: bool) -> (Duration, Duration, usize) {
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..ASKED + 3 {
            let cookie = if desk { &self.desk } else { &self.member };
            let request = Request::get(path)
                .header(header::COOKIE, cookie)
                .header(header::ACCEPT, "text/html")
                .header(header::ACCEPT_LANGUAGE, "ja");
            let request = request.body(Body::empty()).expect("a request");
            let start = Instant::now();
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            let status = answer.status();
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            times.push(start.elapsed());
            assert!(status.is_success() || (!full && status == 404), "{path}: {status}");
            bytes = body.len();
        }
        let mut times = times.split_off(3);
        times.sort_unstable();
        (times[times.len() / 2], times[times.len() - 1], bytes)
    }

    /// The address of a page in the middle of everything.
    async fn deep_page(&self) -> String {
        let mut path = "/".to_owned();
        for _ in 0..5 {
            let request = Request::get(&path).header(header::COOKIE, &self.member);
            let request = request.body(Body::empty()).expect("a request");
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            let body = answer.into_body().collect().await.expect("a body").to_bytes();
            let text = String::from_utf8_lossy(&body).into_owned();
            let Some(next) = text.split("<a href=\"").find(|p| p.contains("rel=\"next\"")) else {
                break;
            };
            path = next.split('"').next().unwrap_or("/").replace("&#38;", "&");
        }
        path
    }

    /// Fills shelf and vault; answers the id of an indicator and of a report.
    async fn fill(&self, indicators: usize, reports: usize) -> (String, String) {
        let (mut indicator, mut report) = (String::new(), String::new());
        let mut batch = Vec::new();
        for n in 0..indicators {
            let (id, object) = self.indicator(n);
            batch.push(object);
            indicator = id;
            if batch.len() == BATCH || n + 1 == indicators {
                self.publish("signals", std::mem::take(&mut batch)).await;
            }
        }
        for n in 0..reports {
            let (id, objects) = self.report(n);
            batch.extend(objects);
            report = id;
            if batch.len() >= BATCH || n + 1 == reports {
                self.publish("context", std::mem::take(&mut batch)).await;
            }
        }
        for n in 0..reports {
            let text =
                format!("C2 hxxp://c2.filed-{n}[.]example/x at 45.9.{}.{}", n / 200 % 200, n % 200);
            let part = Part {
                name: String::new(),
                media: "text/plain".to_owned(),
                bytes: text.into_bytes(),
            };
            let filed = Submission {
                parts: vec![part],
                idempotency: None,
                continues: None,
                reporter: None,
            };
            accept(&self.hub, &self.reporter, "bench", filed).await.expect("accepted");
        }
        (indicator, report)
    }

    fn indicator(&self, n: usize) -> (String, Vec<u8>) {
        let (a, b, c) = (n / 40_000 % 200, n / 200 % 200, n % 200);
        let (kind, value) = match n % 5 {
            0 => (Kind::Ipv4, format!("45.{a}.{b}.{c}")),
            1 => (Kind::Host, format!("cdn-{n}.kurokumo-{b}.net")),
            2 => (Kind::Url, format!("https://dl-{n}.kurokumo-{b}.net/up/check.php")),
            3 => (Kind::Sha256, format!("{:064x}", (n as u128) * 0x9e37_79b9_7f4a_7c15)),
            _ => (Kind::Email, format!("billing-{n}@kaiun-{b}.net")),
        };
        let now = self.hub.now();
        let id = StixId::random(ObjectType::INDICATOR, random_bytes(self.hub.entropy()));
        let object = emit(&IndicatorFacts {
            id: id.clone(),
            creator: self.hub.identity(),
            tick: now,
            valid_until: Some(now.plus_days(30)),
            observable: &Observable::parse(kind, &value).expect("a value"),
            confidence: if n.is_multiple_of(9) { 85 } else { 30 },
            tlp: Tlp::Green,
            created: now,
            revoked: false,
        });
        (id.to_string(), object)
    }

    fn report(&self, n: usize) -> (String, Vec<Vec<u8>>) {
        let id = |kind| {
            let kind = ObjectType::new(kind).expect("a type");
            StixId::random(kind, random_bytes(self.hub.entropy()))
        };
        let at = self.hub.now().plus_days(-i64::try_from(n % 170).unwrap_or(0));
        let object = |id: &StixId, more: Value| {
            let mut all = json!({
                "type": id.object_type(), "spec_version": "2.1", "id": id,
                "created_by_ref": self.hub.identity(), "created": at, "modified": at,
                "object_marking_refs": [Tlp::Green.stix_id()],
            });
            let more = more.as_object().cloned().unwrap_or_default();
            all.as_object_mut().expect("an object").extend(more);
            serde_json::to_vec(&all).expect("JSON")
        };
        let kind = ["ransomware", "phishing", "unauthorised access", "malware infection"][n % 4];
        let (sector, ja) =
            [("energy", "電力"), ("manufacturing", "製造"), ("transport", "鉄道")][n % 3];
        let title = format!("A member ({sector}) reported: {kind}");
        let (report, technique) = (id("report"), id("attack-pattern"));
        let words = json!({"ja": {"name": format!("会員({ja})からの報告"), "description": "攻撃。".repeat(20)}});
        let reference = json!({"source_name": "mitre-attack", "external_id": "T1566"});
        let objects = vec![
            object(&technique, json!({"name": "Phishing", "external_references": [reference]})),
            object(
                &report,
                json!({
                    "name": title, "description": format!("{title}. ").repeat(6),
                    "published": at, "report_types": ["threat-report"],
                    "object_refs": [technique],
                }),
            ),
            object(
                &id("language-content"),
                json!({"object_ref": report, "object_modified": at, "contents": words}),
            ),
        ];
        (report.to_string(), objects)
    }

    async fn publish(&self, collection: &str, objects: Vec<Vec<u8>>) {
        let leaves: Vec<_> = objects.iter().map(|o| leaf_hash(o)).collect();
        let id = random_bytes(self.hub.entropy());
        let tick = self.hub.now().as_micros();
        let head = BatchHead::over(id, collection, tick, &leaves, [0; 32]).expect("a head");
        let objects = objects.into_iter().map(|bytes| ReleasedObject { bytes }).collect();
        let batch = SignedBatch { head: head.sign(self.hub.signing_key()), objects };
        self.hub.shelf().publish(batch).await.expect("published");
    }
}

/// The cookie of somebody who has just signed in.
async fn cookie(hub: &Hub, role: Role, member: Option<String>) -> String {
    let new = NewAccount { role, member, name: "bench".to_owned() };
    let account = admin::add_account(hub, new).await.expect("an account");
    let link = admin::sign_in_link(hub, &account).await.expect("a link");
    let token = link.rsplit('/').next().and_then(|t| Token::parse(t).ok()).expect("a token");
    let session = use_link(hub, &token).await.expect("used").expect("a session");
    format!("noroshi={}", session.token.expose().as_str())
}
