//! From an HTTP request to a [`Submission`]: one body with a media type, or a multipart form.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use noroshi_outlet::problem::beyond_limit;

use crate::error::HubError;
use crate::intake::{Part, Submission};

/// Most files in one report.
const MAX_PARTS: usize = 50;

/// Form fields that are not part of the report.
pub(crate) const CSRF_FIELD: &str = "_csrf";

/// A submission and what came beside it in the same form.
pub(crate) struct Incoming {
    pub(crate) submission: Submission,
    /// Small named fields that are not files, such as which button was pressed.
    pub(crate) fields: Vec<(String, String)>,
}

/// Reads the request's body, at most `limit` bytes of it.
///
/// # Errors
/// 413 beyond the limit, 400 where the form is broken or the body is cut off.
pub(crate) async fn read_submission(
    request: Request<Body>,
    limit: usize,
) -> Result<Incoming, HubError> {
    let headers = request.headers().clone();
    let idempotency = header_text(&headers, "idempotency-key");
    let media = header_text(&headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let declared = header_text(&headers, header::CONTENT_LENGTH.as_str())
        .and_then(|n| n.parse::<u64>().ok())
        .unwrap_or(0);
    if declared > limit as u64 {
        return Err(too_large(limit));
    }
    if media.to_ascii_lowercase().starts_with("multipart/form-data") {
        return read_form(request, idempotency, limit).await;
    }
    let query = request.uri().query().unwrap_or_default();
    let name = named_in(query, "name=").unwrap_or_default();
    let continues = named_in(query, "continues=").filter(|id| !id.is_empty());
    let bytes = read_body(request.into_body(), limit).await?;
    if bytes.is_empty() {
        return Err(HubError::bad("empty", "The request has no body: send the report in it."));
    }
    let parts = vec![Part { name, media, bytes }];
    Ok(Incoming {
        submission: Submission { parts, idempotency, continues, reporter: None },
        fields: Vec::new(),
    })
}

pub(super) async fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, HubError> {
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(whole.to_bytes().to_vec()),
        Err(e) if beyond_limit(e.as_ref()) => Err(too_large(limit)),
        Err(_) => Err(HubError::bad(
            "body-cut-off",
            "The connection ended before the whole body arrived. Send it again; nothing was stored.",
        )),
    }
}

async fn read_form(
    request: Request<Body>,
    idempotency: Option<String>,
    limit: usize,
) -> Result<Incoming, HubError> {
    let broken = || {
        HubError::bad(
            "broken-form",
            "The multipart form is broken. Send it again; nothing was stored.",
        )
    };
    let limited = request.map(|b| Body::new(Limited::new(b, limit.saturating_add(64 * 1024))));
    let mut form = Multipart::from_request(limited, &()).await.map_err(|_| broken())?;
    let (mut parts, mut fields) = (Vec::new(), Vec::new());
    let mut left = limit;
    let (mut key, mut continues) = (idempotency, None);
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(e) if beyond_limit(&e) => return Err(too_large(limit)),
            Err(_) => return Err(broken()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let media = field.content_type().unwrap_or_default().to_owned();
        let bytes = match field.bytes().await {
            Ok(b) => b.to_vec(),
            Err(e) if beyond_limit(&e) => return Err(too_large(limit)),
            Err(_) => return Err(broken()),
        };
        left = left.checked_sub(bytes.len()).ok_or_else(|| too_large(limit))?;
        match (file, name.as_str()) {
            // Browsers send an unnamed empty file where none was chosen.
            (Some(file), _) if file.is_empty() && bytes.is_empty() => {}
            (Some(file), _) => parts.push(Part { name: file, media, bytes }),
            (None, "report" | "text") => {
                if !bytes.iter().all(u8::is_ascii_whitespace) {
                    parts.push(Part { name: String::new(), media, bytes });
                }
            }
            // Calls carry their token in a header.
            (None, CSRF_FIELD) => {}
            (None, "idempotency") => key = String::from_utf8(bytes).ok().filter(|k| !k.is_empty()),
            (None, "continues") => {
                continues = String::from_utf8(bytes).ok().filter(|id| !id.is_empty());
            }
            (None, _) => {
                let value = String::from_utf8(bytes).map_err(|_| broken())?;
                if fields.len() < MAX_PARTS {
                    fields.push((name, value));
                }
            }
        }
        if parts.len() > MAX_PARTS {
            return Err(HubError::bad("too-many-files", "Send at most 50 files in one report."));
        }
    }
    let submission = Submission { parts, idempotency: key, continues, reporter: None };
    Ok(Incoming { submission, fields })
}

fn too_large(limit: usize) -> HubError {
    HubError::Request {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "too-large",
        detail: format!(
            "A report may have {} MiB, all files together. Send the indicators and the mail; keep disk images and samples. Nothing was stored.",
            limit / (1024 * 1024)
        ),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

/// `?name=list.csv` tells the file name of a plain body, `?continues=r-...` the report it adds to.
fn named_in(query: &str, key: &str) -> Option<String> {
    let value = query.split('&').find_map(|p| p.strip_prefix(key))?;
    Some(
        value
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
            .take(100)
            .collect(),
    )
}
