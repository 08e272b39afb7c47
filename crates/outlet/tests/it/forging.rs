//! Someone who knows the form of the log writes to the database: nothing of theirs is served, and
//! what is signed still is.

use std::time::Duration;

use noroshi_outlet::Shelf;
use noroshi_store::{Param, Tx};
use serde_json::{Value, json};

use crate::actor::PARTNERS;
use crate::partners::tool;
use crate::place::Place;
use crate::world::{SIGNALS, World};

crate::on_both_engines!(
    an_object_between_others_is_not_served,
    what_is_put_back_is_served_as_it_was_signed,
    a_deleted_object_that_is_put_back_stays_away,
    deleting_does_not_believe_the_lengths,
    a_changed_segment_holds_up_no_post,
    a_batch_that_is_played_again_is_not_served,
);

const SEGMENT: &str = "SELECT body, lengths FROM segment WHERE first_sequence = $1";
const CHANGE: &str = "UPDATE segment SET body = $1, lengths = $2 WHERE first_sequence = 1";

/// The first segment: body and lengths.
async fn segment(shelf: &Shelf) -> (Vec<u8>, Vec<u8>) {
    let read = |tx: &mut Tx<'_>| {
        tx.query_one(SEGMENT, &[1_i64.into()], |row| Ok((row.blob(0)?, row.blob(1)?)))
    };
    shelf.store().read("segment", read).await.unwrap().unwrap()
}

async fn change(shelf: &Shelf, (body, lengths): (Vec<u8>, Vec<u8>)) {
    let run =
        move |tx: &mut Tx<'_>| tx.execute(CHANGE, &[Param::from(&body), Param::from(&lengths)]);
    assert_eq!(shelf.store().write("tamper", run).await.unwrap(), 1);
}

/// The objects of a segment as they lie there.
fn split((body, lengths): &(Vec<u8>, Vec<u8>)) -> Vec<String> {
    let mut at = 0;
    let lengths = lengths.chunks(4).map(|l| u32::from_be_bytes(l.try_into().unwrap()) as usize);
    let mut objects = Vec::new();
    for length in lengths {
        objects.push(String::from_utf8(body[at..at + length].to_vec()).unwrap());
        at += length + 1;
    }
    objects
}

/// A segment of these objects.
fn joined(objects: &[String]) -> (Vec<u8>, Vec<u8>) {
    let body = objects.iter().flat_map(|o| format!("{o},").into_bytes()).collect();
    let length = |o: &String| u32::try_from(o.len()).unwrap().to_be_bytes();
    (body, objects.iter().flat_map(length).collect())
}

async fn an_object_between_others_is_not_served(place: &Place) {
    let before = World::small_window(place).await;
    before.publish_addresses(0, 3).await;
    before.publish_addresses(3, 3).await;
    let all = before.get(&format!("{SIGNALS}objects/")).await;
    let row = segment(&before.shelf).await;
    let objects = split(&row);
    // The first object ends nowhere, and where the second one would lie after it, another lies.
    let forged = objects[1].replace("203.0.113.2'", "203.0.113.9'");
    assert_eq!(forged.len(), objects[1].len());
    let signed = format!("{},{},", objects[1], objects[2]);
    let first = u32::try_from(signed.len() + 1).unwrap();
    let body = format!("{signed}xx{forged},{},", objects[2]);
    let mut lengths = row.1;
    lengths[..4].copy_from_slice(&first.to_be_bytes());
    change(&before.shelf, (body.into_bytes(), lengths)).await;
    for world in [World::small_window(place).await, before] {
        let shown = world.get(&format!("{SIGNALS}objects/")).await;
        assert_eq!(
            shown.json()["objects"].as_array().unwrap(),
            &all.json()["objects"].as_array().unwrap()[1..]
        );
        assert_eq!(world.anonymous("/readyz").await.status, 503);
    }
}

async fn what_is_put_back_is_served_as_it_was_signed(place: &Place) {
    let running = World::small_window(place).await;
    running.publish_addresses(0, 3).await;
    running.publish_addresses(3, 3).await;
    let all = running.get(&format!("{SIGNALS}objects/")).await.json()["objects"].clone();
    let row = segment(&running.shelf).await;
    let mut objects = split(&row);
    objects[0].insert_str(1, "\"x_more\":true,");
    change(&running.shelf, joined(&objects)).await;
    let late = World::small_window(place).await;
    for world in [&running, &late] {
        assert_eq!(world.get(&format!("{SIGNALS}objects/")).await.ids().len(), 5);
    }
    change(&running.shelf, row).await;
    for world in [&running, &late] {
        let shown = world.get(&format!("{SIGNALS}objects/")).await.json()["objects"].clone();
        assert_eq!(shown.as_array().unwrap(), &all.as_array().unwrap()[1..]);
    }
}

async fn a_deleted_object_that_is_put_back_stays_away(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(2, 0), tool(3, 0)]).await;
    partner.post(PARTNERS, &[tool(4, 0), tool(5, 0), tool(6, 0)]).await;
    let row = segment(&world.shelf).await;
    let path = format!("{PARTNERS}objects/{}/", tool(2, 0)["id"].as_str().unwrap());
    assert_eq!(partner.delete(&path).await.status, 200);
    change(&world.shelf, row).await;
    let again = World::small_window(place).await;
    for world in [&world, &again] {
        let reader = world.reporter().await;
        let left = [1, 3, 4, 5, 6].map(|n| tool(n, 0));
        assert_eq!(reader.partners("match[version]=all").await, left);
    }
    assert_eq!(again.shelf.health().rejected, 1);
}

async fn deleting_does_not_believe_the_lengths(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(2, 0), tool(3, 0)]).await;
    partner.post(PARTNERS, &[tool(4, 0), tool(5, 0), tool(6, 0)]).await;
    let (body, mut lengths) = segment(&world.shelf).await;
    lengths[3] ^= 1;
    change(&world.shelf, (body, lengths)).await;
    let path = format!("{PARTNERS}objects/{}/", tool(2, 0)["id"].as_str().unwrap());
    assert_eq!(partner.delete(&path).await.status, 200);
    let again = World::small_window(place).await;
    for world in [&world, &again] {
        let reader = world.reporter().await;
        let left = [1, 3, 4, 5, 6].map(|n| tool(n, 0));
        assert_eq!(reader.partners("match[version]=all").await, left);
        assert_eq!(world.shelf.health().rejected, 0);
    }
}

async fn a_changed_segment_holds_up_no_post(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    let address = json!({"type": "ipv4-addr", "spec_version": "2.1", "value": "198.51.100.7",
        "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"});
    partner.post(PARTNERS, &[address.clone(), tool(1, 0)]).await;
    partner.post(PARTNERS, &[tool(4, 0), tool(5, 0), tool(6, 0)]).await;
    let mut objects = split(&segment(&world.shelf).await);
    objects[0] = objects[0].replace("198.51.100.7", "198.51.100.8");
    change(&world.shelf, joined(&objects)).await;
    let post = partner.post(PARTNERS, std::slice::from_ref(&address));
    let posted = tokio::time::timeout(Duration::from_secs(15), post).await.unwrap();
    assert_eq!(posted.json()["success_count"], Value::from(1), "{}", posted.text());
    assert_eq!(partner.partners("match[type]=ipv4-addr&match[version]=all").await, [address]);
}

async fn a_batch_that_is_played_again_is_not_served(place: &Place) {
    const AGAIN: [&str; 3] = [
        "INSERT INTO batch (batch_id, first_sequence, count, date_added, head, leaves) \
         SELECT $1, first_sequence + 3, count, date_added, head, leaves FROM batch",
        "INSERT INTO segment (first_sequence, batch_id, contributor, lengths, body) \
         SELECT first_sequence + 3, $1, contributor, lengths, body FROM segment",
        "UPDATE counter SET value = value + 3 WHERE name = 'sequence' AND $1 <> name",
    ];
    let world = World::new(place).await;
    let partner = world.partner(1).await;
    let objects = [tool(1, 0), tool(2, 0), tool(3, 0)];
    partner.post(PARTNERS, &objects).await;
    let run = |tx: &mut Tx<'_>| {
        let id = [7_u8; 16];
        let values = [Param::from(&id), Param::from(&id), Param::from("other")];
        AGAIN.iter().zip(values).try_for_each(|(sql, value)| tx.execute(sql, &[value]).map(drop))
    };
    world.shelf.store().write("tamper", run).await.unwrap();
    for world in [&World::new(place).await, &world] {
        world.shelf.remove_credential("nobody").await.unwrap();
        let reader = world.reporter().await;
        assert_eq!(reader.partners("match[version]=all").await, objects);
        assert_eq!(world.shelf.health().rejected, 3);
    }
}
