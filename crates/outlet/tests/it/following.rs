//! A process follows what others write to its shelf, whatever comes in between.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use noroshi_store::{Param, Tx};

use crate::actor::PARTNERS;
use crate::partners::tool;
use crate::place::Place;
use crate::stream::Listener;
use crate::world::{SIGNALS, World};

crate::on_both_engines!(
    a_listener_misses_nothing_of_a_large_batch,
    what_was_deleted_elsewhere_goes_even_when_somebody_gives_up,
    two_hubs_that_delete_at_once_are_no_tampering,
    a_lost_last_batch_is_noticed_and_holds_up_nothing,
    senseless_numbers_hide_nothing_signed,
);

fn path(n: u32) -> String {
    format!("{PARTNERS}objects/{}/", tool(n, 0)["id"].as_str().unwrap())
}

async fn sql(world: &World, sql: &'static str, value: i64) {
    let run = move |tx: &mut Tx<'_>| tx.execute(sql, &[Param::from(value)]);
    assert_eq!(world.shelf.store().write("tamper", run).await.unwrap(), 1);
}

async fn a_listener_misses_nothing_of_a_large_batch(place: &Place) {
    let (hub, outlet) = (World::new(place).await, World::small_window(place).await);
    hub.publish_addresses(0, 1).await;
    let mut listener = Listener::open(&outlet, "?after=start", &[]).await;
    listener.event().await;
    // More than the outlet keeps in memory.
    hub.publish_addresses(1, 400).await;
    let all = hub.get(&format!("{SIGNALS}objects/")).await.ids();
    for id in &all[1..] {
        assert_eq!(listener.event().await.data["id"], id.as_str());
    }
}

async fn what_was_deleted_elsewhere_goes_even_when_somebody_gives_up(place: &Place) {
    const ALL: u32 = 12;
    let (first, second) = (World::new(place).await, World::new(place).await);
    let (partner, reader) = (first.partner(1).await, second.reporter().await);
    for n in 0..ALL {
        partner.post(PARTNERS, &[tool(n, 0)]).await;
    }
    second.shelf.remove_credential("nobody").await.unwrap();
    for n in 0..ALL {
        assert_eq!(partner.delete(&path(n)).await.status, 200);
        // Gives up after a while: each time at another point.
        let mut steps = n;
        let mut work = pin!(second.shelf.remove_credential("nobody"));
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Pending if steps > 0 => {
                steps -= 1;
                Poll::Pending
            }
            _ => Poll::Ready(()),
        })
        .await;
    }
    second.shelf.remove_credential("nobody").await.unwrap();
    for n in 0..ALL {
        assert_eq!(reader.get(&path(n)).await.status, 404, "tool {n}");
    }
    assert_eq!(second.shelf.health().rejected, 0);
}

async fn two_hubs_that_delete_at_once_are_no_tampering(place: &Place) {
    const EACH: u32 = 30;
    let worlds = [World::new(place).await, World::new(place).await];
    let posted: Vec<_> = (0..2 * EACH).map(|n| tool(n, 0)).collect();
    worlds[0].partner(1).await.post(PARTNERS, &posted).await;
    let work = worlds.iter().zip([0, EACH]).map(|(world, from)| async move {
        let partner = world.partner(1).await;
        for n in from..from + EACH {
            assert_eq!(partner.delete(&path(n)).await.status, 200);
        }
    });
    futures::future::join_all(work).await;
    for world in &worlds {
        world.shelf.remove_credential("nobody").await.unwrap();
        assert!(world.reporter().await.partners("").await.is_empty());
        assert_eq!((world.shelf.health().verified, world.shelf.health().rejected), (0, 0));
    }
}

async fn a_lost_last_batch_is_noticed_and_holds_up_nothing(place: &Place) {
    let before = World::new(place).await;
    before.publish_addresses(0, 2).await;
    before.publish_addresses(2, 3).await;
    sql(&before, "DELETE FROM batch WHERE first_sequence = $1", 3).await;
    let World { hub, .. } = before;
    let mut world = World::public(place).await;
    world.hub = hub;
    assert_eq!((world.shelf.health().verified, world.shelf.health().rejected), (2, 3));
    world.publish_addresses(5, 1).await;
    assert_eq!(world.get(&format!("{SIGNALS}objects/")).await.ids().len(), 3);
}

async fn senseless_numbers_hide_nothing_signed(place: &Place) {
    const DATE: &str = "UPDATE batch SET date_added = $1 WHERE first_sequence = 3";
    let before = World::new(place).await;
    for n in 0..3 {
        before.publish_addresses(2 * n, 2).await;
    }
    let all = before.get(&format!("{SIGNALS}objects/")).await.ids();
    for date in [i64::MIN, 0, 7, i64::MAX] {
        sql(&before, DATE, date).await;
        let world = World::small_window(place).await;
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{SIGNALS}objects/?limit=1{next}")).await;
            seen.extend(page.ids());
            let Some(cursor) = page.json()["next"].as_str().map(str::to_owned) else { break };
            next = format!("&next={cursor}");
        }
        assert_eq!(seen, all, "{date}");
    }
    // Where a batch says senseless things of its place, the others still serve.
    for change in [
        "UPDATE batch SET count = $1 WHERE first_sequence = 3",
        "UPDATE batch SET first_sequence = $1 WHERE first_sequence = 3",
    ] {
        sql(&before, change, i64::MAX).await;
        let world = World::small_window(place).await;
        let shown = world.get(&format!("{SIGNALS}objects/")).await.ids();
        assert_eq!(shown, [&all[..2], &all[4..]].concat());
        assert_eq!(world.anonymous("/readyz").await.status, 503);
    }
}
