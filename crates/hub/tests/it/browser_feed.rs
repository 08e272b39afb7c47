//! The feed, the page of an object and the situation in a real browser: `tests/browser/feed_*.py`.

use std::sync::Arc;
use std::time::Duration;

use noroshi_hub::access::Role;
use noroshi_hub::intake::{Part, Submission, accept};
use noroshi_hub::situation::services::{self, Area, Change, Service, State};
use noroshi_hub::{Hub, tick};
use noroshi_outlet::ManualClock;
use noroshi_stix::Tlp;
use serde_json::json;

use crate::browser::check;
use crate::situation::publish;
use crate::web_world::World;

/// A report of the first member with these lines.
async fn file(hub: &Hub, member: &str, text: &str) {
    let parts = vec![Part {
        name: String::new(),
        media: "text/plain".to_owned(),
        bytes: text.as_bytes().to_vec(),
    }];
    let submission = Submission { parts, idempotency: None, continues: None, reporter: None };
    accept(hub, member, "test", submission).await.unwrap();
}

async fn beat(hub: &Hub, clock: &ManualClock) {
    clock.advance(10_000_000);
    tick::tick(hub).await.unwrap();
}

async fn filled() -> World {
    let world = World::new().await;
    let now = world.hub.now();
    let title = |kind: &str| format!("A member (kaku) reported: {kind}");
    for (kind, ja, number, weeks) in [
        ("ransomware", "会員(電力)からの報告: ランサムウェア", 4, 0),
        ("ransomware", "会員(電力)からの報告: ランサムウェア", 7, 1),
        ("ransomware", "会員からの報告: ランサムウェア", 3, 5),
        ("phishing", "会員からの報告: フィッシング", 12, 2),
        ("phishing", "会員からの報告: フィッシング", 1, 3),
    ] {
        publish(&world.hub, &title(kind), ja, number, now.plus_days(-7 * weeks), Tlp::Green).await;
    }
    let values: String = (1..90).map(|n| format!("45.83.{}.{n}\n", n % 7)).collect();
    file(&world.hub, &world.members[1], &values).await;
    file(
        &world.hub,
        &world.members[0],
        "hxxps://cdn-teikei[.]org/up/check.php?uid=8f3a91c2\nbilling@kaiun-post[.]net\n\
         4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a\nCVE-2021-44228\n",
    )
    .await;
    beat(&world.hub, &world.clock).await;
    for (service, state, area, note_ja, note_en) in [
        (
            Service::Power,
            State::Impaired,
            Area::Kanto,
            "順次復旧しています",
            "coming back step by step",
        ),
        (Service::Telecom, State::Down, Area::Hokkaido, "", ""),
        (Service::Water, State::Normal, Area::Nationwide, "", ""),
        (Service::Rail, State::Unknown, Area::Kinki, "", ""),
    ] {
        let (note_ja, note_en) = (note_ja.to_owned(), note_en.to_owned());
        let change = Change { service, to: Some((state, area)), note_ja, note_en };
        services::set(&world.hub, change, "test").await.unwrap();
    }
    world
}

async fn links(world: &World, role: Role) -> serde_json::Value {
    let mut links = json!({});
    for visitor in ["en-wide", "en-phone", "ja-wide", "ja-phone"] {
        let member = (role == Role::Member).then_some(0);
        links[format!("{}-{visitor}", role.as_str())] = json!(world.link(role, member).await);
    }
    links
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_is_searched_filtered_and_live() {
    let world = filled().await;
    let told = json!({ "links": links(&world, Role::Member).await });
    // While the browser looks, somebody reports: every few seconds a new address and a new host.
    let (hub, clock, member) =
        (world.hub.clone(), Arc::clone(&world.clock), world.members[1].clone());
    let reporting = tokio::spawn(async move {
        for n in 1..200 {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            file(&hub, &member, &format!("185.220.101.{n}\nlive-{n}.kurokumo.net\n")).await;
            beat(&hub, &clock).await;
        }
    });
    check(&world, "feed_live.py", told).await;
    reporting.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_settings_and_the_situation_are_sound() {
    let world = filled().await;
    let mut all = links(&world, Role::Member).await;
    all["member-plain"] = json!(world.link(Role::Member, Some(0)).await);
    let desk = links(&world, Role::Desk).await;
    all.as_object_mut().unwrap().extend(desk.as_object().unwrap().clone());
    check(&world, "feed_pages.py", json!({ "links": all })).await;
}
