//! Manifests, objects, versions, and deleting (sections 5.3 to 5.8).

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use noroshi_stix::Timestamp;

use super::request::Asked;
use super::resources::Known;
use super::{Answer, TAXII_TYPE, failed, filter, not_writable};
use crate::collection::Collection;
use crate::cursor::Position;
use crate::delivery::Channel;
use crate::problem::Problem;
use crate::reader::Scope;
use crate::shelf::{Deletion, Page, Removal, VersionFilter, What};

/// `GET .../manifest/`
pub(crate) async fn manifest(asked: Asked) -> Answer {
    page(&asked, What::Manifest).await
}

/// `GET .../objects/`
pub(crate) async fn objects(asked: Asked) -> Answer {
    page(&asked, What::Objects).await
}

/// `GET .../objects/{object}/`
pub(crate) async fn object(asked: Asked) -> Answer {
    page_of_object(&asked, What::Objects).await
}

/// `GET .../objects/{object}/versions/`
pub(crate) async fn versions(asked: Asked) -> Answer {
    page_of_object(&asked, What::Versions).await
}

/// `DELETE .../objects/{object}/`: all versions, or those that `match[version]` names, by whoever
/// brought them or the desk.
pub(crate) async fn delete(asked: Asked) -> Answer {
    let Asked { state, grant, params, .. } = &asked;
    let known = Known::find(&asked)?;
    let (scope, signer) = match (known, &state.0.signer) {
        (Known::Shelf(Collection::Partners, scope), Some(signer))
            if grant.contributor.is_some() || grant.moderate =>
        {
            (scope, signer)
        }
        _ => return Err(not_writable()),
    };
    let (versions, spec_20) = filter::read_for_deleting(params)?;
    let deletion = Deletion {
        id: params.segment("object").to_ascii_lowercase(),
        versions,
        spec_20,
        contributor: grant.contributor,
        moderate: grant.moderate,
    };
    let now = state.now().as_micros();
    match state.0.shelf.delete(&deletion, &Arc::clone(signer), now).await.map_err(failed)? {
        Removal::Done => Ok(([(header::CONTENT_TYPE, TAXII_TYPE)], "{}").into_response()),
        // Whoever may not read does not learn what others brought.
        Removal::NotYours if scope == Scope::All => Err(not_writable()),
        Removal::NotThere | Removal::NotYours => Err(Problem::not_found()),
    }
}

async fn page(asked: &Asked, what: What) -> Answer {
    let (state, params) = (&asked.state, &asked.params);
    let (collection, clear_only) = Known::find_to_read(asked)?;
    let query = filter::read(params, collection, &state.0.config, clear_only)?;
    let tick = state.0.shelf.health().newest_tick;
    let page = state.0.shelf.page(what, &query).await.map_err(failed)?;
    // Whoever has the end of a collection has what the newest tick brought.
    let newest = page.last.is_some_and(|last| !page.more && last.date_added >= tick);
    if newest && what == What::Objects && collection.is_released() {
        state.0.shelf.deliveries().note(Channel::Taxii, tick, state.now().as_micros());
    }
    Ok(envelope(collection, what, page))
}

async fn page_of_object(asked: &Asked, what: What) -> Answer {
    let (state, params) = (&asked.state, &asked.params);
    let (collection, clear_only) = Known::find_to_read(asked)?;
    let mut query = filter::read(params, collection, &state.0.config, clear_only)?;
    let id = params.segment("object").to_ascii_lowercase();
    if what == What::Versions {
        query.versions = VersionFilter::all();
    }
    query.ids = vec![id.clone()];
    let page = state.0.shelf.page(what, &query).await.map_err(failed)?;
    if page.count == 0 && !state.0.shelf.has(collection, &id, clear_only) {
        return Err(Problem::not_found());
    }
    Ok(envelope(collection, what, page))
}

/// Puts what an envelope has around its objects (or versions). The list comes first, and an empty
/// one is left out, as STIX asks for.
fn envelope(collection: Collection, what: What, page: Page) -> Response {
    let opening: &[u8] = match (page.count, what) {
        (0, _) => b"{",
        (_, What::Versions) => b"{\"versions\":[",
        _ => b"{\"objects\":[",
    };
    let list_end = if page.count > 0 { "]," } else { "" };
    let next = page.last.filter(|_| page.more).map(|last| last.to_cursor(collection.id()));
    let next = next.map(|next| format!(",\"next\":\"{next}\"")).unwrap_or_default();
    let ending = format!("{list_end}\"more\":{}{next}}}", page.more);
    let mut response = page.items.into_body(opening, ending).into_response();
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

const DATE_ADDED_FIRST: HeaderName = HeaderName::from_static("x-taxii-date-added-first");
const DATE_ADDED_LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");
