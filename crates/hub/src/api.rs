//! The JSON API under `/api/v1/`: for programs of members and of the desk.

pub mod authority;
pub mod case;
pub mod desk;
pub mod direct;
pub mod duties;
pub mod filings;
pub mod flags;
pub mod mailbox;
pub mod openapi;
pub mod reminders;
pub mod reports;
mod submission;
pub mod views;

use axum::body::Body;
use axum::extract::Request;
use serde::de::DeserializeOwned;

use crate::error::HubError;
pub(crate) use submission::{CSRF_FIELD, read_submission};

/// Largest JSON body of a decision, in bytes.
const DECISION_BYTES: usize = 16 * 1024;

/// Reads a small JSON body strictly.
///
/// # Errors
/// 422 `bad-json` with the place, 413 beyond 16 KiB.
pub(crate) async fn read_json<T: DeserializeOwned>(request: Request<Body>) -> Result<T, HubError> {
    read_json_to(request, DECISION_BYTES).await
}

/// The same for a body of at most `limit` bytes.
///
/// # Errors
/// 422 `bad-json` with the place, 413 beyond the limit.
async fn read_json_to<T: DeserializeOwned>(
    request: Request<Body>,
    limit: usize,
) -> Result<T, HubError> {
    let bytes = submission::read_body(request.into_body(), limit).await?;
    serde_json::from_slice(&bytes).map_err(|e| HubError::Request {
        status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        code: "bad-json",
        detail: format!("The body is not what this address takes: {e}."),
    })
}
