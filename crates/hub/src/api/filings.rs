//! Filings as an API of their reporter.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use noroshi_duty::Filing;
use serde_json::{Value, json};

use super::read_json;
use super::reports::own_report;
use crate::access::Principal;
use crate::app::App;
use crate::case::consent::{self, Consent};
use crate::case::filings::{self, Kept, PassOn, Wish};
use crate::case::{self, Case};
use crate::error::HubError;
use crate::vault::authorities::AuthorityRow;

/// Makes a filing from the answers. Where the hub has the authority's key it is sealed to it and
/// filed; otherwise it is the member's own document, to be sent by itself.
#[utoipa::path(post, path = "/api/v1/reports/{id}/filings", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    request_body = Wish,
    responses((status = 201, description = "the filing"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json: the authority's key does not hold; kept as a draft"), (status = 422, description = "problem+json: `missing-fields`, `look-first` or the `field`")))]
pub async fn make(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let wish: Wish = read_json(request).await?;
    let found = case::load(&app.hub, &report).await?;
    let number = filings::make(&app.hub, &found, principal.actor(), &wish).await?;
    let (kept, filing) = read(&app, &found, number).await?;
    let mut response = (StatusCode::CREATED, Json(whole(&kept, &filing))).into_response();
    let place = HeaderValue::from_str(&format!("/api/v1/reports/{id}/filings/{number}"));
    if let Ok(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The filings of the report's case, oldest first, with what became of each.
#[utoipa::path(get, path = "/api/v1/reports/{id}/filings", tag = "duties",
    params(("id" = String, Path, description = "id of the report")),
    responses((status = 200, description = "the filings"), (status = 404, description = "problem+json")))]
pub async fn list(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let kept = filings::of_case(&app.hub, report.case()).await?;
    Ok(Json(json!({ "filings": kept.iter().map(head).collect::<Vec<_>>() })))
}

/// One filing; with `.pdf` behind the number, as a document to print or send.
#[utoipa::path(get, path = "/api/v1/reports/{id}/filings/{number}", tag = "duties",
    params(("id" = String, Path, description = "id of the report"),
        ("number" = String, Path, description = "number of the filing, `.pdf` behind it for a document")),
    responses((status = 200, description = "the filing"), (status = 404, description = "problem+json")))]
pub async fn one(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, HubError> {
    let report = own_report(&app, &principal, &id).await?;
    let (number, pdf) = match number.strip_suffix(".pdf") {
        Some(number) => (number, true),
        None => (number.as_str(), false),
    };
    let number: i64 = number.parse().map_err(|_| HubError::not_found())?;
    let found = case::load(&app.hub, &report).await?;
    let (kept, filing) = read(&app, &found, number).await?;
    if !pdf {
        return Ok(Json(whole(&kept, &filing)).into_response());
    }
    let bytes = filing.pdf(filing.lang()).map_err(|e| HubError::conflict(format!("{e}.")))?;
    let name = format!("attachment; filename=\"filing-{number}.pdf\"");
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// Consents to passing an earlier filing on: it is sealed to each authority that is named. What was
/// sealed cannot be taken back.
#[utoipa::path(post, path = "/api/v1/reports/{id}/filings/{number}/consent", tag = "duties",
    params(("id" = String, Path, description = "id of the report"), ("number" = String, Path, description = "number of the filing")),
    request_body = Consent,
    responses((status = 200, description = "the filing"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json: the authorities changed, or no key holds"), (status = 422, description = "problem+json with the `field`")))]
pub async fn consent(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((id, number)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Json<Value>, HubError> {
    let number: i64 = number.parse().map_err(|_| HubError::not_found())?;
    let report = own_report(&app, &principal, &id).await?;
    let word: Consent = read_json(request).await?;
    let found = case::load(&app.hub, &report).await?;
    consent::later(&app.hub, &found, principal.actor(), number, &word).await?;
    let (kept, filing) = read(&app, &found, number).await?;
    Ok(Json(whole(&kept, &filing)))
}

/// The authorities that a filing can be passed on to, each with what it is.
#[utoipa::path(get, path = "/api/v1/duties/recipients", tag = "duties",
    responses((status = 200, description = "id, name and kind of each")))]
pub async fn recipients(State(app): State<App>) -> Result<Json<Value>, HubError> {
    let all = consent::recipients(&app.hub, PassOn::Partners).await?;
    let view = |a: &AuthorityRow| json!({ "id": a.id, "name": a.name, "kind": a.kind });
    Ok(Json(json!({ "recipients": all.iter().map(view).collect::<Vec<_>>() })))
}

async fn read(app: &App, case: &Case, number: i64) -> Result<(Kept, Filing), HubError> {
    let kept = filings::of_case(&app.hub, &case.id).await?;
    let kept = kept.into_iter().find(|k| k.row.number == number).ok_or_else(HubError::not_found)?;
    let filing = filings::content(&app.hub, case, &kept.row).await?;
    Ok((kept, filing))
}

fn head(kept: &Kept) -> Value {
    let events = kept.events.iter();
    json!({
        "number": kept.row.number,
        "id": kept.row.id,
        "obligation": kept.row.obligation,
        "stage": kept.row.stage,
        "version": kept.row.version,
        "at": kept.row.at.to_string(),
        "state": kept.state(),
        "pass_on": kept.row.pass_on,
        "passed_on": kept.copies.iter().map(|c| json!({
            "authority": c.authority,
            "name": c.name,
            "at": c.at.to_string(),
            "acknowledged": c.acknowledged.map(|at| at.to_string()),
        })).collect::<Vec<_>>(),
        "delivery": if kept.row.envelope.is_some() { "sealed" } else { "own" },
        "events": events
            .map(|e| json!({ "at": e.at.to_string(), "event": e.event, "note": e.note }))
            .collect::<Vec<_>>(),
    })
}

fn whole(kept: &Kept, filing: &Filing) -> Value {
    let mut out = head(kept);
    out["filing"] = json!(filing);
    out
}
