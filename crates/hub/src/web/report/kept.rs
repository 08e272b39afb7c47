//! The report form that was sent while nobody was signed in any more: what was typed comes back in
//! a form that goes on after signing in.
//!
//! It is no way around anything: the page holds no token, so sending it again gives the form anew,
//! and only pressing the button there files a report. What another site posts is not shown at all.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use tokio::sync::Semaphore;

use super::incoming;
use super::typed::Typed;
use crate::app::{App, same_origin};
use crate::error::HubError;
use crate::web::frame::Frame;
use crate::web::next::Next;
use crate::web::visit::Visit;

/// Forms of people without a session that are held in memory at a time.
static TURNS: Semaphore = Semaphore::const_new(4);

#[derive(Template)]
#[template(path = "report_kept.html")]
struct Page {
    frame: Frame,
    typed: Typed,
}

/// Answers 401 with everything that was typed.
pub(crate) async fn without_session(
    app: App,
    mut visit: Visit,
    request: Request<Body>,
    refused: HubError,
) -> Response {
    visit.next = Next::of_request(&app, &request);
    let Ok(_turn) = TURNS.try_acquire() else { return visit.refuse(&refused) };
    if !surely_from_here(&app, request.headers()) {
        return visit.refuse(&refused);
    }
    let limit = app.hub.config().limits.report_bytes;
    match incoming::read(request, limit).await {
        Ok(posted) => {
            let (typed, _) = Typed::read(posted, String::new());
            let page = Page { frame: visit.frame(visit.t("kept-title")), typed };
            visit.show(StatusCode::UNAUTHORIZED, &page)
        }
        Err(_) => visit.refuse(&refused),
    }
}

/// Whether the browser says that the form was on one of our pages; saying nothing is not enough.
fn surely_from_here(app: &App, headers: &HeaderMap) -> bool {
    let says = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    says && same_origin(&app.hub, headers).is_ok()
}
