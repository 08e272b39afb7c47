//! Partners: CERTs and the desk, who are no members.

use axum::http::StatusCode;
use noroshi_hub::admin::{self, NewPartner};
use noroshi_hub::{register, vault};
use noroshi_outlet::{Contributor, Rights};
use noroshi_seal::ApiKey;

use crate::place::Place;
use crate::world::{DAY, REPORTS, World};

crate::on_both_engines![
    what_a_partner_may_is_told_to_the_outlet,
    a_removed_partner_loses_every_key_at_once,
    keys_of_partners_are_rotated_and_revoked_like_others,
    a_partner_owns_no_route_of_the_hub,
    every_change_is_on_record_and_moves_the_register,
];

async fn partner(w: &World, name: &str, desk: bool, read_releases: bool) -> String {
    let new = NewPartner { name: name.to_owned(), desk, read_releases };
    admin::add_partner(&w.hub, new).await.unwrap()
}

async fn key(w: &World, partner: &str) -> ApiKey {
    admin::create_partner_key(&w.hub, partner, "collector", 30).await.unwrap()
}

/// What the shelf is told of a key now; `None` where it does not learn of it.
async fn rights(w: &World, key: &ApiKey) -> Option<Rights> {
    let all = register::reader_credentials(w.hub.vault(), w.hub.now()).await.unwrap();
    all.into_iter().find(|c| c.key_id == key.id()).map(|c| c.rights)
}

async fn what_a_partner_may_is_told_to_the_outlet(place: &Place) {
    let w = World::new(place).await;
    let cert = partner(&w, "JPCERT/CC", false, false).await;
    let desk = partner(&w, "Our desk", true, true).await;
    let (first, second, third) = (key(&w, &cert).await, key(&w, &cert).await, key(&w, &desk).await);
    let contributors: Vec<_> = admin::list_partners(&w.hub)
        .await
        .unwrap()
        .into_iter()
        .map(|p| (p.id, p.contributor))
        .collect();
    let of = |id: &str| contributors.iter().find(|(p, _)| p == id).map(|(_, c)| Contributor(*c));
    assert_ne!(of(&cert), of(&desk));
    let plain = Rights { read_partners: true, write_partners: of(&cert), ..Rights::default() };
    assert_eq!(rights(&w, &first).await, Some(plain));
    assert_eq!(rights(&w, &second).await, Some(plain), "one name for all its keys");
    let all = Rights {
        read_releases: true,
        read_partners: true,
        write_inbox: false,
        write_partners: of(&desk),
        moderate: true,
    };
    assert_eq!(rights(&w, &third).await, Some(all));
    // Members read partners, and write there nothing.
    let member = w.member("Aozora").await;
    let of_member = rights(&w, &member.key).await.unwrap();
    assert!(of_member.read_partners && of_member.write_partners.is_none() && !of_member.moderate);
    w.clock.advance(30 * DAY);
    assert_eq!(rights(&w, &first).await, None, "a key ends");
}

async fn a_removed_partner_loses_every_key_at_once(place: &Place) {
    let w = World::new(place).await;
    let (gone, stays) = (partner(&w, "A", false, true).await, partner(&w, "B", false, true).await);
    let (first, second, other) =
        (key(&w, &gone).await, key(&w, &gone).await, key(&w, &stays).await);
    admin::remove_partner(&w.hub, &gone).await.unwrap();
    for key in [&first, &second] {
        assert_eq!(rights(&w, key).await, None);
        w.with_key(key).get(REPORTS).await.refused(401, "key-revoked");
    }
    assert!(rights(&w, &other).await.is_some());
    assert!(admin::remove_partner(&w.hub, &gone).await.is_err());
    assert!(admin::create_partner_key(&w.hub, &gone, "x", 30).await.is_err());
    assert!(admin::rotate_key(&w.hub, first.id(), 30).await.is_err());
    // The name is free again.
    partner(&w, "A", false, false).await;
}

async fn keys_of_partners_are_rotated_and_revoked_like_others(place: &Place) {
    let w = World::new(place).await;
    let id = partner(&w, "JPCERT/CC", false, false).await;
    let old = key(&w, &id).await;
    let fresh = admin::rotate_key(&w.hub, old.id(), 30).await.unwrap();
    assert_eq!(rights(&w, &old).await, rights(&w, &fresh).await);
    assert!(rights(&w, &fresh).await.is_some());
    w.clock.advance(DAY);
    assert_eq!(rights(&w, &old).await, None, "the old one holds for one more day");
    assert!(rights(&w, &fresh).await.is_some());
    admin::revoke_key(&w.hub, fresh.id()).await.unwrap();
    assert_eq!(rights(&w, &fresh).await, None);
    let again = admin::revoke_key(&w.hub, fresh.id()).await.unwrap_err().to_string();
    assert!(again.contains("noroshi admin key list"), "{again}");
    let keys = admin::list_partner_keys(&w.hub).await.unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|k| k.partner == id && k.label == "collector"));
    assert!(admin::create_partner_key(&w.hub, &id, "x", 0).await.is_err());
}

async fn a_partner_owns_no_route_of_the_hub(place: &Place) {
    let w = World::new(place).await;
    let member = w.member("Aozora").await;
    let report = member.actor.report_text("45.77.12.1").await.accepted();
    let desk = partner(&w, "Our desk", true, true).await;
    let key = key(&w, &desk).await;
    w.tick().await;
    let before = w.rows().await;
    let actor = w.with_key(&key);
    for path in
        [REPORTS.to_owned(), format!("{REPORTS}/{report}"), "/api/v1/desk/reports".to_owned()]
    {
        actor.get(&path).await.refused(404, "not-found");
    }
    actor.report_text("45.77.12.2").await.refused(404, "not-found");
    let posted = w.post(&key, "{\"objects\":[]}").await.unwrap_err();
    assert_eq!((posted.status(), posted.code()), (StatusCode::NOT_FOUND, "not-found"));
    assert_eq!(w.ask(&key, "5f2d1c3a-9b1e-4c55-8d6f-0a7be12c9d41").await, None);
    assert_eq!(w.rows().await, before);
}

async fn every_change_is_on_record_and_moves_the_register(place: &Place) {
    let w = World::new(place).await;
    w.tick().await;
    let id = partner(&w, "JPCERT/CC", false, false).await;
    assert!(w.hub.refresh_policy().await.unwrap(), "a running hub would not follow");
    let key = key(&w, &id).await;
    assert!(w.hub.refresh_policy().await.unwrap());
    admin::remove_partner(&w.hub, &id).await.unwrap();
    assert!(w.hub.refresh_policy().await.unwrap());
    assert!(!w.hub.refresh_policy().await.unwrap());
    let trail = w.hub.vault().read("test.trail", |tx| vault::audit::recent(tx, 10)).await.unwrap();
    for (action, subject) in
        [("partner.add", &*id), ("partner.key.create", key.id()), ("partner.remove", &*id)]
    {
        assert!(trail.iter().any(|e| e.action == action && e.subject == subject), "{action}");
    }
    for name in ["", " ", "\u{3000}"] {
        let new = NewPartner { name: name.to_owned(), ..NewPartner::default() };
        assert!(admin::add_partner(&w.hub, new).await.is_err(), "{name:?}");
    }
    partner(&w, "B", false, false).await;
    let new = NewPartner { name: " B ".to_owned(), ..NewPartner::default() };
    let taken = admin::add_partner(&w.hub, new).await.unwrap_err().to_string();
    assert!(taken.contains("partner list"), "{taken}");
}
