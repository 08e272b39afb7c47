//! What gets onto the shelf, and what does not.

use noroshi_outlet::{Collection, OutletError, Published, ReleasedObject, SCHEMA, Shelf};
use noroshi_seal::{BatchHead, leaf_hash};
use noroshi_stix::{Kind, Tlp};
use noroshi_store::StoreError;

use crate::place::Place;
use crate::world::{Hub, SIGNALS, START, TICK, World};

crate::on_both_engines!(
    statements_are_prepared,
    the_schema_has_no_place_for_a_name,
    a_batch_is_published_once,
    what_is_not_signed_is_refused,
    what_may_not_be_released_is_refused,
    dates_start_at_the_tick_and_grow,
    another_process_sees_a_release,
    a_shelf_is_verified_again_when_opened,
    both_collections_take_releases,
);

async fn statements_are_prepared(place: &Place) {
    let world = World::new(place).await;
    world.shelf.store().prepare_all().await.unwrap();
    assert!(SCHEMA.statements.len() > 20);
}

async fn the_schema_has_no_place_for_a_name(place: &Place) {
    let world = World::new(place).await;
    let columns = world.shelf.store().columns().await.unwrap();
    let known = ["batch", "counter", "credential", "deletion", "entry", "posting", "segment"];
    for (table, column) in columns {
        if !known.contains(&table.as_str()) {
            continue;
        }
        for word in ["member", "report", "victim", "organisation", "created_at", "note"] {
            assert!(!column.contains(word), "{table}.{column}");
        }
    }
}

async fn a_batch_is_published_once(place: &Place) {
    let world = World::new(place).await;
    let batch = world.hub.batch(vec![world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)]);
    assert_eq!(world.shelf.publish(batch.clone()).await.unwrap(), Published::New);
    assert_eq!(world.shelf.publish(batch.clone()).await.unwrap(), Published::Already);
    assert_eq!(world.get(&format!("{SIGNALS}objects/")).await.ids().len(), 1);
    // The same id over other content is not the same batch.
    let other = world.hub.indicator(Kind::Ipv4, "203.0.113.2", Tlp::Green);
    let head =
        BatchHead::over(batch.head.head.batch_id, "signals", START, &[leaf_hash(&other)], [0; 32])
            .unwrap();
    let forged = noroshi_outlet::SignedBatch {
        head: head.sign(&world.hub.key),
        objects: vec![ReleasedObject { bytes: other }],
    };
    let error = world.shelf.publish(forged).await.unwrap_err();
    assert!(matches!(error, OutletError::Store(StoreError::Refused(_))), "{error}");
}

async fn what_is_not_signed_is_refused(place: &Place) {
    let world = World::new(place).await;
    let good = world.hub.batch(vec![world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)]);

    let mut changed = good.clone();
    changed.objects[0].bytes.push(b' ');
    assert!(matches!(world.shelf.publish(changed).await, Err(OutletError::BadBatch(_))));

    let mut shorter = good.clone();
    shorter.objects.clear();
    assert!(matches!(world.shelf.publish(shorter).await, Err(OutletError::BadBatch(_))));

    let mut moved = good.clone();
    moved.head.head.tick_micros += 1;
    assert!(matches!(world.shelf.publish(moved).await, Err(OutletError::BadBatch(_))));

    let stranger = Hub::new(99);
    let foreign = stranger.batch(vec![stranger.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)]);
    assert!(matches!(world.shelf.publish(foreign).await, Err(OutletError::UnknownKey(_))));

    assert_eq!(world.shelf.health().verified, 0);
    assert!(world.get(&format!("{SIGNALS}objects/")).await.ids().is_empty());
}

async fn what_may_not_be_released_is_refused(place: &Place) {
    let world = World::new(place).await;
    let stranger = Hub::new(99);
    let cases: [(&str, Vec<u8>); 5] = [
        ("not created by the hub", stranger.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)),
        ("TLP:RED", world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Red)),
        ("not a valid STIX", b"{}".to_vec()),
        ("not a valid STIX", b"not json".to_vec()),
        ("not a valid STIX", br#"{"type":"indicator","id":"malware--x"}"#.to_vec()),
    ];
    for (reason, bytes) in cases {
        let good = world.hub.indicator(Kind::Ipv4, "203.0.113.9", Tlp::Green);
        let error = world.shelf.publish(world.hub.batch(vec![good, bytes])).await.unwrap_err();
        assert!(matches!(&error, OutletError::BadObject { index: 1, .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    let good = world.hub.indicator(Kind::Ipv4, "203.0.113.9", Tlp::Green);
    for collection in ["inbox", "partners", "partners/deleted"] {
        let batch = world.hub.batch_of(collection, vec![good.clone()]);
        let error = world.shelf.publish(batch).await.unwrap_err();
        assert!(matches!(error, OutletError::UnknownCollection(_)), "{error}");
    }
    assert_eq!(world.shelf.health().verified, 0, "no part of a refused batch is kept");
    // The hub's own identity may be released.
    world.publish(vec![world.hub.identity()]).await;
    assert_eq!(world.shelf.health().verified, 1);
}

async fn dates_start_at_the_tick_and_grow(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 3).await;
    world.publish_addresses(3, 2).await;
    let manifest = world.get(&format!("{SIGNALS}manifest/")).await.json();
    let dates: Vec<_> = manifest["objects"].as_array().unwrap().iter().collect();
    let dates: Vec<_> = dates.iter().map(|o| o["date_added"].as_str().unwrap()).collect();
    assert_eq!(
        dates,
        [
            "2026-11-23T03:00:00.000000Z",
            "2026-11-23T03:00:00.000001Z",
            "2026-11-23T03:00:00.000002Z",
            "2026-11-23T03:00:10.000000Z",
            "2026-11-23T03:00:10.000001Z",
        ]
    );
    assert_eq!(world.shelf.health().newest_tick, START + TICK);
}

async fn another_process_sees_a_release(place: &Place) {
    let world = World::new(place).await;
    let second = Shelf::open(&place.address, world.hub.trust()).await.unwrap();
    world.publish_addresses(0, 2).await;
    for _ in 0..100 {
        if second.health().verified == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the release never came: {:?}", second.health());
}

async fn a_shelf_is_verified_again_when_opened(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 5).await;
    world.publish(vec![]).await;
    world.publish_addresses(5, 5).await;
    let again = Shelf::open(&place.address, world.hub.trust()).await.unwrap();
    assert_eq!(again.health(), world.shelf.health());
    assert_eq!(again.health().verified, 10);
    assert_eq!(again.health().rejected, 0);
}

async fn both_collections_take_releases(place: &Place) {
    let world = World::new(place).await;
    for collection in Collection::ALL.into_iter().filter(|c| c.is_released()) {
        let object = world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green);
        let name = collection.alias();
        world.shelf.publish(world.hub.batch_of(name, vec![object])).await.unwrap();
        let path = format!("/taxii2/noroshi/collections/{name}/objects/");
        assert_eq!(world.get(&path).await.ids().len(), 1, "{name}");
    }
}
