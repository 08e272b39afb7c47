//! The context lane: desk, then reporter, then the batch; never a word of the reporter's.

use noroshi_hub::context;
use serde_json::{Value, json};

use crate::place::Place;
use crate::world::{Actor, CONTEXTS, DAY, World};

crate::on_both_engines![
    the_context_goes_out_after_both_agreed,
    the_order_cannot_be_turned_round,
    a_no_of_either_keeps_it_inside,
    a_row_without_both_approvals_on_record_is_never_released,
    the_hold_binds_the_context_too,
    free_text_alone_proposes_nothing,
];

fn fields() -> Value {
    json!({
        "attack_type": "malicious-code/c2-server",
        "techniques": ["T1566.001"],
        "narrative": "Our furnace control room in Kure was hit.",
        "indicators": ["45.77.4.1"],
    })
}

async fn decide(actor: &Actor, desk: bool, report: &str, decision: &str) -> crate::world::Answer {
    let path = format!("/api/v1/{}reports/{report}/context", if desk { "desk/" } else { "" });
    actor.post_json(&path, &json!({ "decision": decision })).await
}

/// What a reader sees of the lane beside the hub's own identity and marking.
async fn released(reader: &Actor) -> Vec<Value> {
    let mut objects = reader.objects(CONTEXTS).await;
    objects.retain(|o| o["type"] != "identity" && o["type"] != "marking-definition");
    objects
}

async fn the_context_goes_out_after_both_agreed(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    w.crowd(4).await;
    let desk = w.desk().await;
    w.tick().await;
    let id = a.actor.report(fields()).await.accepted();
    assert_eq!(decide(&desk, true, &id, "approve").await.status, 200);
    w.later(7 * DAY).await;
    assert!(released(&b.actor).await.is_empty(), "without the reporter's yes");
    assert_eq!(decide(&a.actor, false, &id, "approve").await.status, 200);
    w.tick().await;
    assert!(released(&b.actor).await.is_empty(), "before the batch");
    w.later(7 * DAY).await;
    let objects = released(&b.actor).await;
    assert!(!objects.is_empty());
    let text = serde_json::to_string(&objects).unwrap();
    assert!(text.contains("T1566.001") && text.contains("会員"), "{text}");
    assert!(!text.contains("Kure") && !text.contains("Aozora"), "{text}");
    // Once.
    w.later(7 * DAY).await;
    assert_eq!(released(&b.actor).await.len(), objects.len());
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    assert_eq!(view["context"], "released");
    decide(&a.actor, false, &id, "decline").await.refused(409, "conflict");
}

async fn the_order_cannot_be_turned_round(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let desk = w.desk().await;
    let id = a.actor.report(fields()).await.accepted();
    decide(&a.actor, false, &id, "approve").await.refused(409, "conflict");
    decide(&a.actor, true, &id, "approve").await.refused(404, "not-found");
    decide(&desk, false, &id, "approve").await.refused(404, "not-found");
    assert_eq!(decide(&desk, true, &id, "approve").await.status, 200);
    decide(&desk, true, &id, "approve").await.refused(409, "conflict");
}

async fn a_no_of_either_keeps_it_inside(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let desk = w.desk().await;
    let first = a.actor.report(fields()).await.accepted();
    assert_eq!(decide(&desk, true, &first, "decline").await.status, 200);
    decide(&a.actor, false, &first, "approve").await.refused(409, "conflict");
    let second = a.actor.report(fields()).await.accepted();
    assert_eq!(decide(&desk, true, &second, "approve").await.status, 200);
    assert_eq!(decide(&a.actor, false, &second, "decline").await.status, 200);
    w.later(7 * DAY).await;
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
    assert!(released(&a.actor).await.is_empty());
}

async fn a_row_without_both_approvals_on_record_is_never_released(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.tick().await;
    a.actor.report(fields()).await.accepted();
    // As a mistake in the program or in somebody's SQL would do it.
    let sql = "UPDATE report SET context_state = 'approved'";
    w.hub.vault().write("test.force", |tx| tx.execute(sql, &[])).await.unwrap();
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
    w.later(7 * DAY).await;
    assert!(released(&a.actor).await.is_empty());
}

async fn the_hold_binds_the_context_too(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(5).await;
    let desk = w.desk().await;
    w.tick().await;
    let mut held = fields();
    held["hold_until"] = w.hub.now().plus_days(10).to_string().into();
    let id = a.actor.report(held).await.accepted();
    assert_eq!(decide(&desk, true, &id, "approve").await.status, 200);
    assert_eq!(decide(&a.actor, false, &id, "approve").await.status, 200);
    w.later(7 * DAY).await;
    assert!(released(&a.actor).await.is_empty(), "three days too early");
    w.later(7 * DAY).await;
    assert!(!released(&a.actor).await.is_empty());
}

async fn free_text_alone_proposes_nothing(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let desk = w.desk().await;
    let fields = json!({"title": "Aozora was hit", "attack_type": "the night shift of Kure"});
    let answer = a.actor.report(fields).await;
    let id = answer.accepted();
    assert_eq!(answer.json()["context"], "nothing");
    decide(&desk, true, &id, "approve").await.refused(409, "conflict");
}
