//! One report in, every other member warned: once, in time, and taken back when it was wrong.

use axum::http::StatusCode;
use noroshi_hub::admin;
use noroshi_hub::vault::members::AssetKind;
use serde_json::json;

use crate::place::Place;
use crate::world::{DAY, OBJECTS, SECOND, World};

crate::on_both_engines![
    a_report_reaches_the_other_members_once,
    two_members_with_one_value_make_one_object,
    a_second_day_supports_a_value_better,
    nothing_leaves_before_hold_until,
    a_held_report_supports_nothing_before_its_time,
    a_value_without_a_hold_does_not_wait_for_a_held_one,
    the_desk_takes_a_value_back,
    a_domain_declared_in_between_is_held_back,
    a_restart_between_signing_and_publishing_loses_nothing,
];

async fn a_report_reaches_the_other_members_once(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let answer = a
        .actor
        .report_text("C2 was hxxp://c2.badhost-one[.]net/gate.php from 198.18.0.1, 45.77.1.2")
        .await;
    let id = answer.accepted();
    assert!(b.actor.indicators("45.77.1.2").await.is_empty(), "before the tick");

    let ticked = w.tick().await;
    assert!(ticked.released >= 2 && ticked.published >= 1, "{ticked:?}");
    assert_eq!(b.actor.indicators("45.77.1.2").await.len(), 1);
    assert_eq!(b.actor.feed("ipv4.txt").await, ["45.77.1.2"]);
    assert!(b.actor.feed("url.txt").await.iter().any(|u| u.contains("c2.badhost-one.net")));

    // Ticks without news change nothing.
    let before = b.actor.get(OBJECTS).await.body;
    assert_eq!(w.tick().await.released, 0);
    assert_eq!(w.tick().await.published, 0);
    assert_eq!(b.actor.get(OBJECTS).await.body, before);

    // The reporter finds its report again, with the verdict on each line.
    let own = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    let items = own["indicators"].as_array().unwrap();
    assert!(items.iter().any(|i| i["value"] == "45.77.1.2" && i["verdict"] == "passed"), "{own}");
    assert!(items.iter().all(|i| i["value"] != "198.18.0.1" || i["verdict"] != "passed"), "{own}");
}

async fn two_members_with_one_value_make_one_object(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    a.actor.report_text("45.77.1.3").await.accepted();
    b.actor.report_text("seen: 45.77.1[.]3").await.accepted();
    w.tick().await;
    b.actor.report_text("again 45.77.1.3").await.accepted();
    w.tick().await;
    assert_eq!(a.actor.indicators("45.77.1.3").await.len(), 1);
    assert_eq!(a.actor.feed("ipv4.txt").await, ["45.77.1.3"]);
}

async fn a_second_day_supports_a_value_better(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    a.actor.report_text("45.77.1.4").await.accepted();
    w.tick().await;
    w.later(2 * DAY).await;
    b.actor.report_text("45.77.1.4").await.accepted();
    w.tick().await;
    let versions = a.actor.indicators("45.77.1.4").await;
    assert_eq!(versions.len(), 2, "{versions:?}");
    let [old, new] = [&versions[0], &versions[1]];
    assert_eq!((&old["id"], &old["created"]), (&new["id"], &new["created"]));
    assert!(old["confidence"].as_i64() < new["confidence"].as_i64(), "{versions:?}");
    assert!(old["modified"].as_str() < new["modified"].as_str());
}

async fn nothing_leaves_before_hold_until(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let hold = w.hub.now().plus_micros(3600 * SECOND).to_string();
    let fields = json!({"indicators": ["45.77.1.5"], "hold_until": hold});
    a.actor.report(fields).await.accepted();
    w.tick().await;
    w.later(3500 * SECOND).await;
    assert!(b.actor.indicators("45.77.1.5").await.is_empty());
    assert!(b.actor.feed("ipv4.txt").await.is_empty());
    w.later(100 * SECOND).await;
    assert_eq!(b.actor.indicators("45.77.1.5").await.len(), 1);
}

async fn a_held_report_supports_nothing_before_its_time(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    a.actor.report_text("45.77.1.6").await.accepted();
    w.tick().await;
    w.later(2 * DAY).await;
    let hold = w.hub.now().plus_micros(DAY).to_string();
    let fields = json!({"indicators": ["45.77.1.6"], "hold_until": hold});
    b.actor.report(fields).await.accepted();
    w.tick().await;
    w.tick().await;
    assert_eq!(a.actor.indicators("45.77.1.6").await.len(), 1, "a new version tells of the report");
    w.later(DAY).await;
    assert_eq!(a.actor.indicators("45.77.1.6").await.len(), 2);
}

async fn a_value_without_a_hold_does_not_wait_for_a_held_one(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let hold = w.hub.now().plus_micros(5 * DAY).to_string();
    let fields = json!({"indicators": ["45.77.1.7"], "hold_until": hold});
    a.actor.report(fields).await.accepted();
    w.later(2 * DAY).await;
    b.actor.report_text("45.77.1.7").await.accepted();
    w.tick().await;
    let versions = a.actor.indicators("45.77.1.7").await;
    assert_eq!(versions.len(), 1);
    // And it looks as if only one member had seen it.
    b.actor.report_text("45.77.1.8").await.accepted();
    w.tick().await;
    let alone = a.actor.indicators("45.77.1.8").await;
    assert_eq!(versions[0]["confidence"], alone[0]["confidence"]);
}

async fn the_desk_takes_a_value_back(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    a.actor.report_text("45.77.1.9").await.accepted();
    let revoke = json!({"kind": "ipv4", "value": "45.77.1.9"});
    desk.post_json("/api/v1/desk/revoke", &revoke).await.refused(404, "not-found");
    w.tick().await;
    let done = desk.post_json("/api/v1/desk/revoke", &revoke).await;
    assert_eq!(done.status, StatusCode::ACCEPTED, "{}", done.text());
    w.tick().await;
    let versions = b.actor.indicators("45.77.1.9").await;
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1]["revoked"], true);
    assert!(b.actor.feed("ipv4.txt").await.is_empty());
    // Taken back once, and not twice.
    desk.post_json("/api/v1/desk/revoke", &revoke).await.refused(404, "not-found");
    // What the desk took back does not come again because somebody reports it again.
    a.actor.report_text("45.77.1.9").await.accepted();
    w.tick().await;
    assert_eq!(b.actor.indicators("45.77.1.9").await.len(), 2);
}

async fn a_domain_declared_in_between_is_held_back(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let id = a.actor.report_text("http://portal.chrysanthe-works.net/login").await.accepted();
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    assert_eq!(view["indicators"][0]["verdict"], "passed", "{view}");
    admin::declare_asset(&w.hub, &b.id, AssetKind::Domain, "chrysanthe-works.net").await.unwrap();
    let ticked = w.tick().await;
    assert_eq!((ticked.released, ticked.held > 0), (0, true), "{ticked:?}");
    assert!(b.actor.feed("url.txt").await.is_empty());
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    for item in view["indicators"].as_array().unwrap() {
        assert_eq!(item["verdict"], "quarantined", "{view}");
        assert!(!item["reasons"].as_array().unwrap().is_empty(), "{view}");
    }
}

async fn a_restart_between_signing_and_publishing_loses_nothing(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.tick().await;
    a.actor.report_text("45.77.1.10").await.accepted();
    w.tick().await;
    // The shelf has the batch, the vault does not know it yet: the worst moment to be killed.
    w.hub
        .vault()
        .write("test.forget", |tx| tx.execute("UPDATE outbox SET published = 0", &[]))
        .await
        .unwrap();
    let again = World::new(place).await;
    again.clock.set(w.hub.now());
    let published = again.tick().await.published;
    assert!(published >= 2, "{published}");
    let reader = again.with_key(&a.key);
    again.hub.reload_policy().await.unwrap();
    assert_eq!(reader.indicators("45.77.1.10").await.len(), 1);
}
