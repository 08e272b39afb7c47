//! Over a real socket.

use std::time::Duration;

use noroshi_outlet::listen::{self, ListenConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::place::Place;
use crate::world::{SIGNALS, World};

crate::on_both_engines!(a_client_polls_and_listens);

pub(crate) async fn serve(world: &World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = world.app.clone();
    let config = ListenConfig::default();
    tokio::spawn(listen::serve(listener, app, None, config, std::future::pending()));
    address
}

async fn send(address: &str, text: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(text.as_bytes()).await.unwrap();
    socket
}

/// Reads until the text has come, or the connection ends, or ten seconds are over.
async fn read_until(socket: &mut TcpStream, wanted: &str) -> String {
    let mut all = Vec::new();
    let reading = async {
        let mut buffer = [0; 4096];
        loop {
            let n = socket.read(&mut buffer).await.unwrap();
            all.extend_from_slice(&buffer[..n]);
            if n == 0 || String::from_utf8_lossy(&all).contains(wanted) {
                return;
            }
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(10), reading).await;
    let text = String::from_utf8_lossy(&all).into_owned();
    assert!(done.is_ok(), "waited for {wanted:?}, got {text}");
    text
}

async fn a_client_polls_and_listens(place: &Place) {
    let world = World::new(place).await;
    let address = serve(&world).await;
    let key = &world.key;
    let head = format!("Host: {address}\r\nAuthorization: Bearer {key}\r\n");
    let mut listener = send(&address, &format!("GET /stream HTTP/1.1\r\n{head}\r\n")).await;
    read_until(&mut listener, ": noroshi").await;
    world.publish_addresses(0, 2).await;
    let events = read_until(&mut listener, "203.0.113.2").await;
    assert!(events.contains("event: create") && events.contains("\nid: "));

    let request = format!("GET {SIGNALS}objects/ HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    let answer = read_until(&mut send(&address, &request).await, "\"more\":false").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("x-taxii-date-added-last: 2026-11-23T03:00:00.000001Z"));

    for garbage in [
        "\0\0\0\0\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /%zz%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ] {
        let answer = read_until(&mut send(&address, garbage).await, "\r\n\r\n").await;
        assert!(!answer.starts_with("HTTP/1.1 5"), "{garbage:?}: {answer}");
    }
    let request = format!("GET /taxii2/ HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
    let answer = read_until(&mut send(&address, &request).await, "api_roots").await;
    assert!(answer.contains(&format!("http://{address}/taxii2/noroshi/")), "{answer}");
}
