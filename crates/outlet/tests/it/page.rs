//! The public page.

use std::sync::Arc;

use axum::http::{HeaderMap, Request, header};
use futures::future::BoxFuture;
use noroshi_outlet::i18n::Locale;
use noroshi_outlet::{
    Asking, Chrome, HubSide, NavLink, OutletConfig, OutletState, Reader, ReaderAuth, harden, router,
};
use noroshi_stix::{Kind, Tlp};

use crate::place::Place;
use crate::world::{PEPPER, World};

crate::on_both_engines!(
    each_sees_what_they_may,
    the_page_speaks_both_languages,
    a_hub_adds_its_sessions_and_links,
    values_cannot_become_markup,
    assets_are_ours_and_keep,
);

async fn fill(world: &World) {
    let hub = &world.hub;
    world
        .publish(vec![
            hub.identity(),
            hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Clear),
            hub.indicator(Kind::Host, "c2.example.net", Tlp::Amber),
            hub.indicator(Kind::Cve, "CVE-2021-44228", Tlp::Green),
        ])
        .await;
}

async fn each_sees_what_they_may(place: &Place) {
    let world = World::new(place).await;
    fill(&world).await;
    let member = world.get("/").await.text();
    for part in ["203[.]0[.]113[.]1", "c2[.]example[.]net", "CVE-2021-44228", "TLP:AMBER"] {
        assert!(member.contains(part), "{part}");
    }
    // As it is it stands for the copy button alone.
    let outside = member.replace("data-copy=\"c2.example.net\"", "");
    assert!(!outside.contains("c2.example.net"), "nothing on the page can be followed");
    let nobody = world.anonymous("/").await;
    assert_eq!(nobody.status, 200);
    assert!(!nobody.text().contains("203[.]0") && !nobody.text().contains("<script"));
    let public = World::public(&crate::place::sqlite()).await;
    fill(&public).await;
    let anyone = public.anonymous("/").await.text();
    assert!(anyone.contains("203[.]0[.]113[.]1") && !anyone.contains("c2[.]example"));
    assert!(!anyone.contains("CVE-2021"));
}

async fn the_page_speaks_both_languages(place: &Place) {
    let world = World::new(place).await;
    let ask = async |path: &str, name: header::HeaderName, value: &str| {
        world.send(Request::get(path).header(name, value)).await
    };
    let ja = ask("/", header::ACCEPT_LANGUAGE, "ja-JP,ja;q=0.9,en;q=0.5").await;
    assert!(ja.text().contains("lang=\"ja\"") && ja.text().contains("一社が気づいた攻撃"));
    assert_eq!(ja.header("set-cookie"), "");
    let en = ask("/?lang=en", header::ACCEPT_LANGUAGE, "ja").await;
    assert!(en.text().contains("lang=\"en\""));
    assert!(en.header("set-cookie").starts_with("lang=en; Path=/"));
    let cookie = ask("/", header::COOKIE, "lang=ja").await;
    assert!(cookie.text().contains("一社が気づいた攻撃"));
    for page in [&ja, &en] {
        assert!(!page.text().contains('\u{2068}'), "no invisible marks");
    }
}

/// A hub with one session.
struct Sessions;

impl ReaderAuth for Sessions {
    fn reader<'a>(&'a self, headers: &'a HeaderMap, _: Asking) -> BoxFuture<'a, Reader> {
        let known = headers.get(header::COOKIE).is_some_and(|c| c == "session=good");
        Box::pin(async move { if known { Reader::Member } else { Reader::Anonymous } })
    }

    fn chrome<'a>(&'a self, _: &'a HeaderMap, locale: Locale) -> BoxFuture<'a, Chrome> {
        let label = if locale == Locale::Ja { "審査" } else { "Desk" };
        let nav = vec![NavLink { href: "/desk".into(), label: label.into() }];
        let chrome =
            Chrome { nav, report: Some("/report".into()), sign_in: Some("/sign-in".into()) };
        Box::pin(async move { chrome })
    }
}

async fn a_hub_adds_its_sessions_and_links(place: &Place) {
    let mut world = World::new(place).await;
    let clock = world.clock.clone();
    let side = HubSide { readers: Arc::new(Sessions), ..world.behind.side() };
    let config = OutletConfig::new(PEPPER);
    let state = OutletState::beside_hub(world.shelf.clone(), clock, config, side).unwrap();
    world.app = harden(router(state.clone()), &state);
    fill(&world).await;
    let with = async |path: &str, cookie: &str| {
        world.send(Request::get(path).header(header::COOKIE, cookie)).await
    };
    let page = with("/?lang=ja", "session=good").await.text();
    for part in ["href=\"/report\"", "href=\"/desk\"", "審査", "c2[.]example[.]net"] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(with("/feeds/ipv4.txt", "session=good").await.text(), "203.0.113.1\n");
    assert_eq!(with("/feeds/ipv4.txt", "session=bad").await.status, 401);
    let page = with("/", "session=bad").await.text();
    assert!(page.contains("href=\"/sign-in\"") && !page.contains("c2[.]example[.]net"));
}

async fn values_cannot_become_markup(place: &Place) {
    let world = World::new(place).await;
    let evil = "<script>alert(1)</script>";
    world.publish(vec![world.hub.indicator(Kind::Mutex, evil, Tlp::Green)]).await;
    let page = world.get("/").await;
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("default-src 'none'"));
    let text = page.text();
    for inline in ["style=", "onclick", "onload", "javascript:", "<style"] {
        assert!(!text.contains(inline), "{inline}");
    }
}

async fn assets_are_ours_and_keep(place: &Place) {
    let world = World::public(place).await;
    let page = world.anonymous("/").await.text();
    let mut found = 0;
    for part in page.split('"').filter(|p| p.starts_with("/assets/")) {
        let asset = world.anonymous(part).await;
        assert_eq!(asset.status, 200, "{part}");
        assert!(asset.header("cache-control").contains("immutable"), "{part}");
        found += 1;
    }
    assert!(found >= 3);
    assert!(!page.contains("http://") || page.contains("http://localhost/taxii2/"));
    assert_eq!(world.anonymous("/assets/outlet/nope.js").await.status, 404);
    let old = world.anonymous("/assets/outlet/outlet.css?v=old").await;
    assert_eq!(old.header("cache-control"), "no-cache");
}
