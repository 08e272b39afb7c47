//! The page of one object, downloads, and the settings for tools.

use axum::http::{Request, header};
use noroshi_outlet::SignedDocument;
use noroshi_stix::{Kind, Tlp};
use serde_json::json;

use crate::place::Place;
use crate::search::{encode, report};
use crate::world::{Answer, START, World};

crate::on_both_engines!(
    a_page_says_what_is_known_of_an_indicator,
    a_report_is_shown_in_both_languages_with_what_it_names,
    a_relationship_leads_to_its_other_end,
    history_has_a_proof_of_each_version,
    browsers_are_asked_to_sign_in,
    downloads_have_what_the_filter_finds,
    tools_get_lists_in_their_own_form,
    settings_are_complete,
);

async fn browser(world: &World, path: &str, key: bool) -> Answer {
    let mut request = Request::get(path).header(header::ACCEPT, "text/html,*/*;q=0.8");
    if key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", world.key));
    }
    world.send(request).await
}

async fn a_page_says_what_is_known_of_an_indicator(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    let object = hub.expiring(Kind::Url, "https://a.example/x?<y>", START + 100_000_000);
    let id = serde_json::from_slice::<serde_json::Value>(&object).unwrap()["id"].clone();
    let path = format!("/objects/{}", id.as_str().unwrap());
    world.publish(vec![object]).await;
    let page = browser(&world, &path, true).await;
    let text = page.text();
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("script-src 'self';"));
    for part in [
        "hxxps://a[.]example/x?",
        "confirmed",
        "at least two members",
        "Fresh.",
        "<rect class=\"done\" width=\"0\"",
        "2026-11-23 03:00:00 UTC",
        "TLP:GREEN",
        "stays within the community",
        "Indicators are not linked to reports on purpose",
        "/proofs/indicator--",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("<y>") && !text.contains("style="));
    world.clock.advance(60_000_000);
    let text = browser(&world, &path, true).await.text();
    assert!(text.contains("Ageing") && text.contains("<rect class=\"done\" width=\"60\""));
    world.clock.advance(60_000_000);
    assert!(browser(&world, &path, true).await.text().contains("Expired"));
    let missing = format!("/objects/{}", hub.fresh_id());
    assert_eq!(browser(&world, &missing, true).await.status, 404);
    assert_eq!(world.get("/objects/nonsense").await.code(), "not-found");
}

async fn a_report_is_shown_in_both_languages_with_what_it_names(place: &Place) {
    let world = World::new(place).await;
    let objects = report(&world, 1, "A member (electric power)", "会員(電力)", Tlp::Green);
    let id = "report--010d1df4-9a3e-4b0e-8d7a-5b6c1f2a3b4c";
    let technique = "attack-pattern--010d1df4-9a3e-4b0e-8d7a-5b6c1f2a3b4c";
    world.shelf.publish(world.hub.batch_of("context", objects)).await.unwrap();
    let name = format!("certificates/{id}");
    let document = SignedDocument::sign(name, false, "{}", &world.hub.key);
    world.shelf.put_documents(vec![document]).await.unwrap();
    let text = browser(&world, &format!("/objects/{id}"), true).await.text();
    for part in [
        "lang=\"ja\"><h2>会員(電力)</h2>",
        "lang=\"en\"><h2>A member (electric power)</h2>",
        &format!("/anonymity/certificates/{id}"),
        &format!("<a href=\"/objects/{technique}\""),
        "Technique",
        "<title id=\"graph-title\">",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let text = browser(&world, &format!("/objects/{technique}"), true).await.text();
    assert!(text.contains(&format!("/objects/{id}")), "the report that names it");
}

async fn a_relationship_leads_to_its_other_end(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    let indicator = hub.indicator(Kind::Ipv4, "203.0.113.9", Tlp::Green);
    let of = serde_json::from_slice::<serde_json::Value>(&indicator).unwrap()["id"].clone();
    let common = |kind: &str, n: u8| {
        json!({
            "type": kind, "spec_version": "2.1",
            "id": format!("{kind}--{n:02x}0d1df4-9a3e-4b0e-8d7a-5b6c1f2a3b4c"),
            "created_by_ref": hub.creator, "created": "2026-11-23T00:00:00.000Z",
            "modified": "2026-11-23T00:00:00.000Z", "object_marking_refs": [Tlp::Green.stix_id()],
        })
    };
    let mut campaign = common("campaign", 1);
    campaign["name"] = json!("Kuroshio");
    let mut relationship = common("relationship", 2);
    relationship["relationship_type"] = json!("indicates");
    relationship["source_ref"] = of.clone();
    relationship["target_ref"] = campaign["id"].clone();
    let mut sighting = common("sighting", 3);
    sighting["sighting_of_ref"] = of.clone();
    sighting["count"] = json!(7);
    let objects =
        [campaign.clone(), relationship, sighting].map(|o| serde_json::to_vec(&o).unwrap());
    world.publish(vec![indicator]).await;
    world.shelf.publish(hub.batch_of("context", objects.into())).await.unwrap();
    let text = browser(&world, &format!("/objects/{}", of.as_str().unwrap()), true).await.text();
    let campaign = format!("<a href=\"/objects/{}\"", campaign["id"].as_str().unwrap());
    for part in [&campaign, "Kuroshio", "indicates", "5 to 9 times"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let feed = world.get("/").await.text();
    assert!(feed.contains("Kuroshio") && !feed.contains("relationship--"), "parts are no news");
}

async fn history_has_a_proof_of_each_version(place: &Place) {
    let world = World::new(place).await;
    let id = world.hub.fresh_id();
    for n in 0..3 {
        let at = START + n * 10_000_000;
        let object = world.hub.version(&id, Kind::Ipv4, "203.0.113.7", Tlp::Green, at, n == 2);
        world.publish(vec![object]).await;
    }
    let text = browser(&world, &format!("/objects/{id}"), true).await.text();
    assert!(text.contains("Withdrawn.") && text.contains("h1 class=\"object value gone\""));
    let proofs: Vec<&str> = text.split("href=\"/proofs/").skip(1).collect();
    assert_eq!(proofs.len(), 3);
    for proof in proofs {
        let path = format!("/proofs/{}", proof.split('"').next().unwrap());
        let answer = world.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["id"], id.to_string());
    }
}

async fn browsers_are_asked_to_sign_in(place: &Place) {
    let world = World::new(place).await;
    for path in ["/objects/x", "/download/indicators.csv", "/feeds/"] {
        let page = browser(&world, path, false).await;
        assert_eq!(page.status, 401, "{path}");
        assert!(page.text().contains("Sign in to read this"), "{path}");
        assert_eq!(page.header("www-authenticate"), "Bearer realm=\"noroshi\"");
        assert_eq!(world.anonymous(path).await.code(), "credentials-needed");
    }
}

async fn downloads_have_what_the_filter_finds(place: &Place) {
    let world = World::new(place).await;
    let hub = &world.hub;
    world
        .publish(vec![
            hub.indicator(Kind::Ipv4, "203.0.113.1", Tlp::Green),
            hub.indicator(Kind::Mutex, "=cmd|' /C calc'!A0", Tlp::Green),
            hub.version(&hub.fresh_id(), Kind::Host, "gone.example.net", Tlp::Green, START, true),
        ])
        .await;
    // More than is read at once.
    world.publish_addresses(200, 450).await;
    let objects = report(&world, 1, "A member (electric power)", "会員(電力)", Tlp::Green);
    world.shelf.publish(hub.batch_of("context", objects)).await.unwrap();
    let list = world.get("/download/indicators.txt?kind=ipv4").await;
    assert_eq!((list.text().lines().count(), list.header("x-noroshi-count")), (451, "451"));
    assert!(list.header("content-disposition").contains("filename=\"noroshi-indicators.txt\""));
    let all = world.get("/download/indicators.txt").await.text();
    assert!(!all.contains("gone.example.net") && !all.contains("A member"));
    let csv = world.get("/download/indicators.csv").await.text();
    assert_eq!(csv.matches("\r\n").count(), 455);
    assert!(csv.contains("\"'=cmd|' /C calc'!A0\",\"mutex\""), "{csv}");
    assert!(csv.contains("\"gone.example.net\",\"host\"") && csv.contains("\"withdrawn\""));
    let bundle = world.get("/download/bundle.json").await;
    assert_eq!(bundle.header("content-type"), "application/stix+json;version=2.1");
    let bundle = bundle.json();
    let types = |kind: &str| {
        let all = bundle["objects"].as_array().unwrap();
        all.iter().filter(|o| o["type"] == kind).count()
    };
    assert_eq!(bundle["type"], "bundle");
    for (kind, count) in [
        ("indicator", 453),
        ("report", 1),
        ("attack-pattern", 1),
        ("language-content", 1),
        ("marking-definition", 4),
    ] {
        assert_eq!(types(kind), count, "{kind}");
    }
    let path = format!("/download/bundle.json?q={}", encode("nothing like this"));
    assert_eq!(world.get(&path).await.json()["objects"].as_array().unwrap().len(), 4);
    assert_eq!(world.get("/download/other.txt").await.status, 404);
}

async fn tools_get_lists_in_their_own_form(place: &Place) {
    let world = World::new(place).await;
    world.publish(vec![world.hub.indicator(Kind::Host, "c2.example.net", Tlp::Green)]).await;
    let zone = world.get("/feeds/domain.rpz").await;
    assert!(zone.text().ends_with("c2.example.net CNAME .\n*.c2.example.net CNAME .\n"));
    assert_eq!(world.get("/feeds/domain.b64").await.text(), "YzIuZXhhbXBsZS5uZXQ=\n");
    let (plain, tag) = (world.get("/feeds/domain.txt").await, zone.header("etag").to_owned());
    assert_ne!(plain.header("etag"), tag);
    let auth = format!("Bearer {}", world.key);
    let again = Request::get("/feeds/domain.rpz").header(header::AUTHORIZATION, auth);
    let again = world.send(again.header(header::IF_NONE_MATCH, tag)).await;
    assert_eq!(again.status, 304);
    assert_eq!(world.get("/feeds/ipv4.rpz").await.status, 404);
}

async fn settings_are_complete(place: &Place) {
    let world = World::new(place).await;
    let text = world.anonymous("/connect").await.text();
    for part in [
        "http://localhost/taxii2/",
        "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01",
        "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a03",
        "application/taxii+json;version=2.1",
        "Freetext Parsed Feed",
        "http://localhost/feeds/domain.rpz",
        "http://localhost/feeds/domain.b64",
        "http://localhost/feeds/ja4.txt",
        "dataset:isset,noroshi-domain",
        "noroshi admin key create",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let ja = world.anonymous("/connect?lang=ja").await.text();
    assert!(ja.contains("ツールの接続"));
}
