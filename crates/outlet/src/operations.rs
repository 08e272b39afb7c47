//! What those who run the outlet ask: is it alive, does it serve, how does it fare.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::problem::Problem;
use crate::state::OutletState;

/// `GET /healthz`: the process runs and answers.
pub(crate) async fn health() -> impl IntoResponse {
    (NO_STORE, Json(json!({"status": "ok"})))
}

/// `GET /readyz`: every row of the shelf that was looked at verifies. One that does not means that
/// someone changed the database, and that people should look before clients read on.
pub(crate) async fn readiness(State(state): State<OutletState>) -> Response {
    let health = state.0.shelf.health();
    if health.rejected == 0 {
        return (NO_STORE, Json(json!({"status": "ready"}))).into_response();
    }
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "shelf-not-verified",
        "Rows of the shelf do not carry a valid signature",
    )
    .detail(
        "They are not served. Find out who changed the database, then restore it from a backup \
         and start again.",
    )
    .member("rejected_rows", health.rejected)
    .into_response()
}

/// `GET /metrics`
pub(crate) async fn metrics(State(state): State<OutletState>) -> Result<Response, Problem> {
    let mut text = state.0.metrics.write(state.0.shelf.health()).map_err(|error| {
        tracing::error!(%error, "metrics could not be written");
        Problem::internal()
    })?;
    if let Some(more) = &state.0.config.more_metrics {
        text.truncate(text.trim_end().trim_end_matches(END).len());
        text.push_str(&more());
        text.push_str(END);
        text.push('\n');
    }
    Ok(([(header::CONTENT_TYPE, METRICS_MEDIA)], NO_STORE, text).into_response())
}

/// The media type of OpenMetrics text, which Prometheus reads.
const METRICS_MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The last line of OpenMetrics text.
const END: &str = "# EOF";
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
