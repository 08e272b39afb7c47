//! Block lists.

use axum::http::{Request, header};
use noroshi_stix::{Kind, Tlp};

use crate::place::Place;
use crate::world::{Answer, START, World};

crate::on_both_engines!(
    lists_are_sorted_and_hold_each_value_once,
    what_expired_or_was_withdrawn_is_not_listed,
    an_unchanged_list_costs_nothing,
    other_forms_follow_their_list,
    the_public_sees_the_clear_part,
    the_index_is_for_people_and_tools,
    comparisons_that_exclude_are_not_listed,
);

async fn lists_are_sorted_and_hold_each_value_once(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    world
        .publish(vec![
            hub.identity(),
            hub.indicator(Kind::Ipv4, "203.0.113.9", Tlp::Green),
            hub.indicator(Kind::Ipv4, "203.0.113.10", Tlp::Green),
            hub.indicator(Kind::Ipv4, "198.51.100.0/24", Tlp::Green),
            hub.indicator(Kind::Ipv4, "203.0.113.9", Tlp::Amber),
            hub.indicator(Kind::Ipv6, "2001:db8::7", Tlp::Green),
            hub.indicator(Kind::Host, "c2.example.net", Tlp::Green),
            hub.indicator(Kind::Domain, "example.org", Tlp::Green),
            hub.indicator(Kind::Url, "http://c2.example.net/a?b=c", Tlp::Green),
            hub.indicator(Kind::Sha256, sha256, Tlp::Green),
            hub.indicator(Kind::Cve, "CVE-2021-44228", Tlp::Green),
        ])
        .await;
    for (list, text) in [
        ("ipv4", "198.51.100.0/24\n203.0.113.10\n203.0.113.9\n"),
        ("ipv6", "2001:db8::7\n"),
        ("domain", "c2.example.net\nexample.org\n"),
        ("url", "http://c2.example.net/a?b=c\n"),
        ("sha256", &format!("{sha256}\n")),
        ("md5", ""),
    ] {
        let answer = world.get(&format!("/feeds/{list}.txt")).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, text), "{list}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("last-modified"), "Mon, 23 Nov 2026 03:00:00 GMT");
        assert_eq!(answer.header("x-noroshi-count"), text.lines().count().to_string());
    }
    for path in ["/feeds/ipv4", "/feeds/nope.txt", "/feeds/ipv4.txt/", "/feeds/..%2fipv4.txt"] {
        let answer = world.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not-found"), "{path}");
    }
}

async fn what_expired_or_was_withdrawn_is_not_listed(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    let id = hub.fresh_id();
    let later = START + 3_600_000_000;
    world
        .publish(vec![
            hub.expiring(Kind::Ipv4, "203.0.113.1", later),
            hub.version(&id, Kind::Ipv4, "203.0.113.2", Tlp::Green, START, false),
            hub.indicator(Kind::Ipv4, "203.0.113.3", Tlp::Green),
        ])
        .await;
    let first = world.get("/feeds/ipv4.txt").await;
    assert_eq!(first.text(), "203.0.113.1\n203.0.113.2\n203.0.113.3\n");

    world.clock.set(noroshi_stix::Timestamp::from_micros(later - 1));
    assert_eq!(world.get("/feeds/ipv4.txt").await.header("etag"), first.header("etag"));
    world.clock.advance(1);
    let second = world.get("/feeds/ipv4.txt").await;
    assert_eq!(second.text(), "203.0.113.2\n203.0.113.3\n");
    assert_ne!(second.header("etag"), first.header("etag"));

    let revoked = hub.version(&id, Kind::Ipv4, "203.0.113.2", Tlp::Green, START + 1_000_000, true);
    world.publish(vec![revoked]).await;
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "203.0.113.3\n");
    // An old version that comes late brings nothing back.
    let old = hub.version(&id, Kind::Ipv4, "203.0.113.2", Tlp::Green, START - 1_000_000, false);
    let old = world.shelf.publish(hub.batch(vec![old])).await;
    drop(old);
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "203.0.113.3\n");
}

async fn with_tag(world: &World, path: &str, tag: &str, gzip: bool) -> Answer {
    let mut request = Request::get(path)
        .header(header::AUTHORIZATION, format!("Bearer {}", world.key))
        .header(header::IF_NONE_MATCH, tag);
    if gzip {
        request = request.header(header::ACCEPT_ENCODING, "gzip");
    }
    world.send(request).await
}

async fn an_unchanged_list_costs_nothing(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 200).await;
    let whole = world.get("/feeds/ipv4.txt").await;
    let tag = whole.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
    let again = with_tag(&world, "/feeds/ipv4.txt", &tag, false).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    assert_eq!(with_tag(&world, "/feeds/ipv4.txt", "\"other\"", false).await.status, 200);
    // Compressed it is another representation with another tag; both are known.
    let packed = with_tag(&world, "/feeds/ipv4.txt", "\"other\"", true).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.starts_with(&[0x1f, 0x8b]) && packed.body.len() < whole.body.len());
    let packed_tag = packed.header("etag").to_owned();
    assert_ne!(packed_tag, tag);
    assert_eq!(with_tag(&world, "/feeds/ipv4.txt", &packed_tag, true).await.status, 304);
    // A release of another kind changes neither tag nor date.
    let domain = world.hub.indicator(Kind::Domain, "example.org", Tlp::Green);
    world.publish(vec![domain]).await;
    let same = with_tag(&world, "/feeds/ipv4.txt", &tag, false).await;
    assert_eq!(same.status, 304);
    assert_eq!(same.header("last-modified"), whole.header("last-modified"));
    world.publish_addresses(200, 1).await;
    let changed = with_tag(&world, "/feeds/ipv4.txt", &tag, false).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("last-modified"), whole.header("last-modified"));
}

async fn other_forms_follow_their_list(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    world.publish(vec![hub.indicator(Kind::Domain, "a.example", Tlp::Green)]).await;
    let first = world.get("/feeds/domain.rpz").await;
    assert!(first.text().contains("\na.example CNAME .\n"), "{}", first.text());
    assert_eq!(world.get("/feeds/domain.b64").await.text(), "YS5leGFtcGxl\n");
    // Another list changes: the zone with its serial is the same.
    world.publish(vec![hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)]).await;
    assert_eq!(world.get("/feeds/domain.rpz").await.text(), first.text());
    world.publish(vec![hub.indicator(Kind::Domain, "b.example", Tlp::Green)]).await;
    let second = world.get("/feeds/domain.rpz").await;
    assert!(second.text().contains("\nb.example CNAME .\n"), "{}", second.text());
    assert_eq!(world.get("/feeds/domain.b64").await.text(), "YS5leGFtcGxl\nYi5leGFtcGxl\n");
}

async fn the_public_sees_the_clear_part(place: &Place) {
    let world = World::public(place).await;
    let hub = &world.hub;
    world
        .publish(vec![
            hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Clear),
            hub.indicator(Kind::Ipv4, "203.0.113.2", Tlp::Green),
        ])
        .await;
    assert_eq!(world.anonymous("/feeds/ipv4.txt").await.text(), "203.0.113.1\n");
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "203.0.113.1\n203.0.113.2\n");
    assert_eq!(world.anonymous("/feeds/ipv4.txt").await.text(), "203.0.113.1\n");
}

async fn the_index_is_for_people_and_tools(place: &Place) {
    let world = World::new(place).await;
    let tool = world.get("/feeds/").await.json();
    let lists = tool["lists"].as_array().unwrap();
    for list in lists {
        assert_eq!(world.get(list["path"].as_str().unwrap()).await.status, 200);
    }
    let auth = format!("Bearer {}", world.key);
    let browser = Request::get("/feeds/?lang=ja")
        .header(header::AUTHORIZATION, auth)
        .header(header::ACCEPT, "text/html,*/*;q=0.8");
    let page = world.send(browser).await.text();
    assert!(page.contains("lang=\"ja\"") && page.contains("/feeds/sha512.txt"), "{page}");
    assert!(page.contains("ブロックリスト"));
}

/// `!=` names what is not meant: it must never be blocked.
async fn comparisons_that_exclude_are_not_listed(place: &Place) {
    let world = World::new(place).await;
    let object = world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green);
    let object = String::from_utf8(object).unwrap();
    let object = object.replace("value = '203.0.113.1'", "value != '203.0.113.1'");
    assert!(object.contains("!="));
    world.publish(vec![object.into_bytes()]).await;
    assert_eq!(world.get("/feeds/ipv4.txt").await.text(), "");
}
