//! TAXII 2.1 (OASIS TAXII 2.1, sections 3 to 5).
//!
//! Pages are written by concatenation of the bytes on the shelf. A collection or an object that the
//! caller may not read answers exactly as one that does not exist.

mod envelope;
mod filter;
mod objects;
mod post;
mod request;
mod resources;
mod status;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub use envelope::PostedEnvelope;
use noroshi_stix::taxii::{TAXII_MEDIA, TaxiiError};
pub(crate) use objects::{delete, manifest, object, objects, versions};
pub(crate) use post::{POST_UNITS, post};
pub(crate) use resources::{api_root, collection, collections, discover};
use serde::Serialize;
pub(crate) use status::status;

use crate::error::OutletError;
use crate::problem::Problem;

type Answer = Result<Response, Problem>;

/// Makes the TAXII error object of a problem (section 3.6.1).
pub(crate) fn error_response(problem: &Problem) -> Response {
    let detail = problem.detail_text();
    let error = TaxiiError {
        title: problem.title().to_owned(),
        description: (!detail.is_empty()).then(|| detail.to_owned()),
        error_code: Some(problem.code().to_owned()),
        http_status: Some(problem.status().as_u16().to_string()),
        ..TaxiiError::default()
    };
    let mut response = (problem.status(), json(&error)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, TAXII_TYPE);
    response
}

fn resource(value: &impl Serialize) -> Response {
    ([(header::CONTENT_TYPE, TAXII_TYPE)], json(value)).into_response()
}

fn json(value: &impl Serialize) -> String {
    // Structs of strings and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

/// 403 for a collection or object that the caller may know of but not change.
fn not_writable() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "not-writable",
        "This credential may not change what is here",
    )
    .detail("Members post to inbox, partners to partners; each may delete only its own objects.")
}

fn failed(error: OutletError) -> Problem {
    tracing::error!(%error, "the shelf could not be read");
    Problem::internal()
}

const TAXII_TYPE: HeaderValue = HeaderValue::from_static(TAXII_MEDIA);
