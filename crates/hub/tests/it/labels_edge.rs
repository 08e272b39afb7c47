//! Registers of 3 and of 12, members that come and go, silence, labels that changed, a lost shelf.

use noroshi_hub::{admin, context, tick};
use noroshi_outlet::SignedDocument;
use serde_json::json;

use crate::labels::Cast;
use crate::place::Place;
use crate::world::{DAY, World};

crate::on_both_engines![
    a_register_of_three_shares_indicators_and_no_context,
    a_register_of_twelve_says_a_member,
    silence_is_a_yes_only_where_it_was_configured_and_shown,
    who_joins_is_no_candidate_of_what_was_said_before,
    a_wider_label_needs_no_new_yes,
    documents_come_back_on_a_lost_shelf,
    who_ended_the_agreement_sends_no_context_it_approved_before,
    the_newest_report_of_a_case_is_the_one_that_goes_out,
    a_yes_can_be_taken_back_until_the_batch,
    a_delivery_that_failed_makes_no_second_batch,
    a_refused_document_keeps_back_no_other,
];

async fn a_register_of_three_shares_indicators_and_no_context(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(2).await;
    let desk = w.desk().await;
    let fields = json!({"attack_type": "ransomware", "indicators": ["45.77.4.1"]});
    let id = a.actor.report(fields).await.accepted();
    let path = format!("reports/{id}/context");
    for (actor, lane) in [(&desk, "desk/"), (&a.actor, "")] {
        let yes = json!({"decision": "approve"});
        let answer = actor.post_json(&format!("/api/v1/{lane}{path}"), &yes).await;
        assert_eq!(answer.status, 200);
    }
    w.later(DAY).await;
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
    assert_eq!(a.actor.feed("ipv4.txt").await, ["45.77.4.1"]);
    let view = a.actor.get(&format!("/api/v1/reports/{id}")).await.json();
    assert_eq!(view["prospect"]["reason"]["code"], "too-few");
    assert_eq!(view["context"], "approved", "held is a normal answer");
}

async fn a_register_of_twelve_says_a_member(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(11).await;
    let fields = json!({"schema": "noroshi-report/1", "attack_type": "ransomware"});
    let view = a.actor.post_json("/api/v1/preview", &fields).await.json();
    assert_eq!(view["context"]["label"], json!({"ja": "会員", "en": "a member"}));
    assert_eq!(view["context"]["candidates"], 12);
}

async fn silence_is_a_yes_only_where_it_was_configured_and_shown(place: &Place) {
    let w = World::with(place, |c| c.context.silence_hours = 24).await;
    let a = w.member("Aozora").await;
    let fields = json!({"attack_type": "ransomware"});
    // Asked while there were too few members: no label was shown, so silence says nothing.
    let early = a.actor.report(fields.clone()).await.accepted();
    let asked = async |id: &str| {
        let path = format!("/api/v1/desk/reports/{id}/context");
        let yes = json!({"decision": "approve"});
        assert_eq!(w.desk().await.post_json(&path, &yes).await.status, 200);
    };
    asked(&early).await;
    w.crowd(5).await;
    let late = a.actor.report(fields).await.accepted();
    asked(&late).await;
    w.clock.advance(DAY - 1);
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0, "a moment too early");
    w.clock.advance(1);
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 1);
    let state = async |id: &str| {
        a.actor.get(&format!("/api/v1/reports/{id}")).await.json()["context"].clone()
    };
    assert_eq!(state(&early).await, "desk-approved");
    assert_eq!(state(&late).await, "released");
    // Whoever ended the agreement says nothing by silence either.
    let last = a.actor.report(json!({"attack_type": "phishing-mail", "techniques": ["T1566.001"]}));
    let last = last.await.accepted();
    asked(&last).await;
    admin::withdraw_agreement(&w.hub, &a.id).await.unwrap();
    w.clock.advance(2 * DAY);
    assert_eq!(context::release_approved(&w.hub).await.unwrap(), 0);
}

async fn who_joins_is_no_candidate_of_what_was_said_before(place: &Place) {
    let cast = Cast::new(place).await;
    cast.approved("ihi").await;
    assert_eq!(cast.batch().await, 1);
    // The tree has spoken, so it stays; whoever joins has no place in it before the next one.
    cast.w.clock.advance(DAY);
    let new = admin::NewMember {
        name_ja: "新規重工".to_owned(),
        name_en: "New Heavy".to_owned(),
        label_path: ["manufacturing", "heavy", "defence-shipbuilding"].map(str::to_owned).into(),
        weight: 2,
        ..admin::NewMember::default()
    };
    let newcomer = cast.w.member_with(new).await;
    let fields = json!({"schema": "noroshi-report/1", "attack_type": "ransomware"});
    let view = newcomer.actor.post_json("/api/v1/preview", &fields).await.json();
    assert_eq!(view["context"]["reason"]["code"], "not-in-tree", "{view}");
    let report = cast.approved("kawasaki-heavy").await;
    assert_eq!(cast.batch().await, 1);
    let (signed, _) = cast.checked(&cast.seen("kawasaki-heavy", &report).await).await;
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    assert!(text.contains("\"candidates\":11"), "{text}");
    // A member that leaves is no candidate any more: ten are left.
    admin::member_leaves(&cast.w.hub, &cast.members["mitsubishi-heavy"].id).await.unwrap();
    cast.w.tick().await;
    let report = cast.approved("toshiba").await;
    assert_eq!(cast.batch().await, 1);
    let (signed, _) = cast.checked(&cast.seen("toshiba", &report).await).await;
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    assert!(!text.contains("\"candidates\":11"), "{text}");
    // Half a year later a new tree has the newcomer in it.
    cast.w.clock.advance(183 * DAY);
    let view = newcomer.actor.post_json("/api/v1/preview", &fields).await.json();
    assert_eq!(view["context"]["outcome"], "published", "{view}");
}

async fn a_wider_label_needs_no_new_yes(place: &Place) {
    let cast = Cast::new(place).await;
    // Four approved before the first goes out: the fourth is decided on a closed cell.
    for id in ["mitsubishi-heavy", "ihi", "kawasaki-heavy", "toshiba"] {
        cast.approved(id).await;
    }
    assert_eq!(cast.batch().await, 4);
    let titles = cast.titles().await;
    assert_eq!(titles.iter().filter(|t| t.contains("manufacturing")).count(), 1, "{titles:?}");
}

async fn documents_come_back_on_a_lost_shelf(place: &Place) {
    let cast = Cast::new(place).await;
    let report = cast.approved("ihi").await;
    assert_eq!(cast.batch().await, 1);
    // The hub starts again over an empty shelf.
    let (vault, shelf) = (place.vault.clone(), format!("{}2", place.shelf));
    let other = Place { vault, shelf, folder: tempfile::tempdir().unwrap() };
    let w = World::new(&other).await;
    let reader = w.with_key(&cast.members["nec"].key);
    w.hub.reload_policy().await.unwrap();
    let view = cast.seen("ihi", &report).await;
    let path = view["release"]["certificate"].as_str().unwrap();
    reader.get(path).await.refused(404, "not-found");
    tick::tick(&w.hub).await.unwrap();
    for path in [path, "/anonymity/records/1", "/anonymity/records/latest"] {
        assert_eq!(reader.get(path).await.status, 200, "{path}");
    }
}

async fn who_ended_the_agreement_sends_no_context_it_approved_before(place: &Place) {
    let cast = Cast::new(place).await;
    cast.approved("ihi").await;
    admin::withdraw_agreement(&cast.w.hub, &cast.members["ihi"].id).await.unwrap();
    assert_eq!(cast.batch().await, 0);
}

async fn the_newest_report_of_a_case_is_the_one_that_goes_out(place: &Place) {
    let cast = Cast::new(place).await;
    let first = cast.approved("ihi").await;
    cast.w.clock.advance(1_000_000);
    let path = format!("/api/v1/reports?continues={first}");
    let body = json!({"schema": "noroshi-report/1", "attack_type": "ransomware"});
    let second = cast.of("ihi").post_json(&path, &body).await.accepted();
    cast.decide(&cast.w.desk().await, "desk/", &second).await;
    cast.decide(cast.of("ihi"), "", &second).await;
    // Others of the same cell in the same batch: whatever the order, all certificates follow.
    let others = [cast.approved("toshiba").await, cast.approved("hitachi").await];
    assert_eq!(cast.batch().await, 3);
    assert_eq!(cast.seen("ihi", &first).await["context"], "declined");
    cast.checked(&cast.seen("ihi", &second).await).await;
    for (id, report) in ["toshiba", "hitachi"].iter().zip(&others) {
        cast.checked(&cast.seen(id, report).await).await;
    }
    assert!(cast.titles().await.iter().any(|t| t.contains("ransomware")));
}

async fn a_yes_can_be_taken_back_until_the_batch(place: &Place) {
    let cast = Cast::new(place).await;
    let report = cast.approved("ihi").await;
    let path = format!("/api/v1/reports/{report}/context");
    let no = cast.of("ihi").post_json(&path, &json!({"decision": "decline"})).await;
    assert_eq!(no.status, 200, "{}", no.text());
    assert_eq!(cast.batch().await, 0);
    // A yes to words that were not shown is none.
    let report = cast.filed("ihi", json!({"attack_type": "ransomware"})).await;
    cast.decide(&cast.w.desk().await, "desk/", &report).await;
    let path = format!("/api/v1/reports/{report}/context");
    let other = json!({"decision": "approve", "wording": "0123456789abcdef"});
    cast.of("ihi").post_json(&path, &other).await.refused(409, "wording-changed");
    let shown = cast.seen("ihi", &report).await["prospect"]["wording"].clone();
    let yes = json!({"decision": "approve", "wording": shown});
    assert_eq!(cast.of("ihi").post_json(&path, &yes).await.status, 200);
    assert_eq!(cast.batch().await, 1);
}

async fn a_delivery_that_failed_makes_no_second_batch(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.crowd(5).await;
    w.tick().await;
    let report = async |kind: &str| {
        let id = a.actor.report(json!({"attack_type": kind})).await.accepted();
        let yes = json!({"decision": "approve"});
        for (actor, lane) in [(w.desk().await, "desk/"), (a.actor.clone(), "")] {
            actor.post_json(&format!("/api/v1/{lane}reports/{id}/context"), &yes).await;
        }
        id
    };
    report("ransomware").await;
    w.clock.advance(7 * DAY);
    let swap = |sql: &'static str| {
        w.hub.shelf().store().write("test.swap", move |tx| tx.execute(sql, &[]))
    };
    swap("ALTER TABLE document RENAME TO document_away").await.unwrap();
    assert!(context::release_due(&w.hub).await.is_err());
    swap("ALTER TABLE document_away RENAME TO document").await.unwrap();
    // What is approved now waits for the next period; what was released is delivered.
    let late = report("targeted-mail").await;
    assert_eq!(context::release_due(&w.hub).await.unwrap(), 0);
    tick::tick(&w.hub).await.unwrap();
    let view = a.actor.get(&format!("/api/v1/reports/{late}")).await.json();
    assert_eq!(view["context"], "approved");
    assert_eq!(a.actor.get("/anonymity/records/1").await.status, 200);
}

async fn a_refused_document_keeps_back_no_other(place: &Place) {
    let cast = Cast::new(place).await;
    let report = cast.approved("ihi").await;
    // The shelf is newer than the vault, as after a restored backup: the number is taken.
    let key = cast.w.hub.signing_key();
    let other = SignedDocument::sign("records/1".to_owned(), false, b"{}".to_vec(), key);
    cast.w.hub.shelf().put_documents(vec![other]).await.unwrap();
    assert!(context::release_approved(&cast.w.hub).await.is_err(), "it is said");
    let view = cast.seen("ihi", &report).await;
    let path = view["release"]["certificate"].as_str().unwrap();
    assert_eq!(cast.of("nec").get(path).await.status, 200);
    assert_eq!(cast.titles().await.len(), 1);
    // It is set aside, so that the next tick has nothing to complain about.
    cast.w.clock.advance(DAY);
    tick::tick(&cast.w.hub).await.unwrap();
}
