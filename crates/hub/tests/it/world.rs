//! Actors: a hub with its outlet, members with keys, the desk, and nobody in particular.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use noroshi_hub::access::{Role, use_link};
use noroshi_hub::admin::{self, KeyWish, NewAccount, NewMember};
use noroshi_hub::app::{self, App};
use noroshi_hub::config::Config;
use noroshi_hub::{HUB_TEXTS, Hub, context, tick};
use noroshi_outlet::i18n::{OUTLET_TEXTS, Texts};
use noroshi_outlet::problem::Problem;
use noroshi_outlet::{
    Caller, Clock, HubSide, ManualClock, OutletConfig, OutletState, PostedEnvelope,
};
use noroshi_seal::{ApiKey, ClientCertificate, SeededEntropy, Token};
use noroshi_stix::taxii::Status;
use noroshi_stix::{DomainName, Timestamp};
use serde_json::Value;
use tower::ServiceExt;

use crate::place::Place;

/// 2026-11-23T03:00:00Z.
pub(crate) const START: i64 = 1_795_402_800_000_000;
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
pub(crate) const TICK: i64 = 10 * SECOND;
pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
pub(crate) const OBJECTS: &str = "/taxii2/noroshi/collections/signals/objects/";
pub(crate) const CONTEXTS: &str = "/taxii2/noroshi/collections/context/objects/";

/// A hub and its outlet on one router, as `noroshi hub` serves them.
pub(crate) struct World {
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: Router,
    /// What the outlet was given of the hub.
    pub(crate) side: HubSide,
    pub(crate) texts: Arc<Texts>,
}

/// A member of the world.
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) key: ApiKey,
    /// Reports and reads with its key.
    pub(crate) actor: Actor,
}

/// Somebody who sends requests.
#[derive(Clone)]
pub(crate) struct Actor {
    app: Router,
    headers: Vec<(&'static str, String)>,
    /// What the TLS handshake proved.
    certificate: Option<ClientCertificate>,
}

impl World {
    pub(crate) async fn new(place: &Place) -> Self {
        Self::with(place, |_| {}).await
    }

    pub(crate) async fn with(place: &Place, change: impl FnOnce(&mut Config)) -> Self {
        Self::opened(place, Timestamp::from_micros(START + 1_234_567), change).await
    }

    /// Opens it at another moment.
    pub(crate) async fn at(place: &Place, now: Timestamp) -> Self {
        Self::opened(place, now, |_| {}).await
    }

    async fn opened(place: &Place, now: Timestamp, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.hub.data = place.folder.path().join("data");
        config.hub.vault = place.vault.clone();
        config.hub.shelf = place.shelf.clone();
        change(&mut config);
        let clock = Arc::new(ManualClock::new(now));
        let shown: Arc<dyn Clock> = clock.clone();
        // Another seed for each opening, as the operating system would give other bytes.
        static SEED: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let seed = SEED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let entropy = Arc::new(SeededEntropy::new(seed));
        let hub = Hub::open(config, "", shown, entropy).await.unwrap();
        let (app, side) = router(&hub);
        if admin::list_agreements(&hub).await.unwrap().0.is_empty() {
            admin::publish_agreement(&hub, "2026-10", "You share, you use, you keep it inside.")
                .await
                .unwrap();
        }
        let files: Vec<_> = OUTLET_TEXTS.iter().chain(HUB_TEXTS).copied().collect();
        let texts = Arc::new(Texts::new(&files).unwrap());
        Self { hub, clock, app, side, texts }
    }

    /// A member with a signature for a year and a key that reads and reports.
    pub(crate) async fn member(&self, name: &str) -> Member {
        let domain = format!("{}.example.jp", name.to_ascii_lowercase().replace(' ', "-"));
        let new = NewMember {
            name_ja: format!("株式会社{name}"),
            name_en: format!("{name} Corporation"),
            label_path: ["Industry", "Manufacturing", "Machines"].map(str::to_owned).to_vec(),
            weight: 1,
            domains: vec![DomainName::parse(&domain).unwrap()],
            ..NewMember::default()
        };
        self.member_with(new).await
    }

    pub(crate) async fn member_with(&self, new: NewMember) -> Member {
        let id = admin::add_member(&self.hub, new).await.unwrap();
        let until = self.hub.now().plus_days(365);
        admin::sign_agreement(&self.hub, &id, "a signer", until).await.unwrap();
        let key = self.key(&id, true, 365).await;
        self.hub.reload_policy().await.unwrap();
        Member { actor: self.with_key(&key), id, key }
    }

    /// So many more members of one kind: with fewer than six no label is safe at all.
    pub(crate) async fn crowd(&self, count: usize) {
        for i in 0..count {
            self.member(&format!("Crowd{i}")).await;
        }
    }

    pub(crate) async fn key(&self, member: &str, may_report: bool, days: u32) -> ApiKey {
        let wish = KeyWish { label: "kure-siem-key".to_owned(), may_read: true, may_report, days };
        admin::create_key(&self.hub, member, &wish).await.unwrap()
    }

    pub(crate) fn with_key(&self, key: &ApiKey) -> Actor {
        self.actor(vec![("authorization", format!("Bearer {}", key.expose()))])
    }

    pub(crate) fn anonymous(&self) -> Actor {
        self.actor(Vec::new())
    }

    pub(crate) fn actor(&self, headers: Vec<(&'static str, String)>) -> Actor {
        Actor { app: self.app.clone(), headers, certificate: None }
    }

    pub(crate) fn with_certificate(&self, certificate: ClientCertificate) -> Actor {
        self.anonymous().showing(certificate)
    }

    /// Posts objects to the inbox, as the outlet does for a client that sends this key.
    pub(crate) async fn post(&self, key: &ApiKey, body: &str) -> Result<Status, Problem> {
        self.post_with(&bearer(key), None, body).await
    }

    pub(crate) async fn post_with(
        &self,
        headers: &HeaderMap,
        certificate: Option<&ClientCertificate>,
        body: &str,
    ) -> Result<Status, Problem> {
        let envelope = PostedEnvelope::parse(body.to_owned().into()).unwrap();
        let status = self.side.inbox.post(Caller { headers, certificate }, envelope).await?;
        let (taken, refused) = (status.success_count, status.failure_count);
        assert_eq!(status.total_count, taken + refused, "{status:?}");
        assert_eq!(status.successes.len() as u64, taken.min(10_000), "{status:?}");
        Ok(status)
    }

    /// Asks for a status with this key.
    pub(crate) async fn ask(&self, key: &ApiKey, id: &str) -> Option<Status> {
        let headers = bearer(key);
        let caller = Caller { headers: &headers, certificate: None };
        self.side.inbox.status(caller, id).await.unwrap()
    }

    pub(crate) async fn desk(&self) -> Actor {
        self.person(Role::Desk, None).await
    }

    /// Somebody who signs in with a one-time link.
    pub(crate) async fn person(&self, role: Role, member: Option<&str>) -> Actor {
        let new = NewAccount { role, member: member.map(str::to_owned), name: "A B".to_owned() };
        let account = admin::add_account(&self.hub, new).await.unwrap();
        let link = admin::sign_in_link(&self.hub, &account).await.unwrap();
        let token = Token::parse(link.rsplit('/').next().unwrap()).unwrap();
        let session = use_link(&self.hub, &token).await.unwrap().unwrap();
        self.actor(vec![
            ("cookie", format!("noroshi={}", session.token.expose().as_str())),
            ("x-csrf-token", session.csrf),
        ])
    }

    /// Lets the time of one tick pass and runs it.
    pub(crate) async fn tick(&self) -> tick::Ticked {
        self.clock.advance(TICK);
        let done = tick::tick(&self.hub).await.unwrap();
        context::release_due(&self.hub).await.unwrap();
        done
    }

    /// Lets `micros` pass, then runs a tick.
    pub(crate) async fn later(&self, micros: i64) -> tick::Ticked {
        self.clock.advance(micros);
        self.tick().await
    }

    /// How many rows every table of the vault has, but the hub's own counters.
    pub(crate) async fn rows(&self) -> Vec<(&'static str, i64)> {
        let count = |tx: &mut noroshi_store::Tx<'_>| {
            TABLES
                .iter()
                .map(|(t, sql)| Ok((*t, tx.query_one(sql, &[], |r| r.int(0))?.unwrap())))
                .collect()
        };
        self.hub.vault().read("test.rows", count).await.unwrap()
    }
}

macro_rules! tables {
    ($($table:literal),* $(,)?) => {
        const TABLES: &[(&str, &str)] = &[$(($table, concat!("SELECT COUNT(*) FROM ", $table))),*];
    };
}
tables![
    "report",
    "report_original",
    "report_item",
    "report_drop",
    "report_draft",
    "report_draft_file",
    "indicator",
    "outbox",
    "audit",
    "session",
    "sign_in_link",
    "api_key",
    "member",
    "partner",
    "partner_key",
    "inbox_status",
    "publicity_flag",
    "context_offer",
    "context_release",
    "published_label",
    "case_candidates",
    "direct_release",
    "document",
    "case_answers",
    "case_event",
    "member_duty_profile",
    "authority",
    "authority_account",
    "filing",
    "filing_event",
    "receipt_day",
    "reporter_key",
    "mail_item",
    "desk_question",
    "filing_copy",
    "reminder_setting",
    "reminder",
    "reminder_message",
    "service_status",
    "desk_report",
    "desk_work",
    "desk_trait",
    "desk_look",
    "campaign",
    "campaign_report",
];

/// As `noroshi hub` puts it together.
fn router(hub: &Hub) -> (Router, HubSide) {
    let files: Vec<_> = OUTLET_TEXTS.iter().chain(HUB_TEXTS).copied().collect();
    let hub_app = App { hub: hub.clone(), texts: Arc::new(Texts::new(&files).unwrap()) };
    let mut config = OutletConfig::new(hub.key_pepper());
    config.public_url = Some(hub.config().public_url());
    config.public_clear = hub.config().outlet.public_clear;
    config.max_body = hub.config().limits.report_bytes + 1024 * 1024;
    config.own_limits = app::OWN_LIMITS;
    // Debug builds on a busy machine are slow; a time-out here would say nothing about the hub.
    config.timeout = std::time::Duration::from_secs(300);
    let metrics = hub.clone();
    config.more_metrics = Some(Arc::new(move || metrics.metrics().to_text()));
    let side = hub_app.hub_side();
    let (shelf, clock) = (hub.shelf().clone(), hub.clock());
    let state = OutletState::beside_hub(shelf, clock, config, side.clone()).unwrap();
    let router = noroshi_outlet::router(state.clone()).merge(app::router(hub_app));
    (noroshi_outlet::harden(router, &state), side)
}

/// The headers of a client that sends this key.
pub(crate) fn bearer(key: &ApiKey) -> HeaderMap {
    let value = format!("Bearer {}", key.expose()).parse().unwrap();
    HeaderMap::from_iter([(header::AUTHORIZATION, value)])
}

impl Actor {
    /// The same over a connection with this certificate.
    pub(crate) fn showing(&self, certificate: ClientCertificate) -> Actor {
        Actor { certificate: Some(certificate), ..self.clone() }
    }

    /// A header it sends.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let accept = if path.starts_with("/taxii2") { TAXII } else { "*/*" };
        self.send(Method::GET, path, &[("accept", accept)], Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, media: &str, body: impl Into<Body>) -> Answer {
        self.send(Method::POST, path, &[("content-type", media)], body.into()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", body.to_string()).await
    }

    pub(crate) async fn put_json(&self, path: &str, body: &Value) -> Answer {
        let media = [("content-type", "application/json")];
        self.send(Method::PUT, path, &media, body.to_string().into()).await
    }

    /// Files plain text as a report.
    pub(crate) async fn report_text(&self, text: &str) -> Answer {
        self.post(REPORTS, "text/plain", text.to_owned()).await
    }

    /// Files a native report with these fields beside `schema`.
    pub(crate) async fn report(&self, mut fields: Value) -> Answer {
        fields["schema"] = "noroshi-report/1".into();
        self.post_json(REPORTS, &fields).await
    }

    /// The status alone, for answers that never end.
    pub(crate) async fn status(&self, method: Method, path: &str) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().extend(self.extensions());
        self.app.clone().oneshot(request).await.unwrap().status().as_u16()
    }

    /// Listens to the stream from now on; what it hears is in the answer.
    pub(crate) async fn listen(&self) -> Arc<std::sync::Mutex<Vec<u8>>> {
        let mut request = Request::builder().uri("/stream");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response =
            self.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (mut body, into) = (response.into_body(), Arc::clone(&heard));
        tokio::spawn(async move {
            while let Some(Ok(frame)) = body.frame().await {
                if let Ok(data) = frame.into_data() {
                    into.lock().unwrap().extend_from_slice(&data);
                }
            }
        });
        heard
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().extend(self.extensions());
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What the TLS listener adds to each request.
    fn extensions(&self) -> axum::http::Extensions {
        let mut extensions = axum::http::Extensions::new();
        self.certificate.map(|c| extensions.insert(c));
        extensions
    }

    /// Everything in a collection, every version.
    pub(crate) async fn objects(&self, collection: &str) -> Vec<Value> {
        let answer = self.get(&format!("{collection}?match[version]=all&limit=10000")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["objects"].as_array().cloned().unwrap_or_default()
    }

    /// Versions of the indicators whose pattern holds `value`, oldest first.
    pub(crate) async fn indicators(&self, value: &str) -> Vec<Value> {
        let quoted = format!("'{value}'");
        let mut found = self.objects(OBJECTS).await;
        found.retain(|o| o["pattern"].as_str().is_some_and(|p| p.contains(&quoted)));
        found
    }

    /// One block list as lines.
    pub(crate) async fn feed(&self, list: &str) -> Vec<String> {
        let answer = self.get(&format!("/feeds/{list}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.text().lines().filter(|l| !l.starts_with('#')).map(str::to_owned).collect()
    }
}

pub(crate) const REPORTS: &str = "/api/v1/reports";

/// A whole response.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn code(&self) -> String {
        let json = self.json();
        let code = json.get("code").or_else(|| json.get("error_code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The id of a report that was just filed.
    pub(crate) fn accepted(&self) -> String {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text());
        self.json()["id"].as_str().unwrap().to_owned()
    }

    /// Panics unless this is problem+json of `status` with a stable code and a sentence.
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code().as_str()), (status, code), "{}", self.text());
        let media = self.headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap();
        assert!(media.starts_with("application/problem+json"), "{media}");
        let json = self.json();
        let detail = json["detail"].as_str().unwrap_or_default();
        assert!(detail.len() > 20 && detail.ends_with('.'), "not a sentence: {detail:?}");
        assert_eq!(json["status"], u64::from(status), "{json}");
    }
}
