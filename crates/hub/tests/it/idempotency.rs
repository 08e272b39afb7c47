//! The same report sent again is filed once.

use axum::body::Body;
use axum::http::Method;
use futures::future::join_all;

use crate::place::Place;
use crate::world::{Actor, Answer, REPORTS, World};

crate::on_both_engines![
    the_same_report_again_is_filed_once,
    the_same_key_for_another_report_is_a_conflict,
    the_key_belongs_to_the_member,
    an_unusable_key_is_refused,
    twenty_at_once_store_one,
    twenty_reports_of_one_value_at_once_make_one_object,
];

async fn file(actor: &Actor, key: &str, text: &str) -> Answer {
    let headers = [("content-type", "text/plain"), ("idempotency-key", key)];
    actor.send(Method::POST, REPORTS, &headers, Body::from(text.to_owned())).await
}

async fn the_same_report_again_is_filed_once(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let first = file(&a.actor, "k-1", "45.77.5.1").await;
    let id = first.accepted();
    let before = w.rows().await;
    let again = file(&a.actor, "k-1", "45.77.5.1").await;
    assert_eq!(again.status, 200, "{}", again.text());
    let json = again.json();
    assert_eq!((json["id"].as_str(), &json["receipt"]), (Some(&*id), &first.json()["receipt"]));
    assert_eq!(w.rows().await, before);
    // Without a key, twice is twice.
    a.actor.report_text("45.77.5.1").await.accepted();
    a.actor.report_text("45.77.5.1").await.accepted();
}

async fn the_same_key_for_another_report_is_a_conflict(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    file(&a.actor, "k-1", "45.77.5.2").await.accepted();
    let before = w.rows().await;
    file(&a.actor, "k-1", "45.77.5.3").await.refused(409, "conflict");
    assert_eq!(w.rows().await, before);
}

async fn the_key_belongs_to_the_member(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let one = file(&a.actor, "k-1", "45.77.5.4").await.accepted();
    let other = file(&b.actor, "k-1", "45.77.5.5").await.accepted();
    assert_ne!(one, other);
}

async fn an_unusable_key_is_refused(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let before = w.rows().await;
    let long = "k".repeat(201);
    for key in ["", &long] {
        file(&a.actor, key, "45.77.5.6").await.refused(400, "bad-idempotency-key");
    }
    // A form can hold what no header can.
    let form = "--b\r\nContent-Disposition: form-data; name=\"idempotency\"\r\n\r\nk\0x\r\n\
                --b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n45.77.5.6\r\n--b--\r\n";
    let sent = a.actor.post(REPORTS, "multipart/form-data; boundary=b", form).await;
    sent.refused(400, "bad-idempotency-key");
    assert_eq!(w.rows().await, before);
}

async fn twenty_at_once_store_one(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let before = w.rows().await;
    let tasks = (0..20).map(|_| {
        let actor = a.actor.clone();
        tokio::spawn(
            async move { file(&actor, "k-1", "45.77.5.7 http://x.badhost-two.net/").await },
        )
    });
    let answers = join_all(tasks).await;
    let mut ids: Vec<String> = Vec::new();
    let mut fresh = 0;
    for answer in answers {
        let answer = answer.unwrap();
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.text());
        fresh += usize::from(answer.status == 201);
        ids.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!((ids.len(), fresh), (1, 1));
    let after = w.rows().await;
    assert_eq!(after[0].1, before[0].1 + 1);
    assert_eq!(after[1].1, before[1].1 + 1);
}

async fn twenty_reports_of_one_value_at_once_make_one_object(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let tasks = (0..20).map(|_| {
        let actor = a.actor.clone();
        tokio::spawn(async move { actor.report_text("45.77.5.8 45.77.5.9 45.77.5.10").await })
    });
    for answer in join_all(tasks).await {
        answer.unwrap().accepted();
    }
    w.tick().await;
    for value in ["45.77.5.8", "45.77.5.9", "45.77.5.10"] {
        assert_eq!(a.actor.indicators(value).await.len(), 1);
    }
}
