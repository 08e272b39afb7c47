//! Filing and following one's own reports.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::{self, PreviewView, ReportView};
use super::{read_json, read_submission};
use crate::access::Principal;
use crate::app::App;
use crate::context::{self, Decision};
use crate::days;
use crate::error::HubError;
use crate::intake::{accept, understand};
use crate::reporter::NewReporter;
use crate::vault::contexts;
use crate::vault::reports as rows;

/// Most reports in one list.
const LIST_LIMIT: i64 = 200;

/// A list of reports, newest first.
#[derive(Serialize, ToSchema)]
pub struct ReportList {
    /// The reports without their items.
    pub reports: Vec<ReportView>,
}

/// A decision on a report's context.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContextDecision {
    /// `approve` or `decline`.
    pub decision: Decision,
    /// `wording` of the prospect that was read: refused where something else would be said by now.
    #[serde(default)]
    pub wording: Option<String>,
}

/// What others would see of a report. Stores nothing.
#[utoipa::path(post, path = "/api/v1/preview", tag = "reports",
    request_body(content = String, description = "a report in any accepted format"),
    responses((status = 200, body = PreviewView), (status = 422, description = "problem+json")))]
pub async fn preview(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<Json<PreviewView>, HubError> {
    let member = member(&principal)?.to_owned();
    let limits = &app.hub.config().limits;
    let incoming = read_submission(request, limits.report_bytes).await?;
    let understood = understand(&app.hub.policy(), limits, &incoming.submission)?;
    let continues = incoming.submission.continues.as_deref();
    let context = context::prospect_of(&app.hub, &member, continues, &understood.facts).await?;
    Ok(Json(views::preview(&understood, context.as_ref())))
}

/// Files a report: a native report, a STIX bundle, a MISP event, CSV, text or mail, as the body or
/// as files of a multipart form. A form may also bring the report's own keys, `report_key`, `commit`
/// and `mailbox_key`, which `noroshi report --words` derives from twelve words. The answer is sent when the report is on the disk.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports",
    request_body(content = String, description = "a report in any accepted format"),
    params(("Idempotency-Key" = Option<String>, Header, description = "sending the same report again under this key files it once"),
        ("continues" = Option<String>, Query, description = "id of an earlier report about the same attack")),
    responses((status = 201, body = ReportView), (status = 200, body = ReportView, description = "filed before under this Idempotency-Key"),
        (status = 401, description = "problem+json"), (status = 403, description = "problem+json"),
        (status = 409, description = "problem+json"), (status = 413, description = "problem+json"), (status = 422, description = "problem+json")))]
pub async fn file(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<Response, HubError> {
    let member = member(&principal)?.to_owned();
    let mut incoming = read_submission(request, app.hub.config().limits.report_bytes).await?;
    incoming.submission.reporter = NewReporter::of_fields(&incoming.fields)?;
    let (accepted, understood) =
        accept(&app.hub, &member, principal.actor(), incoming.submission).await?;
    let view = if accepted.repeated {
        full_view(&app, accepted.report).await?
    } else {
        views::filed(&accepted.report, &understood)
    };
    let status = if accepted.repeated { StatusCode::OK } else { StatusCode::CREATED };
    let place = HeaderValue::from_str(&format!("/api/v1/reports/{}", view.id));
    let mut response = (status, Json(view)).into_response();
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The member's own reports, newest first.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports",
    responses((status = 200, body = ReportList)))]
pub async fn list(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<ReportList>, HubError> {
    let member = member(&principal)?.to_owned();
    let reports = app
        .hub
        .vault()
        .read("reports.of_member", move |tx| rows::of_member(tx, &member, LIST_LIMIT))
        .await?;
    Ok(Json(ReportList { reports: reports.iter().map(views::head).collect() }))
}

/// One of the member's own reports with what became of each indicator.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "reports",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, body = ReportView), (status = 404, description = "problem+json")))]
pub async fn one(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<ReportView>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    Ok(Json(full_view(&app, report).await?))
}

/// The proof that one of the member's own reports was filed on or before its day, once that day is
/// over: receipt, place in the published tree of the day, signed head. `noroshi verify receipt
/// --proof` checks it without the hub.
#[utoipa::path(get, path = "/api/v1/reports/{id}/proof", tag = "reports",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, body = String, content_type = "application/json"), (status = 404, description = "problem+json; `too-early` says from when on")))]
pub async fn proof(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Response, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let file = days::proof(&app.hub, &report).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], file).into_response())
}

/// The reporter approves or declines the context the desk proposes to release.
#[utoipa::path(post, path = "/api/v1/reports/{id}/context", tag = "reports",
    params(("id" = String, Path, description = "id of the report")),
    request_body = ContextDecision,
    responses((status = 200, body = ReportView), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn decide_context(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<ReportView>, HubError> {
    let body: ContextDecision = read_json(request).await?;
    let report = own_report(&app, &principal, &id).await?;
    let wording = body.wording.as_deref();
    context::reporter_decides(&app.hub, &report.id, principal.actor(), body.decision, wording)
        .await?;
    let report = own_report(&app, &principal, &id).await?;
    Ok(Json(full_view(&app, report).await?))
}

/// The report, if it is the asking member's own; somebody else's does not exist.
pub(crate) async fn own_report(
    app: &App,
    principal: &Principal,
    id: &str,
) -> Result<rows::ReportRow, HubError> {
    let member = member(principal)?.to_owned();
    let id = id.to_owned();
    let found = app.hub.vault().read("reports.one", move |tx| rows::one(tx, &id)).await?;
    found.filter(|r| r.member == member).ok_or_else(HubError::not_found)
}

/// A stored report with its items.
pub(crate) async fn full_view(app: &App, report: rows::ReportRow) -> Result<ReportView, HubError> {
    let (id, case) = (report.id.clone(), report.case().to_owned());
    let (items, drops, release) = app
        .hub
        .vault()
        .read("reports.items", move |tx| {
            Ok((rows::items(tx, &id)?, rows::drops(tx, &id)?, contexts::of_case(tx, &case)?))
        })
        .await?;
    let prospect = context::prospect(&app.hub, &report).await?;
    Ok(ReportView {
        prospect: prospect.as_ref().map(views::prospect),
        release: release.as_ref().map(views::release),
        ..views::stored(&report, &items, &drops)
    })
}

pub(crate) fn member(principal: &Principal) -> Result<&str, HubError> {
    principal.member().ok_or_else(HubError::not_found)
}
