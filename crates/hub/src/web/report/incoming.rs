//! The report form as it arrives: read piece by piece, so that a file that is too large costs
//! neither memory nor what was typed.

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use http_body_util::Limited;
use noroshi_outlet::problem::beyond_limit;

use crate::api::CSRF_FIELD;
use crate::drafts::NewFile;
use crate::error::HubError;

/// Most files in one report.
const MAX_FILES: usize = 50;
/// Most fields that are no files.
const MAX_FIELDS: usize = 300;
/// Bytes that are read and thrown away, so that a browser that is still sending hears the answer.
const DRAINED: usize = 1024 * 1024 * 1024;

/// What came with one request.
#[derive(Default)]
pub(crate) struct Posted {
    /// The anti-forgery token.
    pub(super) csrf: Option<String>,
    /// What was pasted.
    pub(super) text: String,
    /// Every other field that is no file.
    pub(super) fields: Vec<(String, String)>,
    /// Attached files that fit.
    pub(super) files: Vec<NewFile>,
    /// Names of files that did not fit.
    pub(super) too_large: Vec<String>,
}

/// Reads the form. Everything typed and every file together may have `limit` bytes; a file beyond
/// that is passed over and named, and what follows it is read all the same.
///
/// # Errors
/// 400 where it is no form or is cut off, or has too many parts; 413 where the typed text alone is
/// too large.
pub(super) async fn read(request: Request<Body>, limit: usize) -> Result<Posted, HubError> {
    let broken = || {
        HubError::bad(
            "broken-form",
            "The form did not arrive whole. Send it again; nothing was stored.",
        )
    };
    let limited = request.map(|b| Body::new(Limited::new(b, limit.saturating_add(DRAINED))));
    let mut form = Multipart::from_request(limited, &()).await.map_err(|_| broken())?;
    let mut posted = Posted::default();
    let mut left = limit;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(posted),
            // Nobody sends so much by mistake: what was read so far is answered.
            Err(e) if beyond_limit(&e) => return Ok(posted),
            Err(_) => return Err(broken()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let media = field.content_type().unwrap_or_default().to_owned();
        let bytes = match whole(field, left).await {
            Ok(bytes) => bytes,
            Err(Cut::Broken) => return Err(broken()),
            Err(Cut::TooLarge) => match file {
                Some(name) => {
                    posted.too_large.push(name);
                    continue;
                }
                None => return Err(too_large(limit)),
            },
        };
        left = left.saturating_sub(bytes.len());
        match (file, name.as_str()) {
            // Browsers send an unnamed empty file where none was chosen.
            (Some(name), _) if name.is_empty() && bytes.is_empty() => {}
            (Some(name), _) => posted.files.push(NewFile { name, media, content: bytes }),
            (None, CSRF_FIELD) => posted.csrf = String::from_utf8(bytes).ok(),
            (None, "text") => posted.text = String::from_utf8_lossy(&bytes).into_owned(),
            (None, _) => {
                posted.fields.push((name, String::from_utf8(bytes).map_err(|_| broken())?));
            }
        }
        if posted.files.len() > MAX_FILES || posted.fields.len() > MAX_FIELDS {
            return Err(HubError::bad("too-many-files", "Send at most 50 files in one report."));
        }
    }
}

enum Cut {
    TooLarge,
    Broken,
}

/// A field, whole. One beyond `limit` is read to its end and thrown away.
async fn whole(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, Cut> {
    let mut bytes = Vec::new();
    let mut fits = true;
    loop {
        match field.chunk().await {
            Ok(Some(piece)) => {
                fits = fits && bytes.len() + piece.len() <= limit;
                if fits {
                    bytes.extend_from_slice(&piece);
                } else {
                    bytes = Vec::new();
                }
            }
            Ok(None) => return if fits { Ok(bytes) } else { Err(Cut::TooLarge) },
            Err(e) if beyond_limit(&e) => return Err(Cut::TooLarge),
            Err(_) => return Err(Cut::Broken),
        }
    }
}

pub(super) fn too_large(limit: usize) -> HubError {
    HubError::Request {
        status: axum::http::StatusCode::PAYLOAD_TOO_LARGE,
        code: "too-large",
        detail: format!(
            "A report may have {} MiB, all files together. Nothing was stored.",
            limit / (1024 * 1024)
        ),
    }
}
