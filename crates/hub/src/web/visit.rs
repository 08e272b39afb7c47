//! One visit of a page: who asks, in which language, and how the answer goes out.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use noroshi_anonymity::Language;
use noroshi_outlet::i18n::{Locale, Speech, Value};

use super::frame::Frame;
use super::next::Next;
use super::{times, trouble};
use crate::access::{Principal, SECURE_COOKIE, session_cookie};
use crate::app::App;
use crate::error::HubError;

/// Everything from here, nothing inline, forms to ourselves only.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// One visit of a page.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) who: Principal,
    pub(crate) say: Speech,
    path: String,
    /// The zone the visitor reads dates in, where they chose one.
    pub(super) zone: Option<jiff::tz::TimeZone>,
    /// Whether the page says that a change was kept.
    saved: bool,
    /// Where to go on after signing in.
    pub(super) next: Option<Next>,
    /// The language the visitor has just chosen, to be remembered.
    chosen: Option<Locale>,
}

impl Visit {
    pub(super) fn new(app: App, who: Principal, uri: &Uri, headers: &HeaderMap) -> Self {
        let say = app.texts.speak(Locale::negotiate(uri.query(), headers));
        let chosen = Locale::chosen(uri.query());
        let zone = who.session().and_then(|s| s.zone.as_deref()).and_then(times::zone);
        let next = Next::of_query(uri.query());
        let saved = uri.query().is_some_and(|q| q.split('&').any(|p| p == "saved=1"));
        Self { app, who, say, path: uri.path().to_owned(), zone, saved, next, chosen }
    }

    /// Whether the visitor reads Japanese.
    pub(super) fn japanese(&self) -> bool {
        self.say.locale() == Locale::Ja
    }

    /// The language of the vocabulary and of reasons.
    pub(super) fn language(&self) -> Language {
        if self.japanese() { Language::Ja } else { Language::En }
    }

    /// The text of this key.
    pub(super) fn t(&self, key: &str) -> String {
        self.say.t(key)
    }

    /// A text with one number in it.
    pub(super) fn count(&self, key: &str, count: usize) -> String {
        self.say.with(key, &[("count", Value::from(count))])
    }

    /// Whether the page is shown after a change that was kept.
    pub(super) fn saved(&self) -> bool {
        self.saved
    }

    /// What stands around the page of this title.
    pub(super) fn frame(&self, title: String) -> Frame {
        Frame::new(&self.say, &self.who, &self.path, title)
    }

    /// The value every form of this session carries.
    pub(super) fn csrf(&self) -> String {
        self.who.session().map(|s| s.csrf.clone()).unwrap_or_default()
    }

    /// The page of a template.
    pub(super) fn show(&self, status: StatusCode, page: &impl Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return noroshi_outlet::problem::Problem::internal().into_response();
            }
        };
        let mut response = (status, Html(html)).into_response();
        const ALWAYS: [(HeaderName, &str); 4] = [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::CACHE_CONTROL, "private, no-store"),
            (header::VARY, "Accept-Language, Cookie"),
            // With "no-referrer" browsers send forms with `Origin: null`, which is refused; this
            // way the origin goes to ourselves and to nobody else.
            (header::REFERRER_POLICY, "same-origin"),
        ];
        for (name, value) in ALWAYS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(cookie) = self.chosen.and_then(|l| HeaderValue::from_str(&l.set_cookie()).ok())
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The page of a failure.
    pub(super) fn refuse(&self, error: &HubError) -> Response {
        trouble::page(self, error)
    }

    /// Shows a page or, where it failed, what to do about it.
    pub(super) fn answer(&self, result: Result<Response, HubError>) -> Response {
        result.unwrap_or_else(|e| self.refuse(&e))
    }

    /// Name and attributes of the session cookie at the address people use.
    pub(super) fn cookie(&self, value: &str, seconds: i64) -> String {
        self.cookie_named("", value, seconds)
    }

    /// The same for a cookie whose name has `suffix` after the session's.
    pub(super) fn cookie_named(&self, suffix: &str, value: &str, seconds: i64) -> String {
        let name = session_cookie(&self.app.hub);
        let end = if name == SECURE_COOKIE { "; Secure" } else { "" };
        format!("{name}{suffix}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{end}")
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let who = parts.extensions.get::<Principal>().cloned().unwrap_or(Principal::Anonymous);
        Ok(Self::new(app.clone(), who, &parts.uri, &parts.headers))
    }
}
