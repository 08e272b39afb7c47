//! Someone changes the database. Nothing of it is served, and it does not go unnoticed.

use noroshi_outlet::Shelf;
use noroshi_stix::{Kind, Tlp};

use crate::place::Place;
use crate::world::{SIGNALS, World};

crate::on_both_engines!(
    a_changed_object_disappears,
    an_object_made_public_disappears,
    a_changed_object_stays_away_after_a_restart,
    a_changed_head_takes_its_batch_away,
    an_object_that_was_put_in_is_not_served,
    a_line_put_into_a_block_list_is_not_served,
    a_key_of_another_hub_opens_nothing,
);

const CHANGE: &str = "UPDATE object SET json = $1 WHERE sequence = 2";
const PUBLISH: &str = "UPDATE object SET tlp = 0 WHERE sequence = 2";
const CHANGE_HEAD: &str = "UPDATE batch SET head = $1 WHERE first_sequence = 1";
const FORGE: &str = "INSERT INTO object (sequence, collection, id, type, spec_version, version, \
     date_added, tlp, newest, oldest, batch_id, json) SELECT sequence + 100, collection, \
     'indicator--00000000-0000-4000-8000-000000000000', type, spec_version, version, \
     date_added + 100, tlp, newest, oldest, batch_id, json FROM object WHERE sequence = 1";
const FORGE_LINE: &str = "INSERT INTO entry (sequence, kind, value, until, tlp) \
     SELECT sequence, kind, $1, until, tlp FROM entry WHERE sequence = 1";

async fn sql(shelf: &Shelf, sql: &'static str, bytes: Option<&'static [u8]>) {
    let run = move |tx: &mut noroshi_store::Tx<'_>| {
        let params: Vec<_> = bytes.map(noroshi_store::Param::from).into_iter().collect();
        tx.execute(sql, &params)
    };
    assert_eq!(shelf.store().write("tamper", run).await.unwrap(), 1);
}

/// A world whose reads of the three objects go to the database.
async fn world(place: &Place) -> World {
    let world = World::small_window(place).await;
    world.publish_addresses(0, 3).await;
    world.publish_addresses(3, 2).await;
    assert_eq!(world.anonymous("/readyz").await.status, 200);
    world
}

async fn expect_only(world: &World, verified: &[usize], all: &[String]) {
    let want: Vec<_> = verified.iter().map(|i| all[*i].clone()).collect();
    assert_eq!(world.get(&format!("{SIGNALS}objects/")).await.ids(), want);
    let ready = world.anonymous("/readyz").await;
    assert_eq!((ready.status.as_u16(), ready.code().as_str()), (503, "shelf-not-verified"));
    let metrics = world.anonymous("/metrics").await.text();
    let line = metrics.lines().find(|l| l.starts_with("noroshi_outlet_rejected_rows ")).unwrap();
    assert_ne!(line, "noroshi_outlet_rejected_rows 0");
}

async fn a_changed_object_disappears(place: &Place) {
    let world = world(place).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    let forged: &[u8] =
        br#"{"type":"indicator","id":"x","pattern":"[domain-name:value='bank.example']"}"#;
    sql(&world.shelf, CHANGE, Some(forged)).await;
    expect_only(&world, &[0, 2, 3, 4], &all).await;
    let by_id = world.get(&format!("{SIGNALS}objects/{}/", all[1])).await;
    assert_eq!(by_id.status, 404);
    let stream = world.shelf.health();
    assert!(stream.rejected > 0);
}

async fn an_object_made_public_disappears(place: &Place) {
    let world = world(place).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    sql(&world.shelf, PUBLISH, None).await;
    assert!(world.anonymous(&format!("{SIGNALS}objects/")).await.ids().is_empty());
    expect_only(&world, &[0, 2, 3, 4], &all).await;
}

async fn a_changed_object_stays_away_after_a_restart(place: &Place) {
    let before = world(place).await;
    let all = before.get(&format!("{SIGNALS}objects/")).await.ids();
    sql(&before.shelf, CHANGE, Some(b"{}")).await;
    let World { hub, .. } = before;
    let mut world = World::public(place).await;
    world.hub = hub;
    expect_only(&world, &[0, 2, 3, 4], &all).await;
    assert_eq!(world.shelf.health().rejected, 1);
    assert_eq!(world.shelf.health().verified, 4);
    // The others still leave their batch.
    world.publish_addresses(5, 1).await;
    assert_eq!(world.get(&format!("{SIGNALS}objects/")).await.ids().len(), 5);
}

async fn a_changed_head_takes_its_batch_away(place: &Place) {
    let before = world(place).await;
    let all = before.get(&format!("{SIGNALS}objects/")).await.ids();
    sql(&before.shelf, CHANGE_HEAD, Some(b"not a head")).await;
    drop(before);
    let world = World::new(place).await;
    expect_only(&world, &[3, 4], &all).await;
}

async fn an_object_that_was_put_in_is_not_served(place: &Place) {
    let world = world(place).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    sql(&world.shelf, FORGE, None).await;
    let query = "objects/?match[version]=all";
    assert_eq!(world.get(&format!("{SIGNALS}{query}")).await.ids(), all);
    drop(world);
    let again = World::new(place).await;
    assert_eq!(again.get(&format!("{SIGNALS}{query}")).await.ids(), all);
}

async fn a_line_put_into_a_block_list_is_not_served(place: &Place) {
    let world = world(place).await;
    let before = world.get("/feeds/ipv4.txt").await.text();
    assert_eq!(before.lines().count(), 5);
    sql(&world.shelf, FORGE_LINE, Some(b"8.8.8.8")).await;
    let more = world.hub.indicator(Kind::Ipv4, "203.0.113.200", Tlp::Green);
    world.publish(vec![more]).await;
    let after = world.get("/feeds/ipv4.txt").await.text();
    assert!(after.contains("203.0.113.200") && !after.contains("8.8.8.8"), "{after}");
    assert_eq!(world.anonymous("/readyz").await.status, 503);
}

async fn a_key_of_another_hub_opens_nothing(place: &Place) {
    let world = world(place).await;
    let mut trust = world.hub.trust();
    trust.keys = vec![crate::world::Hub::new(77).key.verifying_key()];
    let shelf = Shelf::open(&place.address, trust).await.unwrap();
    assert_eq!((shelf.health().verified, shelf.health().rejected), (0, 5));
}
