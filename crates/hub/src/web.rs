//! Pages for people: plain HTML from the server, complete without any script, in Japanese and
//! English.
//!
//! A handler takes a [`visit::Visit`] (who asks, in which language), reads what it needs from the
//! same functions as the API, and shows one template inside the [`frame`].

pub(crate) mod answers;
mod assets;
pub(crate) mod authority;
pub(crate) mod desk;
pub(crate) mod direct;
pub(crate) mod duties;
pub(crate) mod filings;
pub(crate) mod flags;
mod frame;
mod look;
pub(crate) mod mailbox;
pub(crate) mod names;
pub(crate) mod operator;
mod outlook;
mod readers;
pub(crate) mod report;
pub(crate) mod sign_in;
mod small_form;
mod times;
mod trouble;
mod visit;
pub(crate) mod words;

use axum::extract::Request;
use axum::response::Response;
use noroshi_outlet::i18n::Locale;

use crate::access::Principal;
use crate::app::App;
use crate::error::HubError;

pub(crate) use assets::read as asset;
pub use readers::Readers;
use visit::Visit;

/// The hub's own texts.
pub const HUB_TEXTS: &[(Locale, &str)] = &[
    (Locale::En, include_str!("../locales/en/hub.ftl")),
    (Locale::En, include_str!("../locales/en/case.ftl")),
    (Locale::Ja, include_str!("../locales/ja/hub.ftl")),
    (Locale::Ja, include_str!("../locales/ja/case.ftl")),
    (Locale::En, include_str!("../locales/en/mailbox.ftl")),
    (Locale::Ja, include_str!("../locales/ja/mailbox.ftl")),
    (Locale::En, include_str!("../locales/en/desk.ftl")),
    (Locale::Ja, include_str!("../locales/ja/desk.ftl")),
];

/// The page that answers what is refused before a handler runs. It says what to do.
pub(crate) fn refusal(app: &App, request: &Request, error: &HubError) -> Response {
    let who = request.extensions().get::<Principal>().cloned().unwrap_or(Principal::Anonymous);
    Visit::new(app.clone(), who, request.uri(), request.headers()).refuse(error)
}
