//! Paging loses nothing and repeats nothing, whatever is published meanwhile.

use noroshi_stix::{Kind, Tlp};
use proptest::prelude::*;

use crate::place::{self, Place};
use crate::world::{SIGNALS, World};

/// One step of a run.
#[derive(Clone, Debug)]
enum Step {
    /// The hub releases so many objects at one tick.
    Publish(usize),
    /// The reader gets one page of at most so many.
    Read(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![(0usize..6).prop_map(Step::Publish), (1usize..5).prop_map(Step::Read)];
    proptest::collection::vec(step, 1..25)
}

/// How the reader asks for the page after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Next,
    AddedAfter,
}

/// Where a reader is.
#[derive(Default)]
struct Reading {
    next: Option<String>,
    last_date: Option<String>,
    seen: Vec<String>,
}

impl Reading {
    /// Reads one page; whether there are more.
    async fn page(&mut self, world: &World, what: &str, way: Way, limit: usize) -> bool {
        let mut path = format!("{SIGNALS}{what}/?limit={limit}");
        match (way, &self.next, &self.last_date) {
            (Way::Next, Some(next), _) => path += &format!("&next={next}"),
            // Once there was no next, a client goes on from the date it has.
            (_, _, Some(date)) => path += &format!("&added_after={date}"),
            _ => {}
        }
        let answer = world.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        let ids = answer.ids();
        assert!(ids.len() <= limit);
        let more = json["more"].as_bool().unwrap();
        assert_eq!(more, json["next"].is_string(), "more and next go together");
        self.seen.extend(ids);
        self.next = json["next"].as_str().map(str::to_owned);
        let last = answer.header("x-taxii-date-added-last");
        if !last.is_empty() {
            assert!(self.last_date.as_deref().is_none_or(|d| d < last), "dates grow");
            self.last_date = Some(last.to_owned());
        }
        more
    }
}

async fn run(world: &World, what: &str, way: Way, steps: Vec<Step>) {
    let mut published = 0;
    let mut reading = Reading::default();
    for step in steps {
        match step {
            Step::Publish(n) => {
                world.publish_addresses(published, n).await;
                published += n;
            }
            Step::Read(limit) => {
                reading.page(world, what, way, limit).await;
            }
        }
    }
    while reading.page(world, what, way, 3).await {}
    let all = world.get(&format!("{SIGNALS}{what}/?limit=10000")).await.ids();
    assert_eq!(all.len(), published);
    assert_eq!(reading.seen, all);
}

fn check(place: &Place, what: &str, way: Way, steps: Vec<Step>, small: bool) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let world = if small { World::small_window(place).await } else { World::new(place).await };
        run(&world, what, way, steps).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_object_once_by_next(steps in steps(), small: bool) {
        check(&place::sqlite(), "objects", Way::Next, steps, small);
    }

    #[test]
    fn every_object_once_by_date(steps in steps(), small: bool) {
        check(&place::sqlite(), "objects", Way::AddedAfter, steps, small);
    }

    #[test]
    fn every_manifest_entry_once(steps in steps(), small: bool) {
        check(&place::sqlite(), "manifest", Way::Next, steps, small);
    }
}

crate::on_both_engines!(
    every_object_once_on_this_engine,
    a_page_is_the_same_when_asked_again,
    concurrent_hubs_and_readers,
    rare_objects_page_as_well,
);

async fn every_object_once_on_this_engine(place: &Place) {
    let world = World::small_window(place).await;
    let steps = [(5, 2), (1, 1), (4, 3), (0, 1), (3, 9)];
    let steps =
        steps.iter().flat_map(|(p, r)| [Step::Publish(*p), Step::Read(*r)]).collect::<Vec<_>>();
    run(&world, "objects", Way::Next, steps).await;
}

async fn a_page_is_the_same_when_asked_again(place: &Place) {
    let world = World::small_window(place).await;
    world.publish_addresses(0, 9).await;
    let first = world.get(&format!("{SIGNALS}objects/?limit=4")).await.json();
    let path = format!("{SIGNALS}objects/?limit=4&next={}", first["next"].as_str().unwrap());
    let second = world.get(&path).await;
    world.publish_addresses(9, 3).await;
    assert_eq!(second.body, world.get(&path).await.body);
}

/// Several publishers at once, as when an old and a new hub overlap, and a reader meanwhile.
async fn concurrent_hubs_and_readers(place: &Place) {
    const EACH: usize = 12;
    let world = World::small_window(place).await;
    let publish = |from: usize| {
        let (shelf, hub) = (world.shelf.clone(), &world.hub);
        let batches: Vec<_> = (0..EACH)
            .map(|i| {
                let value = format!("203.0.{}.{}", from + 1, i + 1);
                hub.batch(vec![hub.indicator(Kind::Ipv4, &value, Tlp::Green)])
            })
            .collect();
        tokio::spawn(async move {
            for batch in batches {
                shelf.publish(batch).await.unwrap();
            }
        })
    };
    let writers: Vec<_> = (0..3).map(publish).collect();
    let mut reading = Reading::default();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        reading.page(&world, "objects", Way::Next, 2).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    while reading.page(&world, "objects", Way::Next, 2).await {}
    let mut distinct = reading.seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 3 * EACH);
    assert_eq!(reading.seen, world.get(&format!("{SIGNALS}objects/")).await.ids());
}

/// A filter that few rows fit must not end the paging early.
async fn rare_objects_page_as_well(place: &Place) {
    let world = World::small_window(place).await;
    let hub = &world.hub;
    for round in 0..6 {
        let filler = (0..20)
            .map(|i| hub.indicator(Kind::Ipv4, &format!("203.0.{round}.{}", i + 1), Tlp::Green));
        let rare = [
            hub.indicator(Kind::Cve, &format!("CVE-2026-100{round}"), Tlp::Green),
            hub.indicator(Kind::Domain, &format!("c{round}.example.net"), Tlp::Clear),
        ];
        world.publish(filler.chain(rare).collect()).await;
    }
    for filter in ["match[type]=vulnerability", "match[type]=vulnerability,tool"] {
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("{SIGNALS}objects/?{filter}&limit=2{next}");
            let page = world.get(&path).await;
            seen.extend(page.ids());
            let json = page.json();
            let Some(cursor) = json["next"].as_str() else { break };
            next = format!("&next={cursor}");
        }
        assert_eq!(seen.len(), 6, "{filter}");
    }
    let clear = world.anonymous(&format!("{SIGNALS}objects/?limit=4")).await;
    assert_eq!((clear.ids().len(), clear.json()["more"].clone()), (4, true.into()));
}
