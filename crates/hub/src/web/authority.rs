//! The page of an authority: what was sealed to it, what it does with each.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::duties;
use super::filings;
use super::frame::Frame;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::case::builtin;
use crate::case::desk::{self, Answer};
use crate::case::filings::Kept;
use crate::error::HubError;

#[derive(Template)]
#[template(path = "authority.html")]
struct Page {
    frame: Frame,
    filings: Vec<Line>,
}

struct Line {
    id: String,
    what: String,
    version: i64,
    at: Moment,
    state: String,
    pass_on: String,
    passed_on: bool,
}

/// `GET /authority`
pub(crate) async fn inbox(visit: Visit) -> Response {
    let result = async {
        let kept = desk::inbox(&visit.app.hub, &visit.who).await?;
        let page = Page {
            frame: visit.frame(visit.t("authority-title")),
            filings: kept.iter().map(|k| line(&visit, k)).collect::<Result<_, _>>()?,
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /authority/filings/{id}`: acknowledge, or ask for more.
pub(crate) async fn answer(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let answer = match form.get("do") {
            Some("ask") => Answer::AskSupplement(form.get("note").unwrap_or_default().to_owned()),
            Some("acknowledge") => Answer::Acknowledge,
            _ => return Err(HubError::bad("broken-form", "Press one of the two buttons.")),
        };
        desk::answer(&visit.app.hub, &visit.who, &id, answer).await?;
        Ok(Redirect::to("/authority").into_response())
    };
    visit.answer(result.await)
}

fn line(visit: &Visit, kept: &Kept) -> Result<Line, HubError> {
    let row = &kept.row;
    let lang = duties::lang(visit);
    let obligation = builtin()?.obligation(&row.obligation);
    let stage = obligation.and_then(|o| o.stage(&row.stage));
    let what = match (obligation, stage) {
        (Some(o), Some(s)) => format!("{}: {}", o.name.lang(lang), s.name.lang(lang)),
        _ => format!("{}: {}", row.obligation, row.stage),
    };
    Ok(Line {
        id: row.id.clone(),
        what,
        version: row.version,
        at: times::moment(row.at, visit),
        state: filings::state(visit, kept),
        pass_on: filings::pass_on(visit, &row.pass_on),
        passed_on: kept.passed_on,
    })
}
