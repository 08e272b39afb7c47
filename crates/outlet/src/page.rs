//! Pages for people: the live feed, one object, how to connect tools. They work without script;
//! with it, new releases are announced by themselves and values are copied with one press.

mod connect;
mod feed;
mod filter;
mod graph;
mod moment;
mod object;
mod refused;
mod related;
mod row;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::i18n::{Locale, Speech};
use crate::problem::Problem;
use crate::reader::{Chrome, NavLink};
use crate::state::OutletState;

pub(crate) use connect::show as connect;
pub(crate) use feed::show;
pub(crate) use filter::Filter;
pub(crate) use object::show as object;
pub(crate) use refused::sign_in_first;
pub(crate) use row::Looked;

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
    pub(crate) feed_css: String,
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
        // The same page, filters and all, in the other language.
        let kept: String = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="))
            .map(|pair| format!("&{pair}"))
            .collect();
        let languages = Locale::ALL.into_iter().map(|l| Language {
            tag: l.tag(),
            name: l.name(),
            current: l == locale,
            href: format!("{}?lang={}{kept}", uri.path(), l.tag()),
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
            feed_css: assets::address("feed.css"),
            js: assets::address("outlet.js"),
            icon: assets::address("icon.svg"),
        }
    }
}

/// The answer of a page: for this reader alone, in the language it chose.
pub(crate) fn answer(
    status: StatusCode,
    page: &impl Template,
    uri: &Uri,
) -> Result<Response, Problem> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::internal()
    })?;
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie"));
    if let Some(chosen) = Locale::chosen(uri.query())
        && let Ok(cookie) = HeaderValue::from_str(&chosen.set_cookie())
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
