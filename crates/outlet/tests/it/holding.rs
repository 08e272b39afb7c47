//! Connections that are slow, silent, too many, or open when the server stops.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::sockets::{
    Client, Files, Pair, Running, SPOKEN, ask_again, ask_http1, http1, mirror, read_to_end, text,
};

/// For what is to be cut.
const SHORT: Duration = Duration::from_millis(300);
/// For what is to be kept, also on a machine that is busy.
const LONG: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_header_that_never_ends_is_cut_and_others_are_served() {
    let running = Running::start(mirror(), None, |c| c.header_timeout = LONG / 2).await;
    for start in ["", "G", "GET /who HTTP/1.1\r\nx: y", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut slow = running.tcp().await;
        let began = Instant::now();
        slow.write_all(start.as_bytes()).await.unwrap();
        let (reading, mut writing) = slow.into_split();
        let trickle = tokio::spawn(async move {
            while !start.is_empty() && writing.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        let answer = ask_http1(running.tcp().await, "/who").await.unwrap();
        assert_eq!(answer.status(), 200);
        let got = read_to_end(reading).await;
        assert!(!String::from_utf8_lossy(&got).contains("HTTP/1.1 200"), "{start:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{start:?}");
        trickle.abort();
    }
}

#[tokio::test]
async fn a_connection_without_requests_is_closed_and_one_with_requests_is_kept() {
    let running = Running::start(mirror(), None, |c| {
        c.header_timeout = LONG;
        c.idle_timeout = LONG;
    })
    .await;
    let mut busy = http1(running.tcp().await).await.unwrap();
    let mut endless = running.tcp().await;
    endless.write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let began = Instant::now();
    while began.elapsed() < LONG * 2 {
        assert_eq!(ask_again(&mut busy, "/who").await.unwrap().status(), 200);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // An answer that goes on is no idleness.
    let mut buffer = vec![0; 64 * 1024];
    assert!(endless.read(&mut buffer).await.unwrap() > 100);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(endless.read(&mut buffer).await.unwrap() > 0);

    let mut idle = running.tcp().await;
    idle.write_all(b"GET /who HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let all = read_to_end(idle).await;
    assert!(all.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_cut() {
    let running = Running::start(mirror(), None, |c| {
        c.header_timeout = SHORT;
        c.idle_timeout = LONG;
    })
    .await;
    let mut stuck = running.tcp().await;
    stuck.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(LONG * 2).await;
    let all = read_to_end(stuck).await;
    assert!(all.len() < 60 * 1024 * 1024, "{} bytes were sent", all.len());
    // A client that takes it slowly gets it all.
    let mut slow = running.tcp().await;
    slow.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let (mut all, mut buffer) = (0, vec![0; 4 * 1024 * 1024]);
    loop {
        let n = slow.read(&mut buffer).await.unwrap();
        if n == 0 {
            break;
        }
        all += n;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(all > 64 * 1024 * 1024, "{all}");
}

#[tokio::test]
async fn whoever_comes_when_all_places_are_taken_is_sent_away() {
    let running = Running::start(mirror(), None, |c| c.max_connections = 2).await;
    let mut first = http1(running.tcp().await).await.unwrap();
    let mut second = http1(running.tcp().await).await.unwrap();
    for open in [&mut first, &mut second] {
        assert_eq!(ask_again(open, "/who").await.unwrap().status(), 200);
    }
    let third = read_to_end(running.tcp().await).await;
    let third = String::from_utf8(third).unwrap();
    assert!(third.starts_with("HTTP/1.1 503") && third.contains("retry-after"), "{third}");
    assert_eq!(ask_again(&mut first, "/who").await.unwrap().status(), 200);
    drop(second);
    for _ in 0..100 {
        if let Ok(answer) = ask_http1(running.tcp().await, "/who").await
            && answer.status() == 200
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the place of a closed connection is not given to the next");
}

#[tokio::test]
async fn a_stalled_handshake_holds_nobody_up_and_ends() {
    let server = Pair::new();
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |c| {
        c.handshake_timeout = LONG;
    })
    .await;
    let mut stalled: Vec<TcpStream> = Vec::new();
    for begin in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
        let mut socket = running.tcp().await;
        socket.write_all(begin).await.unwrap();
        stalled.push(socket);
    }
    let began = Instant::now();
    for speaks in &SPOKEN {
        let client = Client::speaking(speaks, &[&server], None);
        assert!(text(&running.ask(&client, "/who").await.unwrap()).starts_with("nobody"));
    }
    assert!(began.elapsed() < LONG, "others waited");
    for socket in stalled {
        read_to_end(socket).await;
    }
    assert!(began.elapsed() < LONG * 3);
    // After a handshake the first request has its own time.
    let running = Running::start(mirror(), Some(Files::of(&server).load()), |c| {
        c.header_timeout = SHORT;
    })
    .await;
    for speaks in &SPOKEN {
        let client = Client::speaking(speaks, &[&server], None);
        read_to_end(running.tls(&client).await.unwrap()).await;
    }
}

#[tokio::test]
async fn stopping_lets_requests_finish_and_ends_streams_after_the_grace() {
    let running = Running::start(mirror(), None, |c| c.grace = LONG).await;
    let address = running.address.clone();
    let idle = running.tcp().await;
    let mut endless = running.tcp().await;
    endless.write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let slow = tokio::spawn(ask_http1(running.tcp().await, "/slow"));
    tokio::time::sleep(Duration::from_millis(150)).await;
    let began = Instant::now();
    let stopping = tokio::spawn(running.stop());
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    read_to_end(idle).await;
    assert!(began.elapsed() < LONG, "an idle connection holds the server up");
    assert!(TcpStream::connect(&address).await.is_err(), "it takes connections still");
    let stream = read_to_end(endless).await;
    assert!(stream.ends_with(b": still here\n\n\r\n"));
    stopping.await.unwrap();
    let took = began.elapsed();
    assert!(took >= LONG && took < LONG * 2, "{took:?}");
    // With nothing open it stops at once.
    let running = Running::start(mirror(), None, |_| {}).await;
    assert_eq!(ask_http1(running.tcp().await, "/who").await.unwrap().status(), 200);
    let began = Instant::now();
    running.stop().await;
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
}
