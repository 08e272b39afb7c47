//! Which laws and contracts a member is under, as an API of the member.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use noroshi_duty::Lang;
use noroshi_outlet::i18n::Locale;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::read_json_to;
use super::reports::member;
use crate::access::Principal;
use crate::app::App;
use crate::case::profile::{self, MAX_CONTRACTS, Profile};
use crate::case::{self, ZONE, builtin};
use crate::error::HubError;

/// What decides which duties a member has.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// IANA name of the zone its people live in.
    #[serde(default = "usual_zone")]
    pub zone: String,
    /// Question, answer; what is not there is not known.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
    /// Contract clauses (`noroshi-contracts/1`, TOML).
    #[serde(default)]
    pub contracts: String,
}

/// The profile with every question it can answer.
#[derive(Serialize, ToSchema)]
pub struct ProfileView {
    /// What is known.
    #[serde(flatten)]
    pub profile: ProfileBody,
    /// The questions about a member.
    #[schema(value_type = Vec<Object>)]
    pub questions: Vec<Value>,
}

fn usual_zone() -> String {
    ZONE.to_owned()
}

/// The member's profile and the questions.
#[utoipa::path(get, path = "/api/v1/duties/profile", tag = "duties",
    responses((status = 200, body = ProfileView)))]
pub async fn profile(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<ProfileView>, HubError> {
    let Profile { zone, facts, contracts } = profile::of(&app.hub, member(&principal)?).await?;
    let questions = builtin()?.decisions().questions().iter().filter(|q| q.about == "member");
    Ok(Json(ProfileView {
        profile: ProfileBody { zone, facts, contracts },
        questions: questions.filter_map(|q| serde_json::to_value(q).ok()).collect(),
    }))
}

/// Replaces the member's profile.
#[utoipa::path(put, path = "/api/v1/duties/profile", tag = "duties", request_body = ProfileBody,
    responses((status = 200, body = ProfileView), (status = 422, description = "problem+json with the `field`")))]
pub async fn set_profile(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<Json<ProfileView>, HubError> {
    let body: ProfileBody = read_json_to(request, 2 * MAX_CONTRACTS).await?;
    let ProfileBody { zone, facts, contracts } = body;
    let new = Profile { zone, facts, contracts };
    profile::set(&app.hub, member(&principal)?, principal.actor(), new).await?;
    self::profile(State(app), Extension(principal)).await
}

/// The open deadlines over all reports of the member, as a calendar (RFC 5545).
#[utoipa::path(get, path = "/api/v1/duties.ics", tag = "duties",
    params(("lang" = Option<String>, Query, description = "`ja` or `en`")),
    responses((status = 200, content_type = "text/calendar", body = String)))]
pub async fn calendar(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, HubError> {
    let lang = match Locale::negotiate(uri.query(), &headers) {
        Locale::Ja => Lang::Ja,
        Locale::En => Lang::En,
    };
    let cases = case::all_of(&app.hub, member(&principal)?).await?;
    let text = case::calendar(&cases, app.hub.now(), lang)?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}
