//! Plain block lists for firewalls, proxies and resolvers: one value per line.

mod cache;
mod form;

use askama::Template;
use axum::Extension;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
pub(crate) use cache::ListCache;
use form::Form;
use noroshi_stix::Kind;
use serde_json::json;

use crate::accept;
use crate::compress::matches_tag;
use crate::delivery::Channel;
use crate::http_date::http_date;
use crate::i18n::Locale;
use crate::page::{self, Frame};
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::Grant;
use crate::state::OutletState;

/// One block list: its file name without `.txt`, and what is in it.
#[derive(Debug)]
pub(crate) struct BlockList {
    pub(crate) name: &'static str,
    pub(crate) kinds: &'static [Kind],
}

/// Every block list, in the order of the index.
pub(crate) const LISTS: &[BlockList] = &[
    BlockList { name: "ipv4", kinds: &[Kind::Ipv4] },
    BlockList { name: "ipv6", kinds: &[Kind::Ipv6] },
    BlockList { name: "domain", kinds: &[Kind::Domain, Kind::Host] },
    BlockList { name: "url", kinds: &[Kind::Url] },
    BlockList { name: "email", kinds: &[Kind::Email] },
    BlockList { name: "md5", kinds: &[Kind::Md5] },
    BlockList { name: "sha1", kinds: &[Kind::Sha1] },
    BlockList { name: "sha224", kinds: &[Kind::Sha224] },
    BlockList { name: "sha256", kinds: &[Kind::Sha256] },
    BlockList { name: "sha384", kinds: &[Kind::Sha384] },
    BlockList { name: "sha512", kinds: &[Kind::Sha512] },
    BlockList { name: "ja3", kinds: &[Kind::Ja3] },
    BlockList { name: "ja4", kinds: &[Kind::Ja4] },
];

#[derive(Template)]
#[template(path = "feeds.html")]
struct Index {
    frame: Frame,
    lists: Vec<&'static str>,
}

/// `GET /feeds/`: the lists there are, as a page for people and as JSON for tools.
pub(crate) async fn index(
    State(state): State<OutletState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lists: Vec<&'static str> = LISTS.iter().map(|l| l.name).collect();
    let vary = [(header::VARY, "Accept, Accept-Language, Cookie")];
    if !accept::prefers_html(&headers) {
        let lists: Vec<_> = lists
            .iter()
            .map(|name| json!({"name": name, "path": format!("/feeds/{name}.txt")}))
            .collect();
        return Ok((vary, axum::Json(json!({"lists": lists}))).into_response());
    }
    let locale = Locale::negotiate(uri.query(), &headers);
    let chrome = state.0.readers.chrome(&headers, locale).await;
    let index = Index { frame: Frame::new(&state, locale, chrome, &uri, &headers), lists };
    page::answer(StatusCode::OK, &index, &uri)
}

/// `GET /feeds/{list}`: one list, as plain lines (`.txt`) or in a tool's own form. Its entity tag is
/// a hash of what is in it, so a client that has it already gets 304 however often others change.
pub(crate) async fn read(
    State(state): State<OutletState>,
    Extension(grant): Extension<Grant>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let (list, form) = Form::find(params.segment("list"), LISTS).ok_or_else(Problem::not_found)?;
    let (clear_only, now) = (grant.clear_only()?, state.now().as_micros());
    let built =
        state.0.lists.get(&state.0.shelf, list, clear_only, now).await.map_err(|error| {
            tracing::error!(%error, "a block list could not be built");
            Problem::internal()
        })?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let tag = format!("{}{}\"", built.tag.trim_end_matches('"'), form.suffix());
    let mut response = if known.is_some_and(|k| matches_tag(k, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        if built.tick == state.0.shelf.health().newest_tick {
            state.0.shelf.deliveries().note(Channel::Lists, built.tick, now);
        }
        built.written(form).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, form.media());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Authorization"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(date) = http_date(built.tick) {
        headers.insert(header::LAST_MODIFIED, date);
    }
    headers.insert(LIST_COUNT, HeaderValue::from(built.count));
    Ok(response)
}

/// How many lines a list has.
const LIST_COUNT: header::HeaderName = header::HeaderName::from_static("x-noroshi-count");
