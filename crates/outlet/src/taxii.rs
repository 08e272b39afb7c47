//! TAXII 2.1, the side that reads (OASIS TAXII 2.1, sections 3 to 5).
//!
//! Pages are written by concatenation of the bytes on the shelf. A collection or an object that the
//! caller may not read answers exactly as one that does not exist.

mod envelope;
mod filter;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub use envelope::PostedEnvelope;
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::{
    ApiRoot, CollectionInfo, Collections, Discovery, STIX_MEDIA, TAXII_MEDIA, TaxiiError,
};
use serde::Serialize;

use crate::accept;
use crate::collection::Collection;
use crate::cursor::Position;
use crate::error::OutletError;
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shelf::{Page, What};
use crate::state::OutletState;

type Answer = Result<Response, Problem>;

/// `GET /taxii2/`
pub(crate) async fn discover(State(state): State<OutletState>, headers: HeaderMap) -> Answer {
    negotiate(&headers)?;
    let root = format!("{}{API_ROOT}", state.public_url(&headers));
    Ok(resource(&Discovery {
        title: state.0.config.title.clone(),
        description: Some("Releases of a noroshi hub: indicators of attacks, no victims".into()),
        contact: None,
        default: Some(root.clone()),
        api_roots: vec![root],
    }))
}

/// `GET /taxii2/noroshi/`
pub(crate) async fn api_root(State(state): State<OutletState>, headers: HeaderMap) -> Answer {
    negotiate(&headers)?;
    Ok(resource(&ApiRoot {
        title: state.0.config.title.clone(),
        description: None,
        versions: vec![TAXII_MEDIA.to_owned()],
        max_content_length: u64::try_from(state.0.config.max_body).unwrap_or(u64::MAX),
    }))
}

/// `GET /taxii2/noroshi/collections/`
pub(crate) async fn collections(headers: HeaderMap) -> Answer {
    negotiate(&headers)?;
    let collections = Collection::ALL.into_iter().map(info).collect();
    Ok(resource(&Collections { collections }))
}

/// `GET /taxii2/noroshi/collections/{collection}/`
pub(crate) async fn collection(headers: HeaderMap, params: Params) -> Answer {
    negotiate(&headers)?;
    Ok(resource(&info(find(&params)?)))
}

/// `GET .../manifest/`
pub(crate) async fn manifest(
    State(state): State<OutletState>,
    Extension(reader): Extension<Reader>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    page(&state, reader, &headers, &params, What::Manifest).await
}

/// `GET .../objects/`
pub(crate) async fn objects(
    State(state): State<OutletState>,
    Extension(reader): Extension<Reader>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    page(&state, reader, &headers, &params, What::Objects).await
}

/// `GET .../objects/{object}/`
pub(crate) async fn object(
    State(state): State<OutletState>,
    Extension(reader): Extension<Reader>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    page_of_object(&state, reader, &headers, &params, What::Objects).await
}

/// `GET .../objects/{object}/versions/`
pub(crate) async fn versions(
    State(state): State<OutletState>,
    Extension(reader): Extension<Reader>,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    page_of_object(&state, reader, &headers, &params, What::Versions).await
}

async fn page(
    state: &OutletState,
    reader: Reader,
    headers: &HeaderMap,
    params: &Params,
    what: What,
) -> Answer {
    negotiate(headers)?;
    let collection = find(params)?;
    let query = filter::read(params, collection, &state.0.config, reader.clear_only())?;
    let page = state.0.shelf.page(what, query).await.map_err(failed)?;
    Ok(envelope(collection, what, &page))
}

async fn page_of_object(
    state: &OutletState,
    reader: Reader,
    headers: &HeaderMap,
    params: &Params,
    what: What,
) -> Answer {
    negotiate(headers)?;
    let collection = find(params)?;
    let mut query = filter::read(params, collection, &state.0.config, reader.clear_only())?;
    let id = params.segment("object").to_ascii_lowercase();
    if what == What::Versions {
        query.versions.all = true;
    }
    query.ids = vec![id.clone()];
    let page = state.0.shelf.page(what, query).await.map_err(failed)?;
    if page.count == 0
        && !state.0.shelf.has(collection, &id, reader.clear_only()).await.map_err(failed)?
    {
        return Err(Problem::not_found());
    }
    Ok(envelope(collection, what, &page))
}

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

/// Refuses a request that would not understand our answer (section 1.6.8). A missing `Accept`
/// header, and one that takes anything, are fine.
fn negotiate(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(ranges) = accept::ranges(headers) else { return Ok(()) };
    let fits = ranges.iter().any(|range| {
        let media =
            matches!(range.media.as_str(), "application/taxii+json" | "application/*" | "*/*");
        media && !range.refused() && range.version.as_deref().is_none_or(|v| v == "2.1")
    });
    if fits {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::NOT_ACCEPTABLE,
        "not-acceptable",
        "The answer would have a media type the client does not accept",
    )
    .detail(format!("Send Accept: {TAXII_MEDIA}.")))
}

fn find(params: &Params) -> Result<Collection, Problem> {
    Collection::find(params.segment("collection")).ok_or_else(Problem::not_found)
}

fn info(collection: Collection) -> CollectionInfo {
    CollectionInfo {
        id: collection.id().to_owned(),
        title: collection.title().to_owned(),
        description: Some(collection.description().to_owned()),
        alias: Some(collection.alias().to_owned()),
        can_read: true,
        can_write: false,
        media_types: vec![STIX_MEDIA.to_owned()],
    }
}

/// Writes a page: `objects` (or `versions`) first, because only afterwards it is known whether
/// there are more. An empty list is left out, as STIX asks for.
fn envelope(collection: Collection, what: What, page: &Page) -> Response {
    let name = if what == What::Versions { "versions" } else { "objects" };
    let mut body = Vec::with_capacity(page.items.len() + 128);
    body.push(b'{');
    if page.count > 0 {
        body.extend_from_slice(format!("\"{name}\":[").as_bytes());
        body.extend_from_slice(&page.items);
        body.extend_from_slice(b"],");
    }
    body.extend_from_slice(if page.more { b"\"more\":true" } else { b"\"more\":false" });
    if let Some(last) = page.last.filter(|_| page.more) {
        let next = last.to_cursor(collection.id());
        body.extend_from_slice(format!(",\"next\":\"{next}\"").as_bytes());
    }
    body.push(b'}');
    let mut response = Body::from(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, TAXII_TYPE);
    for (name, position) in [(DATE_ADDED_FIRST, page.first), (DATE_ADDED_LAST, page.last)] {
        if let Some(value) = position.and_then(date_added) {
            headers.insert(name, value);
        }
    }
    response
}

fn date_added(position: Position) -> Option<HeaderValue> {
    HeaderValue::from_str(&Timestamp::from_micros(position.date_added).to_taxii()).ok()
}

fn resource(value: &impl Serialize) -> Response {
    ([(header::CONTENT_TYPE, TAXII_TYPE)], json(value)).into_response()
}

fn json(value: &impl Serialize) -> String {
    // Structs of strings and numbers always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

fn failed(error: OutletError) -> Problem {
    tracing::error!(%error, "the shelf could not be read");
    Problem::internal()
}

const API_ROOT: &str = "/taxii2/noroshi/";
const TAXII_TYPE: HeaderValue = HeaderValue::from_static(TAXII_MEDIA);
const DATE_ADDED_FIRST: HeaderName = HeaderName::from_static("x-taxii-date-added-first");
const DATE_ADDED_LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");
