//! The direct lane: named recipients, consent or two officers, a log that names nobody.

use noroshi_hub::admin;
use serde_json::{Value, json};

use crate::labels::Cast;
use crate::place::Place;
use crate::world::{Actor, Answer, SECOND};

crate::on_both_engines![
    the_reporter_consents_and_only_the_circle_reads,
    the_law_takes_two_officers,
];

fn proposal(cast: &Cast, report: &str, to: &[&str], ground: &str) -> Value {
    let recipients: Vec<&str> = to.iter().map(|id| cast.members[*id].id.as_str()).collect();
    let basis = if ground == "law" { "Act 42/2025, article 5" } else { "" };
    json!({"report": report, "recipients": recipients, "ground": ground, "basis": basis})
}

/// The id of the proposal that was just made: the newest.
fn proposed(answer: &Answer) -> String {
    answer.json()["direct"][0]["id"].as_str().unwrap().to_owned()
}

async fn received(actor: &Actor) -> Vec<Value> {
    actor.get("/api/v1/direct").await.json()["direct"].as_array().unwrap().clone()
}

async fn the_reporter_consents_and_only_the_circle_reads(place: &Place) {
    let cast = Cast::new(place).await;
    let report = cast.filed("mitsubishi-heavy", json!({"attack_type": "targeted-mail"})).await;
    let circle = ["ihi", "kawasaki-heavy"];
    let body = proposal(&cast, &report, &circle, "consent");
    cast.of("ihi").post_json("/api/v1/desk/direct", &body).await.refused(404, "not-found");
    let made = cast.desk.post_json("/api/v1/desk/direct", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    // Nothing leaves before the yes, and nobody but the reporter can say it.
    assert!(received(cast.of("ihi")).await.is_empty());
    let id = proposed(&made);
    let path = format!("/api/v1/reports/{report}/direct/{id}");
    let at_desk = format!("/api/v1/desk/direct/{id}");
    let yes = json!({"agrees": true});
    cast.of("nec").post_json(&path, &yes).await.refused(404, "not-found");
    cast.desk.post_json(&at_desk, &yes).await.refused(404, "not-found");
    assert_eq!(cast.of("mitsubishi-heavy").post_json(&path, &yes).await.status, 200);
    cast.of("mitsubishi-heavy").post_json(&path, &yes).await.refused(409, "conflict");
    for id in circle {
        let direct = received(cast.of(id)).await;
        assert_eq!(direct[0]["tlp"], "TLP:AMBER+STRICT", "{direct:?}");
        let text = direct[0]["text"].to_string();
        assert!(text.contains("defence and shipbuilding") && text.contains("防衛・造船"), "{text}");
    }
    assert!(received(cast.of("nec")).await.is_empty());
    assert!(received(cast.of("mitsubishi-heavy")).await.is_empty());
    // Every member reads that there was one, and never about whom; with the batch, not at once.
    let early = cast.of("nec").get("/anonymity/direct/latest").await;
    early.refused(404, "not-found");
    cast.batch().await;
    let log = cast.of("nec").get("/anonymity/direct/latest").await;
    assert_eq!(log.status, 200, "{}", log.text());
    let line = log.json();
    assert_eq!((&line["number"], &line["recipients"]), (&json!(1), &json!(2)));
    assert_eq!(line["ground"], "consent");
    let text = log.text();
    assert!(!text.contains("defence") && !text.contains("targeted") && !text.contains(&report));
    cast.w.anonymous().get("/api/v1/direct").await.refused(401, "unauthorized");
}

async fn the_law_takes_two_officers(place: &Place) {
    let cast = Cast::new(place).await;
    let report = cast.filed("ihi", json!({"attack_type": "targeted-mail"})).await;
    let body = proposal(&cast, &report, &["kawasaki-heavy"], "law");
    for (change, code) in [
        (json!({"basis": " "}), "no-basis"),
        (json!({"recipients": []}), "no-circle"),
        (json!({"recipients": ["m-nobody"]}), "not-found"),
        (json!({"recipients": [cast.members["ihi"].id]}), "not-found"),
        (json!({"report": "r-none"}), "not-found"),
    ] {
        let mut bad = body.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let status = if code == "not-found" { 404 } else { 400 };
        cast.desk.post_json("/api/v1/desk/direct", &bad).await.refused(status, code);
    }
    let made = cast.desk.post_json("/api/v1/desk/direct", &body).await;
    assert_eq!(made.status, 201);
    let id = proposed(&made);
    let at_desk = format!("/api/v1/desk/direct/{id}");
    let yes = json!({"agrees": true});
    cast.desk.post_json(&at_desk, &yes).await.refused(409, "conflict");
    let own = format!("/api/v1/reports/{report}/direct/{id}");
    cast.of("ihi").post_json(&own, &yes).await.refused(404, "not-found");
    let second = cast.w.desk().await;
    assert_eq!(second.post_json(&at_desk, &yes).await.status, 200);
    assert_eq!(received(cast.of("kawasaki-heavy")).await.len(), 1);
    // A refused one never leaves and is not counted.
    cast.w.clock.advance(SECOND);
    let made = cast.desk.post_json("/api/v1/desk/direct", &body).await;
    let at_desk = format!("/api/v1/desk/direct/{}", proposed(&made));
    let no = json!({"agrees": false});
    assert_eq!(cast.desk.post_json(&at_desk, &no).await.status, 200);
    second.post_json(&at_desk, &yes).await.refused(409, "conflict");
    assert_eq!(received(cast.of("kawasaki-heavy")).await.len(), 1);
    cast.batch().await;
    assert_eq!(cast.of("nec").get("/anonymity/direct/latest").await.json()["number"], 1);
    // Whoever ended the agreement reads nothing any more.
    admin::withdraw_agreement(&cast.w.hub, &cast.members["kawasaki-heavy"].id).await.unwrap();
    assert!(received(cast.of("kawasaki-heavy")).await.is_empty());
    let nothing = cast.filed("nec", json!({"title": "only words"})).await;
    let body = proposal(&cast, &nothing, &["ihi"], "law");
    cast.desk.post_json("/api/v1/desk/direct", &body).await.refused(409, "conflict");
}
