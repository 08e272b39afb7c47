//! Pages of the direct lane: what a member received, what its reporter and the desk decide.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::frame::Frame;
use super::small_form::SmallForm;
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::direct::{self, Answerer, DirectText, Ground};
use crate::error::HubError;
use crate::vault::direct::{DirectRow, DirectState};

#[derive(Template)]
#[template(path = "direct.html")]
struct Page {
    frame: Frame,
    received: Vec<Received>,
    tlp: &'static str,
}

struct Received {
    day: String,
    title: String,
    text: String,
}

/// A direct release about a report, for those who decide on it.
pub(crate) struct DirectLine {
    pub(crate) id: String,
    pub(crate) ground: String,
    pub(crate) basis: String,
    pub(crate) recipients: Vec<String>,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) state: String,
    /// Whether the reporter is asked.
    pub(crate) asks_reporter: bool,
    /// Whether a second officer is asked, and this one may be it.
    pub(crate) asks_officer: bool,
    /// Whether an officer may still call it off.
    pub(crate) open: bool,
}

/// `GET /direct`
pub(crate) async fn received(visit: Visit) -> Response {
    let result = async {
        let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
        let found = direct::received(&visit.app.hub, &member).await?;
        let page = Page {
            frame: visit.frame(visit.t("direct-title")),
            received: found.iter().map(|row| received_line(&visit, row)).collect(),
            tlp: direct::MARKING.label(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /reports/{id}/direct/{proposal}`: the reporter consents or refuses.
pub(crate) async fn consent(
    visit: Visit,
    Path((id, proposal)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let answerer = Answerer::Reporter { member: &report.member, actor: visit.who.actor() };
        let agrees = form.get("agrees") == Some("yes");
        direct::settle(&visit.app.hub, &proposal, answerer, agrees).await?;
        Ok(Redirect::to(&format!("/reports/{}#direct", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// The direct releases about a report.
pub(super) fn lines(visit: &Visit, rows: &[DirectRow]) -> Vec<DirectLine> {
    rows.iter().map(|row| line(visit, row)).collect()
}

fn line(visit: &Visit, row: &DirectRow) -> DirectLine {
    let policy = visit.app.hub.policy();
    let text = direct::text_of(row);
    let (title, words) = in_language(visit, text.as_ref());
    let ground = Ground::from_name(&row.ground);
    let open = row.state == DirectState::Proposed;
    DirectLine {
        id: row.id.clone(),
        ground: match ground {
            Some(Ground::Law) => visit.t("direct-ground-law"),
            _ => visit.t("direct-ground-consent"),
        },
        basis: row.basis.clone(),
        recipients: row.recipients.iter().map(|m| policy.name_of(m, visit.japanese())).collect(),
        title,
        text: words,
        state: match row.state {
            DirectState::Proposed => visit.t("direct-proposed"),
            DirectState::Sent => visit.t("direct-sent"),
            DirectState::Refused => visit.t("direct-refused"),
        },
        asks_reporter: open && ground == Some(Ground::Consent),
        asks_officer: open && ground == Some(Ground::Law) && row.first_officer != visit.who.actor(),
        open,
    }
}

fn received_line(visit: &Visit, row: &DirectRow) -> Received {
    let (title, text) = in_language(visit, direct::text_of(row).as_ref());
    let day = row.at.to_string().chars().take(10).collect();
    Received { day, title, text }
}

fn in_language(visit: &Visit, text: Option<&DirectText>) -> (String, String) {
    text.map_or_else(Default::default, |t| {
        if visit.japanese() {
            (t.title_ja.clone(), t.text_ja.clone())
        } else {
            (t.title_en.clone(), t.text_en.clone())
        }
    })
}
