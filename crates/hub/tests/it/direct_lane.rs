//! The direct lane: named recipients, consent or two officers, a log that names nobody.

use serde_json::{Value, json};

use crate::labels::Cast;
use crate::place::Place;
use crate::world::Actor;

crate::on_both_engines![
    the_reporter_consents_and_only_the_circle_reads,
    the_law_takes_two_officers,
];

fn proposal(cast: &Cast, report: &str, to: &[&str], ground: &str) -> Value {
    let recipients: Vec<&str> = to.iter().map(|id| cast.members[*id].id.as_str()).collect();
    let basis = if ground == "law" { "Act 42/2025, article 5" } else { "" };
    json!({"report": report, "recipients": recipients, "ground": ground, "basis": basis})
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
    let path = format!("/api/v1/reports/{report}/direct/1");
    let yes = json!({"agrees": true});
    cast.of("nec").post_json(&path, &yes).await.refused(404, "not-found");
    cast.desk.post_json("/api/v1/desk/direct/1", &yes).await.refused(404, "not-found");
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
    // Every member reads that there was one, and never about whom.
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
    assert_eq!(cast.desk.post_json("/api/v1/desk/direct", &body).await.status, 201);
    let yes = json!({"agrees": true});
    cast.desk.post_json("/api/v1/desk/direct/1", &yes).await.refused(409, "conflict");
    let own = format!("/api/v1/reports/{report}/direct/1");
    cast.of("ihi").post_json(&own, &yes).await.refused(404, "not-found");
    let second = cast.w.desk().await;
    assert_eq!(second.post_json("/api/v1/desk/direct/1", &yes).await.status, 200);
    assert_eq!(received(cast.of("kawasaki-heavy")).await.len(), 1);
    // A refused one never leaves and is not counted.
    assert_eq!(cast.desk.post_json("/api/v1/desk/direct", &body).await.status, 201);
    let no = json!({"agrees": false});
    assert_eq!(cast.desk.post_json("/api/v1/desk/direct/2", &no).await.status, 200);
    second.post_json("/api/v1/desk/direct/2", &yes).await.refused(409, "conflict");
    assert_eq!(received(cast.of("kawasaki-heavy")).await.len(), 1);
    assert_eq!(cast.of("nec").get("/anonymity/direct/latest").await.json()["number"], 1);
    let nothing = cast.filed("nec", json!({"title": "only words"})).await;
    let body = proposal(&cast, &nothing, &["ihi"], "law");
    cast.desk.post_json("/api/v1/desk/direct", &body).await.refused(409, "conflict");
}
