//! The public page: what noroshi is, the live feed, what to do next.
//!
//! It works without script; with it, new releases appear by themselves.

use askama::Template;
use axum::Extension;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use noroshi_seal::ClientCertificate;
use noroshi_stix::{Kind, Timestamp, Tlp};

use crate::assets;
use crate::collection::Collection;
use crate::i18n::{Locale, Speech, kind_label};
use crate::problem::Problem;
use crate::reader::{self, Chrome, NavLink, Scope};
use crate::release::Release;
use crate::state::OutletState;

/// How many releases the page shows.
const SHOWN: usize = 50;

/// The policy of our pages: everything from here, nothing inline.
pub(crate) const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// What every page has around its content.
pub(crate) struct Frame {
    pub(crate) say: Speech,
    pub(crate) title: String,
    pub(crate) nav: Vec<NavLink>,
    pub(crate) report: Option<String>,
    pub(crate) sign_in: Option<String>,
    pub(crate) languages: Vec<Language>,
    /// Scheme and host under which the reader reaches this server.
    pub(crate) origin: String,
    pub(crate) css: String,
    pub(crate) js: String,
    pub(crate) icon: String,
}

/// One language of the switch.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    pub(crate) name: &'static str,
    pub(crate) current: bool,
    pub(crate) href: String,
}

impl Frame {
    pub(crate) fn new(
        state: &OutletState,
        locale: Locale,
        chrome: Chrome,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Self {
        let languages = Locale::ALL.into_iter().map(|l| Language {
            tag: l.tag(),
            name: l.name(),
            current: l == locale,
            href: format!("{}?lang={}", uri.path(), l.tag()),
        });
        Self {
            say: state.0.texts.speak(locale),
            title: state.0.config.title.clone(),
            nav: chrome.nav,
            report: chrome.report,
            sign_in: chrome.sign_in,
            languages: languages.collect(),
            origin: state.public_url(headers),
            css: assets::address("outlet.css"),
            js: assets::address("outlet.js"),
            icon: assets::address("icon.svg"),
        }
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    frame: Frame,
    feed: Feed,
    rows: Vec<Row>,
    kinds: Vec<(&'static str, String)>,
    discovery: String,
    verified: u64,
    newest: Option<String>,
}

/// What of the feed this visitor sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Feed {
    /// All of it.
    All,
    /// What is marked TLP:CLEAR.
    Clear,
    /// Nothing: this outlet has no public part.
    Closed,
}

/// One line of the feed.
struct Row {
    action: &'static str,
    action_label: String,
    kind_label: String,
    value: String,
    tlp: &'static str,
    tlp_class: &'static str,
    /// For machines.
    time: String,
    /// For people.
    shown_time: String,
}

/// `GET /`
pub(crate) async fn show(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    certificate: Option<Extension<ClientCertificate>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let locale = Locale::negotiate(uri.query(), &headers);
    let certificate = certificate.map(|Extension(c)| c);
    let feed = match reader::identify(&state, &headers, certificate.as_ref()).await?.releases {
        Scope::All => Feed::All,
        Scope::Clear => Feed::Clear,
        Scope::Nothing => Feed::Closed,
    };
    let chrome = state.0.readers.chrome(&headers, locale).await;
    let frame = Frame::new(&state, locale, chrome, &uri, &headers);
    let releases = state.0.shelf.latest(SHOWN, |r| match feed {
        Feed::All => is_shown(r),
        Feed::Clear => is_shown(r) && r.tlp == Tlp::Clear,
        Feed::Closed => false,
    });
    let health = state.0.shelf.health();
    let page = Page {
        rows: releases.iter().map(|r| row(r, &frame.say)).collect(),
        kinds: Kind::ALL.iter().map(|k| (k.as_str(), kind_label(*k, &frame.say))).collect(),
        discovery: format!("{}/taxii2/", frame.origin),
        verified: health.releases,
        newest: (health.newest_tick > 0).then(|| people_time(health.newest_tick)),
        frame,
        feed,
    };
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "the page could not be rendered");
        Problem::internal()
    })?;
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    remember_language(&mut response, &uri);
    Ok(response)
}

/// Sets the cookie of the language that this request chose, if it did.
pub(crate) fn remember_language(response: &mut Response, uri: &Uri) {
    if let Some(chosen) = Locale::chosen(uri.query())
        && let Ok(cookie) = HeaderValue::from_str(&chosen.set_cookie())
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

/// The hub's own identity and marking definitions are no news to people.
fn is_shown(release: &Release) -> bool {
    !matches!(release.object_type.as_str(), "identity" | "marking-definition")
}

fn row(release: &Release, say: &Speech) -> Row {
    let (kind_label, value) = match &release.shown {
        Some((kind, value)) => (kind_label(*kind, say), defang(*kind, value)),
        None if release.collection == Collection::Context => {
            (say.t("kind-context"), title(release))
        }
        None if release.object_type == "vulnerability" => (say.t("kind-cve"), title(release)),
        None => (release.object_type.clone(), title(release)),
    };
    Row {
        action: release.action.as_str(),
        action_label: match release.action.as_str() {
            "create" => say.t("action-create"),
            "update" => say.t("action-update"),
            _ => say.t("action-revoke"),
        },
        kind_label,
        value,
        tlp: release.tlp.label(),
        tlp_class: tlp_class(release.tlp),
        time: Timestamp::from_micros(release.version).to_string(),
        shown_time: people_time(release.version),
    }
}

/// The name of an object that has no pattern of ours, such as a vulnerability.
fn title(release: &Release) -> String {
    let object: serde_json::Value = serde_json::from_slice(&release.json).unwrap_or_default();
    let name = object.get("name").and_then(serde_json::Value::as_str).unwrap_or(&release.id);
    name.chars().take(200).collect()
}

/// Makes a value unclickable and unresolvable, so that nobody visits it from the page.
fn defang(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Ipv4 | Kind::Domain | Kind::Host => value.replace('.', "[.]"),
        Kind::Ipv6 => value.replacen(':', "[:]", 1),
        Kind::Email => value.replace('@', "[@]").replace('.', "[.]"),
        Kind::Url => {
            value.replacen("http", "hxxp", 1).replacen("ftp", "fxp", 1).replace('.', "[.]")
        }
        _ => value.to_owned(),
    }
}

fn tlp_class(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "tlp clear",
        Tlp::Green => "tlp green",
        Tlp::Amber | Tlp::AmberStrict => "tlp amber",
        Tlp::Red => "tlp red",
    }
}

/// Date and time to the second, in UTC.
fn people_time(micros: i64) -> String {
    let text = Timestamp::from_micros(micros).to_string();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {} UTC", time.get(..8).unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_on_the_page_can_be_followed() {
        assert_eq!(defang(Kind::Ipv4, "198.51.100.7"), "198[.]51[.]100[.]7");
        assert_eq!(defang(Kind::Url, "https://a.example/x.html"), "hxxps://a[.]example/x[.]html");
        assert_eq!(defang(Kind::Email, "a@b.example"), "a[@]b[.]example");
        assert_eq!(defang(Kind::Ipv6, "2001:db8::7"), "2001[:]db8::7");
    }

    #[test]
    fn times_are_for_people() {
        assert_eq!(people_time(0), "1970-01-01 00:00:00 UTC");
    }
}
