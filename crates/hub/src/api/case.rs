//! A case as an API of its reporter: answers, duties, what happened.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use noroshi_duty::{Problem, Reference};
use serde_json::{Map, Value, json};

use super::read_json_to;
use super::reports::own_report;
use crate::access::Principal;
use crate::app::App;
use crate::case::{self, Case, Changes, Duty, Happening};
use crate::error::HubError;

/// Largest body of answers, in bytes.
const ANSWERS_BYTES: usize = 512 * 1024;

/// The answers of the report's case, each with where it came from, and what is wrong with them.
#[utoipa::path(get, path = "/api/v1/reports/{id}/answers", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, description = "the answers"), (status = 404, description = "problem+json")))]
pub async fn answers(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    Ok(Json(answers_view(&case::load(&app.hub, &report).await?)))
}

/// Gives answers. Fields that are not named stay; `null` takes one back. Moments that contradict
/// each other are kept and told as `problems`.
#[utoipa::path(put, path = "/api/v1/reports/{id}/answers", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    request_body = Changes,
    responses((status = 200, description = "the answers"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json"), (status = 422, description = "problem+json with the `field`")))]
pub async fn answer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<Value>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let changes: Changes = read_json_to(request, ANSWERS_BYTES).await?;
    let before = case::load(&app.hub, &report).await?;
    case::change(&app.hub, &before, principal.actor(), changes).await?;
    Ok(Json(answers_view(&case::load(&app.hub, &report).await?)))
}

/// Every duty of the report's case: what is owed by when and why, what is missing, what is doubtful.
#[utoipa::path(get, path = "/api/v1/reports/{id}/duties", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, description = "the duties, the first deadline first"), (status = 404, description = "problem+json")))]
pub async fn duties(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    duties_view(&app, &case::load(&app.hub, &report).await?)
}

/// Says what happened: a clock started, the incident was reclassified, withdrawn or closed, or the
/// member submitted a stage by itself. Events are never changed or removed.
#[utoipa::path(post, path = "/api/v1/reports/{id}/events", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    request_body = Happening,
    responses((status = 200, description = "the duties after it"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json"), (status = 422, description = "problem+json with the `field`")))]
pub async fn event(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<Value>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let happening: Happening = super::read_json(request).await?;
    let before = case::load(&app.hub, &report).await?;
    case::happened(&app.hub, &before, principal.actor(), happening).await?;
    duties_view(&app, &case::load(&app.hub, &report).await?)
}

fn answers_view(case: &Case) -> Value {
    let stored = case.answers.to_json();
    json!({
        "case": case.id,
        "version": case.version,
        "zone": stored["zone"],
        "answers": stored["answers"],
        "clocks": stored["clocks"],
        "unread": stored["unread"],
        "incident": case.facts,
        "problems": problems(case),
    })
}

fn duties_view(app: &App, case: &Case) -> Result<Json<Value>, HubError> {
    let now = app.hub.now();
    let found = case.duties(now)?;
    Ok(Json(json!({
        "case": case.id,
        "now": now.to_string(),
        "zone": case.answers.zone(),
        "duties": found.open.iter().map(duty).collect::<Vec<_>>(),
        "uncertain": found.uncertain,
        "voluntary": found.voluntary,
        "events": case.incident,
        "problems": problems(case),
    })))
}

/// A duty: its deadline, the obligation's name, what is missing.
pub(super) fn duty(duty: &Duty<'_>) -> Value {
    let mut out = match serde_json::to_value(&duty.deadline) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let missing = duty.missing.iter().map(|q| json!({ "field": q.field, "name": q.name }));
    out.insert("obligation_name".to_owned(), json!(duty.obligation.name));
    out.insert("recipients".to_owned(), json!(duty.obligation.recipients));
    out.insert("late".to_owned(), json!(duty.late));
    out.insert("trust_text".to_owned(), json!(duty.deadline.trust.label()));
    out.insert("missing".to_owned(), missing.collect());
    Value::Object(out)
}

fn problems(case: &Case) -> Vec<Value> {
    case.problems().iter().map(|p| problem(&case.reference, p)).collect()
}

fn problem(reference: &Reference, problem: &Problem) -> Value {
    let mut out = serde_json::to_value(problem).unwrap_or_default();
    out["text"] = json!(problem.text(reference));
    out
}
