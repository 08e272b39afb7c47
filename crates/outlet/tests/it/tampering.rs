//! Someone changes the database. Nothing of it is served, and it does not go unnoticed.

use noroshi_outlet::Shelf;
use noroshi_stix::{Kind, Tlp};

use crate::place::Place;
use crate::world::{SIGNALS, START, World};

crate::on_both_engines!(
    a_changed_object_disappears,
    bytes_between_objects_are_checked,
    changed_lengths_show_nothing_else,
    a_removed_segment_is_noticed,
    a_changed_object_stays_away_after_a_restart,
    a_changed_head_takes_its_batch_away,
    an_object_that_was_put_in_is_not_served,
    a_line_put_into_a_block_list_is_not_served,
    a_line_of_a_withdrawn_object_is_not_served,
    a_key_of_another_hub_opens_nothing,
);

const BODY: &str = "SELECT body, lengths FROM segment WHERE first_sequence = $1";
const CHANGE: &str = "UPDATE segment SET body = $1 WHERE first_sequence = 1";
const SHORTEN: &str = "UPDATE segment SET lengths = $1 WHERE first_sequence = 1";
const REMOVE: &str = "DELETE FROM segment WHERE first_sequence = 1 AND body <> $1";
const CHANGE_HEAD: &str = "UPDATE batch SET head = $1 WHERE first_sequence = 1";
const FORGE: &str = "INSERT INTO segment (first_sequence, batch_id, contributor, lengths, body) \
     SELECT first_sequence + 100, batch_id, contributor, lengths, body FROM segment \
     WHERE first_sequence = 1";
const FORGE_LINE: &str = "INSERT INTO entry (sequence, kind, value, until, tlp) \
     SELECT sequence, kind, $1, until, tlp FROM entry WHERE sequence = 1";

async fn sql(shelf: &Shelf, sql: &'static str, bytes: Option<Vec<u8>>) {
    let run = move |tx: &mut noroshi_store::Tx<'_>| {
        let params: Vec<_> = bytes.iter().map(noroshi_store::Param::from).collect();
        tx.execute(sql, &params)
    };
    assert_eq!(shelf.store().write("tamper", run).await.unwrap(), 1);
}

/// The first segment's body and lengths.
async fn first_segment(shelf: &Shelf) -> (Vec<u8>, Vec<u8>) {
    let read = |tx: &mut noroshi_store::Tx<'_>| {
        tx.query_one(BODY, &[1_i64.into()], |row| Ok((row.blob(0)?, row.blob(1)?)))
    };
    shelf.store().read("body", read).await.unwrap().unwrap()
}

/// The first segment with another address in its second object.
async fn changed(shelf: &Shelf) -> Vec<u8> {
    let (body, _) = first_segment(shelf).await;
    let text = String::from_utf8(body).unwrap();
    let other = text.replace("203.0.113.2'", "203.0.113.9'");
    assert_ne!(text, other);
    other.into_bytes()
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
    sql(&world.shelf, CHANGE, Some(changed(&world.shelf).await)).await;
    expect_only(&world, &[0, 2, 3, 4], &all).await;
    let by_id = world.get(&format!("{SIGNALS}objects/{}/", all[1])).await;
    assert_eq!(by_id.status, 404);
    assert_eq!(world.shelf.health().rejected, 1);
    assert_eq!(world.shelf.health().verified, 4);
}

async fn bytes_between_objects_are_checked(place: &Place) {
    let world = world(place).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    let (body, _) = first_segment(&world.shelf).await;
    let text = String::from_utf8(body).unwrap();
    let forged = text.replacen("},{", "} {", 1);
    sql(&world.shelf, CHANGE, Some(forged.into_bytes())).await;
    let page = world.get(&format!("{SIGNALS}objects/")).await;
    assert!(!page.ids().contains(&all[0]), "an object without its comma is not served");
    assert_eq!(world.anonymous("/readyz").await.status, 503);
}

async fn changed_lengths_show_nothing_else(place: &Place) {
    let before = world(place).await;
    let all = before.get(&format!("{SIGNALS}objects/")).await.ids();
    let (_, mut lengths) = first_segment(&before.shelf).await;
    lengths[3] ^= 1;
    sql(&before.shelf, SHORTEN, Some(lengths)).await;
    // Whoever has verified it knows better.
    assert_eq!(before.get(&format!("{SIGNALS}objects/")).await.ids(), all);
    let again = World::small_window(place).await;
    let shown = again.get(&format!("{SIGNALS}objects/")).await.ids();
    assert!(shown.iter().all(|id| all.contains(id)) && shown.len() < all.len());
    assert_eq!(again.anonymous("/readyz").await.status, 503);
}

async fn a_removed_segment_is_noticed(place: &Place) {
    let world = world(place).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    sql(&world.shelf, REMOVE, Some(Vec::new())).await;
    expect_only(&world, &[3, 4], &all).await;
    drop(world);
    let again = World::small_window(place).await;
    expect_only(&again, &[3, 4], &all).await;
    assert_eq!(again.shelf.health().rejected, 3);
}

async fn a_changed_object_stays_away_after_a_restart(place: &Place) {
    let before = world(place).await;
    let all = before.get(&format!("{SIGNALS}objects/")).await.ids();
    let forged = changed(&before.shelf).await;
    sql(&before.shelf, CHANGE, Some(forged)).await;
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
    sql(&before.shelf, CHANGE_HEAD, Some(b"not a head".to_vec())).await;
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
    sql(&world.shelf, FORGE_LINE, Some(b"8.8.8.8".to_vec())).await;
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

async fn a_line_of_a_withdrawn_object_is_not_served(place: &Place) {
    const LINE: &str = "SELECT kind, until, tlp FROM entry WHERE sequence = $1";
    const BACK: &str = "INSERT INTO entry (sequence, kind, value, until, tlp) \
         VALUES (1, $1, $2, $3, $4)";
    let world = World::public(place).await;
    let id = world.hub.fresh_id();
    let version = |at: i64, revoked: bool| {
        world.hub.version(
            &id,
            Kind::Ipv4,
            "203.0.113.77",
            Tlp::Green,
            START + at * 1_000_000,
            revoked,
        )
    };
    world.publish(vec![version(1, false)]).await;
    let read = |tx: &mut noroshi_store::Tx<'_>| {
        tx.query_one(LINE, &[1_i64.into()], |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))
    };
    let (kind, until, tlp) = world.shelf.store().read("line", read).await.unwrap().unwrap();
    world.publish(vec![version(2, true)]).await;
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "");
    let back = move |tx: &mut noroshi_store::Tx<'_>| {
        let value = &b"203.0.113.77"[..];
        tx.execute(BACK, &[kind.as_str().into(), value.into(), until.into(), tlp.into()])
    };
    assert_eq!(world.shelf.store().write("tamper", back).await.unwrap(), 1);
    world.publish_addresses(3, 1).await;
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "203.0.113.4\n");
    assert_eq!(world.anonymous("/readyz").await.status, 503);
}
