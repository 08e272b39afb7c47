//! The inbox as a client meets it: it takes, and is read by nobody.

use axum::body::Body;
use axum::http::{Method, Request, header};
use noroshi_outlet::{Contributor, Rights};
use noroshi_seal::ClientCertificate;
use serde_json::json;

use crate::actor::PARTNERS;
use crate::partners::tool;
use crate::place::Place;
use crate::world::{PEPPER, TAXII, World};

crate::on_both_engines!(
    what_is_posted_is_handed_over_and_never_read,
    whoever_may_not_post_finds_no_inbox,
    a_status_is_for_whoever_posted,
    a_client_certificate_opens_what_was_registered,
    bodies_wait_for_room_and_one_collection_not_for_the_other,
);

const INBOX: &str = "/taxii2/noroshi/collections/8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a03/";
const NOWHERE: &str = "/taxii2/noroshi/collections/8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7aff/";

async fn what_is_posted_is_handed_over_and_never_read(place: &Place) {
    let world = World::new(place).await;
    let reporter = world.reporter().await;
    let mark = "planted-in-the-inbox";
    let object = json!({"type": "x-note", "id": "x-note--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "spec_version": "2.1", "note": mark});
    for name in [INBOX, "/taxii2/noroshi/collections/inbox/"] {
        let posted = reporter.post(name, &[object.clone(), json!(7)]).await;
        assert_eq!((posted.status.as_u16(), posted.header("content-type")), (202, TAXII));
        assert_eq!(posted.json()["total_count"], 2);
    }
    {
        let posted = world.behind.posted.lock().unwrap();
        let (who, envelope) = &posted[0];
        assert_eq!(*who, reporter.authorization);
        let objects: Vec<_> = envelope.objects().map(<[u8]>::to_vec).collect();
        assert_eq!(objects, [object.to_string().into_bytes(), b"7".to_vec()]);
    }
    let info = reporter.get(INBOX).await.json();
    assert_eq!((&info["can_read"], &info["can_write"]), (&json!(false), &json!(true)));
    let listed = reporter.get("/taxii2/noroshi/collections/").await.text();
    assert!(listed.contains("\"inbox\""), "{listed}");
    for path in ["objects/", "manifest/", "objects/x-note--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061/"] {
        let answer = reporter.get(&format!("{INBOX}{path}")).await;
        let nowhere = reporter.get(&format!("{NOWHERE}{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.body), (404, nowhere.body), "{path}");
    }
    assert_eq!(reporter.delete(&format!("{INBOX}objects/{}/", object["id"])).await.status, 403);
    let partner = world.partner(1).await;
    for (actor, path) in [
        (&reporter, format!("{PARTNERS}objects/?match[version]=all")),
        (&partner, format!("{PARTNERS}objects/?match[version]=all")),
        (&reporter, "/taxii2/noroshi/collections/signals/objects/".to_owned()),
        (&reporter, "/".to_owned()),
        (&reporter, "/metrics".to_owned()),
    ] {
        assert!(!actor.get(&path).await.text().contains(mark), "{path}");
    }
}

async fn whoever_may_not_post_finds_no_inbox(place: &Place) {
    let world = World::public(place).await;
    let partner = world.partner(1).await;
    let contributor = Some(Contributor([2; 16]));
    let reads = Rights { read_releases: true, read_partners: true, ..Rights::default() };
    let member = world.actor(reads).await;
    let desk = world.actor(Rights { write_partners: contributor, moderate: true, ..reads }).await;
    for actor in [&partner, &member, &desk] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for tail in ["", "objects/", "manifest/", "objects/tool--x/"] {
                let ask = async |collection: &str| {
                    let request = Request::builder()
                        .method(method.clone())
                        .uri(format!("{collection}{tail}"))
                        .header(header::CONTENT_TYPE, TAXII);
                    actor.send(request, Body::from("{\"objects\":[]}")).await
                };
                let (inbox, nowhere) = (ask(INBOX).await, ask(NOWHERE).await);
                assert!(matches!(inbox.status.as_u16(), 403..=405), "{method} {tail}");
                assert_eq!(
                    (inbox.status, &inbox.headers, &inbox.body),
                    (nowhere.status, &nowhere.headers, &nowhere.body),
                    "{method} {tail}"
                );
            }
        }
        assert!(!actor.get("/taxii2/noroshi/collections/").await.text().contains("inbox"));
    }
    assert!(world.behind.posted.lock().unwrap().is_empty());
}

async fn a_status_is_for_whoever_posted(place: &Place) {
    let world = World::new(place).await;
    let (reporter, other, partner) =
        (world.reporter().await, world.reporter().await, world.partner(1).await);
    let id = reporter.post(INBOX, &[json!({})]).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/taxii2/noroshi/status/{id}/");
    assert_eq!(reporter.get(&path).await.json()["id"], id);
    for stranger in [&other, &partner] {
        assert_eq!(stranger.get(&path).await.status, 404);
    }
}

async fn a_client_certificate_opens_what_was_registered(place: &Place) {
    let world = World::new(place).await;
    let (known, unknown) =
        (ClientCertificate::from_der(b"known"), ClientCertificate::from_der(b"?"));
    let rights = Rights { read_releases: true, write_inbox: true, ..Rights::default() };
    let credential = noroshi_outlet::Credential {
        key_id: known.id(),
        digest: *known.digest(&PEPPER).as_bytes(),
        expires_micros: i64::MAX,
        rights,
    };
    world.shelf.upsert_credential(credential).await.unwrap();
    let ask = async |certificate: ClientCertificate, request: axum::http::request::Builder| {
        world.send(request.extension(certificate)).await
    };
    let signals = || Request::get("/taxii2/noroshi/collections/signals/objects/");
    assert_eq!(ask(known, signals()).await.status, 200);
    assert_eq!(ask(unknown, signals()).await.status, 401);
    // A key that does not hold is refused, whatever certificate comes with it.
    let wrong = signals().header(header::AUTHORIZATION, "Bearer nrsh_x");
    assert_eq!(ask(known, wrong).await.status, 401);
    let post = Request::post(format!("{INBOX}objects/"))
        .header(header::CONTENT_TYPE, TAXII)
        .extension(known);
    let answer = world.send_body(post, Body::from("{\"objects\":[{}]}")).await;
    assert_eq!(answer.status, 202);
    assert_eq!(world.behind.posted.lock().unwrap()[0].0, known.id());
}

async fn bodies_wait_for_room_and_one_collection_not_for_the_other(place: &Place) {
    let world = World::new(place).await;
    let (reporter, partner) = (world.reporter().await, world.partner(1).await);
    let taken = || world.behind.posted.lock().unwrap().len();
    let closed = world.behind.door.write().await;
    let one = [json!(7)];
    let posts = futures::future::join_all((0..5).map(|_| reporter.post(INBOX, &one)));
    let look = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        // None said how long it is, so each counts as the largest.
        assert_eq!(taken(), 2);
        assert_eq!(partner.post(PARTNERS, &[tool(1, 0)]).await.status, 202);
        drop(closed);
    };
    let (answers, ()) = futures::future::join(posts, look).await;
    assert!(answers.iter().all(|a| a.status == 202));
    assert_eq!(taken(), 5);
}
