//! Reminders by webhook: signed, tried again, given up where somebody sees it.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use hmac::{Hmac, Mac as _};
use noroshi_hub::access::Role;
use noroshi_hub::reminders::Passed;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::cases::{answer_all, power_company};
use crate::place::Place;
use crate::reminders::{messages, pass};
use crate::world::{DAY, Member, SECOND, World};

crate::on_both_engines![
    calls_are_signed_and_tried_again,
    what_is_given_up_is_seen_and_can_be_tried_anew,
    the_hub_calls_no_machine_of_its_own_network,
];

const PATH: &str = "/api/v1/duties/reminders";
const HOUR: i64 = 3_600 * SECOND;

/// A call that came in: headers in lower case, body.
#[derive(Clone)]
struct Came {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Came {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
}

/// A small server that answers what it is told, and the last of it for ever.
#[derive(Clone)]
struct Server {
    port: u16,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Server {
    fn start(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::new(Mutex::new(answers.iter().copied().collect())),
            came: Arc::default(),
        };
        let (answers, came) = (Arc::clone(&server.answers), Arc::clone(&server.came));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    continue;
                }
                let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
                let mut headers = Vec::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                    headers.push((name.to_ascii_lowercase(), value.to_owned()));
                }
                let length = headers.iter().find(|(n, _)| n == "content-length").unwrap();
                let mut body = vec![0; length.1.parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                let body = String::from_utf8(body).unwrap();
                came.lock().unwrap().push(Came { path, headers, body });
                let mut answers = answers.lock().unwrap();
                let answer = answers[0];
                if answers.len() > 1 {
                    answers.pop_front();
                }
                let text =
                    format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                reader.get_mut().write_all(text.as_bytes()).unwrap();
            }
        });
        server
    }

    fn answer(&self, answer: &'static str) {
        *self.answers.lock().unwrap() = VecDeque::from([answer]);
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }
}

async fn world(place: &Place) -> World {
    World::with(place, |c| {
        c.reminders.webhooks = true;
        c.reminders.private_webhooks = true;
    })
    .await
}

/// A member with one case and a webhook, and the webhook's secret.
async fn member(w: &World, server: &Server, detailed: bool) -> (Member, String, Vec<u8>) {
    let (member, report) = power_company(w).await;
    answer_all(&member, &report).await;
    let url = format!("http://127.0.0.1:{}/hook?a=b", server.port);
    let wanted = json!({"marks": ["50", "100"], "webhook": url, "detailed": detailed});
    let set = member.actor.put_json(PATH, &wanted).await;
    assert_eq!(set.status, 200, "{}", set.text());
    let secret = set.json()["secret"].as_str().unwrap().to_owned();
    let secret = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    assert_eq!(secret.len(), 32);
    // Shown once: not when it is read, nor when the same is saved again.
    assert!(member.actor.get(PATH).await.json()["secret"].is_null());
    assert!(member.actor.put_json(PATH, &wanted).await.json()["secret"].is_null());
    (member, report, secret)
}

/// As a receiver checks it, from the text of the specification.
fn is_signed(came: &Came, secret: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    let (id, at) = (came.header("webhook-id"), came.header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.{}", came.body).as_bytes());
    let expected = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
    came.header("webhook-signature") == expected
}

async fn calls_are_signed_and_tried_again(place: &Place) {
    let server = Server::start(&["500 Oh", "503 No", "204 Yes"]);
    let w = world(place).await;
    let (member, report, secret) = member(&w, &server, false).await;
    w.clock.advance(55 * HOUR);
    assert_eq!(pass(&w).await, Passed { decided: 1, failed: 1, ..Passed::default() });
    // Too early: a failure makes it wait.
    assert_eq!(pass(&w).await, Passed::default());
    w.clock.advance(61 * SECOND);
    assert_eq!(pass(&w).await.failed, 1);
    let waiting = messages(&member).await;
    assert_eq!(
        (&waiting[0]["state"], &waiting[0]["trouble"]),
        (&json!("waiting"), &json!("http-503"))
    );
    w.clock.advance(121 * SECOND);
    let at = w.hub.now().as_micros() / SECOND;
    assert_eq!(pass(&w).await.sent, 1);
    w.clock.advance(DAY / 4);
    assert_eq!(pass(&w).await, Passed::default());
    let came = server.came();
    assert_eq!(came.len(), 3);
    assert!(came.iter().all(|c| is_signed(c, &secret) && c.path == "/hook?a=b"));
    assert!(!is_signed(&came[0], &[0; 32]));
    // One id over all attempts, so that who got it twice can tell.
    assert!(came.iter().all(|c| c.header("webhook-id") == waiting[0]["id"].as_str().unwrap()));
    assert_eq!(came[2].header("webhook-timestamp"), at.to_string());
    let body: Value = serde_json::from_str(&came[2].body).unwrap();
    assert_eq!(body["type"], "deadline.reminder");
    assert_eq!(body["data"]["report"], json!(report));
    assert_eq!((&body["data"]["mark"], &body["data"]["late"]), (&json!("50"), &json!(false)));
    assert!(body["data"]["obligation"].is_null(), "{body}");
    for secret in ["Denryoku", "電力", "appi", "ランサム"] {
        assert!(!came[2].body.contains(secret), "{secret}");
    }
    // A new secret signs from then on.
    let renewed = member.actor.post_json(&format!("{PATH}/secret"), &json!({})).await.json();
    let renewed = renewed["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap().to_owned();
    let renewed = BASE64.decode(renewed.as_bytes()).unwrap();
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(pass(&w).await.sent, 1);
    let last = server.came().pop().unwrap();
    assert!(is_signed(&last, &renewed) && !is_signed(&last, &secret));
}

async fn what_is_given_up_is_seen_and_can_be_tried_anew(place: &Place) {
    let server = Server::start(&["500 Oh"]);
    let w = world(place).await;
    let (member, report, _) = member(&w, &server, true).await;
    w.clock.advance(55 * HOUR);
    let (mut tries, mut dead) = (0, 0);
    for _ in 0..73 {
        let p = pass(&w).await;
        (tries, dead) = (tries + p.failed, dead + p.dead);
        w.clock.advance(HOUR);
        if dead > 0 {
            break;
        }
    }
    // The second mark came meanwhile and replaced the first; the first day counted for neither.
    assert!(tries > 60 && dead == 0, "{tries} {dead}");
    for _ in 0..73 {
        dead += pass(&w).await.dead;
        w.clock.advance(HOUR);
    }
    assert_eq!(dead, 1);
    let person = w.person(Role::Member, Some(&member.id)).await;
    let page = person.get("/duties/reminders?lang=en").await.text();
    assert!(page.contains("GIVEN UP") && page.contains("status 500"), "{page}");
    let page = person.get("/duties?lang=en").await.text();
    assert!(page.contains("One message was given up"), "{page}");
    let all = messages(&member).await;
    let id = all.iter().find(|m| m["state"] == "dead").unwrap()["id"].as_str().unwrap().to_owned();
    // Nobody else's.
    let other = w.member("Other").await;
    let again = format!("{PATH}/messages/{id}");
    assert_eq!(other.actor.post_json(&again, &json!({})).await.status, 404);
    server.answer("200 OK");
    assert_eq!(member.actor.post_json(&again, &json!({})).await.status, 200);
    assert_eq!(pass(&w).await.sent, 1);
    let body: Value = serde_json::from_str(&server.came().pop().unwrap().body).unwrap();
    assert_eq!(body["data"]["late"], true, "it does not say it would be in time: {body}");
    assert_eq!(body["data"]["obligation"], "jp-appi");
    assert_eq!(body["data"]["due"], "2026-11-27T14:59:59.000Z");
    assert_eq!(body["data"]["report"], json!(report));
    // A redirect is not followed, and "gone" ends it at once.
    server.answer("302 Found\r\nlocation: /elsewhere");
    let before = server.came().len();
    member.actor.post_json(&format!("{PATH}/try"), &json!({})).await;
    assert_eq!(pass(&w).await.failed, 1);
    assert_eq!(server.came().len(), before + 1);
    assert!(server.came().iter().all(|c| c.path == "/hook?a=b"));
    let redirected = messages(&member).await;
    assert!(redirected.iter().any(|m| m["trouble"] == "redirect"), "{redirected:?}");
    server.answer("410 Gone");
    w.clock.advance(HOUR);
    assert_eq!(pass(&w).await.dead, 1);
}

async fn the_hub_calls_no_machine_of_its_own_network(place: &Place) {
    let server = Server::start(&["200 OK"]);
    let port = server.port;
    let w = World::with(place, |c| c.reminders.webhooks = true).await;
    let (member, _) = power_company(&w).await;
    for (url, code) in [
        (format!("http://127.0.0.1:{port}/"), "not-https"),
        (format!("https://127.0.0.1:{port}/"), "private-address"),
        (format!("https://[::ffff:127.0.0.1]:{port}/"), "private-address"),
        ("https://169.254.169.254/latest/meta-data".to_owned(), "private-address"),
        ("https://localhost/".to_owned(), "private-address"),
        ("https://u:p@hooks.example.com/".to_owned(), "no-url"),
        ("gopher://hooks.example.com/".to_owned(), "no-url"),
    ] {
        let wanted = json!({"marks": [], "webhook": url});
        member.actor.put_json(PATH, &wanted).await.refused(422, code);
    }
    // The operator took the permission back: what was set before is not called any more.
    let (w, member) = {
        drop(w);
        let w = world(place).await;
        let url = format!("http://127.0.0.1:{port}/");
        let actor = w.with_key(&member.key);
        assert_eq!(actor.put_json(PATH, &json!({"marks": [], "webhook": url})).await.status, 200);
        assert_eq!(actor.post_json(&format!("{PATH}/try"), &json!({})).await.status, 200);
        drop(w);
        let w = World::with(place, |c| c.reminders.webhooks = true).await;
        w.clock.advance(SECOND);
        (World { ..w }, member)
    };
    let member = Member { actor: w.with_key(&member.key), ..member };
    assert_eq!(pass(&w).await.dead, 1);
    assert_eq!(messages(&member).await[0]["trouble"], "not-allowed");
    assert!(server.came().is_empty());
}
