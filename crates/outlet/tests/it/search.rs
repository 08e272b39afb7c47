//! Searching what is released: it finds what a slow reference finds, and shows nobody more than they
//! may see.

use std::collections::BTreeSet;

use noroshi_stix::{Kind, StixId, Tlp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::place::{self, Place};
use crate::world::{START, World};

crate::on_both_engines!(
    words_are_found_in_both_languages_and_in_parts,
    filters_stand_in_the_address,
    pages_follow_each_other_and_keep_their_addresses,
    a_reader_of_what_is_clear_finds_nothing_else,
    a_newer_version_replaces_the_older_one,
    nothing_that_is_typed_is_an_error,
    an_outlet_that_starts_again_finds_the_same,
);

/// The ids of a page of the feed, in order.
fn ids(page: &str) -> Vec<String> {
    let links = page.split("<td class=\"value\"><a href=\"/objects/").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn count(page: &str) -> String {
    let text = page.split("<p id=\"count\">").nth(1).unwrap();
    text.split('<').next().unwrap().to_owned()
}

async fn found(world: &World, query: &str) -> Vec<String> {
    let answer = world.get(&format!("/?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    ids(&answer.text())
}

pub(crate) fn encode(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// A report of the context lane with its Japanese words.
pub(crate) fn report(world: &World, n: u8, en: &str, ja: &str, tlp: Tlp) -> Vec<Vec<u8>> {
    let id = |kind: &str| format!("{kind}--{n:02x}0d1df4-9a3e-4b0e-8d7a-5b6c1f2a3b4c");
    let common = |kind: &str| {
        json!({
            "type": kind, "spec_version": "2.1", "id": id(kind),
            "created_by_ref": world.hub.creator, "created": "2026-11-23T00:00:00.000Z",
            "modified": "2026-11-23T00:00:00.000Z", "object_marking_refs": [tlp.stix_id()],
        })
    };
    let with = |mut object: Value, more: Value| {
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::to_vec(&object).unwrap()
    };
    let reference = json!({"source_name": "mitre-attack", "external_id": "T1566"});
    vec![
        with(
            common("language-content"),
            json!({
                "object_ref": id("report"), "object_modified": "2026-11-23T00:00:00.000Z",
                "contents": {"ja": {"name": ja, "description": format!("{ja}が攻撃を報告しました。")}},
            }),
        ),
        with(
            common("attack-pattern"),
            json!({"name": "Phishing", "external_references": [reference]}),
        ),
        with(
            common("report"),
            json!({
                "name": en, "description": format!("{en} reported an attack."),
                "report_types": ["threat-report"], "published": "2026-11-23T00:00:00.000Z",
                "object_refs": [id("attack-pattern")], "labels": ["water-supply"],
            }),
        ),
    ]
}

async fn publish_report(world: &World, n: u8, en: &str, ja: &str, tlp: Tlp) {
    let batch = world.hub.batch_of("context", report(world, n, en, ja, tlp));
    world.shelf.publish(batch).await.unwrap();
}

async fn words_are_found_in_both_languages_and_in_parts(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    world
        .publish(vec![
            hub.identity(),
            hub.indicator(Kind::Host, "cdn.kaiun-post.net", Tlp::Green),
            hub.indicator(Kind::Url, "https://cdn-teikei.org/up/Check.php", Tlp::Green),
            hub.indicator(Kind::Ipv4, "45.83.22.109", Tlp::Green),
            hub.indicator(Kind::FileName, "請求書2026.exe", Tlp::Green),
        ])
        .await;
    publish_report(&world, 1, "A member (electric power)", "会員(電力)", Tlp::Green).await;
    for (query, hits) in [
        ("kaiun", 1),
        ("n-post.n", 1),
        ("CDN", 2),
        ("hxxps://cdn-teikei[.]org", 1),
        ("45[.]83", 1),
        ("45(dot)83", 1),
        ("電力", 1),
        ("会員 electric", 1),
        ("water-supply", 1),
        ("請求", 1),
        ("２０２６", 1),
        ("cdn post", 1),
        ("cdn nothing", 0),
        ("Phishing", 0),
        ("電気", 0),
        ("", 5),
    ] {
        let hits_there = found(&world, &format!("q={}", encode(query))).await;
        assert_eq!(hits_there.len(), hits, "{query}");
    }
    let all = found(&world, "").await;
    assert_eq!(found(&world, &format!("q={}", all[2])).await, [all[2].clone()]);
    let ja = world.get("/?lang=ja&q=%E9%9B%BB%E5%8A%9B").await.text();
    assert!(ja.contains(">会員(電力)</a>"), "named in the reader's language");
}

async fn filters_stand_in_the_address(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    world
        .publish(vec![
            hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Clear),
            hub.expiring(Kind::Ipv4, "203.0.113.2", START + 60_000_000),
            hub.version(&hub.fresh_id(), Kind::Host, "a.example.net", Tlp::Amber, START, true),
        ])
        .await;
    publish_report(&world, 1, "A member", "会員", Tlp::Green).await;
    for (query, hits) in [
        ("kind=ipv4", 2),
        ("kind=report", 1),
        ("kind=sha256", 0),
        ("collection=signals", 3),
        ("collection=context", 1),
        ("collection=partners", 4),
        ("tlp=clear", 1),
        ("tlp=amber", 1),
        ("state=revoked", 1),
        ("state=current", 3),
        ("state=expired", 0),
        ("confidence=confirmed", 3),
        ("confidence=unstated", 1),
        ("since=2026-11-23", 4),
        ("since=2026-11-24", 0),
        ("until=2026-11-22", 0),
        ("until=2026-11-23&zone=jst", 4),
        ("kind=ipv4&tlp=clear&state=current&q=113", 1),
    ] {
        assert_eq!(found(&world, query).await.len(), hits, "{query}");
    }
    world.clock.advance(120_000_000);
    assert_eq!(found(&world, "state=expired").await.len(), 1);
    let page = world.get("/?kind=gas&q=203").await.text();
    assert!(page.contains("not understood") && ids(&page).len() == 2);
}

async fn pages_follow_each_other_and_keep_their_addresses(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 70).await;
    world.publish_addresses(70, 50).await;
    let first = world.get("/?kind=ipv4").await.text();
    assert_eq!((ids(&first).len(), count(&first).as_str()), (50, "120 found"));
    let next = |page: &str| {
        let href = page.split("<a href=\"").find(|p| p.contains("rel=\"next\""));
        href.map(|h| h.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"))
    };
    let second_address = next(&first).unwrap();
    let second = world.get(&second_address).await.text();
    // What comes later moves nothing on a page that has an address.
    world.publish_addresses(120, 3).await;
    assert_eq!(ids(&second), ids(&world.get(&second_address).await.text()));
    let third = world.get(&next(&second).unwrap()).await.text();
    assert!(next(&third).is_none());
    let all: Vec<String> = [&first, &second, &third].into_iter().flat_map(|p| ids(p)).collect();
    assert_eq!(all.len(), 120);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 120);
    // What is new since the first page, as its script asks.
    let fresh = first.split("data-fresh=\"").nth(1).unwrap().split('"').next().unwrap();
    let end = first.split("data-end=\"").nth(1).unwrap().split('"').next().unwrap();
    let fresh = fresh.replace("&#38;", "&").replace("&amp;", "&");
    let news = world.get(&format!("{fresh}&after={end}")).await.text();
    assert!(news.contains("data-count=\"3\"") && ids(&news).len() == 3, "{news}");
}

async fn a_reader_of_what_is_clear_finds_nothing_else(place: &Place) {
    let world = World::public(place).await;
    let hub = &world.hub;
    let changing = hub.fresh_id();
    world
        .publish(vec![
            hub.indicator(Kind::Host, "open.secret.example", Tlp::Clear),
            hub.indicator(Kind::Host, "closed.secret.example", Tlp::Green),
            hub.version(&changing, Kind::Host, "was.secret.example", Tlp::Clear, START, false),
        ])
        .await;
    world
        .publish(vec![hub.version(
            &changing,
            Kind::Host,
            "was.secret.example",
            Tlp::Amber,
            START + 10_000_000,
            false,
        )])
        .await;
    publish_report(&world, 1, "A member (secret)", "会員", Tlp::Green).await;
    let all = found(&world, "q=secret").await;
    assert_eq!(all.len(), 4);
    for query in ["", "q=secret", "q=secret.example&state=current", "tlp=green", "q=%E4%BC%9A"] {
        let page = world.anonymous(&format!("/?{query}")).await.text();
        for hidden in ["closed[.]secret", "was[.]secret", "A member (secret)"] {
            assert!(!page.contains(hidden), "{query}: {hidden}");
        }
        let expected = usize::from(!query.starts_with("tlp") && !query.contains('%'));
        assert_eq!(count(&page), format!("{expected} found"), "{query}");
    }
    for id in &all {
        let by_id = world.anonymous(&format!("/?q={id}")).await.text();
        let object = world.anonymous(&format!("/objects/{id}")).await;
        let shown = by_id.contains("open[.]secret");
        assert_eq!(count(&by_id), if shown { "1 found" } else { "0 found" });
        assert_eq!(object.status, if shown { 200 } else { 404 });
    }
    for file in ["indicators.txt", "indicators.csv", "bundle.json"] {
        let text = world.anonymous(&format!("/download/{file}?q=secret")).await.text();
        assert!(text.contains("open.secret.example") && !text.contains("closed"), "{text}");
        assert!(!text.contains("was.secret") && !text.contains("A member"), "{text}");
    }
}

async fn a_newer_version_replaces_the_older_one(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    let id = hub.fresh_id();
    let at = |n: i64| START + n * 10_000_000;
    for n in 0..5 {
        let object = hub.version(&id, Kind::Ipv4, "198.51.100.7", Tlp::Green, at(n), n == 4);
        world.publish(vec![object]).await;
        world.publish_addresses(usize::try_from(n * 10).unwrap() + 20, 10).await;
    }
    let page = world.get("/?q=198.51.100.7").await.text();
    assert_eq!((ids(&page), count(&page).as_str()), (vec![id.to_string()], "1 found"));
    assert!(page.contains("withdrawn"));
    assert_eq!(found(&world, "state=revoked").await.len(), 1);
    let list = world.get("/download/indicators.txt?q=198.51.100.7").await;
    assert_eq!(list.text(), "", "a list does not have what was withdrawn");
}

async fn nothing_that_is_typed_is_an_error(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 3).await;
    for query in [
        "q=%00",
        "q=%FF%FE",
        "q=[[[",
        "q=%5B.%5D",
        "q=%F0%9F%94%A5",
        "q=indicator--",
        "q=%25%27%22",
        "since=9999-12-31&until=0001-01-01",
        "before=AAAA",
        "q=a&q=b",
        "zone=mars",
        "q=indicator--00000000-0000-4000-8000-000000000000",
    ] {
        assert_eq!(world.get(&format!("/?{query}")).await.status, 200, "{query}");
    }
    assert!(found(&world, "q=%00").await.is_empty());
    assert!(found(&world, "q=no-such-thing").await.is_empty());
    let long = "x".repeat(5_000);
    assert!(found(&world, &format!("q={long}")).await.is_empty());
}

async fn an_outlet_that_starts_again_finds_the_same(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 20).await;
    publish_report(&world, 1, "A member (railway)", "会員(鉄道)", Tlp::Green).await;
    let before = (found(&world, "").await, found(&world, "q=%E9%89%84%E9%81%93").await);
    let again = World::new(place).await;
    again.admit_key(&world.key).await;
    let ask = |query: &'static str| {
        let again = &again;
        async move { found(again, query).await }
    };
    assert_eq!((ask("").await, ask("q=%E9%89%84%E9%81%93").await), before);
    assert_eq!(before.1.len(), 1);
}

/// One object and what a reference knows of it.
#[derive(Clone, Debug)]
struct Made {
    kind: Kind,
    value: String,
    tlp: Tlp,
    revoked: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let value = prop_oneof![
        "[ab]{1,2}\\.[ab]{1,2}c\\.example".prop_map(|v| (Kind::Host, v)),
        (0u8..4, 1u8..4).prop_map(|(a, b)| (Kind::Ipv4, format!("203.0.{a}.{b}"))),
        "[電力水Aa]{1,4}\\.exe".prop_map(|v| (Kind::FileName, v)),
        "[A-Ba-b ]{1,5}x".prop_map(|v| (Kind::Mutex, v)),
    ];
    let tlp = prop_oneof![Just(Tlp::Clear), Just(Tlp::Green)];
    (value, tlp, any::<bool>()).prop_map(|((kind, value), tlp, revoked)| Made {
        kind,
        value,
        tlp,
        revoked,
    })
}

fn asked() -> impl Strategy<Value = String> {
    prop_oneof![
        "[abAB電力水.x0-3]{1,3}",
        "[ab]{1,2}\\[\\.\\][ab]",
        "(a|電|2|\\.) (b|力|0|e)",
        "203[.]0",
        Just("exe".to_owned()),
        Just("ＥＸＥ".to_owned()),
    ]
}

/// What a search should find, the slow way: the words of a value in lower case, one by one.
fn reference(
    all: &[(String, Made)],
    query: &str,
    clear: bool,
    revoked: Option<bool>,
) -> BTreeSet<String> {
    let plain = query.replace("[.]", ".").replace("ＥＸＥ", "exe").to_lowercase();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let fits = |made: &Made| {
        let text = made.value.to_lowercase();
        words.iter().all(|word| text.contains(word))
            && (!clear || made.tlp == Tlp::Clear)
            && revoked.is_none_or(|r| r == made.revoked)
    };
    all.iter().filter(|(_, m)| fits(m)).map(|(id, _)| id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_search_finds_what_the_reference_finds(
        batches in prop::collection::vec(prop::collection::vec(made(), 1..8), 1..4),
        queries in prop::collection::vec(asked(), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = place::sqlite();
            let world = World::public(&place).await;
            let mut all = Vec::new();
            for batch in batches {
                let mut objects = Vec::new();
                for made in batch {
                    let id: StixId = world.hub.fresh_id();
                    objects.push(world.hub.version(&id, made.kind, &made.value, made.tlp, START, made.revoked));
                    all.push((id.to_string(), made));
                }
                world.publish(objects).await;
            }
            for query in queries {
                for (state, revoked) in [("", None), ("&state=revoked", Some(true))] {
                    let path = format!("/?q={}{state}", encode(&query));
                    let member = ids(&world.get(&path).await.text());
                    let anyone = ids(&world.anonymous(&path).await.text());
                    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
                    prop_assert_eq!(set(&member), reference(&all, &query, false, revoked), "{}", query);
                    prop_assert_eq!(set(&anyone), reference(&all, &query, true, revoked), "{}", query);
                }
            }
            Ok(())
        })?;
    }
}
