//! Publicity flags as an API of the desk.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use axum::http::StatusCode;
use noroshi_stix::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_json;
use crate::access::Principal;
use crate::app::App;
use crate::error::HubError;
use crate::labels::flags::{self, NewFlag};
use crate::vault::flags as rows;

/// Most flags in one list.
const LIST_LIMIT: i64 = 500;

/// A case the public knows of.
#[derive(Serialize, ToSchema)]
pub struct FlagView {
    /// Id of the flag.
    pub id: String,
    /// Id of the member the public speaks of.
    pub member: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Where the public can read it.
    pub basis: String,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// Flags, newest first.
#[derive(Serialize, ToSchema)]
pub struct Flags {
    /// Also those taken back.
    pub flags: Vec<FlagView>,
}

/// A flag to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagBody {
    /// Id of the member the public speaks of.
    pub member: String,
    /// Since when, RFC 3339.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Where the public can read it: an address, or which paper on which day.
    pub basis: String,
}

/// The flags.
#[utoipa::path(get, path = "/api/v1/desk/flags", tag = "desk",
    responses((status = 200, body = Flags)))]
pub async fn list(State(app): State<App>) -> Result<Json<Flags>, HubError> {
    let found = app.hub.vault().read("desk.flags", |tx| rows::all(tx, LIST_LIMIT)).await?;
    Ok(Json(Flags { flags: found.iter().map(view).collect() }))
}

/// Enters a flag, from public facts only.
#[utoipa::path(post, path = "/api/v1/desk/flags", tag = "desk", request_body = FlagBody,
    responses((status = 201, body = Flags), (status = 400, description = "problem+json"), (status = 404, description = "problem+json"), (status = 409, description = "problem+json")))]
pub async fn enter(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<(StatusCode, Json<Flags>), HubError> {
    let FlagBody { member, since, basis } = read_json(request).await?;
    flags::enter(&app.hub, NewFlag { member, since, basis }, principal.actor()).await?;
    Ok((StatusCode::CREATED, list(State(app)).await?))
}

/// Takes a flag back.
#[utoipa::path(post, path = "/api/v1/desk/flags/{id}/withdraw", tag = "desk",
    params(("id" = String, Path, description = "id of the flag")),
    responses((status = 200, body = Flags), (status = 404, description = "problem+json")))]
pub async fn withdraw(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<Flags>, HubError> {
    flags::withdraw(&app.hub, &id, principal.actor()).await?;
    list(State(app)).await
}

fn view(row: &rows::FlagRow) -> FlagView {
    FlagView {
        id: row.id.clone(),
        member: row.member.clone(),
        since: row.since.to_string(),
        basis: row.basis.clone(),
        withdrawn: row.withdrawn.is_some(),
    }
}
