//! Filings as an API of the authority they were sealed to.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_json;
use crate::access::Principal;
use crate::app::App;
use crate::case::desk::{self, Answer};
use crate::case::filings::Kept;
use crate::error::HubError;

/// A filing as its authority sees it before it opens the envelope.
#[derive(Serialize, ToSchema)]
pub struct SealedFiling {
    /// Its id, which is inside the envelope too.
    pub id: String,
    /// The obligation.
    pub obligation: String,
    /// The stage.
    pub stage: String,
    /// 1 for the first filing of the stage.
    pub version: i64,
    /// When it was filed, RFC 3339.
    pub at: String,
    /// To whom it may be passed on: `none`, `national-office` or `partners`.
    pub pass_on: String,
    /// Whether it was made to another authority, and passed on to this one by consent of its reporter:
    /// it can be acknowledged, and nothing more can be asked.
    pub passed_on_by_consent: bool,
    /// `filed`, `acknowledged` or `supplement-asked`.
    pub state: String,
}

/// The filings sealed to the authority, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Inbox {
    /// The filings.
    pub filings: Vec<SealedFiling>,
}

/// What the authority does with a filing.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AnswerBody {
    /// It has it.
    Acknowledge {},
    /// It asks for more.
    AskSupplement {
        /// In these words.
        note: String,
    },
}

/// The filings sealed to the authority.
#[utoipa::path(get, path = "/api/v1/authority/filings", tag = "authority",
    responses((status = 200, body = Inbox), (status = 404, description = "problem+json")))]
pub async fn list(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Inbox>, HubError> {
    let kept = desk::inbox(&app.hub, &principal).await?;
    Ok(Json(Inbox { filings: kept.iter().map(view).collect() }))
}

/// An envelope: `noroshi authority open` opens it.
#[utoipa::path(get, path = "/api/v1/authority/filings/{id}", tag = "authority",
    params(("id" = String, Path, description = "id of the filing")),
    responses((status = 200, content_type = "application/octet-stream", description = "the envelope"), (status = 404, description = "problem+json")))]
pub async fn envelope(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Response, HubError> {
    let bytes = desk::envelope(&app.hub, &principal, &id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        // An id that was found has letters and digits only.
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.nrse\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// The authority acknowledges a filing or asks for more.
#[utoipa::path(post, path = "/api/v1/authority/filings/{id}", tag = "authority",
    params(("id" = String, Path, description = "id of the filing")),
    request_body = AnswerBody,
    responses((status = 200, body = Inbox), (status = 404, description = "problem+json"), (status = 409, description = "problem+json: `passed-on`"), (status = 422, description = "problem+json")))]
pub async fn answer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Json<Inbox>, HubError> {
    let answer = match read_json(request).await? {
        AnswerBody::Acknowledge {} => Answer::Acknowledge,
        AnswerBody::AskSupplement { note } => Answer::AskSupplement(note),
    };
    desk::answer(&app.hub, &principal, &id, answer).await?;
    list(State(app), Extension(principal)).await
}

fn view(kept: &Kept) -> SealedFiling {
    SealedFiling {
        id: kept.row.id.clone(),
        obligation: kept.row.obligation.clone(),
        stage: kept.row.stage.clone(),
        version: kept.row.version,
        at: kept.row.at.to_string(),
        pass_on: kept.row.pass_on.clone(),
        passed_on_by_consent: kept.passed_on,
        state: kept.state().to_owned(),
    }
}
