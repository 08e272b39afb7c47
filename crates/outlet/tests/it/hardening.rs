//! Limits, errors and headers that hold for every request.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use axum::routing::{get, post};
use noroshi_outlet::{OutletConfig, OutletState, harden, router};
use proptest::prelude::*;

use crate::place::{self, Place};
use crate::world::{PEPPER, SIGNALS, TAXII, World};

crate::on_both_engines!(errors_have_their_form);

async fn errors_have_their_form(place: &Place) {
    let world = World::new(place).await;
    let missing = world.get("/nothing/here").await;
    assert_eq!((missing.status.as_u16(), missing.code().as_str()), (404, "not-found"));
    assert_eq!(missing.header("content-type"), "application/problem+json");
    let missing = world.get("/taxii2/nothing/").await;
    assert_eq!((missing.status.as_u16(), missing.header("content-type")), (404, TAXII));
    let post = world.send(Request::post("/healthz")).await;
    assert_eq!((post.status.as_u16(), post.code().as_str()), (405, "method-not-allowed"));
    assert_eq!(post.header("allow"), "GET,HEAD");
    for path in ["/", "/healthz", "/nothing", "/taxii2/", "/feeds/ipv4.txt"] {
        let answer = world.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
    }
}

/// The outlet with routes of someone else that misbehave.
async fn beside(place: &Place) -> World {
    let mut world = World::new(place).await;
    let mut config = OutletConfig::new(PEPPER);
    config.timeout = Duration::from_millis(200);
    config.max_body = 1000;
    let state = OutletState::new(world.shelf.clone(), world.clock.clone(), config).unwrap();
    let others = axum::Router::new()
        .route("/panic", get(async || -> &'static str { panic!("a secret") }))
        .route("/slow", get(async || tokio::time::sleep(Duration::from_secs(60)).await))
        .route("/take", post(async |body: Bytes| body.len().to_string()));
    world.app = harden(router(state.clone()).merge(others), &state);
    world
}

#[test]
fn what_goes_wrong_inside_stays_inside() {
    place::run(Some(place::sqlite()), async |place: &Place| {
        let world = beside(place).await;
        let panicked = world.get("/panic").await;
        assert_eq!((panicked.status.as_u16(), panicked.code().as_str()), (500, "internal-error"));
        assert!(!panicked.text().contains("secret"));
        let slow = world.get("/slow").await;
        assert_eq!((slow.status.as_u16(), slow.code().as_str()), (503, "timed-out"));
        assert_eq!(slow.header("retry-after"), "5");
    });
}

#[test]
fn sizes_are_limited() {
    place::run(Some(place::sqlite()), async |place: &Place| {
        let world = beside(place).await;
        let take = async |body: Body, length: Option<usize>| {
            let mut request = Request::post("/take");
            if let Some(length) = length {
                request = request.header(header::CONTENT_LENGTH, length);
            }
            let answer = world.send_body(request, body).await;
            (answer.status.as_u16(), answer)
        };
        assert_eq!(take(Body::from(vec![0; 1000]), Some(1000)).await.0, 200);
        let (status, announced) = take(Body::from(vec![0; 1001]), Some(1001)).await;
        assert_eq!((status, announced.code().as_str()), (413, "body-too-large"));
        // Without a length the limit is met while reading.
        let chunks =
            futures::stream::iter((0..3).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 600])));
        let (status, streamed) = take(Body::from_stream(chunks), None).await;
        assert_eq!((status, streamed.code().as_str()), (413, "body-too-large"));
        let long = format!("/taxii2/?x={}", "y".repeat(9000));
        let answer = world.get(&long).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (414, "uri-too-long"));
        assert_eq!(answer.header("content-type"), TAXII);
        let fat = Request::get("/healthz").header("x-fat", "y".repeat(40_000));
        let answer = world.send(fat).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (431, "headers-too-large"));
    });
}

/// Paths and queries as nobody sane sends them.
fn garbage() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("%".to_owned()),
        Just("%ff".to_owned()),
        Just("%00".to_owned()),
        Just("%2f..%2f".to_owned()),
        Just("{object}".to_owned()),
        Just("//".to_owned()),
        Just("..".to_owned()),
        "[a-z0-9&=\\[\\].,:;+~-]{0,12}",
    ];
    let start = prop_oneof![
        Just("/".to_owned()),
        Just("/feeds/".to_owned()),
        Just("/assets/outlet/".to_owned()),
        Just("/stream?after=".to_owned()),
        Just("/?lang=".to_owned()),
        Just(format!("{SIGNALS}objects/?")),
        Just(format!("{SIGNALS}objects/?match[version]=")),
        Just(format!("{SIGNALS}objects/?next=")),
        Just(format!("{SIGNALS}objects/?added_after=")),
        Just(format!("{SIGNALS}objects/")),
        Just("/taxii2/noroshi/collections/".to_owned()),
    ];
    (start, proptest::collection::vec(piece, 0..6)).prop_map(|(s, p)| s + &p.concat())
}

#[test]
fn no_path_is_answered_with_a_5xx() {
    let place = place::sqlite();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new(&place));
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(&garbage(), |path| {
            let Ok(uri) = path.parse::<axum::http::Uri>() else { return Ok(()) };
            if uri.path() == "/stream" {
                return Ok(());
            }
            let answer = runtime.block_on(world.get(&path));
            prop_assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
            if answer.status.is_client_error() {
                prop_assert!(!answer.code().is_empty(), "{path}");
            }
            Ok(())
        })
        .unwrap();
}

/// No key, no address, no path a client chose is ever a label.
#[test]
fn metrics_name_routes_and_nothing_else() {
    place::run(Some(place::sqlite()), async |place: &Place| {
        let world = World::new(place).await;
        world.publish_addresses(0, 3).await;
        let object = world.get(&format!("{SIGNALS}objects/")).await.ids().remove(0);
        world.get(&format!("{SIGNALS}objects/{object}/?limit=77")).await;
        world.get("/feeds/canary-list.txt").await;
        world.get("/canary-path").await;
        // The time to served is measured by a task of its own.
        let mut metrics = world.anonymous("/metrics").await;
        for _ in 0..100 {
            if metrics.text().contains("tick_to_served_seconds_count 1") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            metrics = world.anonymous("/metrics").await;
        }
        assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
        let text = metrics.text();
        let (id, secret) = world.key["nrsh_".len()..].split_once('_').unwrap();
        for mark in ["canary", id, secret, object.as_str(), "203.0.113", "limit=77"] {
            assert!(!text.contains(mark), "{mark} is in the metrics");
        }
        let route = "/taxii2/noroshi/collections/{collection}/objects/{object}/";
        let line = format!("noroshi_outlet_requests_total{{route=\"{route}\",status=\"2xx\"}} 1");
        assert!(text.contains(&line), "{text}");
        assert!(text.contains("noroshi_outlet_verified_objects 3"), "{text}");
        assert!(text.contains("noroshi_outlet_tick_to_served_seconds_count 1"), "{text}");
    });
}
