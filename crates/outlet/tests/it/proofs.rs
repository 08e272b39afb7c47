//! Proofs of inclusion: from an object's bytes to the hub's key.

use axum::http::Request;
use noroshi_outlet::{InclusionProof, ProofFlaw};
use noroshi_seal::SigningKey;
use noroshi_stix::{Kind, Timestamp, Tlp};
use noroshi_store::Tx;
use serde_json::value::RawValue;

use crate::place::Place;
use crate::world::{SIGNALS, START, World};

crate::on_both_engines!(
    every_object_is_proven_from_its_bytes,
    a_proof_shows_nothing_else,
    whoever_may_not_read_gets_no_proof,
    a_changed_head_proves_nothing,
);

#[derive(serde::Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    objects: Vec<&'a RawValue>,
}

/// The objects as they are served, byte for byte.
async fn served(world: &World, query: &str) -> Vec<String> {
    let page = world.get(&format!("{SIGNALS}objects/{query}")).await.text();
    let envelope: Envelope<'_> = serde_json::from_str(&page).unwrap();
    envelope.objects.iter().map(|o| o.get().to_owned()).collect()
}

fn id_of(object: &str) -> String {
    serde_json::from_str::<serde_json::Value>(object).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn proof(world: &World, id: &str, query: &str) -> InclusionProof {
    let answer = world.get(&format!("/proofs/{id}{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

async fn every_object_is_proven_from_its_bytes(place: &Place) {
    let world = World::small_window(place).await;
    let key = world.hub.key.verifying_key();
    for (from, n) in [(0, 1), (1, 7), (8, 5)] {
        world.publish_addresses(from, n).await;
    }
    let objects = served(&world, "").await;
    assert_eq!(objects.len(), 13);
    for object in &objects {
        let proof = proof(&world, &id_of(object), "").await;
        let head = proof.verify(object.as_bytes(), &key).unwrap();
        assert_eq!(head.collection, "signals");
    }
    // Each version has a proof of its own.
    let id = world.hub.fresh_id();
    for n in 0..2 {
        let at = START + n * 1_000_000;
        let one = world.hub.version(&id, Kind::Ipv4, "203.0.113.9", Tlp::Green, at, n == 1);
        world.publish(vec![one]).await;
    }
    let all = served(&world, &format!("?match[id]={id}&match[version]=all")).await;
    let versions = [0, 1].map(|n| Timestamp::from_micros(START + n * 1_000_000).to_string());
    for (i, version) in versions.iter().enumerate() {
        let proof = proof(&world, id.as_str(), &format!("?version={version}")).await;
        assert!(proof.verify(all[i].as_bytes(), &key).is_ok());
        let other = proof.verify(all[1 - i].as_bytes(), &key);
        assert_eq!(other, Err(ProofFlaw::OtherObject));
    }
    assert_eq!(proof(&world, id.as_str(), "").await.version.to_string(), versions[1]);
}

async fn a_proof_shows_nothing_else(place: &Place) {
    let world = World::new(place).await;
    let key = world.hub.key.verifying_key();
    world.publish_addresses(0, 5).await;
    let objects = served(&world, "").await;
    let object = objects[2].as_bytes();
    let good = proof(&world, &id_of(&objects[2]), "").await;
    assert!(good.verify(object, &key).is_ok());
    let changed = objects[2].replace("203.0.113.3", "203.0.113.8");
    assert_eq!(good.verify(changed.as_bytes(), &key), Err(ProofFlaw::NotIncluded));
    let spaced = objects[2].replace(':', ": ");
    assert!(good.verify(spaced.as_bytes(), &key).is_err());
    let other = SigningKey::from_seed([9; 32]).verifying_key();
    assert!(matches!(good.verify(object, &other), Err(ProofFlaw::Head(_))));
    let changes: [fn(&mut InclusionProof); 6] = [
        |p| p.index += 1,
        |p| drop(p.path.pop()),
        |p| p.path[0] = "00".repeat(32),
        |p| p.path[0] = "00".into(),
        |p| p.collection = "context".into(),
        |p| p.head.replace_range(150..152, "ff"),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(bad.verify(object, &key).is_err(), "{i}");
    }
}

async fn whoever_may_not_read_gets_no_proof(place: &Place) {
    let world = World::public(place).await;
    let green = world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green);
    let clear = world.hub.indicator(Kind::Ipv4, "203.0.113.2", Tlp::Clear);
    let [hidden, open] = [&green, &clear].map(|o| id_of(str::from_utf8(o).unwrap()));
    world.publish(vec![green, clear]).await;
    let none = world.hub.fresh_id();
    let nothing = world.anonymous(&format!("/proofs/{none}")).await;
    assert_eq!(nothing.status, 404);
    let asked = world.anonymous(&format!("/proofs/{hidden}")).await;
    assert_eq!((asked.status, &asked.body), (nothing.status, &nothing.body));
    assert_eq!(world.anonymous(&format!("/proofs/{open}")).await.status, 200);
    assert_eq!(world.get(&format!("/proofs/{hidden}")).await.status, 200);
    let partner = world.partner(1).await;
    assert_eq!(partner.get(&format!("/proofs/{open}")).await.status, 404);
    for query in ["?version=x", "?version=", "?version=2026-01-01T00:00:00Z&version=1"] {
        let answer = world.get(&format!("/proofs/{open}{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
    }
    let other = format!("/proofs/{open}?version=2026-01-01T00:00:00Z");
    assert_eq!(world.get(&other).await.status, 404);
    let request = Request::head(format!("/proofs/{open}"));
    assert_eq!(world.send(request).await.body.len(), 0);
}

async fn a_changed_head_proves_nothing(place: &Place) {
    const CHANGE: &str = "UPDATE batch SET head = $1 WHERE first_sequence = 1";
    let world = World::new(place).await;
    world.publish_addresses(0, 2).await;
    let id = id_of(&served(&world, "").await[0]);
    assert_eq!(world.get(&format!("/proofs/{id}")).await.status, 200);
    let change = |tx: &mut Tx<'_>| tx.execute(CHANGE, &[b"no head".as_slice().into()]);
    assert_eq!(world.shelf.store().write("tamper", change).await.unwrap(), 1);
    assert_eq!(world.get(&format!("/proofs/{id}")).await.status, 404);
    assert_eq!(world.anonymous("/readyz").await.status, 503);
}
