//! The hub's own style sheet, served from memory under a name that changes with its content.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::error::HubError;

const NAME: &str = "hub.css";
const STYLE: &[u8] = include_bytes!("../../assets/hub.css");

/// `GET /assets/hub/{file}`
pub(crate) async fn read(
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    if file != NAME {
        return Err(HubError::not_found());
    }
    // Whoever asks for this very content may keep it for ever.
    let keep = if query == Some(format!("v={}", version())) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    Ok((headers, STYLE).into_response())
}

/// The address of the style sheet, with the version of its content.
pub(super) fn address() -> String {
    format!("/assets/hub/{NAME}?v={}", version())
}

fn version() -> String {
    HEXLOWER.encode(&Sha256::digest(STYLE)[..6])
}
