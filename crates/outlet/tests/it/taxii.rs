//! TAXII 2.1 as a client meets it.

use axum::http::{Request, header};
use noroshi_stix::{Kind, Tlp};
use serde_json::Value;

use crate::place::Place;
use crate::world::{Answer, SIGNALS, START, TAXII, World};

crate::on_both_engines!(
    resources_are_as_the_standard_says,
    accept_is_negotiated,
    filters_from_memory,
    filters_from_the_database,
    versions_from_memory,
    versions_from_the_database,
    bytes_come_back_unchanged,
    what_one_may_not_see_is_not_there,
    errors_are_taxii_errors,
);

const ROOT: &str = "/taxii2/noroshi/";

async fn resources_are_as_the_standard_says(place: &Place) {
    let world = World::new(place).await;
    for path in ["/taxii2/", "/taxii2"] {
        let d = world.get(path).await;
        assert_eq!((d.status.as_u16(), d.header("content-type")), (200, TAXII));
        assert_eq!(d.json()["default"], "http://localhost/taxii2/noroshi/");
        assert_eq!(d.json()["api_roots"][0], d.json()["default"]);
    }
    let root = world.get(ROOT).await.json();
    assert_eq!(root["versions"][0], TAXII);
    assert_eq!(root["max_content_length"], 16 * 1024 * 1024);
    let all = world.get(&format!("{ROOT}collections/")).await.json();
    let all = all["collections"].as_array().unwrap();
    assert_eq!(all.len(), 3);
    for c in all {
        assert_eq!((&c["can_read"], &c["can_write"]), (&Value::Bool(true), &Value::Bool(false)));
        for name in [&c["id"], &c["alias"]] {
            let path = format!("{ROOT}collections/{}/", name.as_str().unwrap());
            assert_eq!(world.get(&path).await.json(), *c);
        }
    }
    let empty = world.get(&format!("{SIGNALS}objects/")).await;
    assert_eq!((empty.status.as_u16(), empty.text().as_str()), (200, r#"{"more":false}"#));
    assert_eq!(empty.header("x-taxii-date-added-first"), "");
}

async fn accept_is_negotiated(place: &Place) {
    let world = World::new(place).await;
    for (accept, status) in [
        (None, 200),
        (Some("*/*"), 200),
        (Some("application/*"), 200),
        (Some("application/taxii+json"), 200),
        (Some("application/taxii+json;version=2.1"), 200),
        (Some("Application/Taxii+JSON; version=\"2.1\"; q=0.5"), 200),
        (Some("text/html, application/taxii+json;version=2.1;q=0.1"), 200),
        (Some("application/taxii+json;version=2.0"), 406),
        (Some("application/taxii+json;version=9.9"), 406),
        (Some("application/taxii+json;version=2.1;q=0"), 406),
        (Some("application/taxii+json;version=2.1;q=0, */*"), 406),
        (Some("application/taxii+json;version=2.0, */*;q=0.1"), 200),
        (Some("application/json"), 406),
        (Some("text/html"), 406),
        (Some(""), 406),
        (Some("garbage"), 406),
    ] {
        for path in ["/taxii2/".to_owned(), ROOT.to_owned(), format!("{SIGNALS}objects/")] {
            let auth = format!("Bearer {}", world.key);
            let mut request = Request::get(&path).header(header::AUTHORIZATION, auth);
            if let Some(accept) = accept {
                request = request.header(header::ACCEPT, accept);
            }
            let answer = world.send(request).await;
            assert_eq!(answer.status, status, "{accept:?} {path}");
            assert_eq!(answer.header("content-type"), TAXII);
        }
    }
}

async fn filters_from_memory(place: &Place) {
    filters(&World::public(place).await).await;
}

async fn filters_from_the_database(place: &Place) {
    filters(&World::small_window(place).await).await;
}

async fn filters(world: &World) {
    let hub = &world.hub;
    let objects = vec![
        hub.identity(),
        hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green),
        hub.indicator(Kind::Cve, "CVE-2021-44228", Tlp::Clear),
        hub.indicator(Kind::Domain, "c2.example.net", Tlp::Amber),
        hub.indicator(Kind::Ipv6, "2001:db8::7", Tlp::Clear),
    ];
    world.publish(objects).await;
    let all = world.get(&format!("{SIGNALS}objects/")).await.ids();
    assert_eq!(all.len(), 5);
    let ask = async |query: &str| -> Vec<usize> {
        let answer = world.get(&format!("{SIGNALS}objects/?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let ids = answer.ids();
        ids.iter().map(|id| all.iter().position(|a| a == id).unwrap()).collect()
    };
    assert_eq!(ask("match[type]=vulnerability").await, [2]);
    assert_eq!(ask("match[type]=vulnerability,identity").await, [0, 2]);
    assert_eq!(ask("match[type]=vulnerability&match[type]=identity").await, [0, 2]);
    assert_eq!(ask("match%5Btype%5D=tool").await, [0_usize; 0]);
    assert_eq!(ask(&format!("match[id]={}", all[3])).await, [3]);
    assert_eq!(ask(&format!("match[id]={},{}", all[3], all[1])).await, [1, 3]);
    assert_eq!(ask(&format!("match[id]={0},{0}", all[3])).await, [3]);
    assert_eq!(ask(&format!("match[id]={}", all[3].to_uppercase())).await, [3]);
    assert_eq!(ask(&format!("match[id]={},{}&match[type]=identity", all[3], all[0])).await, [0]);
    assert_eq!(ask("match[spec_version]=2.1").await, [0, 1, 2, 3, 4]);
    assert_eq!(ask("match[spec_version]=2.0").await, [0_usize; 0]);
    assert_eq!(ask("match[spec_version]=2.0,2.1&limit=2").await, [0, 1]);
    assert_eq!(ask("added_after=2026-11-23T03:00:00.000002Z").await, [3, 4]);
    assert_eq!(ask("added_after=2026-11-23T12:00:00.000002%2B09:00").await, [3, 4]);
    assert_eq!(ask("added_after=2026-11-23T03:00:00Z&limit=1").await, [1]);
    assert_eq!(ask("added_after=2099-01-01T00:00:00Z").await, [0_usize; 0]);
    // The same, for someone who may see only what is CLEAR.
    let seen = world.anonymous(&format!("{SIGNALS}objects/")).await.ids();
    assert_eq!(seen, [&all[0], &all[2], &all[4]].map(Clone::clone));
    let seen = world.anonymous(&format!("{SIGNALS}objects/?match[type]=indicator")).await.ids();
    assert_eq!(seen, [all[4].clone()]);
    let seen = world.anonymous(&format!("{SIGNALS}objects/?match[id]={}", all[1])).await.ids();
    assert!(seen.is_empty());
    let first = world.anonymous(&format!("{SIGNALS}objects/?limit=1")).await.json();
    let next = first["next"].as_str().unwrap();
    let second = world.anonymous(&format!("{SIGNALS}objects/?limit=1&next={next}")).await;
    assert_eq!(second.ids(), [all[2].clone()]);
}

async fn versions_from_memory(place: &Place) {
    versions(&World::new(place).await).await;
}

async fn versions_from_the_database(place: &Place) {
    versions(&World::small_window(place).await).await;
}

async fn versions(world: &World) {
    let hub = &world.hub;
    let id = hub.fresh_id();
    let at = |n: i64| START + n * 1_000_000;
    let version = |n: i64| hub.version(&id, Kind::Ipv4, "203.0.113.1", Tlp::Green, at(n), false);
    // Out of order on purpose.
    world.publish(vec![version(1)]).await;
    world.publish(vec![version(3), hub.indicator(Kind::Ipv4, "203.0.113.2", Tlp::Green)]).await;
    world.publish(vec![version(2)]).await;
    let stamp = |n: i64| format!("2026-11-23T03:00:0{n}.000Z");
    let modified = |a: &Answer| -> Vec<String> {
        let json = a.json();
        let objects = json["objects"].as_array().cloned().unwrap_or_default();
        let mut all: Vec<_> =
            objects.iter().map(|o| o["modified"].as_str().unwrap().to_owned()).collect();
        all.sort();
        all
    };
    let want = |numbers: &[i64]| numbers.iter().map(|n| stamp(*n)).collect::<Vec<_>>();
    for (filter, numbers) in [
        ("", &[3][..]),
        ("last", &[3]),
        ("first", &[1]),
        ("all", &[1, 2, 3]),
        ("first,last", &[1, 3]),
        ("2026-11-23T03:00:02Z", &[2]),
        ("2026-11-23T03:00:02.000000Z,last", &[2, 3]),
        ("2020-01-01T00:00:00Z", &[]),
    ] {
        let filter =
            if filter.is_empty() { String::new() } else { format!("match[version]={filter}") };
        let by_filter = world.get(&format!("{SIGNALS}objects/?match[id]={id}&{filter}")).await;
        assert_eq!(modified(&by_filter), want(numbers), "{filter}");
        let by_path = world.get(&format!("{SIGNALS}objects/{id}/?{filter}")).await;
        assert_eq!(modified(&by_path), want(numbers), "{filter}");
        let whole = world.get(&format!("{SIGNALS}objects/?{filter}")).await;
        let of_id = whole.ids().iter().filter(|i| **i == id.as_str()).count();
        assert_eq!(of_id, numbers.len(), "{filter}");
    }
    let versions = world.get(&format!("{SIGNALS}objects/{id}/versions/")).await;
    assert_eq!(versions.json()["versions"].as_array().unwrap().len(), 3);
    assert_ne!(versions.header("x-taxii-date-added-first"), "");
    let page = world.get(&format!("{SIGNALS}objects/{id}/versions/?limit=2")).await.json();
    assert_eq!(page["more"], true);
    let next = page["next"].as_str().unwrap();
    let rest = world.get(&format!("{SIGNALS}objects/{id}/versions/?next={next}")).await.json();
    assert_eq!(rest["versions"].as_array().unwrap().len(), 1);
    let manifest = world.get(&format!("{SIGNALS}manifest/?match[version]=all")).await.json();
    let manifest = manifest["objects"].as_array().unwrap();
    assert_eq!(manifest.len(), 4);
    assert!(manifest.iter().all(|m| m["media_type"] == "application/stix+json;version=2.1"));
    let page = world.get(&format!("{SIGNALS}manifest/?match[version]=all&limit=3")).await.json();
    assert_eq!((page["more"].clone(), page["next"].is_string()), (true.into(), true));
}

async fn bytes_come_back_unchanged(place: &Place) {
    let world = World::small_window(place).await;
    let objects: Vec<_> = (1..=5)
        .map(|i| world.hub.indicator(Kind::Ipv4, &format!("203.0.113.{i}"), Tlp::Clear))
        .collect();
    let text: Vec<_> = objects.iter().map(|o| String::from_utf8(o.clone()).unwrap()).collect();
    world.publish(objects).await;
    let whole = world.get(&format!("{SIGNALS}objects/")).await;
    assert_eq!(whole.text(), format!(r#"{{"objects":[{}],"more":false}}"#, text.join(",")));
    assert_eq!(whole.header("x-taxii-date-added-first"), "2026-11-23T03:00:00.000000Z");
    assert_eq!(whole.header("x-taxii-date-added-last"), "2026-11-23T03:00:00.000004Z");
}

async fn what_one_may_not_see_is_not_there(place: &Place) {
    let world = World::public(place).await;
    world.publish(vec![world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green)]).await;
    let hidden = world.get(&format!("{SIGNALS}objects/")).await.ids().remove(0);
    let missing = "indicator--00000000-0000-4000-8000-000000000000";
    for tail in ["", "versions/"] {
        let a = world.anonymous(&format!("{SIGNALS}objects/{hidden}/{tail}")).await;
        let b = world.anonymous(&format!("{SIGNALS}objects/{missing}/{tail}")).await;
        assert_eq!(a.status, 404);
        assert_eq!((a.status, &a.headers, &a.body), (b.status, &b.headers, &b.body));
    }
    // A collection that will exist for others and one that never will.
    let inbox = "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a03";
    let a = world.get(&format!("{ROOT}collections/{inbox}/objects/")).await;
    let b = world.get(&format!("{ROOT}collections/nope/objects/")).await;
    assert_eq!((a.status.as_u16(), &a.headers, &a.body), (404, &b.headers, &b.body));
}

async fn errors_are_taxii_errors(place: &Place) {
    let world = World::new(place).await;
    for (path, status, code) in [
        ("objects/?limit=0", 400, "bad-limit"),
        ("objects/?limit=-1", 400, "bad-limit"),
        ("objects/?limit=abc", 400, "bad-limit"),
        ("objects/?next=nonsense", 400, "bad-next"),
        ("manifest/?next=nonsense", 400, "bad-next"),
        ("objects/?next=AAAAAAAAAAAAAAAAAAAAAAAAAAAA", 400, "bad-next"),
        ("objects/?added_after=yesterday", 400, "bad-added-after"),
        ("objects/?match[version]=newest", 400, "bad-filter"),
        ("objects/?match[colour]=red", 400, "bad-filter"),
        ("objects/?limit=1&limit=2", 400, "repeated-parameter"),
        ("objects/nonsense/", 404, "not-found"),
        ("nonsense/", 404, "not-found"),
    ] {
        let answer = world.get(&format!("{SIGNALS}{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path}");
        assert_eq!(answer.header("content-type"), TAXII, "{path}");
        let json = answer.json();
        assert_eq!(json["http_status"], status.to_string());
        assert!(!json["title"].as_str().unwrap().is_empty());
        assert!(!json["description"].as_str().unwrap().is_empty());
    }
    let auth = format!("Bearer {}", world.key);
    let put = Request::put(format!("{SIGNALS}objects/")).header(header::AUTHORIZATION, auth);
    let answer = world.send(put).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (405, "method-not-allowed"));
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    assert_eq!(answer.header("content-type"), TAXII);
    let huge = "9".repeat(30);
    assert_eq!(world.get(&format!("{SIGNALS}objects/?limit={huge}")).await.status, 200);
}
