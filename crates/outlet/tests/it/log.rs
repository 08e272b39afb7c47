//! The log under the collections: several processes over one shelf, restarts, deletions that
//! nobody signed, and readers that page while others add and delete.

use std::collections::BTreeSet;

use noroshi_outlet::Shelf;
use noroshi_store::Tx;
use proptest::prelude::*;
use serde_json::Value;

use crate::actor::{Actor, PARTNERS};
use crate::partners::tool;
use crate::place::{self, Place};
use crate::world::World;

crate::on_both_engines!(
    another_outlet_follows,
    a_restart_changes_nothing,
    a_deletion_that_nobody_signed_is_noticed,
    two_hubs_over_one_shelf_lose_nothing,
    an_observable_that_was_changed_can_be_posted_again,
    deleted_bytes_are_gone_from_the_database,
);

const BODIES: &str = "SELECT body FROM segment ORDER BY first_sequence";
const ERASE: &str = "UPDATE segment SET lengths = $1, body = $2 WHERE first_sequence = 1";

fn path(n: u32) -> String {
    format!("{PARTNERS}objects/{}/", tool(n, 0)["id"].as_str().unwrap())
}

async fn follows(reader: &Actor<'_>, want: &[Value]) {
    for _ in 0..100 {
        if reader.partners("match[version]=all&limit=2").await == want {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let last = reader.partners("match[version]=all&limit=2").await;
    panic!("never saw {want:?} but {last:?}, {:?}", reader.world.shelf.health());
}

async fn another_outlet_follows(place: &Place) {
    let first = World::small_window(place).await;
    let second = World::small_window(place).await;
    let partner = first.partner(1).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(1, 1), tool(2, 0)]).await;
    let reader = second.reporter().await;
    follows(&reader, &[tool(1, 0), tool(1, 1), tool(2, 0)]).await;
    partner.delete(&format!("{}?match[version]=last", path(1))).await;
    follows(&reader, &[tool(1, 0), tool(2, 0)]).await;
    assert_eq!(
        reader.partners("match[id]=tool--00000000-0000-4000-8000-000000000001").await,
        [tool(1, 0)]
    );
    partner.delete(&path(2)).await;
    partner.post(PARTNERS, &[tool(3, 0)]).await;
    follows(&reader, &[tool(1, 0), tool(3, 0)]).await;
    for world in [&first, &second] {
        assert_eq!(world.shelf.health().rejected, 0);
        assert_eq!(world.shelf.health().verified, 2);
    }
}

async fn a_restart_changes_nothing(place: &Place) {
    let world = World::new(place).await;
    let partner = world.partner(1).await;
    for n in 0..5 {
        partner.post(PARTNERS, &[tool(n, 0), tool(n, 1), tool(n + 10, 0)]).await;
        world.publish_addresses(n as usize, 1).await;
    }
    partner.delete(&path(2)).await;
    partner.delete(&format!("{}?match[version]=last", path(3))).await;
    let queries = ["", "match[version]=all", "match[version]=first&limit=2"];
    let ask = async |world: &World| {
        let reader = world.reporter().await;
        let mut answers = Vec::new();
        for query in queries {
            for what in ["objects", "manifest"] {
                let answer = reader.get(&format!("{PARTNERS}{what}/?{query}")).await;
                answers.push((answer.text(), answer.header("x-taxii-date-added-last").to_owned()));
            }
        }
        answers
    };
    let before = ask(&world).await;
    let again = World::new(place).await;
    assert_eq!(ask(&again).await, before);
    assert_eq!(again.shelf.health(), world.shelf.health());
    assert_eq!(again.shelf.health().rejected, 0);
    // Another restart, with writing in between.
    again.partner(1).await.post(PARTNERS, &[tool(50, 0)]).await;
    assert_eq!(World::small_window(place).await.shelf.health().rejected, 0);
}

async fn a_deletion_that_nobody_signed_is_noticed(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(2, 0), tool(3, 0)]).await;
    let kept = tool(2, 0).to_string();
    let lengths = [0, u32::try_from(kept.len()).unwrap(), 0].map(u32::to_be_bytes).concat();
    let body = format!("{kept},").into_bytes();
    let erase = move |tx: &mut Tx<'_>| tx.execute(ERASE, &[(&lengths).into(), (&body).into()]);
    assert_eq!(world.shelf.store().write("tamper", erase).await.unwrap(), 1);
    assert_eq!(partner.partners("").await, [tool(2, 0)]);
    assert_eq!(world.shelf.health().rejected, 2);
    assert_eq!(world.anonymous("/readyz").await.status, 503);
    let again = Shelf::open(&place.address, world.hub.trust()).await.unwrap();
    assert_eq!((again.health().verified, again.health().rejected), (1, 2));
}

/// An old hub that still runs beside a new one.
async fn two_hubs_over_one_shelf_lose_nothing(place: &Place) {
    const EACH: u32 = 12;
    let worlds = [World::small_window(place).await, World::new(place).await];
    let work = worlds.iter().zip([1_u32, 1_000]).map(|(world, from)| async move {
        let partner = world.partner(1).await;
        for n in from..from + EACH {
            let posted = partner.post(PARTNERS, &[tool(n, 0), tool(7, n % 60)]).await;
            assert_eq!(posted.status, 202, "{}", posted.text());
            if n % 3 == 0 {
                assert_eq!(partner.delete(&path(n)).await.status, 200);
            }
        }
    });
    futures::future::join_all(work).await;
    for world in &worlds {
        let reader = world.reporter().await;
        let fresh = tool(5_000, 0);
        world.partner(1).await.post(PARTNERS, std::slice::from_ref(&fresh)).await;
        let all = reader.partners("match[version]=all&limit=3").await;
        let distinct: BTreeSet<String> = all.iter().map(Value::to_string).collect();
        assert_eq!(all.len(), distinct.len(), "nothing twice");
        for n in (1..1 + EACH).chain(1_000..1_000 + EACH) {
            let there = all.contains(&tool(n, 0)) || (n == 7 && n % 3 != 0);
            assert_eq!(there, n % 3 != 0, "tool {n}");
        }
        assert_eq!(world.shelf.health().rejected, 0);
    }
}

/// Whoever posts compares with what is there; that somebody changed it must hold up nobody.
async fn an_observable_that_was_changed_can_be_posted_again(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    let address = serde_json::json!({"type": "ipv4-addr", "value": "198.51.100.7",
        "spec_version": "2.1", "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"});
    partner.post(PARTNERS, std::slice::from_ref(&address)).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(2, 0), tool(3, 0)]).await;
    let body = format!("{address},").replace("100.7", "100.8").into_bytes();
    let lengths = u32::try_from(body.len() - 1).unwrap().to_be_bytes();
    let change = move |tx: &mut Tx<'_>| tx.execute(ERASE, &[(&lengths).into(), (&body).into()]);
    assert_eq!(world.shelf.store().write("tamper", change).await.unwrap(), 1);
    let posting = partner.post(PARTNERS, std::slice::from_ref(&address));
    let posted = tokio::time::timeout(std::time::Duration::from_secs(20), posting).await.unwrap();
    assert_eq!(posted.status, 202, "{}", posted.text());
    assert_eq!(partner.partners("match[type]=ipv4-addr").await, [address]);
    assert_eq!(world.shelf.health().rejected, 1);
    // Many at once are compared in one reading.
    let many: Vec<_> = (0..3_000)
        .map(|n| {
            serde_json::json!({"type": "domain-name", "value": format!("h{n}.example"),
                "spec_version": "2.1", "id": format!("domain-name--00000000-0000-5000-8000-{n:012}")})
        })
        .collect();
    for _ in 0..2 {
        assert_eq!(partner.post(PARTNERS, &many).await.json()["success_count"], 3_000);
    }
    let all = partner.partners("match[type]=domain-name&match[version]=all&limit=10000").await;
    assert_eq!(all, many);
}

async fn deleted_bytes_are_gone_from_the_database(place: &Place) {
    let world = World::new(place).await;
    let partner = world.partner(1).await;
    partner.post(PARTNERS, &[tool(1, 0), tool(2, 0)]).await;
    partner.delete(&path(1)).await;
    let read = |tx: &mut Tx<'_>| tx.query(BODIES, &[], |row| row.blob(0));
    let bodies = world.shelf.store().read("bodies", read).await.unwrap().concat();
    assert_eq!(String::from_utf8(bodies).unwrap(), format!("{},", tool(2, 0)));
}

/// One step of a run.
#[derive(Clone, Debug)]
enum Step {
    Post(Vec<(u32, u32)>),
    Delete(u32),
    DeleteNewest(u32),
    Read(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let object = (0u32..12, 0u32..4);
    let step = prop_oneof![
        4 => proptest::collection::vec(object, 1..6).prop_map(Step::Post),
        1 => (0u32..12).prop_map(Step::Delete),
        1 => (0u32..12).prop_map(Step::DeleteNewest),
        4 => (1usize..5).prop_map(Step::Read),
    ];
    proptest::collection::vec(step, 1..30)
}

/// What should be there: an object version, when it was added, in that order.
#[derive(Default)]
struct Model {
    log: Vec<(u32, u32)>,
}

impl Model {
    fn post(&mut self, objects: &[(u32, u32)]) {
        for object in objects {
            if !self.log.contains(object) {
                self.log.push(*object);
            }
        }
    }

    fn delete(&mut self, n: u32, newest: bool) {
        let top = self.log.iter().filter(|(m, _)| *m == n).map(|(_, v)| *v).max();
        self.log.retain(|(m, v)| *m != n || (newest && Some(*v) != top));
    }

    fn newest(&self) -> Vec<(u32, u32)> {
        let top = |n: u32| self.log.iter().filter(|(m, _)| *m == n).map(|(_, v)| *v).max();
        self.log.iter().copied().filter(|(n, v)| top(*n) == Some(*v)).collect()
    }
}

async fn run(world: &World, steps: Vec<Step>) {
    let partner = world.partner(1).await;
    let mut model = Model::default();
    let mut next: Option<String> = None;
    let (mut seen, mut began) = (Vec::new(), false);
    // What was there all the time from the first page on, and what ever was.
    let (mut constant, mut ever) = (BTreeSet::new(), BTreeSet::new());
    let page = async |limit: usize, next: &Option<String>| {
        let cursor = next.as_ref().map(|n| format!("&next={n}")).unwrap_or_default();
        let path = format!("{PARTNERS}objects/?match[version]=all&limit={limit}{cursor}");
        let json = partner.get(&path).await.json();
        let got = json["objects"].as_array().cloned().unwrap_or_default();
        (got, json["next"].as_str().map(str::to_owned))
    };
    for step in steps {
        match step {
            Step::Post(objects) => {
                let values: Vec<_> = objects.iter().map(|(n, v)| tool(*n, *v)).collect();
                let status = partner.post(PARTNERS, &values).await;
                assert_eq!(status.status, 202);
                model.post(&objects);
            }
            Step::Delete(n) => {
                partner.delete(&path(n)).await;
                model.delete(n, false);
            }
            Step::DeleteNewest(n) => {
                partner.delete(&format!("{}?match[version]=last", path(n))).await;
                model.delete(n, true);
            }
            Step::Read(limit) if !began || next.is_some() => {
                if !began {
                    constant = model.log.iter().copied().collect();
                    began = true;
                }
                let (got, cursor) = page(limit, &next).await;
                assert!(got.len() <= limit);
                seen.extend(got);
                next = cursor;
            }
            Step::Read(_) => {}
        }
        let there: BTreeSet<_> = model.log.iter().copied().collect();
        constant = constant.intersection(&there).copied().collect();
        ever.extend(there);
    }
    while next.is_some() {
        let (got, cursor) = page(3, &next).await;
        seen.extend(got);
        next = cursor;
    }
    // Every object that was there all the time was read, none twice, none that never was.
    if began {
        for (n, v) in &constant {
            let times = seen.iter().filter(|o| **o == tool(*n, *v)).count();
            assert_eq!(times, 1, "tool {n} version {v}");
        }
        let known: Vec<_> = ever.iter().map(|(n, v)| tool(*n, *v)).collect();
        assert!(seen.iter().all(|o| known.contains(o)));
    }
    let values = |list: &[(u32, u32)]| list.iter().map(|(n, v)| tool(*n, *v)).collect::<Vec<_>>();
    assert_eq!(partner.partners("match[version]=all&limit=4").await, values(&model.log));
    assert_eq!(partner.partners("limit=4").await, values(&model.newest()));
    let manifest = partner.get(&format!("{PARTNERS}manifest/?limit=10000")).await.ids();
    let ids: Vec<_> = model
        .newest()
        .iter()
        .map(|(n, _)| tool(*n, 0)["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(manifest, ids);
    assert_eq!(world.shelf.health().rejected, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_of_posts_deletes_and_pages(steps in steps(), small: bool) {
        let place = place::sqlite();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let world =
                if small { World::small_window(&place).await } else { World::new(&place).await };
            run(&world, steps.clone()).await;
            // Opened again, all of it is the same.
            let before = world.reporter().await.partners("match[version]=all").await;
            let again = World::small_window(&place).await;
            assert_eq!(again.reporter().await.partners("match[version]=all").await, before);
            assert_eq!(again.shelf.health(), world.shelf.health());
        });
    }
}
