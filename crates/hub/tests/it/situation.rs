//! The situation: services the desk sets, attacks counted without small numbers, times of spread.

use axum::http::StatusCode;
use noroshi_hub::Hub;
use noroshi_hub::access::Role;
use noroshi_hub::situation::services::{self, Area, Change, Service, State};
use noroshi_hub::vault::audit;
use noroshi_outlet::{ReleasedObject, SignedBatch};
use noroshi_seal::{BatchHead, leaf_hash, random_bytes};
use noroshi_stix::{ObjectType, StixId, Timestamp, Tlp};
use serde_json::{Value, json};

use crate::place::Place;
use crate::web_world::World;
use crate::world;

crate::on_both_engines![a_status_is_set_replaced_and_taken_back];

/// Puts reports on the shelf as the context lane writes them, `number` with this title.
pub(crate) async fn publish(
    hub: &Hub,
    title: &str,
    ja: &str,
    number: usize,
    at: Timestamp,
    tlp: Tlp,
) {
    let mut objects = Vec::new();
    for _ in 0..number {
        let id = |kind| StixId::random(ObjectType::new(kind).unwrap(), random_bytes(hub.entropy()));
        let (report, technique) = (id("report"), id("attack-pattern"));
        let object = |id: &StixId, more: Value| {
            let mut all = json!({
                "type": id.object_type(), "spec_version": "2.1", "id": id,
                "created_by_ref": hub.identity(), "created": at, "modified": at,
                "object_marking_refs": [tlp.stix_id()],
            });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::to_vec(&all).unwrap()
        };
        let words = json!({"ja": {"name": ja, "description": format!("{ja}。攻撃手法(ATT&CK): T1566 フィッシング。")}});
        let reference = json!({"source_name": "mitre-attack", "external_id": "T1566"});
        objects.push(object(
            &technique,
            json!({"name": "Phishing", "external_references": [reference]}),
        ));
        objects.push(object(
            &report,
            json!({
                "name": title, "description": format!("{title}."), "published": at,
                "report_types": ["threat-report"], "object_refs": [technique],
            }),
        ));
        objects.push(object(
            &id("language-content"),
            json!({"object_ref": report, "object_modified": at, "contents": words}),
        ));
    }
    let leaves: Vec<_> = objects.iter().map(|o| leaf_hash(o)).collect();
    let batch = random_bytes(hub.entropy());
    let head = BatchHead::over(batch, "context", at.as_micros(), &leaves, [0; 32]).unwrap();
    let objects = objects.into_iter().map(|bytes| ReleasedObject { bytes }).collect();
    let batch = SignedBatch { head: head.sign(hub.signing_key()), objects };
    hub.shelf().publish(batch).await.unwrap();
}

fn power(to: Option<(State, Area)>, note: &str) -> Change {
    let (note_ja, note_en) = (note.to_owned(), note.to_owned());
    Change { service: Service::Power, to, note_ja, note_en }
}

async fn a_status_is_set_replaced_and_taken_back(place: &Place) {
    let w = world::World::new(place).await;
    w.member("Aozora").await;
    assert!(services::all(&w.hub).await.unwrap().is_empty(), "nothing is said by itself");
    let down = Some((State::Down, Area::Kanto));
    services::set(&w.hub, power(down, "restored by noon"), "acc").await.unwrap();
    let set = services::all(&w.hub).await.unwrap();
    assert_eq!(
        (set[0].service, set[0].state, set[0].area),
        (Service::Power, State::Down, Area::Kanto)
    );
    assert_eq!((set[0].note_en.as_str(), set[0].at), ("restored by noon", w.hub.now()));
    let normal = Some((State::Normal, Area::Nationwide));
    services::set(&w.hub, power(normal, ""), "acc").await.unwrap();
    assert_eq!(services::all(&w.hub).await.unwrap()[0].state, State::Normal);
    for note in ["outage at Aozora Corporation", "aozora.example.jp is down", &"x".repeat(201)] {
        assert!(services::set(&w.hub, power(down, note), "acc").await.is_err(), "{note}");
    }
    let mut one = power(down, "");
    one.note_en = "only in English".to_owned();
    assert!(services::set(&w.hub, one, "acc").await.is_err());
    assert_eq!(
        services::all(&w.hub).await.unwrap()[0].state,
        State::Normal,
        "refused is unchanged"
    );
    services::set(&w.hub, power(None, ""), "acc").await.unwrap();
    assert!(services::all(&w.hub).await.unwrap().is_empty());
    let trail = w.hub.vault().read("test.trail", |tx| audit::recent(tx, 10)).await.unwrap();
    let trail: Vec<_> =
        trail.iter().filter(|e| e.subject == "power").map(|e| e.action.as_str()).collect();
    assert_eq!(trail.len(), 3);
    for action in ["service.down", "service.normal", "service.unset"] {
        assert!(trail.contains(&action), "{action}");
    }
}

#[tokio::test]
async fn the_desk_sets_what_everybody_sees() {
    let world = World::new().await;
    let desk = world.signed_in(Role::Desk, None, "en").await;
    let member = world.signed_in(Role::Member, Some(0), "ja").await;
    let form = desk.get("/desk/services").await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let csrf = desk.csrf().await;
    let before = member.get("/situation").await.body;
    assert!(before.contains("電力") && before.contains("未設定"));
    let note = "note_ja=%E5%BE%A9%E6%97%A7%E4%B8%AD&note_en=being+restored";
    let body = format!("_csrf={csrf}&service=power&state=impaired&area=tohoku&{note}");
    let answer = desk.post("/desk/services", &body).await;
    assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/desk/services"));
    let after = member.get("/situation").await.body;
    for part in ["一部に支障", "東北", "復旧中", "class=\"impaired\""] {
        assert!(after.contains(part), "{part}");
    }
    for (state, area, notes, text) in [
        ("down", "moon", "", "Choose a service"),
        ("", "kanto", "", "Choose a service"),
        ("down", "kanto", "&note_en=x", "in both languages"),
        ("down", "kanto", "&note_en=Kaku+Railway+stopped&note_ja=x", "seems to name a member"),
    ] {
        let body = format!("_csrf={csrf}&service=rail&state={state}&area={area}{notes}");
        let answer = desk.post("/desk/services", &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{text}");
        assert!(answer.body.contains(text), "{text}: {}", answer.body);
    }
    assert_eq!(member.get("/desk/services").await.status, StatusCode::NOT_FOUND);
    let forged = desk.post("/desk/services", "service=power&state=down&area=kanto").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn attacks_are_counted_and_small_numbers_are_kept_back() {
    let world = World::new().await;
    let now = world.hub.now();
    let title = |what: &str| format!("A member (kaku) reported: {what}");
    publish(&world.hub, &title("ransomware"), "会員", 4, now, Tlp::Green).await;
    publish(&world.hub, &title("ransomware"), "会員", 3, now.plus_days(-7), Tlp::Clear).await;
    publish(&world.hub, &title("phishing"), "会員", 2, now, Tlp::Green).await;
    let member = world.member().await;
    let page = member.get("/situation").await.body;
    assert!(page.contains("ransomware") && !page.contains("phishing"), "{page}");
    assert!(
        page.contains("class=\"number\">4</text>") && page.contains("class=\"number\">3</text>")
    );
    assert!(page.contains("fewer than 3") && page.contains("<td>7</td>"));
    assert!(!page.contains("style="));
    let desk = world.signed_in(Role::Desk, None, "ja").await;
    assert!(desk.get("/situation").await.body.contains("ランサムウェア"));
    // A member without a signature, and anybody, see no numbers; and not before something is open.
    let unsigned = world.signed_in(Role::Member, Some(2), "en").await;
    let page = unsigned.get("/situation").await.body;
    assert!(page.contains("agreement is signed") && !page.contains("ransomware"));
    // Nor does the operator, who may not read releases.
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let page = operator.get("/situation").await;
    assert!(page.status == StatusCode::OK && !page.body.contains("ransomware"), "{}", page.body);
    assert_eq!(world.visitor("en").get("/situation").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_public_sees_what_is_clear() {
    let world = World::public().await;
    let now = world.hub.now();
    let title = "A member (kaku) reported: ransomware";
    publish(&world.hub, title, "会員", 3, now, Tlp::Clear).await;
    publish(&world.hub, title, "会員", 9, now, Tlp::Green).await;
    let page = world.visitor("en").get("/situation").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("class=\"number\">3</text>"), "{}", page.body);
    assert!(!page.body.contains("class=\"number\">12</text>"));
    let member = world.member().await;
    assert!(member.get("/situation").await.body.contains("class=\"number\">12</text>"));
    let operator = world.signed_in(Role::Operator, None, "en").await;
    let page = operator.get("/situation").await.body;
    assert!(page.contains("class=\"number\">3</text>") && !page.contains(">12</text>"), "{page}");
}
