//! Compressed answers come back as what they were, for those who asked and only where it is safe.

use std::io::Read as _;

use axum::http::{Request, header};
use axum::routing::get;
use noroshi_outlet::{OutletConfig, OutletState, harden, router};

use crate::place::Place;
use crate::world::{Answer, PEPPER, SIGNALS, World};

crate::on_both_engines!(
    what_was_packed_comes_back,
    what_is_private_or_small_or_a_page_is_not_packed
);

async fn ask(world: &World, path: &str, accept: Option<&str>, tag: Option<&str>) -> Answer {
    let mut request =
        Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", world.key));
    if let Some(accept) = accept {
        request = request.header(header::ACCEPT_ENCODING, accept);
    }
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    world.send(request).await
}

fn unpack(answer: &Answer) -> Vec<u8> {
    match answer.header("content-encoding") {
        "zstd" => zstd::stream::decode_all(answer.body.as_slice()).unwrap(),
        "gzip" => {
            let mut all = Vec::new();
            flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_end(&mut all).unwrap();
            all
        }
        other => panic!("{other:?} is no encoding we asked for"),
    }
}

async fn what_was_packed_comes_back(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 300).await;
    for path in ["/feeds/ipv4.txt".to_owned(), format!("{SIGNALS}objects/?limit=200")] {
        for not_asked in [None, Some("identity"), Some("br"), Some("gzip;q=0")] {
            let plain = ask(&world, &path, not_asked, None).await;
            assert_eq!(plain.header("content-encoding"), "", "{path} {not_asked:?}");
            assert!(plain.header("vary").contains("ccept-") || path.contains("taxii2"));
        }
        let plain = ask(&world, &path, None, None).await;
        for (accept, encoding) in [
            ("gzip", "gzip"),
            ("zstd", "zstd"),
            ("gzip, deflate, br, zstd", "zstd"),
            ("zstd;q=0.5, gzip", "gzip"),
        ] {
            let packed = ask(&world, &path, Some(accept), None).await;
            assert_eq!(packed.header("content-encoding"), encoding, "{path} {accept}");
            assert_eq!(unpack(&packed), plain.body, "{path} {accept}");
            assert!(packed.body.len() < plain.body.len() / 2, "{path}: {}", packed.body.len());
            let vary: Vec<_> = packed.headers.get_all("vary").iter().collect();
            let vary = format!("{vary:?}").to_ascii_lowercase();
            assert_eq!(vary.matches("accept-encoding").count(), 1, "{path}: {vary}");
            assert_eq!(packed.header("content-type"), plain.header("content-type"));
        }
    }
    let tag = |a: &Answer| a.header("etag").to_owned();
    let plain = tag(&ask(&world, "/feeds/ipv4.txt", None, None).await);
    for encoding in ["gzip", "zstd"] {
        let packed = tag(&ask(&world, "/feeds/ipv4.txt", Some(encoding), None).await);
        assert_ne!(packed, plain);
        assert!(packed.ends_with(&format!("-{encoding}\"")), "{packed}");
        for known in [&packed, &plain] {
            let again = ask(&world, "/feeds/ipv4.txt", Some(encoding), Some(known)).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{known}");
        }
    }
}

async fn what_is_private_or_small_or_a_page_is_not_packed(place: &Place) {
    let mut world = World::new(place).await;
    world.publish_addresses(0, 3).await;
    let state =
        OutletState::new(world.shelf.clone(), world.clock.clone(), OutletConfig::new(PEPPER));
    let state = state.unwrap();
    let long = "word ".repeat(1000);
    let typed = |media: &'static str, keep: &'static str| {
        let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, keep)];
        let body = long.clone();
        get(move || async move { (headers, body) })
    };
    let others = axum::Router::new()
        .route("/shared", typed("application/json", "no-cache"))
        .route("/page", typed("text/html; charset=utf-8", "no-cache"))
        .route("/private", typed("application/json", "private, no-store"))
        .route("/events", typed("text/event-stream", "no-cache"))
        .route("/image", typed("image/png", "no-cache"));
    world.app = harden(router(state.clone()).merge(others), &state);
    let asked = Some("gzip, zstd");
    assert_eq!(ask(&world, "/shared", asked, None).await.header("content-encoding"), "zstd");
    for path in ["/page", "/private", "/events", "/image", "/feeds/ipv4.txt", "/"] {
        let answer = ask(&world, path, asked, None).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-encoding"), "", "{path}");
    }
}
