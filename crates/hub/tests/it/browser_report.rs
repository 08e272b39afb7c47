//! The report form in a real browser: each promise of the page with script and without.

use std::time::Duration;

use noroshi_hub::access::Role;
use noroshi_hub::admin::{self, KeyWish};
use noroshi_hub::case::profile::{self, Profile};
use noroshi_hub::tick;
use serde_json::{Value, json};

use crate::browser::check;
use crate::web_world::World;

/// Links for this many sign-ins of the first member's person, and what else a check wants.
async fn told(world: &World, sign_ins: usize) -> Value {
    let mut links = json!({});
    let account = admin::NewAccount {
        role: Role::Member,
        member: Some(world.members[0].clone()),
        name: "Sato Aoi".to_owned(),
    };
    let account = admin::add_account(&world.hub, account).await.unwrap();
    for n in 0..sign_ins {
        let link = admin::sign_in_link(&world.hub, &account).await.unwrap();
        let public = world.hub.config().public_url().len();
        links[format!("sato-{n}")] = json!(link[public..].to_owned());
    }
    links["colleague"] = json!(world.link(Role::Member, Some(0)).await);
    links["other"] = json!(world.link(Role::Member, Some(1)).await);
    let wish = KeyWish { label: "siem".to_owned(), may_read: true, may_report: false, days: 30 };
    let key = admin::create_key(&world.hub, &world.members[1], &wish).await.unwrap();
    world.hub.reload_policy().await.unwrap();
    json!({ "links": links, "key": key.expose().to_string() })
}

/// Ticks as a running hub does, only faster.
fn ticking(world: &World) -> tokio::task::JoinHandle<()> {
    let (hub, clock) = (world.hub.clone(), world.clock.clone());
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            clock.advance(10_000_000);
            tick::tick(&hub).await.unwrap();
        }
    })
}

async fn reports(world: &World) -> i64 {
    world.hub.vault().read("test.count", noroshi_hub::vault::reports::count).await.unwrap()
}

/// The first member is under Japanese law.
async fn under_the_law(world: &World) {
    let facts = json!({"jurisdictions": ["JP"], "jp_espa_designated": true,
        "jp_handles_personal_data": true, "fsa_supervised": true});
    let Value::Object(facts) = facts else { unreachable!() };
    let contracts = include_str!("../../../duty/tests/data/clauses.toml").to_owned();
    let profile = Profile { zone: "Asia/Tokyo".to_owned(), facts, contracts };
    profile::set(&world.hub, &world.members[0], "test", profile).await.unwrap();
}

macro_rules! checks {
    ($($name:ident: $script:literal, $sign_ins:literal, $filed:expr;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let world = World::new().await;
            under_the_law(&world).await;
            let told = told(&world, $sign_ins).await;
            let ticking = ticking(&world);
            check(&world, $script, told).await;
            ticking.abort();
            let filed: Option<i64> = $filed;
            if let (Some(filed), true) = (filed, std::env::var_os("NOROSHI_TEST_PYTHON").is_some()) {
                assert_eq!(reports(&world).await, filed);
            }
        })*
    };
}

checks! {
    a_paste_is_served_to_others_and_states_look_right: "report_paste.py", 8, None;
    a_draft_goes_on_elsewhere_and_is_nobody_elses: "report_draft.py", 4, Some(1);
    the_form_works_without_script: "report_plain.py", 4, Some(1);
    nothing_typed_is_lost_when_a_session_ends: "report_session.py", 8, Some(2);
    large_things_double_clicks_and_lost_connections: "report_trouble.py", 6, Some(4);
}
