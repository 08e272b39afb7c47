//! A whole hub in memory of one test: two members, a desk, an operator, a browser.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, NewAccount, NewMember};
use noroshi_hub::app::{self, App};
use noroshi_hub::config::Config;
use noroshi_hub::{HUB_TEXTS, Hub};
use noroshi_outlet::i18n::{OUTLET_TEXTS, Texts};
use noroshi_outlet::{ManualClock, OutletConfig, OutletState};
use noroshi_seal::SeededEntropy;
use noroshi_stix::Timestamp;
use tower::ServiceExt;

/// A hub and what tests need of it.
pub(crate) struct World {
    pub(crate) hub: Hub,
    pub(crate) router: Router,
    pub(crate) clock: Arc<ManualClock>,
    /// Two members that signed, then one that did not.
    pub(crate) members: Vec<String>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Where it sends the browser.
    pub(crate) fn place(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

/// A browser: one cookie, one language.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: String,
    language: &'static str,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::at("http://127.0.0.1:8844").await
    }

    pub(crate) async fn at(public_url: &str) -> Self {
        Self::with(public_url, false).await
    }

    /// A hub whose TLP:CLEAR part anybody may read.
    pub(crate) async fn public() -> Self {
        Self::with("http://127.0.0.1:8844", true).await
    }

    async fn with(public_url: &str, public_clear: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.hub.data = folder.path().to_owned();
        config.hub.public_url = public_url.to_owned();
        config.outlet.public_clear = public_clear;
        let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(now));
        let entropy = Arc::new(SeededEntropy::new(7));
        let hub = Hub::open(config, "", clock.clone(), entropy).await.unwrap();
        admin::publish_agreement(&hub, "2026-10", "Share and be shared with.").await.unwrap();
        let mut members = Vec::new();
        for (ja, en, domain) in [
            ("架空重工業株式会社", "Kaku Heavy Industries", "kaku-heavy.co.jp"),
            ("架空電機株式会社", "Kaku Electric", "kaku-electric.co.jp"),
            ("架空鉄道株式会社", "Kaku Railway", "kaku-railway.co.jp"),
            // With fewer than six no label would be safe.
            ("架空瓦斯株式会社", "Kaku Gas", "kaku-gas.co.jp"),
            ("架空水道株式会社", "Kaku Water", "kaku-water.co.jp"),
            ("架空港湾株式会社", "Kaku Port", "kaku-port.co.jp"),
        ] {
            let new = NewMember {
                name_ja: ja.to_owned(),
                name_en: en.to_owned(),
                label_path: vec!["manufacturing".into(), "heavy".into(), "kaku".into()],
                weight: 1,
                domains: vec![noroshi_stix::DomainName::parse(domain).unwrap()],
                ..NewMember::default()
            };
            members.push(admin::add_member(&hub, new).await.unwrap());
        }
        for member in &members[..2] {
            admin::sign_agreement(&hub, member, "Signer", now.plus_days(365)).await.unwrap();
        }
        hub.reload_policy().await.unwrap();
        let texts: Vec<_> = OUTLET_TEXTS.iter().chain(HUB_TEXTS).copied().collect();
        let app = App { hub: hub.clone(), texts: Arc::new(Texts::new(&texts).unwrap()) };
        let side = app.hub_side();
        let mut config = OutletConfig::new(hub.key_pepper());
        config.max_body = hub.config().limits.report_bytes + 1024 * 1024;
        config.own_limits = app::OWN_LIMITS;
        config.public_clear = public_clear;
        let state =
            OutletState::beside_hub(hub.shelf().clone(), hub.clock(), config, side).unwrap();
        let router = noroshi_outlet::router(state.clone()).merge(app::router(app));
        let router = noroshi_outlet::harden(router, &state);
        Self { hub, router, clock, members, _folder: folder }
    }

    /// A fresh sign-in link for somebody, without its scheme and host.
    pub(crate) async fn link(&self, role: Role, member: Option<usize>) -> String {
        let member = member.map(|m| self.members[m].clone());
        let name = format!("{} person", role.as_str());
        let new = NewAccount { role, member, name };
        let account = admin::add_account(&self.hub, new).await.unwrap();
        let link = admin::sign_in_link(&self.hub, &account).await.unwrap();
        link[self.hub.config().public_url().len()..].to_owned()
    }

    /// Somebody who is not signed in.
    pub(crate) fn visitor(&self, language: &'static str) -> Browser {
        Browser { router: self.router.clone(), cookie: String::new(), language }
    }

    /// Somebody of the first member who is signed in.
    pub(crate) async fn member(&self) -> Browser {
        self.signed_in(Role::Member, Some(0), "en").await
    }

    pub(crate) async fn signed_in(
        &self,
        role: Role,
        member: Option<usize>,
        language: &'static str,
    ) -> Browser {
        let mut browser = self.visitor(language);
        let link = self.link(role, member).await;
        let answer = browser.post(&link, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser.take_cookie(&answer);
        browser
    }
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts a form of buttons.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.to_owned())).await
    }

    /// Posts a form with files: (name, file name, value).
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, file, value) in fields {
            let file = match *file {
                "" => String::new(),
                file => format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"),
            };
            body += &format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
            );
        }
        body += "--b--\r\n";
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        self.send(request, Body::from(body)).await
    }

    /// Takes the session cookie of an answer.
    pub(crate) fn take_cookie(&mut self, answer: &Answer) {
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
        let pairs = cookies.filter_map(|v| v.to_str().ok()?.split(';').next());
        let mut session = pairs.filter(|p| p.contains("noroshi=")).map(str::to_owned);
        self.cookie = session.next_back().unwrap_or_default();
    }

    /// The anti-forgery token of this session.
    pub(crate) async fn csrf(&self) -> String {
        let page = self.get("/home").await;
        let page = self.get(page.place()).await;
        between(&page.body, "name=\"_csrf\" value=\"", "\"").to_owned()
    }

    /// The anti-forgery token in the forms of a page.
    pub(crate) async fn csrf_of(&self, path: &str) -> String {
        let page = self.get(path).await;
        between(&page.body, "name=\"_csrf\" value=\"", "\"").to_owned()
    }

    /// The status of a page alone; an open stream has no end to be read to.
    pub(crate) async fn status(&self, path: &str) -> StatusCode {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .body(body)
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

/// The text between two markers; empty where the first is not there.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let Some((_, rest)) = text.split_once(start) else { return "" };
    rest.split_once(end).map_or("", |(inner, _)| inner)
}
