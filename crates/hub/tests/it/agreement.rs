//! No valid signature under the agreement: nothing in, nothing out.

use axum::http::StatusCode;
use noroshi_hub::access::Role;
use noroshi_hub::admin;

use crate::place::Place;
use crate::world::{DAY, OBJECTS, REPORTS, World};

crate::on_both_engines![
    an_expired_signature_sends_and_receives_nothing,
    a_withdrawn_signature_ends_at_the_next_tick,
    a_renewed_signature_opens_again,
    who_never_signed_gets_nothing,
    who_left_sends_and_receives_nothing,
];

async fn an_expired_signature_sends_and_receives_nothing(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    assert_eq!(a.actor.get(OBJECTS).await.status, StatusCode::OK);
    w.clock.advance(365 * DAY);
    // At once, before any tick: the credential on the shelf ends with the signature.
    assert_eq!(a.actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    let other = w.key(&a.id, true, 30).await;
    let before = w.rows().await;
    w.with_key(&other).report_text("45.77.2.1").await.refused(403, "no-agreement");
    assert_eq!(w.rows().await, before);
    w.tick().await;
    assert_eq!(w.with_key(&other).get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
}

async fn a_withdrawn_signature_ends_at_the_next_tick(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    admin::withdraw_agreement(&w.hub, &a.id).await.unwrap();
    // Sending ends at once.
    a.actor.report_text("45.77.2.2").await.refused(403, "no-agreement");
    w.tick().await;
    let refused = a.actor.get(OBJECTS).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text());
    assert_eq!(a.actor.get("/feeds/ipv4.txt").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(a.actor.get("/stream").await.status, StatusCode::UNAUTHORIZED);
    assert!(admin::withdraw_agreement(&w.hub, &a.id).await.is_err());
}

async fn a_renewed_signature_opens_again(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let key = w.key(&a.id, true, 3650).await;
    w.later(365 * DAY).await;
    let actor = w.with_key(&key);
    assert_eq!(actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    let until = w.hub.now().plus_days(30);
    admin::sign_agreement(&w.hub, &a.id, "a signer", until).await.unwrap();
    actor.report_text("45.77.2.3").await.accepted();
    w.tick().await;
    assert_eq!(actor.indicators("45.77.2.3").await.len(), 1);
}

async fn who_never_signed_gets_nothing(place: &Place) {
    let w = World::new(place).await;
    let new = admin::NewMember {
        name_ja: "株式会社みかん".to_owned(),
        name_en: "Mikan Corporation".to_owned(),
        label_path: vec!["Industry".to_owned()],
        weight: 1,
        ..admin::NewMember::default()
    };
    let id = admin::add_member(&w.hub, new).await.unwrap();
    let key = w.key(&id, true, 30).await;
    w.tick().await;
    let actor = w.with_key(&key);
    assert_eq!(actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    actor.report_text("45.77.2.4").await.refused(403, "no-agreement");
}

async fn who_left_sends_and_receives_nothing(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let person = w.person(Role::Member, Some(&a.id)).await;
    admin::member_leaves(&w.hub, &a.id).await.unwrap();
    for actor in [&a.actor, &person] {
        let refused = actor.report_text("45.77.2.5").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    }
    w.tick().await;
    assert_eq!(a.actor.get(OBJECTS).await.status, StatusCode::UNAUTHORIZED);
    // Its names stay protected.
    let view = b.actor.report_text("http://aozora.example.jp/x").await;
    assert!(view.status.is_success() || view.status.is_client_error());
    w.tick().await;
    assert!(b.actor.feed("url.txt").await.is_empty());
    assert_eq!(a.actor.get(REPORTS).await.status, StatusCode::OK, "its own past stays readable");
}
