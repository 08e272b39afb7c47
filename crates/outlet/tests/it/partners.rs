//! The collection that partners read and write.

mod tool;

use axum::body::Body;
use axum::http::{Request, header};
use noroshi_outlet::{Contributor, Rights};
use noroshi_stix::{Kind, Tlp};
use serde_json::{Value, json};
pub(crate) use tool::tool;

use crate::actor::PARTNERS;
use crate::place::Place;
use crate::world::{TAXII, World};

crate::on_both_engines!(
    objects_come_back_to_the_letter,
    one_bad_object_holds_up_no_other,
    a_version_is_stored_once,
    observables_are_compared_by_their_bytes,
    two_renditions_of_an_observable_are_not_added_again,
    versions_in_any_order,
    a_status_can_be_asked_for_later,
    who_may_post_and_who_may_not,
    what_is_posted_must_be_taxii,
    deleting_is_for_whoever_brought_it,
    partners_show_in_taxii_only,
    a_partner_sees_no_release,
);

async fn objects_come_back_to_the_letter(place: &Place) {
    for world in [World::new(place).await, World::small_window(place).await] {
        let partner = world.partner(1).await;
        // Key order, numbers, escapes and blanks that a parser would write otherwise.
        let id = if world.shelf.health().verified == 0 { 1 } else { 2 };
        let text = format!(
            r#"{{ "name":"\u72fc\/", "x_n":1.0e2,"x_big":12345678901234567890, "type":"tool",
            "id":"tool--00000000-0000-4000-8000-{id:012}","created":"2026-01-01T00:00:00.000Z",
            "spec_version":"2.1","modified":"2026-01-01T00:00:00.000Z","x_n2":1e400 }}"#
        );
        let posted = partner.post_text(PARTNERS, format!("{{\"objects\":[ {text} ]}}")).await;
        assert_eq!(posted.status, 202, "{}", posted.text());
        assert_eq!(posted.json()["success_count"], 1, "{}", posted.text());
        let path = format!("{PARTNERS}objects/tool--00000000-0000-4000-8000-{id:012}/");
        let back = partner.get(&path).await.text();
        assert_eq!(back, format!("{{\"objects\":[{text}],\"more\":false}}"));
    }
}

async fn one_bad_object_holds_up_no_other(place: &Place) {
    let world = World::new(place).await;
    let partner = world.partner(1).await;
    let mut no_id = tool(2, 0);
    no_id.as_object_mut().unwrap().remove("id");
    let mut red = tool(4, 0);
    red["object_marking_refs"] =
        json!(["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]);
    let objects = [
        tool(1, 0),
        no_id,
        json!(7),
        json!([]),
        json!({"type": "tool", "id": "tool--x"}),
        red,
        tool(3, 0),
    ];
    let status = partner.post(PARTNERS, &objects).await.json();
    assert_eq!(status["status"], "complete");
    assert_eq!((&status["total_count"], &status["success_count"]), (&json!(7), &json!(2)));
    assert_eq!((&status["failure_count"], &status["pending_count"]), (&json!(5), &json!(0)));
    let failures = status["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 5);
    assert!(failures.iter().all(|f| f["message"].as_str().unwrap().starts_with("Not taken: it")));
    assert_eq!(failures[3]["id"], "tool--x");
    assert!(failures[4]["message"].as_str().unwrap().contains("TLP:RED"));
    assert_eq!(status["successes"][1]["id"], tool(3, 0)["id"]);
    assert_eq!(partner.partners("").await, [tool(1, 0), tool(3, 0)]);
}

async fn a_version_is_stored_once(place: &Place) {
    let world = World::new(place).await;
    let (one, two) = (world.partner(1).await, world.partner(2).await);
    one.post(PARTNERS, &[tool(1, 0), tool(1, 0), tool(1, 1)]).await;
    let again = two.post(PARTNERS, &[tool(1, 1), tool(1, 2)]).await.json();
    assert_eq!((&again["success_count"], &again["failure_count"]), (&json!(2), &json!(0)));
    assert_eq!(again["successes"][0]["message"], "this version is here already");
    let nothing = two.post(PARTNERS, &[tool(1, 0)]).await;
    assert_eq!((nothing.status.as_u16(), &nothing.json()["success_count"]), (202, &json!(1)));
    let all = one.partners("match[version]=all").await;
    assert_eq!(all, [tool(1, 0), tool(1, 1), tool(1, 2)]);
}

async fn observables_are_compared_by_their_bytes(place: &Place) {
    let world = World::small_window(place).await;
    let partner = world.partner(1).await;
    let address = |note: &str| {
        json!({"type": "ipv4-addr", "spec_version": "2.1", "value": "198.51.100.7", "x_note": note,
            "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"})
    };
    for _ in 0..2 {
        partner.post(PARTNERS, &[address("a"), address("a")]).await;
        partner.post(PARTNERS, &[tool(1, 0), tool(2, 0), tool(3, 0)]).await;
    }
    let versions = partner.partners("match[type]=ipv4-addr&match[version]=all").await;
    assert_eq!(versions, [address("a")]);
    partner.post(PARTNERS, &[address("b")]).await;
    assert_eq!(partner.partners("match[type]=ipv4-addr").await, [address("b")]);
    assert_eq!(
        partner.partners("match[type]=ipv4-addr&match[version]=first").await,
        [address("a")]
    );
    // A status names the version under which it can be asked for.
    let objects = [tool(9, 0), address("c"), address("d"), address("a")];
    let status = partner.post(PARTNERS, &objects).await.json();
    let versions = status["successes"].as_array().unwrap().iter().map(|s| s["version"].clone());
    let versions: Vec<_> = versions.collect();
    for (n, note) in [(1, "c"), (2, "d"), (3, "d")] {
        let query =
            format!("match[type]=ipv4-addr&match[version]={}", versions[n].as_str().unwrap());
        assert_eq!(partner.partners(&query).await, [address(note)], "{n}");
    }
    // Without a version of its own, its version is when it was added.
    let manifest = partner.get(&format!("{PARTNERS}manifest/?match[type]=ipv4-addr")).await.json();
    let entry = &manifest["objects"][0];
    let digits = |v: &Value| v.as_str().unwrap().trim_end_matches(['0', 'Z']).to_owned();
    assert_eq!(digits(&entry["version"]), digits(&entry["date_added"]));
}

async fn versions_in_any_order(place: &Place) {
    for world in [World::new(place).await, World::small_window(place).await] {
        let partner = world.partner(1).await;
        for version in [1, 3, 2] {
            partner.post(PARTNERS, &[tool(1, version)]).await;
        }
        for (query, want) in [
            ("", vec![3]),
            ("match[version]=last", vec![3]),
            ("match[version]=first", vec![1]),
            ("match[version]=all", vec![1, 3, 2]),
            ("match[version]=2026-01-01T00:00:02.000Z", vec![2]),
            ("match[version]=first,last", vec![1, 3]),
            ("match[version]=2026-01-01T00:00:02Z,last", vec![3, 2]),
        ] {
            let want: Vec<_> = want.into_iter().map(|v| tool(1, v)).collect();
            assert_eq!(partner.partners(query).await, want, "{query}");
        }
        let id = tool(1, 1)["id"].as_str().unwrap().to_owned();
        let versions = partner.get(&format!("{PARTNERS}objects/{id}/versions/")).await;
        assert_eq!(versions.json()["versions"].as_array().unwrap().len(), 3);
        assert!(
            versions.header("x-taxii-date-added-first")
                < versions.header("x-taxii-date-added-last")
        );
        partner.delete(&format!("{PARTNERS}objects/{id}/?match[version]=last")).await;
        assert_eq!(partner.partners("").await, [tool(1, 2)]);
        partner.delete(&format!("{PARTNERS}objects/{id}/?match[version]=first")).await;
        assert_eq!(partner.partners("match[version]=first").await, [tool(1, 2)]);
        // What was deleted may come again.
        partner.post(PARTNERS, &[tool(1, 3)]).await;
        assert_eq!(partner.partners("").await, [tool(1, 3)]);
        assert_eq!(partner.delete(&format!("{PARTNERS}objects/{id}/")).await.status, 200);
        assert!(partner.partners("match[version]=all").await.is_empty());
        assert_eq!(partner.get(&format!("{PARTNERS}objects/{id}/")).await.status, 404);
    }
}

async fn a_status_can_be_asked_for_later(place: &Place) {
    let world = World::new(place).await;
    let (one, two, member) =
        (world.partner(1).await, world.partner(2).await, world.reporter().await);
    for objects in [vec![tool(1, 0), json!(7)], vec![tool(1, 0)], vec![]] {
        let posted = one.post(PARTNERS, &objects).await.json();
        let path = format!("/taxii2/noroshi/status/{}/", posted["id"].as_str().unwrap());
        let asked = one.get(&path).await;
        assert_eq!((asked.status.as_u16(), asked.header("content-type")), (200, TAXII));
        assert_eq!(asked.json(), posted);
        let nowhere = two.get("/taxii2/noroshi/status/00000000-0000-4000-8000-000000000000/").await;
        for stranger in [&two, &member] {
            let answer = stranger.get(&path).await;
            assert_eq!((answer.status.as_u16(), answer.body), (404, nowhere.body.clone()));
        }
        // The same partner by another key.
        assert_eq!(world.partner(1).await.get(&path).await.status, 200);
    }
    for bad in ["nope", "%00", "00000000"] {
        assert_eq!(one.get(&format!("/taxii2/noroshi/status/{bad}/")).await.status, 404);
    }
    // Many objects: only failures are listed.
    let many: Vec<_> = (0..150).map(|n| tool(n, 5)).chain([json!({})]).collect();
    let status = one.post(PARTNERS, &many).await.json();
    assert_eq!((&status["success_count"], &status["failure_count"]), (&json!(150), &json!(1)));
    assert!(status.get("successes").is_none());
    let path = format!("/taxii2/noroshi/status/{}/", status["id"].as_str().unwrap());
    world.clock.advance(3 * 86_400_000_000);
    one.post(PARTNERS, &[tool(999, 0)]).await;
    assert_eq!(one.get(&path).await.status, 404, "a status is kept for two days");
}

async fn who_may_post_and_who_may_not(place: &Place) {
    let world = World::public(place).await;
    let objects = json!({"objects": [tool(1, 0)]}).to_string();
    let (member, reporter) = (
        world.actor(Rights { read_releases: true, read_partners: true, ..Rights::default() }).await,
        world.reporter().await,
    );
    for actor in [&member, &reporter] {
        let refused = actor.post(PARTNERS, &[tool(1, 0)]).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "not-writable"));
    }
    let partner = world.partner(1).await;
    for collection in ["signals", "context"] {
        let path = format!("/taxii2/noroshi/collections/{collection}/");
        assert_eq!(member.post(&path, &[tool(1, 0)]).await.status, 403);
        assert_eq!(partner.post(&path, &[tool(1, 0)]).await.status, 404);
    }
    let nobody = Request::post(format!("{PARTNERS}objects/")).header(header::CONTENT_TYPE, TAXII);
    assert_eq!(world.send_body(nobody, Body::from(objects)).await.status, 403);
    assert!(member.partners("").await.is_empty());
    let writes = |info: Value| info["can_write"].as_bool().unwrap();
    assert!(writes(partner.get(PARTNERS).await.json()));
    assert!(!writes(member.get(PARTNERS).await.json()));
}

async fn what_is_posted_must_be_taxii(place: &Place) {
    let world = World::with(place, |c| c.max_body = 100_000).await;
    let partner = world.partner(1).await;
    let good = json!({"objects": [tool(1, 0)]}).to_string();
    let send = async |media: Option<&str>, accept: &str, body: String| {
        let mut request =
            Request::post(format!("{PARTNERS}objects/")).header(header::ACCEPT, accept);
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        let answer = partner.send(request, Body::from(body)).await;
        assert_eq!(answer.header("content-type"), TAXII);
        (answer.status.as_u16(), answer.code())
    };
    for media in [
        None,
        Some("application/json"),
        Some("application/stix+json;version=2.1"),
        Some("application/taxii+json;version=2.0"),
        Some("text/plain"),
        Some(""),
    ] {
        let (status, code) = send(media, TAXII, good.clone()).await;
        assert_eq!((status, code.as_str()), (415, "unsupported-media-type"), "{media:?}");
    }
    for (body, code) in [
        ("", "bad-json"),
        ("{\"objects\": [", "bad-json"),
        ("[]", "bad-envelope"),
        ("{}", "bad-envelope"),
        ("{\"objects\": 7}", "bad-envelope"),
    ] {
        assert_eq!(
            send(Some(TAXII), TAXII, body.to_owned()).await,
            (400, code.to_owned()),
            "{body}"
        );
    }
    let deep = format!("{{\"objects\":[{}{}]}}", "[".repeat(30_000), "]".repeat(30_000));
    assert_eq!(send(Some(TAXII), TAXII, deep).await, (400, "too-deep".to_owned()));
    let large = format!("{{\"objects\":[\"{}\"]}}", "x".repeat(100_001));
    assert_eq!(send(Some(TAXII), TAXII, large).await, (413, "body-too-large".to_owned()));
    assert_eq!(send(Some(TAXII), "text/html", good.clone()).await.0, 406);
    for media in [TAXII, "application/taxii+json", "Application/TAXII+json; version=2.1"] {
        assert_eq!(send(Some(media), "*/*", good.clone()).await.0, 202, "{media}");
    }
    assert_eq!(partner.partners("match[version]=all").await, [tool(1, 0)]);
}

async fn deleting_is_for_whoever_brought_it(place: &Place) {
    let world = World::public(place).await;
    let (one, two) = (world.partner(1).await, world.partner(2).await);
    let desk = Rights {
        read_releases: true,
        read_partners: true,
        write_partners: Some(Contributor([9; 16])),
        moderate: true,
        ..Rights::default()
    };
    let (desk, member) = (world.actor(desk).await, world.reporter().await);
    one.post(PARTNERS, &[tool(1, 0), tool(1, 1), tool(2, 0)]).await;
    two.post(PARTNERS, &[tool(1, 2), tool(3, 0)]).await;
    let path = |n: u32| format!("{PARTNERS}objects/{}/", tool(n, 0)["id"].as_str().unwrap());
    for (actor, n) in [(&two, 2), (&one, 3), (&member, 2), (&one, 1)] {
        let refused = actor.delete(&path(n)).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "not-writable"));
    }
    assert_eq!(one.partners("match[version]=all").await.len(), 5, "nothing was deleted");
    // Whoever may not read finds out nothing by it.
    let write_partners = Some(Contributor([3; 16]));
    let blind = world.actor(Rights { write_partners, ..Rights::default() }).await;
    let (theirs, nowhere) = (blind.delete(&path(2)).await, blind.delete(&path(77)).await);
    assert_eq!((theirs.status.as_u16(), &theirs.body), (404, &nowhere.body));
    assert_eq!(one.delete(&format!("{}?match[version]=first", path(1))).await.status, 200);
    assert_eq!(one.delete(&format!("{}?match[spec_version]=2.0", path(2))).await.status, 404);
    assert_eq!(one.delete(&path(77)).await.status, 404);
    assert_eq!(one.delete(&format!("{PARTNERS}objects/nonsense/")).await.status, 404);
    assert_eq!(one.delete(&format!("{}?match[version]=newest", path(2))).await.status, 400);
    assert_eq!(desk.delete(&path(3)).await.status, 200);
    assert_eq!(member.partners("match[version]=all").await, [tool(1, 1), tool(2, 0), tool(1, 2)]);
    let released = world.hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Clear);
    world.publish(vec![released]).await;
    let id = world.get("/taxii2/noroshi/collections/signals/objects/").await.ids().remove(0);
    let path = format!("/taxii2/noroshi/collections/signals/objects/{id}/");
    assert_eq!(desk.delete(&path).await.status, 403);
    assert_eq!(one.delete(&path).await.status, 404);
}

async fn partners_show_in_taxii_only(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 1).await;
    let before = world.get("/feeds/ipv4.txt").await;
    let stream_end = world.shelf.health();
    let partner = world.partner(1).await;
    let indicator = json!({"type": "indicator", "spec_version": "2.1", "name": "partner indicator",
        "id": "indicator--00000000-0000-4000-8000-000000000001", "pattern": "[ipv4-addr:value = '198.51.100.99']",
        "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"});
    partner.post(PARTNERS, &[indicator]).await;
    let after = world.get("/feeds/ipv4.txt").await;
    assert_eq!((before.text(), before.header("etag")), (after.text(), after.header("etag")));
    assert!(!world.get("/").await.text().contains("partner indicator"));
    let health = world.shelf.health();
    assert_eq!(
        (health.releases, health.newest_tick),
        (stream_end.releases, stream_end.newest_tick)
    );
    assert_eq!(health.verified, 2);
    // Dates of releases are those of their tick, whatever partners post.
    world.clock.advance(86_400_000_000);
    partner.post(PARTNERS, &[tool(1, 0)]).await;
    world.publish_addresses(1, 1).await;
    let signals = world.get("/taxii2/noroshi/collections/signals/objects/").await;
    assert_eq!(signals.header("x-taxii-date-added-last"), "2026-11-23T03:00:10.000000Z");
    let nothing = "/taxii2/noroshi/status/00000000-0000-4000-8000-000000000000";
    for path in [nothing.to_owned(), format!("{nothing}/")] {
        assert_eq!(partner.get(&path).await.status, 404);
    }
    let metrics = world.anonymous("/metrics").await.text();
    // What is counted stands before the figure; a time may hold any digits.
    let counted = metrics.lines().map(|l| l.rsplit_once(' ').map_or(l, |(what, _)| what));
    for what in counted {
        assert!(!what.contains("POST") && !what.contains("202"), "posts are not counted: {what}");
    }
    assert!(!metrics.contains("status/"), "nor who asks what became of one: {metrics}");
}

async fn a_partner_sees_no_release(place: &Place) {
    let world = World::new(place).await;
    world.publish_addresses(0, 1).await;
    let id = world.get("/taxii2/noroshi/collections/signals/objects/").await.ids().remove(0);
    let partner = world.partner(1).await;
    let listed = partner.get("/taxii2/noroshi/collections/").await.json();
    let aliases: Vec<_> =
        listed["collections"].as_array().unwrap().iter().map(|c| c["alias"].clone()).collect();
    assert_eq!(aliases, [json!("partners")]);
    let nowhere = partner.get("/taxii2/noroshi/collections/nowhere/objects/").await;
    for path in
        ["signals/objects/", "signals/", "context/manifest/", &format!("signals/objects/{id}/")]
    {
        let answer = partner.get(&format!("/taxii2/noroshi/collections/{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.body), (404, nowhere.body.clone()), "{path}");
    }
    for path in ["/feeds/ipv4.txt", "/stream"] {
        let answer = partner.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "releases-not-open"));
    }
}

async fn two_renditions_of_an_observable_are_not_added_again(place: &Place) {
    let world = World::small_window(place).await;
    let (one, two) = (world.partner(1).await, world.partner(2).await);
    let address = r#""id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","type":"ipv4-addr""#;
    let short = format!(r#"{{"objects":[{{{address},"value":"198.51.100.7"}}]}}"#);
    let long = format!(r#"{{"objects":[{{"value":"198.51.100.7",{address}}}]}}"#);
    for _ in 0..2 {
        assert_eq!(one.post_text(PARTNERS, short.clone()).await.status, 202);
        assert_eq!(two.post_text(PARTNERS, long.clone()).await.status, 202);
    }
    assert_eq!(one.partners("match[version]=all").await.len(), 2);
}
