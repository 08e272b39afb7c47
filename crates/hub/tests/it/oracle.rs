//! Nobody learns from an answer whether something hidden exists.

use noroshi_hub::access::Role;
use serde_json::json;

use crate::place::Place;
use crate::world::{Actor, Answer, World};

crate::on_both_engines![somebody_elses_and_nobodys_answer_the_same];

/// Everything of an answer that a client sees, with the id it asked for taken out.
fn seen(answer: &Answer, id: &str) -> (u16, Vec<String>, String) {
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(k, v)| format!("{k}: {}", v.to_str().unwrap())).collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text().replace(id, "ID"))
}

async fn answers(actor: &Actor, report: &str, item: &str) -> Vec<(u16, Vec<String>, String)> {
    let decision = json!({"decision": "approve"});
    let ruling = json!({"ruling": "refuse"});
    let mut out = Vec::new();
    for path in ["/api/v1/reports/ID", "/api/v1/desk/reports/ID"] {
        let path = path.replace("ID", report);
        out.push(seen(&actor.get(&path).await, report));
        let path = format!("{path}/context");
        out.push(seen(&actor.post_json(&path, &decision).await, report));
        out.push(seen(&actor.post(&path, "application/json", "{").await, report));
    }
    let path = format!("/api/v1/desk/quarantine/{item}");
    out.push(seen(&actor.post_json(&path, &ruling).await, item));
    out
}

async fn somebody_elses_and_nobodys_answer_the_same(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    let filed = a
        .actor
        .report(json!({"techniques": ["T1566.001"], "indicators": ["http://bashouan.example.jp/"]}))
        .await;
    let report = filed.accepted();
    let waiting = desk.get("/api/v1/desk/quarantine").await.json();
    let item = waiting["items"][0]["item"]["id"].as_str().unwrap_or("i-none").to_owned();
    // Same length and alphabet, and things no id looks like.
    let random = "r-aaaaaaaaaaaaaaaaaaaaaaaaaa";
    let person = w.person(Role::Member, Some(&b.id)).await;
    for actor in [&b.actor, &person, &w.anonymous(), &w.person(Role::Operator, None).await] {
        let hidden = answers(actor, &report, &item).await;
        assert!(hidden.iter().all(|(status, ..)| *status >= 400));
        assert_eq!(hidden, answers(actor, random, "i-aaaaaaaaaaaaaaaaaaaaaaaaaa").await);
        // What no id looks like is nowhere, too; only a broken body may be told before that.
        for odd in ["%00", "%ff%fe"] {
            for (odd, hidden) in answers(actor, odd, odd).await.iter().zip(&hidden) {
                assert!(odd == hidden || (odd.0, hidden.0) == (404, 422), "{odd:?} {hidden:?}");
            }
        }
    }
    // The desk itself sees it, and gets a plain 404 for what is not there.
    assert_eq!(desk.get(&format!("/api/v1/desk/reports/{report}")).await.status, 200);
    for id in [random, "%00", "%ff%fe", "x"] {
        desk.get(&format!("/api/v1/desk/reports/{id}")).await.refused(404, "not-found");
        let path = format!("/api/v1/desk/quarantine/{id}");
        desk.post_json(&path, &json!({"ruling": "release"})).await.refused(404, "not-found");
    }
}
