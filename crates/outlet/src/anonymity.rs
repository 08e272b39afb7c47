//! What a hub publishes so that anybody can check a certificate: `/anonymity/`.
//!
//! Whoever reads releases reads all of it; where the public part is on, anyone reads what is
//! `clear`. Everything else answers exactly as what does not exist.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::compress::matches_tag;
use crate::document::SIGNATURE_HEADER;
use crate::error::OutletError;
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::{Grant, Scope};
use crate::state::OutletState;

/// What there is, as far as the caller may read it.
#[derive(Serialize)]
struct Index {
    certificates: usize,
    registers: usize,
    parameters: usize,
    records: usize,
    /// Number of the newest record; records are numbered from 1 without gaps.
    newest_record: Option<u64>,
    /// Number of the newest part of the log of what was released outside the guarantee.
    newest_direct: Option<u64>,
    /// Names of all documents; one is at `/anonymity/` and its name.
    documents: Vec<String>,
}

/// `GET /anonymity/`: what there is.
pub(crate) async fn index(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
) -> Result<Response, Problem> {
    let documents = state.0.shelf.document_names(clear_only(grant)?);
    let of = |kind: &'static str| {
        documents.iter().filter_map(move |name| name.strip_prefix(kind)?.strip_prefix('/'))
    };
    let newest = |kind| of(kind).filter_map(|name| name.parse::<u64>().ok()).max();
    let index = Index {
        certificates: of("certificates").count(),
        registers: of("registers").count(),
        parameters: of("parameters").count(),
        records: of("records").filter(|name| *name != "latest").count(),
        newest_record: newest("records"),
        newest_direct: newest("direct"),
        documents: documents.clone(),
    };
    Ok((caching(), Json(index)).into_response())
}

/// `GET /anonymity/{kind}/{name}`: one document with its signature in a header.
pub(crate) async fn document(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let clear_only = clear_only(grant)?;
    let name = format!("{}/{}", params.segment("kind"), params.segment("name"));
    let found = state.0.shelf.document(&name, clear_only).await.map_err(failed)?;
    let document = found.ok_or_else(Problem::not_found)?;
    let signature = HeaderValue::from_str(&document.header()).map_err(|_| Problem::internal())?;
    let tag = format!("\"{}\"", HEXLOWER.encode(&document.hash()));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let mut response = if known.is_some_and(|known| matches_tag(known, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        document.body.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(SIGNATURE_HEADER, signature);
    headers.extend(caching());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Whether only what is `clear` may be read.
pub(crate) fn clear_only(grant: Grant) -> Result<bool, Problem> {
    match grant.releases {
        Scope::All => Ok(false),
        Scope::Clear => Ok(true),
        Scope::Nothing => Err(Problem::not_found()),
    }
}

/// Answers depend on who asks, and what is called `latest` changes.
pub(crate) fn caching() -> HeaderMap {
    HeaderMap::from_iter([
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::VARY, HeaderValue::from_static("Accept-Encoding, Authorization, Cookie")),
    ])
}

pub(crate) fn failed(error: OutletError) -> Problem {
    tracing::error!(%error, "the shelf could not be read");
    Problem::internal()
}
