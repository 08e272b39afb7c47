//! Questions of the desk and their answers.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::read_json;
use super::reports::own_report;
use super::submission::read_body;
use crate::access::Principal;
use crate::app::App;
use crate::error::HubError;
use crate::mailbox;
use crate::mailbox::forms;
use crate::vault::mailbox::QuestionRow;

/// One question.
#[derive(Serialize, ToSchema)]
pub struct QuestionView {
    /// Id of the question.
    pub id: String,
    /// Which question of the list, or `free`.
    pub form: String,
    /// The question in Japanese; the desk's own words for `free`.
    pub ja: String,
    /// The question in English.
    pub en: String,
    /// Answers that can be chosen; empty for `free`.
    pub answers: Vec<String>,
    /// Whether it was sealed to the report's words, for nobody else to read.
    pub sealed: bool,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// The questions about a report.
#[derive(Serialize, ToSchema)]
pub struct QuestionList {
    /// Oldest first.
    pub questions: Vec<QuestionView>,
}

/// A question of the desk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    /// A question of the list, or `free`.
    pub form: String,
    /// The question in the desk's words, for `free`.
    #[serde(default)]
    pub text: Option<String>,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTextBody {
    /// One of the answers that can be chosen, or a text.
    pub answer: String,
}

/// The questions of the desk about one of the member's own reports. Those to a report with words
/// are not here: its words open them, see `GET /mailbox`.
#[utoipa::path(get, path = "/api/v1/reports/{id}/questions", tag = "reports",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, body = QuestionList), (status = 404, description = "problem+json")))]
pub async fn own(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<QuestionList>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    list(&app, &report.id, true).await
}

/// Answers a question about one of the member's own reports.
#[utoipa::path(post, path = "/api/v1/reports/{id}/questions/{question}", tag = "reports",
    params(("id" = String, Path, description = "id of the report"), ("question" = String, Path, description = "id of the question")),
    request_body = AnswerTextBody,
    responses((status = 200, body = QuestionList), (status = 400, description = "problem+json"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn answer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((id, question)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Json<QuestionList>, HubError> {
    let body: AnswerTextBody = read_json(request).await?;
    let report = own_report(&app, &principal, &id).await?;
    let actor = principal.actor();
    mailbox::answer_signed_in(&app.hub, &report.id, &question, &body.answer, actor).await?;
    list(&app, &report.id, true).await
}

/// The desk's questions about a report, with their answers.
#[utoipa::path(get, path = "/api/v1/desk/reports/{id}/questions", tag = "desk",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, body = QuestionList)))]
pub async fn asked(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<QuestionList>, HubError> {
    list(&app, &id, false).await
}

/// Asks a question about a report.
#[utoipa::path(post, path = "/api/v1/desk/reports/{id}/questions", tag = "desk",
    params(("id" = String, Path, description = "id of the report")), request_body = AskBody,
    responses((status = 201, body = QuestionList), (status = 400, description = "problem+json"), (status = 404, description = "problem+json")))]
pub async fn ask(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<(StatusCode, Json<QuestionList>), HubError> {
    let body: AskBody = read_json(request).await?;
    mailbox::ask(&app.hub, &id, &body.form, body.text.as_deref(), principal.actor()).await?;
    Ok((StatusCode::CREATED, list(&app, &id, false).await?))
}

/// Takes a sealed answer, `application/octet-stream`, from nobody in particular. The reply is the
/// same whether there is such a question or not.
#[utoipa::path(post, path = "/api/v1/mailbox", tag = "mailbox",
    request_body(content = String, content_type = "application/octet-stream", description = "a sealed answer"),
    responses((status = 202, description = "taken"), (status = 400, description = "problem+json"), (status = 429, description = "problem+json")))]
pub async fn take(
    State(app): State<App>,
    request: Request<Body>,
) -> Result<(StatusCode, Json<Value>), HubError> {
    let bytes = read_body(request.into_body(), mailbox::MAX_ENVELOPE).await?;
    mailbox::take(&app.hub, &bytes).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({"taken": true}))))
}

/// `GET /mailbox`: the signed list, where documents are served to whoever may read releases.
pub(crate) async fn place() -> Redirect {
    Redirect::temporary("/anonymity/mailbox/latest")
}

async fn list(app: &App, report: &str, own: bool) -> Result<Json<QuestionList>, HubError> {
    let found = mailbox::about(&app.hub, report, own).await?;
    let questions = found.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(QuestionList { questions }))
}

fn view(row: &QuestionRow) -> Result<QuestionView, HubError> {
    let form = forms::forms()?.get(&row.form);
    let text = row.text.clone().unwrap_or_default();
    Ok(QuestionView {
        id: row.id.clone(),
        form: row.form.clone(),
        ja: form.map_or_else(|| text.clone(), |f| f.ja.clone()),
        en: form.map_or_else(|| text.clone(), |f| f.en.clone()),
        answers: form.map_or_else(Vec::new, |f| f.answers.iter().map(|c| c.id.clone()).collect()),
        sealed: row.item.is_some(),
        answer: row.answer.clone(),
    })
}
