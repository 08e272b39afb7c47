//! Who of the hub is signed in, and ending it. Members' people are not listed: who of a member is at
//! work at the time of a release would tell who reported.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Asked, Desk, PAGE, acting, cut, done, read};
use crate::access;
use crate::admin;
use crate::vault::sessions::Session;
use crate::web::account::means_label;
use crate::web::frame::{Frame, role_label};
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

const PLACE: &str = "/operator/sessions";

#[derive(Template)]
#[template(path = "operator_sessions.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    sessions: Vec<SessionLine>,
    next: Option<String>,
}

/// A session in a list.
pub(super) struct SessionLine {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) means: String,
    pub(super) started: Moment,
    pub(super) seen: Moment,
    pub(super) here: bool,
}

/// `GET /operator/sessions`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = async {
        let asked = Asked::of(asked.as_deref(), &[]);
        let hub = &visit.app.hub;
        let found = access::list_hub_sessions(hub, asked.after.clone(), PAGE + 1).await?;
        let (found, more) = cut(found);
        let last = found.last().filter(|_| more);
        let page = Page {
            frame: visit.frame(visit.t("operator-tab-sessions")),
            desk: Desk::new(&visit, PLACE),
            next: last.map(|s| asked.next(PLACE, (&s.account.name, &s.id))),
            sessions: found.iter().map(|s| line(&visit, s)).collect(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /operator/sessions/{id}`: ends it.
pub(crate) async fn end(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        admin::revoke_session(&acting(&visit), &id).await?;
        Ok(done(&form, PLACE))
    };
    visit.answer(result.await)
}

/// A session as a line.
pub(super) fn line(visit: &Visit, s: &Session) -> SessionLine {
    SessionLine {
        id: s.id.clone(),
        account: s.account.id.clone(),
        name: s.account.name.clone(),
        role: role_label(s.account.role, &visit.say),
        means: means_label(visit, s.means),
        started: times::hour(s.started, visit),
        seen: times::hour(s.seen, visit),
        here: visit.who.session().is_some_and(|own| own.id == s.id),
    }
}
