//! API keys: expired, revoked, rotated, and those that may only read.

use axum::http::StatusCode;
use noroshi_hub::admin::{self, KeyWish};
use noroshi_hub::register;
use noroshi_outlet::Rights;
use noroshi_seal::{ApiKey, SeededEntropy};

use crate::place::Place;
use crate::world::{DAY, OBJECTS, REPORTS, TAXII, World};

crate::on_both_engines![
    a_key_ends_when_it_says,
    a_revoked_key_is_refused_at_once_and_read_no_more_after_the_tick,
    a_rotated_key_holds_one_more_day,
    a_reading_key_may_not_report_and_a_reporting_key_may_not_read,
    a_forged_key_is_refused_and_says_nothing,
    basic_authentication_takes_the_key_as_password,
];

async fn a_key_ends_when_it_says(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let key = w.key(&a.id, true, 2).await;
    w.tick().await;
    let actor = w.with_key(&key);
    assert_eq!(actor.get(OBJECTS).await.status, StatusCode::OK);
    w.clock.advance(2 * DAY);
    actor.report_text("45.77.3.1").await.refused(401, "key-expired");
    let read = actor.get(OBJECTS).await;
    assert_eq!(read.status, StatusCode::UNAUTHORIZED, "{}", read.text());
    assert_eq!(read.code(), "key-expired");
}

async fn a_revoked_key_is_refused_at_once_and_read_no_more_after_the_tick(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    admin::revoke_key(&w.hub, a.key.id()).await.unwrap();
    a.actor.report_text("45.77.3.2").await.refused(401, "key-revoked");
    w.tick().await;
    assert_eq!(a.actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    assert!(admin::revoke_key(&w.hub, a.key.id()).await.is_err());
    assert!(admin::rotate_key(&w.hub, a.key.id(), 30).await.is_err());
}

async fn a_rotated_key_holds_one_more_day(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.tick().await;
    let fresh = admin::rotate_key(&w.hub, a.key.id(), 30).await.unwrap();
    w.tick().await;
    for key in [&a.key, &fresh] {
        assert_eq!(w.with_key(key).get(OBJECTS).await.status, StatusCode::OK);
    }
    w.clock.advance(DAY);
    a.actor.report_text("45.77.3.3").await.refused(401, "key-expired");
    assert_eq!(a.actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED, "without a tick");
    w.with_key(&fresh).report_text("45.77.3.3").await.accepted();
}

async fn a_reading_key_may_not_report_and_a_reporting_key_may_not_read(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let reading = w.key(&a.id, false, 30).await;
    let wish = KeyWish { label: "form".to_owned(), may_read: false, may_report: true, days: 30 };
    let reporting = admin::create_key(&w.hub, &a.id, &wish).await.unwrap();
    w.tick().await;
    let before = w.rows().await;
    w.with_key(&reading).report_text("45.77.3.4").await.refused(403, "key-may-not-report");
    assert_eq!(w.rows().await, before);
    // Nor does it tell that its member reported something.
    let id = a.actor.report_text("45.77.3.4").await.accepted();
    for path in [REPORTS.to_owned(), format!("{REPORTS}/{id}")] {
        w.with_key(&reading).get(&path).await.refused(403, "key-may-not-report");
    }
    let path = format!("{REPORTS}/{id}/context");
    let decision = serde_json::json!({"decision": "approve"});
    w.with_key(&reading).post_json(&path, &decision).await.refused(403, "key-may-not-report");
    assert_eq!(w.with_key(&reading).get(OBJECTS).await.status, StatusCode::OK);
    // What the outlet is told of them.
    let told = register::reader_credentials(w.hub.vault(), w.hub.now()).await.unwrap();
    let rights = |key: &ApiKey| told.iter().find(|c| c.key_id == key.id()).unwrap().rights;
    let reads = Rights { read_releases: true, read_partners: true, ..Rights::default() };
    assert_eq!(rights(&reading), reads);
    assert_eq!(rights(&reporting), Rights { write_inbox: true, ..Rights::default() });
    w.with_key(&reporting).report_text("45.77.3.4").await.accepted();
    assert_eq!(w.with_key(&reporting).get(OBJECTS).await.status, StatusCode::NOT_FOUND);
    let nothing = KeyWish { may_report: false, ..wish };
    assert!(admin::create_key(&w.hub, &a.id, &nothing).await.is_err());
}

async fn a_forged_key_is_refused_and_says_nothing(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    // The public part of a real key with another secret, and a key nobody ever made.
    let (head, secret) = a.key.expose().rsplit_once('_').unwrap();
    let turned: String = secret.chars().rev().collect();
    let forged = format!("{head}_{turned}");
    let stranger = ApiKey::generate(&SeededEntropy::new(99)).expose().to_owned();
    let mut answers = Vec::new();
    for key in [forged, stranger, "nrsh_".to_owned(), String::new(), "\u{e9}".to_owned()] {
        let actor = w.actor(vec![("authorization", format!("Bearer {key}"))]);
        let refused = actor.get(REPORTS).await;
        refused.refused(401, "key-refused");
        assert!(refused.headers.contains_key("www-authenticate"));
        answers.push(refused.body);
        assert_eq!(actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the answers tell which public part exists");
}

async fn basic_authentication_takes_the_key_as_password(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let pair = data_encoding::BASE64.encode(format!("anyone:{}", a.key.expose()).as_bytes());
    let actor = w.actor(vec![("authorization", format!("Basic {pair}"))]);
    actor.report_text("45.77.3.5").await.accepted();
    let read = actor.get(OBJECTS).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.headers["content-type"], TAXII);
}
