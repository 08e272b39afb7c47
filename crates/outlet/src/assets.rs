//! Style, script and picture of the pages: served by us, from memory, under names that change with
//! their content.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::params::Params;
use crate::problem::Problem;

/// One file.
struct Asset {
    name: &'static str,
    media: &'static str,
    body: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "outlet.css",
        media: "text/css; charset=utf-8",
        body: include_bytes!("../assets/outlet.css"),
    },
    Asset {
        name: "feed.css",
        media: "text/css; charset=utf-8",
        body: include_bytes!("../assets/feed.css"),
    },
    Asset {
        name: "outlet.js",
        media: "text/javascript; charset=utf-8",
        body: include_bytes!("../assets/outlet.js"),
    },
    Asset { name: "icon.svg", media: "image/svg+xml", body: include_bytes!("../assets/icon.svg") },
];

/// `GET /assets/outlet/{file}`
pub(crate) async fn read(params: Params) -> Result<Response, Problem> {
    let name = params.segment("file");
    let asset = ASSETS.iter().find(|a| a.name == name).ok_or_else(Problem::not_found)?;
    let asked = params.one("v")?;
    // Whoever asks for this very content may keep it for ever.
    let keep = if asked == Some(version(asset).as_str()) {
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

/// The address of an asset, with the version of its content.
pub(crate) fn address(name: &str) -> String {
    let version = ASSETS.iter().find(|a| a.name == name).map(version).unwrap_or_default();
    format!("/assets/outlet/{name}?v={version}")
}

fn version(asset: &Asset) -> String {
    let hash = Sha256::digest(asset.body);
    HEXLOWER.encode(&hash[..6])
}
