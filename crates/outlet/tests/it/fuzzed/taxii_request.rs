//! Any request below the API root gets an answer that a TAXII client can read: never 5xx, never
//! something else than TAXII, and whatever is listed can be read.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::actor::PARTNERS;
use crate::partners::tool;
use crate::place;
use crate::world::{TAXII, World};

/// An outlet with a few objects, opened once.
struct Fixture {
    runtime: Runtime,
    world: World,
    authorization: String,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (world, authorization) = runtime.block_on(async {
        let place = Box::leak(Box::new(place::sqlite()));
        let world = World::small_window(place).await;
        world.publish_addresses(0, 5).await;
        let partner = world.partner(1).await;
        partner.post(PARTNERS, &[tool(1, 0), tool(1, 1), tool(2, 0)]).await;
        let authorization = partner.authorization.clone();
        (world, authorization)
    });
    Fixture { runtime, world, authorization }
});

/// Pieces are parted by bytes of 255: a selector, the path and query below `partners`, `Accept`,
/// `Content-Type`, the body.
pub(crate) fn check(bytes: &[u8]) {
    let mut pieces = bytes.splitn(5, |b| *b == 255);
    let mut piece = || pieces.next().unwrap_or_default();
    let selector = piece().first().copied().unwrap_or_default();
    let tail = String::from_utf8_lossy(piece()).into_owned();
    let (accept, content) = (piece(), piece());
    let body = piece().to_vec();
    let method = ["GET", "POST", "DELETE", "GET"][usize::from(selector % 4)];
    let Ok(uri) = format!("{PARTNERS}{tail}").parse::<Uri>() else { return };
    let mut request = Request::builder().method(method).uri(uri);
    request = request.header(header::AUTHORIZATION, &FIXTURE.authorization);
    for (name, value) in [(header::ACCEPT, accept), (header::CONTENT_TYPE, content)] {
        // A selector above 127 stands for what a well-behaved client sends.
        let value = if selector > 127 { TAXII.as_bytes() } else { value };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request = request.header(name, value);
        }
    }
    let Ok(request) = request.body(Body::from(body)) else { return };
    FIXTURE.runtime.block_on(answer(request));
}

async fn answer(request: Request<Body>) {
    let world = &FIXTURE.world;
    let get = request.method() == "GET" && request.uri().path().ends_with("/objects/");
    let answer = world.send_request(request).await;
    assert!(answer.status.as_u16() < 500, "{} {}", answer.status, answer.text());
    assert_eq!(answer.header("content-type"), TAXII);
    let json: Value = answer.json();
    if get && answer.status == StatusCode::OK {
        let ids = answer.ids();
        assert!(json["more"].as_bool().is_some());
        assert_eq!(ids.is_empty(), answer.header("x-taxii-date-added-last").is_empty());
    }
    assert_eq!(world.shelf.health().rejected, 0);
}
