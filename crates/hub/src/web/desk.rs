//! The desk's pages: what belongs together, what waits, one report with everything.

mod overview;
mod report;

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_stix::Kind;

use super::report::decision;
use super::small_form::SmallForm;
use super::visit::Visit;
use crate::context;
use crate::error::HubError;
use crate::quarantine::{self, Ruling};

pub(crate) use overview::overview;
pub(crate) use report::report;

/// `POST /desk/quarantine/{id}`: releases or refuses an item, then shows its report.
pub(crate) async fn decide(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let ruling = match form.get("ruling") {
            Some("release") => Ruling::Release,
            Some("refuse") => Ruling::Refuse,
            _ => return Err(HubError::bad("broken-form", "Press one of the two buttons.")),
        };
        let item = quarantine::rule(&visit.app.hub, &id, visit.who.actor(), ruling).await?;
        let place = match form.get("back") {
            Some("queue") => "/desk#quarantine".to_owned(),
            _ => format!("/desk/reports/{}#indicators", item.report),
        };
        Ok(Redirect::to(&place).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/reports/{id}/context`: the desk approves or declines first.
pub(crate) async fn decide_context(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = report::find(&visit, &id).await?;
        let decision = decision(&form)?;
        context::desk_decides(&visit.app.hub, &row.id, visit.who.actor(), decision).await?;
        Ok(Redirect::to(&format!("/desk/reports/{}#context", row.id)).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/reports/{id}/context/revoke`: takes a context release back with the next batch.
pub(crate) async fn revoke_context(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        let row = report::find(&visit, &id).await?;
        context::revoke(&visit.app.hub, &row.id, visit.who.actor()).await?;
        Ok(Redirect::to(&format!("/desk/reports/{}#context", row.id)).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/revoke`: takes a released indicator back with the next tick.
pub(crate) async fn revoke(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let kind = form.get("kind").and_then(Kind::from_name).ok_or_else(HubError::not_found)?;
        let value = form.get("value").unwrap_or_default();
        quarantine::revoke(&visit.app.hub, kind, value, visit.who.actor()).await?;
        let row = report::find(&visit, form.get("report").unwrap_or_default()).await?;
        Ok(Redirect::to(&format!("/desk/reports/{}#indicators", row.id)).into_response())
    };
    visit.answer(result.await)
}
