//! Certificates, registers, parameters and records beside the releases: put, served, tampered with.

use axum::http::{Request, header};
use noroshi_outlet::{OutletError, SIGNATURE_HEADER, Shelf, SignedDocument};
use noroshi_seal::SigningKey;
use noroshi_store::{Param, Tx};
use serde_json::json;

use crate::place::Place;
use crate::world::World;

crate::on_both_engines!(
    a_document_is_served_with_its_signature,
    documents_never_change_but_the_latest_does,
    what_is_not_signed_is_refused_as_a_whole,
    a_changed_row_is_served_by_nobody,
    a_removed_row_and_an_old_one_are_noticed,
    a_row_under_another_name_is_not_served,
    whoever_may_not_read_learns_nothing,
    two_processes_share_the_documents,
);

const CERTIFICATE: &str = "certificates/report--458897cc-c070-4537-9495-51cad69a5b46";
const CHANGE: &str = "UPDATE document SET body = $1 WHERE name = 'records/1'";
const OPEN: &str = "UPDATE document SET clear = 1 WHERE name = 'records/1' AND body <> $1";
const REMOVE: &str = "DELETE FROM document WHERE name = 'records/1' AND body <> $1";
const RENAME: &str =
    "UPDATE document SET name = 'records/2' WHERE name = 'records/1' AND body <> $1";
const OLD_LATEST: &str =
    "UPDATE document SET body = $1, signature = $2 WHERE name = 'records/latest'";

fn document(world: &World, name: &str, clear: bool, body: &str) -> SignedDocument {
    SignedDocument::sign(name, clear, body, &world.hub.key)
}

async fn put(world: &World, name: &str, clear: bool, body: &str) -> Result<(), OutletError> {
    world.shelf.put_documents(vec![document(world, name, clear, body)]).await
}

async fn sql(world: &World, sql: &'static str, values: Vec<Vec<u8>>) {
    let run = move |tx: &mut Tx<'_>| {
        let params: Vec<_> = values.iter().map(Param::from).collect();
        tx.execute(sql, &params)
    };
    assert_eq!(world.shelf.store().write("tamper", run).await.unwrap(), 1);
}

async fn ready(world: &World) -> u16 {
    world.anonymous("/readyz").await.status.as_u16()
}

async fn a_document_is_served_with_its_signature(place: &Place) {
    let world = World::new(place).await;
    let register = format!("registers/{}", "0f".repeat(32));
    let all = [
        document(&world, CERTIFICATE, true, r#"{"a":1}"#),
        document(&world, &register, false, "[]"),
        document(&world, "records/9", true, "9"),
        document(&world, "records/10", true, "10"),
        document(&world, "records/latest", true, "10"),
        document(&world, "direct/3", true, "3"),
    ];
    world.shelf.put_documents(all.to_vec()).await.unwrap();
    let index = world.get("/anonymity/").await.json();
    assert_eq!(
        index,
        json!({
            "certificates": 1, "registers": 1, "parameters": 0, "records": 2,
            "newest_record": 10, "newest_direct": 3,
            "documents": [
                CERTIFICATE, "direct/3", "records/10", "records/9", "records/latest", register,
            ],
        })
    );
    for sent in &all {
        let path = format!("/anonymity/{}", sent.name);
        let answer = world.get(&path).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &sent.body), "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        let tag = answer.header("etag").to_owned();
        let header = answer.header(SIGNATURE_HEADER).to_owned();
        let read = SignedDocument::from_answer(&sent.name, answer.body, &header).unwrap();
        assert!(read.verify(&[world.hub.key.verifying_key()]));
        assert_eq!(&read, sent);
        let auth = format!("Bearer {}", world.key);
        let again = Request::get(&path)
            .header(header::AUTHORIZATION, auth)
            .header(header::IF_NONE_MATCH, &tag);
        let again = world.send(again).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    }
    for none in ["records/11", "records/1/2", "registers/0f", "x/y", "records/..", "records/%31"] {
        assert_eq!(world.get(&format!("/anonymity/{none}")).await.status, 404, "{none}");
    }
}

async fn documents_never_change_but_the_latest_does(place: &Place) {
    let world = World::new(place).await;
    put(&world, "records/1", true, "1").await.unwrap();
    put(&world, "records/1", true, "1").await.unwrap();
    for (clear, body) in [(true, "2"), (false, "1")] {
        let refused = put(&world, "records/1", clear, body).await.unwrap_err();
        assert!(matches!(refused, OutletError::DocumentChanges(_)), "{refused}");
    }
    // One of many: none is kept. Two of one name in one call, too.
    let many =
        vec![document(&world, "records/2", true, "2"), document(&world, "records/1", true, "3")];
    assert!(world.shelf.put_documents(many).await.is_err());
    let twice =
        vec![document(&world, "records/3", true, "3"), document(&world, "records/3", true, "4")];
    assert!(world.shelf.put_documents(twice).await.is_err());
    assert_eq!(world.get("/anonymity/records/2").await.status, 404);
    assert_eq!(world.get("/anonymity/records/3").await.status, 404);
    assert_eq!(world.get("/anonymity/records/1").await.text(), "1");
    for body in ["1", "2", "1"] {
        put(&world, "records/latest", true, body).await.unwrap();
        assert_eq!(world.get("/anonymity/records/latest").await.text(), body);
    }
    put(&world, "records/2", true, "2").await.unwrap();
    assert_eq!(world.get("/anonymity/records/2").await.text(), "2");
    assert_eq!(ready(&world).await, 200);
}

async fn what_is_not_signed_is_refused_as_a_whole(place: &Place) {
    let world = World::new(place).await;
    let good = document(&world, "records/1", true, "1");
    let other = SignedDocument::sign("records/2", true, "2", &SigningKey::from_seed([9; 32]));
    let mut changed = document(&world, "records/2", true, "2");
    changed.body = b"3".to_vec();
    for bad in [other, changed] {
        let refused = world.shelf.put_documents(vec![good.clone(), bad]).await.unwrap_err();
        assert!(matches!(refused, OutletError::UnsignedDocument(_)), "{refused}");
    }
    for (name, body) in [("records", "1"), ("records/../x", "1"), ("records/1", "no JSON")] {
        let refused = put(&world, name, true, body).await.unwrap_err();
        assert!(matches!(refused, OutletError::BadDocument { .. }), "{refused}");
    }
    assert_eq!(world.get("/anonymity/").await.json()["documents"], json!([]));
    assert_eq!(ready(&world).await, 200);
}

async fn a_changed_row_is_served_by_nobody(place: &Place) {
    let world = World::new(place).await;
    put(&world, "records/1", false, "1").await.unwrap();
    put(&world, "records/2", true, "2").await.unwrap();
    sql(&world, CHANGE, vec![b"7".to_vec()]).await;
    let late = World::public(place).await;
    for world in [&world, &late] {
        for _ in 0..2 {
            assert_eq!(world.get("/anonymity/records/1").await.status, 404);
        }
        assert_eq!(world.get("/anonymity/records/2").await.text(), "2");
        assert_eq!(world.get("/anonymity/").await.json()["documents"], json!(["records/2"]));
        assert_eq!(world.shelf.health().rejected, 1, "counted once");
        assert_eq!(ready(world).await, 503);
    }
    // What the hub puts again takes the place of what nobody signed.
    put(&world, "records/1", false, "1").await.unwrap();
    assert_eq!(world.get("/anonymity/records/1").await.text(), "1");
    // Nobody else may read it, whatever the row says.
    sql(&world, OPEN, vec![Vec::new()]).await;
    let late = World::public(place).await;
    assert_eq!(late.anonymous("/anonymity/records/1").await.status, 404);
    assert_eq!(ready(&late).await, 503);
}

async fn a_removed_row_and_an_old_one_are_noticed(place: &Place) {
    let world = World::new(place).await;
    put(&world, "records/1", true, "1").await.unwrap();
    let old = document(&world, "records/latest", true, "1");
    world.shelf.put_documents(vec![old.clone()]).await.unwrap();
    put(&world, "records/latest", true, "2").await.unwrap();
    assert_eq!(ready(&world).await, 200);
    sql(&world, REMOVE, vec![Vec::new()]).await;
    assert_eq!(world.get("/anonymity/records/1").await.status, 404);
    assert_eq!(ready(&world).await, 503);
    // The row of before carries a good signature; whoever saw the newer one is not taken in.
    sql(&world, OLD_LATEST, vec![old.body, old.signature]).await;
    assert_eq!(world.get("/anonymity/records/latest").await.status, 404);
    assert_eq!(world.shelf.health().rejected, 2);
}

async fn a_row_under_another_name_is_not_served(place: &Place) {
    let world = World::new(place).await;
    put(&world, "records/1", true, "1").await.unwrap();
    sql(&world, RENAME, vec![Vec::new()]).await;
    let late = World::public(place).await;
    for world in [&world, &late] {
        for path in ["/anonymity/records/1", "/anonymity/records/2"] {
            assert_eq!(world.get(path).await.status, 404);
        }
        assert_eq!(ready(world).await, 503);
    }
    let mut trust = world.hub.trust();
    trust.keys = vec![SigningKey::from_seed([9; 32]).verifying_key()];
    let shelf = Shelf::open(&place.address, trust).await.unwrap();
    assert_eq!(shelf.health().rejected, 1, "nothing of another hub's key");
}

async fn whoever_may_not_read_learns_nothing(place: &Place) {
    let world = World::public(place).await;
    put(&world, "records/1", false, "1").await.unwrap();
    put(&world, "records/2", true, "2").await.unwrap();
    let partner = world.partner(1).await;
    let same = |a: &crate::world::Answer, b: &crate::world::Answer| {
        (a.status, &a.headers, &a.body) == (b.status, &b.headers, &b.body)
    };
    let (hidden, none) = ("/anonymity/records/1", "/anonymity/records/3");
    let tagged = world.get(hidden).await.header("etag").to_owned();
    for tag in [tagged.as_str(), "*"] {
        let ask = async |path: &str| {
            world.send(Request::get(path).header(header::IF_NONE_MATCH, tag)).await
        };
        assert!(same(&ask(hidden).await, &ask(none).await));
    }
    let anonymous = world.anonymous(hidden).await;
    assert_eq!(anonymous.status, 404);
    assert!(same(&anonymous, &world.anonymous(none).await));
    assert_eq!(world.anonymous("/anonymity/records/2").await.text(), "2");
    let index = world.anonymous("/anonymity/").await.json();
    assert_eq!((&index["documents"], &index["records"]), (&json!(["records/2"]), &json!(1)));
    // A partner's key opens what partners bring.
    for path in [hidden, none, "/anonymity/records/2", "/anonymity/"] {
        let answer = partner.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body, anonymous.body, "{path}");
    }
    // Without a public part nobody reads even what is clear.
    let closed = World::new(place).await;
    for path in [hidden, none, "/anonymity/records/2", "/anonymity/"] {
        assert_eq!(closed.anonymous(path).await.status, 401, "{path}");
    }
    assert_eq!(closed.get(hidden).await.text(), "1");
}

async fn two_processes_share_the_documents(place: &Place) {
    let (hub, outlet) = (World::new(place).await, World::new(place).await);
    put(&hub, "records/latest", true, "1").await.unwrap();
    put(&hub, "records/1", true, "1").await.unwrap();
    wait(&outlet, "records/1", "1").await;
    assert_eq!(outlet.get("/anonymity/records/latest").await.text(), "1");
    // Newer than what the other one knows: it looks again instead of calling it a forgery.
    for body in ["2", "3", "4"] {
        put(&hub, "records/latest", true, body).await.unwrap();
        assert_eq!(outlet.get("/anonymity/records/latest").await.text(), body);
    }
    // Both put at once: one body stays, whoever comes later is refused or had the same.
    let (a, b) = (document(&hub, "records/2", true, "2"), document(&hub, "records/2", true, "3"));
    let (first, second) = tokio::join!(
        hub.shelf.put_documents(vec![a.clone(), a.clone()]),
        outlet.shelf.put_documents(vec![b])
    );
    assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1, "{first:?} {second:?}");
    let kept = if first.is_ok() { "2" } else { "3" };
    for world in [&hub, &outlet] {
        wait(world, "records/2", kept).await;
        assert_eq!(ready(world).await, 200);
    }
}

/// Until the other process has noticed.
async fn wait(world: &World, name: &str, body: &str) {
    for _ in 0..100 {
        if world.get(&format!("/anonymity/{name}")).await.text() == body {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{name} is not {body}");
}
