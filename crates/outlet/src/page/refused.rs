//! Pages that answer people who may not see something, or ask for what is not there.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

use super::{Frame, answer};
use crate::accept;
use crate::i18n::Locale;
use crate::problem::Problem;
use crate::state::OutletState;

#[derive(Template)]
#[template(path = "refused.html")]
struct Page {
    frame: Frame,
    heading: String,
    text: String,
}

/// The page that asks `person`, whose browser asked for this address with these headers, to sign
/// in; `None` for tools, which get a problem.
///
/// It has no Basic challenge: a browser would ask for a user name, which nobody has.
pub(crate) async fn sign_in_first(
    state: &OutletState,
    person: Option<(Uri, HeaderMap)>,
) -> Option<Response> {
    let (uri, headers) = person?;
    let text = |frame: &Frame| (frame.say.t("feed-closed-title"), frame.say.t("feed-closed"));
    let page = page(state, &uri, &headers, StatusCode::UNAUTHORIZED, text).await;
    let mut response = page.ok()?;
    let bearer = HeaderValue::from_static("Bearer realm=\"noroshi\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
    Some(response)
}

/// Nothing here, or nothing for this reader: the same page.
pub(super) async fn not_found(
    state: &OutletState,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if !accept::prefers_html(headers) {
        return Err(Problem::not_found());
    }
    let text =
        |frame: &Frame| (frame.say.t("feed-missing-title"), frame.say.t("feed-missing-text"));
    page(state, uri, headers, StatusCode::NOT_FOUND, text).await
}

async fn page(
    state: &OutletState,
    uri: &Uri,
    headers: &HeaderMap,
    status: StatusCode,
    texts: impl Fn(&Frame) -> (String, String),
) -> Result<Response, Problem> {
    let locale = Locale::negotiate(uri.query(), headers);
    let chrome = state.0.readers.chrome(headers, locale).await;
    let frame = Frame::new(state, locale, chrome, uri, headers);
    let (heading, text) = texts(&frame);
    answer(status, &Page { frame, heading, text }, uri)
}
