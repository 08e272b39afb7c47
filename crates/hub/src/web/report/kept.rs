//! The report form that was sent while nobody was signed in any more: what was typed comes back in
//! a form that goes on after signing in.
//!
//! It is no way around anything: the page holds no token, so sending it again gives the form anew,
//! and only pressing the button there files a report. What another site posts is not shown at all.

use std::time::Duration;

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
/// How long such a form may take to arrive: whoever sends slowly keeps the others waiting.
const PATIENCE: Duration = Duration::from_secs(30);

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
    if !surely_from_here(&app, request.headers()) {
        return visit.refuse(&refused);
    }
    let read = incoming::read(request, app.hub.config().limits.report_bytes);
    let shown = in_turn(&TURNS, PATIENCE, async {
        let (typed, _) = Typed::read(read.await.ok()?, String::new());
        let page = Page { frame: visit.frame(visit.t("kept-title")), typed };
        Some(visit.show(StatusCode::UNAUTHORIZED, &page))
    });
    shown.await.unwrap_or_else(|| visit.refuse(&refused))
}

/// What `work` gives, where there is a turn for it at once and it ends within `patience`.
async fn in_turn<T>(
    turns: &Semaphore,
    patience: Duration,
    work: impl Future<Output = Option<T>>,
) -> Option<T> {
    let _turn = turns.try_acquire().ok()?;
    tokio::time::timeout(patience, work).await.ok()?
}

/// Whether the browser says that the form was on one of our pages; saying nothing is not enough.
fn surely_from_here(app: &App, headers: &HeaderMap) -> bool {
    let says = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    says && same_origin(&app.hub, headers).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn slow_senders_hold_a_turn_for_a_while_only() {
        let turns = Semaphore::new(4);
        let slow =
            || in_turn(&turns, Duration::from_millis(20), std::future::pending::<Option<()>>());
        let fifth = async {
            tokio::task::yield_now().await;
            in_turn(&turns, Duration::from_secs(30), std::future::ready(Some(()))).await
        };
        // Refused at once while four are on their way; they end without an answer.
        let all = tokio::join!(slow(), slow(), slow(), slow(), fifth);
        assert_eq!(all, (None, None, None, None, None));
        let next = in_turn(&turns, Duration::from_secs(30), std::future::ready(Some(())));
        assert_eq!(next.await, Some(()));
        assert!(PATIENCE <= Duration::from_secs(30));
    }
}
