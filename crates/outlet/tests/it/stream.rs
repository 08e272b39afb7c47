//! The stream of releases.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, Response, header};
use futures::StreamExt;
use noroshi_stix::{Kind, Tlp};
use serde_json::Value;
use tower::ServiceExt;

use crate::place::Place;
use crate::world::{START, World};

crate::on_both_engines!(
    events_say_what_happened,
    a_stream_resumes_where_it_broke_off,
    a_slow_listener_loses_nothing,
    the_public_hears_the_clear_part,
    a_key_that_is_taken_back_ends_the_stream,
    places_are_checked_and_counted,
);

/// One event.
#[derive(Debug, PartialEq)]
pub(crate) struct Event {
    name: String,
    id: String,
    pub(crate) data: Value,
}

pub(crate) struct Listener {
    body: BodyDataStream,
    rest: String,
}

impl Listener {
    pub(crate) async fn open(world: &World, query: &str, headers: &[(&str, &str)]) -> Self {
        let auth = format!("Bearer {}", world.key);
        let mut request =
            Request::get(format!("/stream{query}")).header(header::AUTHORIZATION, auth);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::of(world, request).await
    }

    async fn of(world: &World, request: axum::http::request::Builder) -> Self {
        let request = request.body(Body::empty()).unwrap();
        let response: Response<Body> = world.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
        Self { body: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// The next block of lines; `None` at the end of the stream.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let block = block.to_owned();
                self.rest = rest.to_owned();
                return Some(block);
            }
            let bytes = tokio::time::timeout(Duration::from_secs(10), self.body.next());
            let bytes = bytes.await.expect("the stream is silent")?.unwrap();
            self.rest += str::from_utf8(&bytes).unwrap();
        }
    }

    /// The next event, comments left out.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            let block = self.block().await.expect("the stream ended");
            let field = |name: &str| {
                block.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned())
            };
            let (Some(name), Some(id), Some(data)) =
                (field("event:"), field("id:"), field("data:"))
            else {
                continue;
            };
            return Event { name, id, data: serde_json::from_str(&data).unwrap() };
        }
    }
}

async fn events_say_what_happened(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 2).await;
    let mut listener = Listener::open(&world, "", &[]).await;
    let id = world.hub.fresh_id();
    let version = |at: i64, revoked: bool| {
        let at = START + at * 1_000_000;
        world.hub.version(&id, Kind::Ipv4, "203.0.113.77", Tlp::Green, at, revoked)
    };
    let bytes = version(1, false);
    world.publish(vec![bytes.clone()]).await;
    world.publish(vec![version(2, false)]).await;
    world.publish(vec![version(3, true)]).await;
    let first = listener.event().await;
    assert_eq!(first.name, "create", "and nothing from before the stream began");
    assert_eq!(first.data, serde_json::from_slice::<Value>(&bytes).unwrap());
    assert_eq!(listener.event().await.name, "update");
    let last = listener.event().await;
    assert_eq!((last.name.as_str(), &last.data["revoked"]), ("revoke", &Value::Bool(true)));
    // The same from the shelf.
    let mut again = Listener::open(&world, "?after=start", &[]).await;
    let mut names = Vec::new();
    for _ in 0..5 {
        names.push(again.event().await.name);
    }
    assert_eq!(names[..2], ["create", "create"]);
    assert_eq!(names[4], "revoke");
}

async fn a_stream_resumes_where_it_broke_off(place: &Place) {
    let world = World::small_window(place).await;
    let mut listener = Listener::open(&world, "", &[]).await;
    world.publish_addresses(0, 3).await;
    let first = listener.event().await;
    let second = listener.event().await;
    drop(listener);
    world.publish_addresses(3, 3).await;
    for (query, headers) in [
        (format!("?after={}", second.id), vec![]),
        (String::new(), vec![("last-event-id", second.id.as_str())]),
        // What the browser remembers beats what the page said at first.
        (format!("?after={}", first.id), vec![("last-event-id", second.id.as_str())]),
    ] {
        let mut listener = Listener::open(&world, &query, &headers).await;
        let mut values = Vec::new();
        for _ in 0..4 {
            values.push(listener.event().await.data["name"].as_str().unwrap().to_owned());
        }
        assert_eq!(values, ["203.0.113.3", "203.0.113.4", "203.0.113.5", "203.0.113.6"]);
        drop(listener);
    }
}

async fn a_slow_listener_loses_nothing(place: &Place) {
    const WAVES: usize = 80;
    let world = World::small_window(place).await;
    let mut listener = Listener::open(&world, "", &[]).await;
    // More waves than are kept for anyone, none of them read yet.
    for i in 0..WAVES {
        world.publish_addresses(i * 2, 2).await;
    }
    let mut ids = Vec::new();
    for _ in 0..WAVES * 2 {
        ids.push(listener.event().await.id);
    }
    let mut distinct = ids.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
}

async fn the_public_hears_the_clear_part(place: &Place) {
    let world = World::public(place).await;
    let mut listener = Listener::of(&world, Request::get("/stream")).await;
    let hub = &world.hub;
    world
        .publish(vec![
            hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green),
            hub.indicator(Kind::Ipv4, "203.0.113.2", Tlp::Clear),
        ])
        .await;
    assert_eq!(listener.event().await.data["name"], "203.0.113.2");
    let mut again = Listener::of(&world, Request::get("/stream?after=start")).await;
    assert_eq!(again.event().await.data["name"], "203.0.113.2");
}

async fn a_key_that_is_taken_back_ends_the_stream(place: &Place) {
    let world = World::with(place, |c| c.heartbeat = Duration::from_millis(30)).await;
    let mut listener = Listener::open(&world, "", &[]).await;
    assert_eq!(listener.block().await.unwrap(), "retry: 3000\n: noroshi");
    assert_eq!(listener.block().await.unwrap(), ": still here");
    world.shelf.set_credentials(vec![]).await.unwrap();
    while listener.block().await.is_some() {}
}

async fn places_are_checked_and_counted(place: &Place) {
    let world = World::with(place, |c| c.max_streams = 1).await;
    for bad in ["nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = world.get(&format!("/stream?after={bad}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "bad-event-id"));
    }
    let listener = Listener::open(&world, "", &[]).await;
    let full = world.get("/stream").await;
    assert_eq!((full.status.as_u16(), full.code().as_str()), (503, "too-many-streams"));
    let metrics = world.anonymous("/metrics").await.text();
    assert!(metrics.contains("noroshi_outlet_stream_connections 1"), "{metrics}");
    drop(listener);
    drop(Listener::open(&world, "", &[]).await);
    let metrics = world.anonymous("/metrics").await.text();
    assert!(metrics.contains("noroshi_outlet_stream_connections 0"), "{metrics}");
}
