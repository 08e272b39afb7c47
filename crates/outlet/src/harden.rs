//! What holds for every request, whichever route it is for: limits, time-outs, panics, headers,
//! figures, and the form of errors.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower_http::catch_panic::CatchPanicLayer;

use crate::compress;
use crate::problem::{PROBLEM_MEDIA, Problem};
use crate::routes::{Action, ROUTES};
use crate::state::OutletState;
use crate::taxii;

/// Wraps a router, such as [`crate::router`] merged with the hub's, in everything a server on the
/// internet needs. Call it once, last: it also answers what no route answers.
pub fn harden(router: Router, state: &OutletState) -> Router {
    router
        .fallback(|| async { Problem::not_found() })
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            tracing::error!("a request handler panicked");
            Problem::internal().into_response()
        }))
        .layer(from_fn_with_state(state.clone(), guard))
        .layer(compress::layer())
        .layer(axum::middleware::map_response(compress::name_variant))
}

/// Longest path and query, in bytes.
const MAX_URI: usize = 8 * 1024;
/// Most bytes of header names and values.
const MAX_HEADERS: usize = 32 * 1024;

/// How many times as long a request may take where its handler limits its size itself.
const LONG_UPLOAD: u32 = 20;

/// Whether the handler itself reads no more than it can hold.
fn limits_itself(state: &OutletState, request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST && state.0.config.own_limits.contains(&path)
}

async fn guard(State(state): State<OutletState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let counted = may_be_counted(&request, route.as_ref());
    let taxii = is_taxii(request.uri().path());
    let mut response = match check_size(&state, &request) {
        Err(problem) => problem.into_response(),
        Ok(()) => {
            let config = &state.0.config;
            let (max, timeout) = match limits_itself(&state, &request) {
                true => (usize::MAX, config.timeout.saturating_mul(LONG_UPLOAD)),
                false => (config.max_body, config.timeout),
            };
            let request = request.map(|body| Body::new(Limited::new(body, max)));
            match tokio::time::timeout(timeout, next.run(request)).await {
                Ok(response) => response,
                Err(_) => timed_out().into_response(),
            }
        }
    };
    response = shape_error(response, taxii);
    secure(response.headers_mut());
    if counted {
        let label = route.as_ref().map_or("none", MatchedPath::as_str);
        state.0.metrics.request(label, response.status().as_u16(), started.elapsed());
    }
    response
}

/// Whether a request may move the figures, which anyone may read: only reading from the outlet.
/// A count of what is sent, or of the hub's pages, tells to the second when somebody reports.
fn may_be_counted(request: &Request, route: Option<&MatchedPath>) -> bool {
    // A status is asked for by whoever has just sent something.
    let mut reading = ROUTES.iter().filter(|r| r.action != Action::ReadStatus);
    let mut ours =
        |path: &str| reading.any(|r| r.path.trim_end_matches('/') == path.trim_end_matches('/'));
    request.method().is_safe() && route.is_none_or(|r| ours(r.as_str()))
}

fn check_size(state: &OutletState, request: &Request) -> Result<(), Problem> {
    let uri = request.uri().path_and_query().map_or(0, |p| p.as_str().len());
    if uri > MAX_URI {
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "uri-too-long",
            "The address is too long",
        )
        .detail(format!("Keep path and query under {MAX_URI} bytes; ask for fewer ids at once.")));
    }
    let headers: usize = request.headers().iter().map(|(n, v)| n.as_str().len() + v.len()).sum();
    if headers > MAX_HEADERS {
        return Err(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers-too-large",
            "The request headers are too large",
        )
        .detail(format!("Keep them under {MAX_HEADERS} bytes in all.")));
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    let length = length.and_then(|v| v.parse::<u64>().ok()).unwrap_or(0);
    let max = state.0.config.max_body;
    if length > u64::try_from(max).unwrap_or(u64::MAX) && !limits_itself(state, request) {
        return Err(too_large(max));
    }
    Ok(())
}

/// Gives every error its form: problem details, or a TAXII error below `/taxii2/`. Refusals that
/// come from the web framework as plain text get a problem by their status.
fn shape_error(response: Response, taxii: bool) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) if taxii => problem.clone(),
        Some(_) => return response,
        None if has_form(response.headers()) => return response,
        None => by_status(status),
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut shaped = if taxii { taxii::error_response(&problem) } else { problem.into_response() };
    // What the refusal said beside its body stays: Allow, WWW-Authenticate, Retry-After.
    for (name, value) in &parts.headers {
        if !shaped.headers().contains_key(name) || *name == header::WWW_AUTHENTICATE {
            shaped.headers_mut().append(name.clone(), value.clone());
        }
    }
    shaped
}

/// Whether an error response already is in a form of its own.
fn has_form(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    [PROBLEM_MEDIA, "text/html", "application/json"].iter().any(|known| media.starts_with(known))
}

/// The problem of a refusal of which only the status is known.
fn by_status(status: StatusCode) -> Problem {
    let (code, title, detail) = match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            "method-not-allowed",
            "This address does not take that method",
            "The Allow header names the methods it takes.",
        ),
        StatusCode::NOT_FOUND => return Problem::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("body-too-large", "The request body is too large", "Send less at once.")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "unsupported-media-type",
            "The request body has a media type that is not taken here",
            "Set the Content-Type header.",
        ),
        s if s.is_server_error() => return Problem::internal(),
        _ => ("bad-request", "The request cannot be read", "Check its form."),
    };
    Problem::new(status, code, title).detail(detail)
}

fn too_large(max: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The request body is too large")
        .detail(format!("Send at most {max} bytes at once."))
        .member("max_bytes", max)
        // What is left of the body would be read as the next request.
        .header(header::CONNECTION, HeaderValue::from_static("close"))
}

fn timed_out() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed-out", "The answer took too long")
        .detail("Try again in a moment, and ask for less at once.")
        .header(header::RETRY_AFTER, HeaderValue::from_static("5"))
}

/// Headers of every answer. A page that needs more than nothing sets its own policy.
fn secure(headers: &mut HeaderMap) {
    const ALWAYS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ];
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn is_taxii(path: &str) -> bool {
    path == "/taxii2" || path.starts_with("/taxii2/")
}
