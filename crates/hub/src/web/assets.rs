//! Style and scripts of the hub's pages, served from memory under names that change with their
//! content.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::error::HubError;

/// One file.
struct Asset {
    name: &'static str,
    media: &'static str,
    body: &'static [u8],
}

const fn style(name: &'static str, body: &'static [u8]) -> Asset {
    Asset { name, media: "text/css; charset=utf-8", body }
}

const fn script(name: &'static str, body: &'static [u8]) -> Asset {
    Asset { name, media: "text/javascript; charset=utf-8", body }
}

/// What pages may ask for; whose the files in `vendor` are is said there.
const ASSETS: &[Asset] = &[
    style("hub.css", include_bytes!("../../assets/hub.css")),
    style("report.css", include_bytes!("../../assets/report.css")),
    script("report.js", include_bytes!("../../assets/report.js")),
    style("situation.css", include_bytes!("../../assets/situation.css")),
    script("hub.js", include_bytes!("../../assets/hub.js")),
    style("desk.css", include_bytes!("../../assets/desk.css")),
    script("desk.js", include_bytes!("../../assets/desk.js")),
    script("htmx.js", include_bytes!("../../assets/vendor/htmx.min.js")),
];

/// `GET /assets/hub/{file}`
pub(crate) async fn read(
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HubError> {
    let asset = ASSETS.iter().find(|a| a.name == file).ok_or_else(HubError::not_found)?;
    // Whoever asks for this very content may keep it for ever.
    let keep = if query == Some(format!("v={}", version(asset))) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    Ok((headers, asset.body).into_response())
}

/// The address of a file of [`ASSETS`], with the version of its content.
pub(super) fn address(name: &str) -> String {
    let version = ASSETS.iter().find(|a| a.name == name).map(version).unwrap_or_default();
    format!("/assets/hub/{name}?v={version}")
}

fn version(asset: &Asset) -> String {
    HEXLOWER.encode(&Sha256::digest(asset.body)[..6])
}
