//! Compressed answers: which, how, and what they are called.
//!
//! Whoever can mix words of their own into a secret answer and see its compressed length learns the
//! secret piece by piece (CRIME, BREACH). So only what is the same for every reader is compressed:
//! releases, lists, style sheets. Pages are not, since they hold the token of their forms beside
//! what somebody else may have written; nor is what may not be stored, since it is for one reader.

use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::response::Response;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Packs answers for clients that ask: zstd where they know it, else gzip.
pub(crate) fn layer() -> CompressionLayer<impl Predicate> {
    let shared = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| {
        is_text(headers) && is_shared(headers)
    };
    CompressionLayer::new()
        .gzip(true)
        .zstd(true)
        .quality(CompressionLevel::Precise(LEVEL))
        .compress_when(SizeAbove::new(MIN_SIZE).and(shared))
}

/// Whether the media type is text that shrinks. Not `text/html` (see above), and no stream of
/// events: a compressor holds back what a reader waits for.
fn is_text(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let media = media.split(';').next().unwrap_or("").trim();
    match media {
        "text/html" | "text/event-stream" => false,
        "application/json" | "application/openmetrics-text" | "image/svg+xml" => true,
        _ => media.starts_with("text/") || media.ends_with("+json"),
    }
}

fn is_shared(headers: &HeaderMap) -> bool {
    let keep = headers.get(header::CACHE_CONTROL).and_then(|v| v.to_str().ok()).unwrap_or("");
    !keep.contains("no-store") && !headers.contains_key(header::SET_COOKIE)
}

/// Names a compressed answer: it is another representation, so it has another entity tag (RFC 9110,
/// section 8.8.3.3).
pub(crate) async fn name_variant(mut response: Response) -> Response {
    let headers = response.headers();
    let suffix = headers.get(header::CONTENT_ENCODING).and_then(|packed| {
        SUFFIXES.iter().find(|(encoding, _)| packed == encoding).map(|(_, suffix)| suffix)
    });
    if let Some(suffix) = suffix
        && let Some(tag) = headers.get(header::ETAG).and_then(|v| v.to_str().ok())
        && let Some(inner) = tag.strip_suffix('"')
        && let Ok(tag) = HeaderValue::from_str(&format!("{inner}{suffix}\""))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Whether an `If-None-Match` value names this tag, also by a name that a compressed answer had.
pub(crate) fn matches_tag(known: &str, tag: &str) -> bool {
    let plain = tag.strip_suffix('"');
    known.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| {
        let packed = t.strip_suffix('"').is_some_and(|t| {
            SUFFIXES
                .iter()
                .any(|(_, suffix)| t.strip_suffix(suffix).is_some_and(|inner| plain == Some(inner)))
        });
        t == "*" || t == tag || packed
    })
}

/// Encodings, and what the entity tags of their answers end with.
const SUFFIXES: [(&str, &str); 2] = [("gzip", "-gzip"), ("zstd", "-zstd")];
/// Smaller answers fit into one packet anyway.
const MIN_SIZE: u16 = 1024;
/// For both encodings: answers are packed anew for each client, so speed counts more than the last
/// per cent.
const LEVEL: i32 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_in_every_form_clients_send_them() {
        let tag = "\"abc\"";
        for known in
            ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"abc-gzip\"", "W/\"abc-zstd\"", "*"]
        {
            assert!(matches_tag(known, tag), "{known}");
        }
        for other in ["", "abc", "\"ab\"", "\"abc", "\"abcd-gzip\"", "\"abc-br\"", "abc-gzip"] {
            assert!(!matches_tag(other, tag), "{other}");
        }
    }

    #[test]
    fn what_is_for_one_reader_is_not_compressed() {
        let headers = |media: &'static str, keep: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
            headers
        };
        let packed = |h: &HeaderMap| is_text(h) && is_shared(h);
        for media in [
            "text/plain; charset=utf-8",
            "text/css",
            "application/json",
            "application/taxii+json;version=2.1",
            "application/stix+json;version=2.1",
        ] {
            assert!(packed(&headers(media, "private, no-cache")), "{media}");
            assert!(!packed(&headers(media, "private, no-store")), "{media}");
        }
        for media in ["text/html; charset=utf-8", "text/event-stream", "image/png", ""] {
            assert!(!packed(&headers(media, "no-cache")), "{media}");
        }
        let mut signed_in = headers("application/json", "no-cache");
        signed_in.insert(header::SET_COOKIE, HeaderValue::from_static("session=x"));
        assert!(!packed(&signed_in));
    }
}
