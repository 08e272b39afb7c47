//! The desk's work as an API: quarantine, groups of reports that belong together, context.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::StatusCode;
use noroshi_stix::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_json;
use super::reports::{ContextDecision, full_view};
use super::views::{self, ItemView, ReportView};
use crate::access::Principal;
use crate::app::App;
use crate::context::{self, Seen};
use crate::correlate::{self, Group};
use crate::error::HubError;
use crate::quarantine::{self, Ruling};
use crate::vault::reports as rows;

/// Most rows in one list.
const LIST_LIMIT: i64 = 500;

/// A report as the desk sees it.
#[derive(Serialize, ToSchema)]
pub struct DeskReport {
    /// Who reported: id of the member.
    pub member: String,
    /// Name in Japanese.
    pub member_ja: String,
    /// Name in English.
    pub member_en: String,
    /// The structured fields as the reporter wrote them.
    pub facts: serde_json::Value,
    /// The report.
    pub report: ReportView,
}

/// Reports, newest first.
#[derive(Serialize, ToSchema)]
pub struct DeskReports {
    /// Without items.
    pub reports: Vec<DeskReport>,
}

/// Items that wait for the desk.
#[derive(Serialize, ToSchema)]
pub struct Quarantine {
    /// Each with its reasons.
    pub items: Vec<QuarantinedView>,
}

/// One quarantined item.
#[derive(Serialize, ToSchema)]
pub struct QuarantinedView {
    /// Its report.
    pub report: String,
    /// The item.
    pub item: ItemView,
    /// Whether the desk may let it go at all.
    pub releasable: bool,
}

/// Groups of reports that name the same things.
#[derive(Serialize, ToSchema)]
pub struct Groups {
    /// Largest first.
    pub groups: Vec<Group>,
}

/// A ruling on a quarantined item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulingBody {
    /// `release` or `refuse`.
    pub ruling: Ruling,
}

/// Everybody's reports, newest first.
#[utoipa::path(get, path = "/api/v1/desk/reports", tag = "desk",
    responses((status = 200, body = DeskReports)))]
pub async fn reports(State(app): State<App>) -> Result<Json<DeskReports>, HubError> {
    let found = app.hub.vault().read("desk.reports", |tx| rows::recent(tx, LIST_LIMIT)).await?;
    let reports = found.iter().map(|r| attributed(&app, r, views::head(r))).collect();
    Ok(Json(DeskReports { reports }))
}

/// One report with everything.
#[utoipa::path(get, path = "/api/v1/desk/reports/{id}", tag = "desk",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, body = DeskReport), (status = 404, description = "problem+json")))]
pub async fn report(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<DeskReport>, HubError> {
    let row = find(&app, &id).await?;
    let view = full_view(&app, row.clone()).await?;
    Ok(Json(attributed(&app, &row, view)))
}

/// Items kept back, waiting for a ruling.
#[utoipa::path(get, path = "/api/v1/desk/quarantine", tag = "desk",
    responses((status = 200, body = Quarantine)))]
pub async fn quarantine(State(app): State<App>) -> Result<Json<Quarantine>, HubError> {
    let found = app
        .hub
        .vault()
        .read("desk.quarantine", |tx| {
            rows::with_verdict(tx, rows::ItemVerdict::Quarantined, LIST_LIMIT)
        })
        .await?;
    let items = found
        .iter()
        .map(|row| QuarantinedView {
            report: row.report.clone(),
            item: views::item(row),
            releasable: quarantine::releasable(row),
        })
        .collect();
    Ok(Json(Quarantine { items }))
}

/// Lets a quarantined item go, or keeps it back for good.
#[utoipa::path(post, path = "/api/v1/desk/quarantine/{id}", tag = "desk",
    params(("id" = String, Path, description = "id of the item")), request_body = RulingBody,
    responses((status = 200, body = ItemView), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn decide(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<ItemView>, HubError> {
    let body: RulingBody = read_json(request).await?;
    let item = quarantine::rule(&app.hub, &id, principal.actor(), body.ruling).await?;
    Ok(Json(views::item(&item)))
}

/// What to take back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeBody {
    /// Kind, such as `domain`.
    pub kind: String,
    /// The released value.
    pub value: String,
}

/// Takes a released indicator back with the next tick.
#[utoipa::path(post, path = "/api/v1/desk/revoke", tag = "desk", request_body = RevokeBody,
    responses((status = 202, description = "goes out with the next tick"), (status = 404, description = "problem+json")))]
pub async fn revoke(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<StatusCode, HubError> {
    let body: RevokeBody = read_json(request).await?;
    let kind = Kind::from_name(&body.kind)
        .ok_or_else(|| HubError::bad("bad-kind", "Use a kind such as domain, ipv4 or sha256."))?;
    quarantine::revoke(&app.hub, kind, &body.value, principal.actor()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Which reports belong together, and by what.
#[utoipa::path(get, path = "/api/v1/desk/groups", tag = "desk",
    responses((status = 200, body = Groups)))]
pub async fn groups(State(app): State<App>) -> Result<Json<Groups>, HubError> {
    Ok(Json(Groups { groups: correlate::groups(&app.hub).await? }))
}

/// The desk approves or declines a report's context; then the reporter is asked.
#[utoipa::path(post, path = "/api/v1/desk/reports/{id}/context", tag = "desk",
    params(("id" = String, Path, description = "id of the report")), request_body = ContextDecision,
    responses((status = 200, body = DeskReport), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn decide_context(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<DeskReport>, HubError> {
    let body: ContextDecision = read_json(request).await?;
    let row = find(&app, &id).await?;
    let seen = Seen { state: None, wording: body.wording };
    context::desk_decides(&app.hub, &row.id, principal.actor(), body.decision, seen).await?;
    report(State(app), Path(id)).await
}

/// Takes the released context of the report's case back, with the next batch.
#[utoipa::path(post, path = "/api/v1/desk/reports/{id}/context/revoke", tag = "desk",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 202, description = "goes out with the next batch"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn revoke_context(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<StatusCode, HubError> {
    let row = find(&app, &id).await?;
    context::revoke(&app.hub, &row.id, principal.actor()).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn find(app: &App, id: &str) -> Result<rows::ReportRow, HubError> {
    let id = id.to_owned();
    let found = app.hub.vault().read("desk.report", move |tx| rows::one(tx, &id)).await?;
    found.ok_or_else(HubError::not_found)
}

fn attributed(app: &App, row: &rows::ReportRow, report: ReportView) -> DeskReport {
    let policy = app.hub.policy();
    DeskReport {
        member: row.member.clone(),
        member_ja: policy.name_of(&row.member, true),
        member_en: policy.name_of(&row.member, false),
        facts: serde_json::from_str(&row.facts).unwrap_or_default(),
        report,
    }
}
