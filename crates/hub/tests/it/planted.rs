//! The canary with every kind of identifier (ANONYMITY, section 8.4), in every format and every
//! writing, through the whole hub: what stands in a field that is no indicator never leaves, and of
//! what stands inside values it is measured how much the gates keep back.
//!
//! The table is printed and written to `target/tmp/planted-*.txt`.

mod documents;
mod plants;
mod sorts;
mod stems;
mod table;
mod variants;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Method;
use noroshi_hub::access::Role;
use noroshi_hub::{admin, context};
use serde_json::{Value, json};

use self::documents::Document;
use self::plants::{Planter, Search};
use self::table::Table;
use crate::canary;
use crate::place::Place;
use crate::web_world::between;
use crate::world::{Actor, DAY, Member, OBJECTS, REPORTS, SECOND, World};

crate::on_both_engines![no_planted_identifier_leaves_in_a_field];

/// Where the generators start.
const SEED: u64 = 0x6e6f_726f_7368_6901;

/// Fewest identifiers that stand in fields.
const LEAST_FIELDS: usize = 500;

/// How many of a hundred identifiers inside values are kept back, over all kinds that the hub can
/// know.
const LEAST_RECALL: usize = 99;

async fn no_planted_identifier_leaves_in_a_field(place: &Place) {
    canary::listen();
    let mut planter = Planter::new(SEED);
    let documents = documents::all(&mut planter);
    let w = World::with(place, |c| {
        c.outlet.public_clear = true;
        c.signal.tlp = "clear".to_owned();
        c.context.tlp = "clear".to_owned();
    })
    .await;
    for entry in planter.members() {
        admin::add_member(&w.hub, entry).await.unwrap();
    }
    let (v, reader) = (w.member_with(plants::reporter()).await, w.member("Aozora").await);
    let (desk, person) = (w.desk().await, w.person(Role::Member, Some(&v.id)).await);
    w.tick().await;
    let heard = reader.actor.listen().await;

    let (mut understood, mut ids) = (BTreeSet::new(), Vec::new());
    for (number, document) in documents.iter().enumerate() {
        w.clock.advance(3 * SECOND + 217_391);
        let view = file(&w, &v, &person, number, document).await;
        for item in view["indicators"].as_array().unwrap() {
            understood.insert(item["value"].as_str().unwrap().to_owned());
        }
        ids.push(view["id"].as_str().unwrap().to_owned());
    }
    let search = Search::new(&planter.plants);
    // What is planted is found where it may be seen: it came in, and the search sees it.
    let mut desk_saw = Vec::new();
    for id in &ids {
        desk_saw.extend(desk.get(&format!("/api/v1/desk/reports/{id}")).await.body);
    }
    let seen = search.found_in(&desk_saw);
    for (number, sort) in sorts::SORTS.iter().enumerate() {
        let fields =
            |n: &&usize| planter.plants[**n].is_field() && planter.plants[**n].sort == number;
        assert!(seen.iter().any(|n| fields(&n)), "{}: not even at the desk", sort.name);
    }
    w.tick().await;
    // Contexts too, wherever the two sides may let them go.
    for id in &ids {
        let path = format!("/api/v1/desk/reports/{id}/context");
        desk.post_json(&path, &json!({"decision": "approve"})).await;
        let path = format!("/api/v1/reports/{id}/context");
        v.actor.post_json(&path, &json!({"decision": "approve"})).await;
    }
    w.later(DAY).await;
    assert!(context::release_approved(&w.hub).await.unwrap() > 0, "no context went out");
    w.tick().await;

    let mut released = errors(&v, &documents).await;
    assert!(released.len() > 1_000, "nothing was refused");
    released.extend(heard.lock().unwrap().clone());
    for asker in [&reader.actor, &w.anonymous()] {
        released.extend(canary::everything(asker).await);
    }
    released.extend(canary::logged());
    let text = String::from_utf8_lossy(&released);
    for n in 1..=documents.len() {
        let address = format!("'45.77.8.{n}'");
        assert!(text.contains(&address), "{address} should be out: {}", documents[n - 1].format);
    }
    assert!(reader.actor.get(OBJECTS).await.text().contains("45.77.8.1"));
    assert!(text.contains("T1566.001"), "no context came out: the search would prove nothing");

    let leaked = search.found_in(&released);
    let table = Table::of(&planter.plants, &leaked, &understood);
    let engine = if place.vault.contains("schema=") { "postgresql" } else { "sqlite" };
    table.publish(engine);
    assert!(table.fields() >= LEAST_FIELDS, "only {} in fields", table.fields());
    assert_eq!(table.leaked_fields(), Vec::<String>::new(), "free text or a field left the hub");
    table.assert_recall(LEAST_RECALL);
}

/// What is said to broken documents: cut off, with a field nobody knows, of a wrong type, too deep.
async fn errors(v: &Member, documents: &[Document]) -> Vec<u8> {
    let mut out = Vec::new();
    for document in documents.iter().filter(|d| !d.media.is_empty() && d.media != "text/plain") {
        let half: String = document.body.chars().take(document.body.chars().count() / 2).collect();
        let strange = document.body.replacen("\"schema\":", "\"x_strange\":1,\"schema\":", 1);
        let typed = document.body.replacen("\"T1566.001\"", "{\"a\":1}", 1);
        let deep = format!("{}{}", "[".repeat(200), document.body);
        for body in [half, strange, typed, deep] {
            if body == document.body {
                continue;
            }
            let answer = v.actor.post("/api/v1/preview", document.media, body).await;
            // A table or a mail that is cut off is still one, and its preview is the reporter's.
            if !answer.status.is_success() {
                out.extend(answer.body);
            }
        }
    }
    out
}

/// Files a document as its format is filed; the report as its reporter sees it.
async fn file(w: &World, v: &Member, person: &Actor, number: usize, document: &Document) -> Value {
    let id = match document.format {
        "taxii inbox" => {
            let status = w.post(&v.key, &document.body).await.unwrap();
            assert!(status.success_count > 0, "{status:?}");
            let list = v.actor.get(REPORTS).await.json();
            list["reports"][0]["id"].as_str().unwrap().to_owned()
        }
        "web form" => fill_in(person, number, &document.body).await,
        _ => {
            let answer = v.actor.post(REPORTS, document.media, document.body.clone()).await;
            answer.accepted()
        }
    };
    v.actor.get(&format!("{REPORTS}/{id}")).await.json()
}

/// Sends the form as a browser does; the id of the report it became.
async fn fill_in(person: &Actor, number: usize, text: &str) -> String {
    let page = person.get("/report").await.text();
    let csrf = between(&page, "name=\"_csrf\" value=\"", "\"").to_owned();
    let key = format!("planted-{number}");
    let fields = [
        ("_csrf", &*csrf),
        ("idempotency", &key),
        ("text", text),
        ("attack_type", "ransomware"),
        ("zone", "jst"),
        ("do", "send"),
    ];
    let mut body = String::new();
    for (name, value) in fields {
        body +=
            &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--b--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    let answer = person.send(Method::POST, "/report", &headers, Body::from(body)).await;
    let place = answer.headers.get("location").unwrap_or_else(|| panic!("{}", answer.text()));
    place.to_str().unwrap().trim_start_matches("/reports/").to_owned()
}
