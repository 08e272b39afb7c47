//! HTTP/2: agreed on in the handshake or known beforehand, many requests on one connection, limits.

use std::time::Duration;

use axum::http::Version;
use tokio::io::AsyncWriteExt as _;

use crate::place::{self, Place};
use crate::sockets::{
    Client, Files, Pair, Running, ask_http2, ask_multiplexed, http2, mirror, read_to_end, text,
};
use crate::world::World;

#[tokio::test]
async fn http2_is_agreed_on_and_looks_like_http1_to_handlers() {
    let server = Pair::new();
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |_| {}).await;
    let answer = running.ask(&Client::new(&[&server]), "/who?a=b").await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    assert_eq!(text(&answer), "nobody hub.example:8443 /who?a=b");
    // Without TLS it is spoken by those who know.
    let running = Running::start(mirror(), None, |_| {}).await;
    let answer = ask_http2(running.tcp().await, "/who").await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    assert_eq!(text(&answer), "nobody hub.example:8443 /who");
}

#[tokio::test]
async fn requests_of_one_connection_do_not_wait_for_each_other() {
    let running = Running::start(mirror(), None, |_| {}).await;
    let sender = http2(running.tcp().await).await.unwrap();
    let began = std::time::Instant::now();
    let asked = (0..200).map(|_| {
        let mut sender = sender.clone();
        tokio::spawn(async move { ask_multiplexed(&mut sender, "/slow").await })
    });
    for answer in asked.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap().unwrap().status(), 200);
    }
    // 200 waits of half a second, at most 128 at a time.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

/// A frame (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM_AND_HEADERS: u8 = 5;
/// GET, http, `/`: fields of the static table (RFC 7541, appendix A).
const REQUEST: &[u8] = &[0x82, 0x86, 0x84];
const ENHANCE_YOUR_CALM: u8 = 11;

/// Kinds and payloads of what the server sent.
fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut all = Vec::new();
    while let [a, b, c, kind, _, _, _, _, _, rest @ ..] = bytes {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let length = length.min(rest.len());
        all.push((*kind, rest[..length].to_vec()));
        bytes = &rest[length..];
    }
    all
}

#[tokio::test]
async fn a_flood_of_resets_ends_the_connection() {
    let running = Running::start(mirror(), None, |_| {}).await;
    let mut socket = running.tcp().await;
    let mut flood = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    for n in 0..5000 {
        let stream = 2 * n + 1;
        flood.extend(frame(HEADERS, END_STREAM_AND_HEADERS, stream, REQUEST));
        flood.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
    }
    // The server may be gone before everything is written.
    drop(socket.write_all(&flood).await);
    let got = frames(&read_to_end(socket).await);
    let away = got.iter().find(|(kind, _)| *kind == GOAWAY);
    if let Some((_, payload)) = away {
        assert_eq!(payload[7], ENHANCE_YOUR_CALM, "{payload:?}");
    }
    let answers = got.iter().filter(|(kind, _)| *kind == HEADERS).count();
    assert!(answers < 1000, "{answers} answers");
    assert!(ask_http2(running.tcp().await, "/who").await.is_ok());
}

#[tokio::test]
async fn limits_are_announced_and_silence_ends() {
    let running = Running::start(mirror(), None, |c| {
        c.header_timeout = Duration::from_secs(1);
        c.idle_timeout = Duration::from_secs(2);
    })
    .await;
    let mut socket = running.tcp().await;
    let request = frame(HEADERS, END_STREAM_AND_HEADERS, 1, REQUEST);
    let hello = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &request].concat();
    socket.write_all(&hello).await.unwrap();
    let got = frames(&read_to_end(socket).await);
    let settings = &got.iter().find(|(kind, _)| *kind == SETTINGS).unwrap().1;
    let value = |id: u8| {
        let pair = settings.chunks(6).find(|pair| pair[1] == id);
        pair.map(|p| u32::from_be_bytes([p[2], p[3], p[4], p[5]]))
    };
    assert_eq!((value(3), value(6)), (Some(128), Some(48 * 1024)));
    assert!(got.iter().any(|(kind, _)| *kind == HEADERS), "the request was answered");
    // It is told that the connection ends, and why: no error.
    let (_, away) = got.iter().find(|(kind, _)| *kind == GOAWAY).unwrap();
    assert_eq!(away[4..8], [0; 4]);
}

#[test]
fn the_outlet_serves_its_routes_over_http2() {
    place::run(Some(place::sqlite()), async |place: &Place| {
        let world = World::with(place, |c| c.public_clear = true).await;
        let running = Running::start(world.app.clone(), None, |_| {}).await;
        let mut sender = http2(running.tcp().await).await.unwrap();
        let answer = ask_multiplexed(&mut sender, "/taxii2/").await.unwrap();
        assert_eq!(answer.status(), 200);
        // Links are made from the authority, which HTTP/2 sends in a field of its own.
        assert!(text(&answer).contains("http://hub.example:8443/taxii2/"), "{}", text(&answer));
        assert_eq!(ask_multiplexed(&mut sender, "/nothing").await.unwrap().status(), 404);
    });
}
