//! What the gates keep back: shown to its reporter with the reason, ruled on once by the desk.

use axum::http::StatusCode;
use noroshi_hub::admin::{self, NewMember};
use noroshi_hub::vault::members::AssetKind;
use noroshi_stix::DomainName;
use serde_json::{Value, json};

use crate::place::Place;
use crate::world::{Actor, SECOND, World};

crate::on_both_engines![
    the_desk_lets_a_look_alike_go,
    the_desk_refuses_and_it_stays_inside,
    a_members_own_is_never_released,
    a_cleared_item_honours_the_hold,
    a_domain_declared_after_the_ruling_holds_it_back,
];

/// A member whose brand look-alikes are kept back.
async fn branded(w: &World) -> crate::world::Member {
    let new = NewMember {
        name_ja: "千鳥重工業株式会社".to_owned(),
        name_en: "Chidori Heavy Works Ltd".to_owned(),
        label_path: vec!["Industry".to_owned(), "Heavy".to_owned()],
        weight: 4,
        domains: vec![DomainName::parse("chidoriheavy.co.jp").unwrap()],
        networks: vec!["203.104.8.0/24".parse().unwrap()],
        brands: vec!["Chidoriheavy".to_owned()],
        ..NewMember::default()
    };
    w.member_with(new).await
}

async fn waiting(desk: &Actor) -> Vec<Value> {
    let list = desk.get("/api/v1/desk/quarantine").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.text());
    list.json()["items"].as_array().unwrap().clone()
}

fn path_of(item: &Value) -> String {
    format!("/api/v1/desk/quarantine/{}", item["item"]["id"].as_str().unwrap())
}

async fn the_desk_lets_a_look_alike_go(place: &Place) {
    let w = World::new(place).await;
    let (a, _c) = (w.member("Aozora").await, branded(&w).await);
    let desk = w.desk().await;
    let view = a.actor.report_text("https://chidoriheavy-vpn.net/login").await.json();
    assert_eq!(view["indicators"][0]["verdict"], "quarantined", "{view}");
    w.tick().await;
    assert!(a.actor.feed("url.txt").await.is_empty());

    let items = waiting(&desk).await;
    assert!(!items.is_empty());
    for item in &items {
        assert_eq!(item["releasable"], true, "{item}");
        let body = json!({"ruling": "release"});
        let ruled = desk.post_json(&path_of(item), &body).await;
        assert_eq!(ruled.status, StatusCode::OK, "{}", ruled.text());
        // A second ruling, either way, is too late.
        desk.post_json(&path_of(item), &body).await.refused(409, "conflict");
        let refuse = json!({"ruling": "refuse"});
        desk.post_json(&path_of(item), &refuse).await.refused(409, "conflict");
    }
    assert!(waiting(&desk).await.is_empty());
    w.tick().await;
    let listed = a.actor.feed("url.txt").await;
    assert!(listed.iter().any(|u| u.contains("chidoriheavy-vpn.net")), "{listed:?}");
}

async fn the_desk_refuses_and_it_stays_inside(place: &Place) {
    let w = World::new(place).await;
    let (a, _c) = (w.member("Aozora").await, branded(&w).await);
    let desk = w.desk().await;
    let id = a.actor.report_text("https://chidoriheavy-vpn.net/login").await.accepted();
    for item in waiting(&desk).await {
        let ruled = desk.post_json(&path_of(&item), &json!({"ruling": "refuse"})).await;
        assert_eq!(ruled.json()["verdict"], "refused", "{}", ruled.text());
    }
    w.tick().await;
    assert!(a.actor.feed("url.txt").await.is_empty());
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    assert_eq!(view["indicators"][0]["verdict"], "refused", "{view}");
}

async fn a_members_own_is_never_released(place: &Place) {
    let w = World::new(place).await;
    let (a, _c) = (w.member("Aozora").await, branded(&w).await);
    let desk = w.desk().await;
    a.actor
        .report_text("https://mail.chidoriheavy.co.jp/owa 203.104.8.77 taro@chidoriheavy.co.jp")
        .await
        .accepted();
    for item in waiting(&desk).await {
        assert_eq!(item["releasable"], false, "{item}");
        desk.post_json(&path_of(&item), &json!({"ruling": "release"}))
            .await
            .refused(409, "conflict");
    }
    w.tick().await;
    for list in ["url.txt", "ipv4.txt", "domain.txt"] {
        assert!(a.actor.feed(list).await.is_empty(), "{list}");
    }
}

async fn a_cleared_item_honours_the_hold(place: &Place) {
    let w = World::new(place).await;
    let (a, _c) = (w.member("Aozora").await, branded(&w).await);
    let desk = w.desk().await;
    let hold = w.hub.now().plus_micros(600 * SECOND).to_string();
    let fields = json!({"indicators": ["https://chidoriheavy-vpn.net/login"], "hold_until": hold});
    a.actor.report(fields).await.accepted();
    for item in waiting(&desk).await {
        desk.post_json(&path_of(&item), &json!({"ruling": "release"})).await;
    }
    w.tick().await;
    assert!(a.actor.feed("url.txt").await.is_empty());
    w.later(600 * SECOND).await;
    assert!(!a.actor.feed("url.txt").await.is_empty());
}

async fn a_domain_declared_after_the_ruling_holds_it_back(place: &Place) {
    let w = World::new(place).await;
    let (a, c) = (w.member("Aozora").await, branded(&w).await);
    let desk = w.desk().await;
    let id = a.actor.report_text("https://chidoriheavy-vpn.net/login").await.accepted();
    for item in waiting(&desk).await {
        desk.post_json(&path_of(&item), &json!({"ruling": "release"})).await;
    }
    admin::declare_asset(&w.hub, &c.id, AssetKind::Domain, "chidoriheavy-vpn.net").await.unwrap();
    let ticked = w.tick().await;
    assert_eq!(ticked.released, 0, "{ticked:?}");
    assert!(a.actor.feed("url.txt").await.is_empty());
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    assert_eq!(view["indicators"][0]["verdict"], "quarantined", "{view}");
}
