//! The direct lane as an API: proposals of the desk, answers of reporters, what recipients read.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_json;
use super::reports::{member, own_report};
use crate::access::Principal;
use crate::app::App;
use crate::direct::{self, Answerer, DirectText, Ground, Proposal};
use crate::error::HubError;
use crate::vault::direct as rows;

/// Most rows in one list.
const LIST_LIMIT: i64 = 500;

/// A direct release as the desk and its reporter see it.
#[derive(Serialize, ToSchema)]
pub struct DirectView {
    /// Its id.
    pub id: String,
    /// The report it is about.
    pub report: String,
    /// `proposed`, `sent` or `refused`.
    pub state: String,
    /// `consent` or `law`.
    pub ground: String,
    /// The legal ground in words.
    pub basis: String,
    /// The members that are to receive it: ids for the desk, names for the reporter.
    pub recipients: Vec<String>,
    /// What they read.
    pub text: Option<DirectText>,
}

/// Direct releases.
#[derive(Serialize, ToSchema)]
pub struct DirectList {
    /// Newest first.
    pub direct: Vec<DirectView>,
}

/// A direct release as a recipient reads it.
#[derive(Serialize, ToSchema)]
pub struct ReceivedView {
    /// The day it was sent.
    pub day: String,
    /// Its marking.
    pub tlp: String,
    /// The text.
    pub text: Option<DirectText>,
}

/// What a member received.
#[derive(Serialize, ToSchema)]
pub struct ReceivedList {
    /// Newest first.
    pub direct: Vec<ReceivedView>,
}

/// A proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalBody {
    /// The report it is about.
    pub report: String,
    /// Ids of the members that are to receive it, 1 to 50.
    pub recipients: Vec<String>,
    /// `consent` or `law`.
    pub ground: Ground,
    /// The legal ground in words, for `law`.
    #[serde(default)]
    pub basis: String,
}

/// An answer to a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Whether it may be sent.
    pub agrees: bool,
}

/// The direct releases and proposals.
#[utoipa::path(get, path = "/api/v1/desk/direct", tag = "desk",
    responses((status = 200, body = DirectList)))]
pub async fn list(State(app): State<App>) -> Result<Json<DirectList>, HubError> {
    let found = app.hub.vault().read("desk.direct", |tx| rows::newest(tx, LIST_LIMIT)).await?;
    Ok(Json(DirectList { direct: found.iter().map(view).collect() }))
}

/// Proposes a direct release.
#[utoipa::path(post, path = "/api/v1/desk/direct", tag = "desk", request_body = ProposalBody,
    responses((status = 201, body = DirectList), (status = 400, description = "problem+json"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn propose(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<(StatusCode, Json<DirectList>), HubError> {
    let ProposalBody { report, recipients, ground, basis } = read_json(request).await?;
    let proposal = Proposal { report, recipients, ground, basis };
    direct::propose(&app.hub, proposal, principal.actor()).await?;
    Ok((StatusCode::CREATED, list(State(app)).await?))
}

/// The second officer agrees or refuses.
#[utoipa::path(post, path = "/api/v1/desk/direct/{proposal}", tag = "desk",
    params(("proposal" = String, Path, description = "id of the proposal")), request_body = AnswerBody,
    responses((status = 200, body = DirectList), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn answer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<DirectList>, HubError> {
    let body: AnswerBody = read_json(request).await?;
    let answerer = Answerer::Officer(principal.actor());
    direct::settle(&app.hub, &id, answerer, body.agrees).await?;
    list(State(app)).await
}

/// The reporter agrees or refuses.
#[utoipa::path(post, path = "/api/v1/reports/{id}/direct/{proposal}", tag = "reports",
    params(("id" = String, Path, description = "id of the report"), ("proposal" = String, Path, description = "id of the proposal")),
    request_body = AnswerBody,
    responses((status = 200, body = DirectList), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn consent(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((id, proposal)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Json<DirectList>, HubError> {
    let body: AnswerBody = read_json(request).await?;
    let report = own_report(&app, &principal, &id).await?;
    let answerer = Answerer::Reporter { member: &report.member, actor: principal.actor() };
    direct::settle(&app.hub, &proposal, answerer, body.agrees).await?;
    // The reporter reads names: ids of others are the hub's.
    let policy = app.hub.policy();
    let named = |row: &rows::DirectRow| DirectView {
        recipients: row.recipients.iter().map(|m| policy.name_of(m, false)).collect(),
        ..view(row)
    };
    Ok(Json(DirectList { direct: about(&app, &report.id).await?.iter().map(named).collect() }))
}

/// What this member received directly.
#[utoipa::path(get, path = "/api/v1/direct", tag = "reports",
    responses((status = 200, body = ReceivedList)))]
pub async fn received(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<ReceivedList>, HubError> {
    let found = direct::received(&app.hub, member(&principal)?).await?;
    let view = |row: &rows::DirectRow| ReceivedView {
        day: row.at.to_string().chars().take(10).collect(),
        tlp: direct::MARKING.label().to_owned(),
        text: direct::text_of(row),
    };
    Ok(Json(ReceivedList { direct: found.iter().map(view).collect() }))
}

/// The direct releases about a report.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) async fn about(app: &App, report: &str) -> Result<Vec<rows::DirectRow>, HubError> {
    let report = report.to_owned();
    Ok(app.hub.vault().read("direct.about", move |tx| rows::of_report(tx, &report)).await?)
}

fn view(row: &rows::DirectRow) -> DirectView {
    DirectView {
        id: row.id.clone(),
        report: row.report.clone(),
        state: row.state.as_str().to_owned(),
        ground: row.ground.clone(),
        basis: row.basis.clone(),
        recipients: row.recipients.clone(),
        text: direct::text_of(row),
    }
}
