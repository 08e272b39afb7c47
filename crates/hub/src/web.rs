//! Pages for people: plain HTML from the server, complete without any script, in Japanese and
//! English.
//!
//! A handler takes a [`visit::Visit`] (who asks, in which language), reads what it needs from the
//! same functions as the API, and shows one template inside the [`frame`].

pub(crate) mod account;
pub(crate) mod answers;
mod assets;
pub(crate) mod authority;
pub(crate) mod case;
pub(crate) mod desk;
pub(crate) mod direct;
pub(crate) mod duties;
pub(crate) mod filings;
pub(crate) mod flags;
mod frame;
mod look;
pub(crate) mod mailbox;
pub(crate) mod names;
mod next;
pub(crate) mod operator;
mod outlook;
mod qr;
mod readers;
pub(crate) mod reminders;
pub(crate) mod report;
pub(crate) mod sent;
pub(crate) mod services;
pub(crate) mod sign_in;
pub(crate) mod situation;
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
    (Locale::En, include_str!("../locales/en/history.ftl")),
    (Locale::Ja, include_str!("../locales/ja/history.ftl")),
    (Locale::En, include_str!("../locales/en/reminders.ftl")),
    (Locale::Ja, include_str!("../locales/ja/reminders.ftl")),
    (Locale::En, include_str!("../locales/en/account.ftl")),
    (Locale::Ja, include_str!("../locales/ja/account.ftl")),
    (Locale::En, include_str!("../locales/en/operator.ftl")),
    (Locale::Ja, include_str!("../locales/ja/operator.ftl")),
    (Locale::En, include_str!("../locales/en/report.ftl")),
    (Locale::Ja, include_str!("../locales/ja/report.ftl")),
    (Locale::En, include_str!("../locales/en/situation.ftl")),
    (Locale::Ja, include_str!("../locales/ja/situation.ftl")),
    (Locale::En, include_str!("../locales/en/desk.ftl")),
    (Locale::Ja, include_str!("../locales/ja/desk.ftl")),
];

/// The answer to a report that was sent while nobody was signed in any more: nothing typed is lost.
pub(crate) async fn report_without_session(
    app: App,
    request: Request,
    error: HubError,
) -> Response {
    let visit = Visit::new(app.clone(), Principal::Anonymous, request.uri(), request.headers());
    report::without_session(app, visit, request, error).await
}

/// The page that answers what is refused before a handler runs. It says what to do.
pub(crate) fn refusal(app: &App, request: &Request, error: &HubError) -> Response {
    let who = request.extensions().get::<Principal>().cloned().unwrap_or(Principal::Anonymous);
    let mut visit = Visit::new(app.clone(), who, request.uri(), request.headers());
    visit.next = next::Next::of_request(app, request);
    visit.refuse(error)
}
