//! Questions and answers between the desk and a reporter, with words and without.

use axum::http::StatusCode;
use data_encoding::BASE64;
use noroshi_hub::access::Role;
use noroshi_hub::mailbox::{ANSWER_LEN, MAX_ANSWERS, SLOTS};
use noroshi_outlet::{SIGNATURE_HEADER, SignedDocument};
use noroshi_seal::{
    Answer as Sealed, Envelope, ReporterKeys, SealingKey, SeededEntropy, find_questions,
};
use serde_json::{Value, json};

use crate::days::{file_with, keys};
use crate::place::Place;
use crate::web_world;
use crate::world::{Actor, Answer, DAY, World};

crate::on_both_engines![
    a_question_finds_its_reporter_and_the_answer_the_desk,
    wrong_answers_change_nothing_and_look_the_same,
    a_report_without_words_is_asked_on_its_page,
    answers_are_limited_by_size_and_count,
];

const LIST: &str = "/anonymity/mailbox/latest";

/// The desk's key and the items of the list, after its signature was checked.
async fn list(w: &World, actor: &Actor) -> (SealingKey, Vec<Vec<u8>>) {
    let answer = actor.get(LIST).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let header = answer.headers.get(SIGNATURE_HEADER).unwrap().to_str().unwrap().to_owned();
    let hub = [w.hub.signing_key().verifying_key()];
    let document =
        SignedDocument::from_answer("mailbox/latest", answer.body.to_vec(), &header).unwrap();
    assert!(document.verify(&hub));
    let mut tampered = document.clone();
    let last = tampered.body.len() - 10;
    tampered.body[last] ^= 1;
    assert!(!tampered.verify(&hub));
    let body = answer.json();
    let items = body["items"].as_array().unwrap().iter();
    let items: Vec<_> =
        items.map(|i| BASE64.decode(i.as_str().unwrap().as_bytes()).unwrap()).collect();
    assert!(items.iter().all(|i| i.len() == items[0].len()));
    (body["desk"].as_str().unwrap().parse().unwrap(), items)
}

fn found(keys: &ReporterKeys, items: &[Vec<u8>]) -> Vec<([u8; 32], Value)> {
    let all = find_questions(keys.mailbox_key(), items.iter().map(Vec::as_slice));
    all.iter().map(|q| (q.reference(), serde_json::from_str(q.text()).unwrap())).collect()
}

fn sealed(desk: &SealingKey, keys: &ReporterKeys, question: &[u8; 32], text: &str) -> Envelope {
    Sealed::seal(desk, keys, question, text, &SeededEntropy::new(5)).unwrap()
}

async fn send(w: &World, bytes: Vec<u8>) -> Answer {
    w.anonymous().post("/api/v1/mailbox", "application/octet-stream", bytes).await
}

async fn ask(desk: &Actor, report: &str, form: &str) -> Value {
    let path = format!("/api/v1/desk/reports/{report}/questions");
    let made = desk.post_json(&path, &json!({"form": form})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

async fn asked(desk: &Actor, report: &str) -> Value {
    desk.get(&format!("/api/v1/desk/reports/{report}/questions")).await.json()["questions"].clone()
}

async fn a_question_finds_its_reporter_and_the_answer_the_desk(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    let (mine, others) = (keys(7), keys(8));
    let report = file_with(&a, &mine, "185.220.101.7").await;
    file_with(&b, &others, "185.220.101.8").await;
    w.tick().await;
    let (_, before) = list(&w, &b.actor).await;
    assert_eq!(before.len(), SLOTS);
    assert!(found(&mine, &before).is_empty());
    ask(&desk, &report, "first-access").await;
    w.tick().await;
    // The same bytes for everybody, as many as before, and only the right words open one.
    let (key, items) = list(&w, &b.actor).await;
    assert_eq!(list(&w, &a.actor).await.1, items);
    assert_eq!(items.len(), SLOTS);
    assert_eq!(items[0].len(), before[0].len());
    assert!(found(&others, &items).is_empty());
    let questions = found(&mine, &items);
    assert_eq!(questions.len(), 1);
    let (reference, question) = &questions[0];
    assert_eq!(question["id"], "first-access");
    assert_eq!(question["effect"], "context");
    assert_eq!(question["answers"][0]["en"], "by mail");
    // It is nowhere else: not on the page of whoever is signed in.
    let own = a.actor.get(&format!("/api/v1/reports/{report}/questions")).await.json();
    assert_eq!(own["questions"], json!([]));
    let taken = send(&w, sealed(&key, &mine, reference, "mail").to_bytes()).await;
    assert_eq!((taken.status.as_u16(), taken.json()), (202, json!({"taken": true})));
    let at_desk = asked(&desk, &report).await;
    assert_eq!(at_desk[0]["answer"], "mail");
    assert_eq!(at_desk[0]["sealed"], true);
    // The first answer stands.
    send(&w, sealed(&key, &mine, reference, "supplier").to_bytes()).await;
    assert_eq!(asked(&desk, &report).await[0]["answer"], "mail");
    // The list does not show that it was answered, and is for readers only.
    w.tick().await;
    assert_eq!(list(&w, &b.actor).await.1, items);
    w.anonymous().get(LIST).await.refused(401, "credentials-needed");
    let place = w.anonymous().get("/mailbox").await;
    assert_eq!(place.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(place.headers["location"], LIST);
    // It ends.
    w.later(91 * DAY).await;
    let (_, later) = list(&w, &b.actor).await;
    assert!(later.len() == SLOTS && found(&mine, &later).is_empty());
}

async fn wrong_answers_change_nothing_and_look_the_same(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    let (mine, others) = (keys(7), keys(8));
    let report = file_with(&a, &mine, "185.220.101.7").await;
    file_with(&b, &others, "185.220.101.8").await;
    ask(&desk, &report, "still-running").await;
    w.tick().await;
    let (key, items) = list(&w, &a.actor).await;
    let reference = found(&mine, &items)[0].0;
    let rows = w.rows().await;
    let stranger = noroshi_seal::OpeningKey::generate(&SeededEntropy::new(1)).unwrap();
    let mut cut = sealed(&key, &mine, &reference, "yes").to_bytes();
    let last = cut.len() - 1;
    cut[last] ^= 1;
    for (what, bytes) in [
        ("words of another report", sealed(&key, &others, &reference, "yes").to_bytes()),
        ("words of no report", sealed(&key, &keys(9), &reference, "yes").to_bytes()),
        ("a question that does not exist", sealed(&key, &mine, &[3; 32], "yes").to_bytes()),
        ("an answer that cannot be chosen", sealed(&key, &mine, &reference, "perhaps").to_bytes()),
        (
            "sealed to another desk",
            sealed(stranger.sealing_key(), &mine, &reference, "yes").to_bytes(),
        ),
        ("changed on the way", cut),
    ] {
        let taken = send(&w, bytes).await;
        assert_eq!((taken.status.as_u16(), taken.text()), (202, "{\"taken\":true}".to_owned()));
        assert!(asked(&desk, &report).await[0]["answer"].is_null(), "{what}");
        assert_eq!(w.rows().await, rows, "{what}");
    }
    let path = format!("/api/v1/desk/reports/{report}/questions");
    for body in [
        json!({"form": "no-such"}),
        json!({"form": "free"}),
        json!({"form": "free", "text": "x".repeat(1_001)}),
    ] {
        desk.post_json(&path, &body).await.refused(400, "bad-question");
    }
    desk.post_json("/api/v1/desk/reports/r-x/questions", &json!({"form": "still-running"}))
        .await
        .refused(404, "not-found");
    a.actor.post_json(&path, &json!({"form": "still-running"})).await.refused(404, "not-found");
}

async fn a_report_without_words_is_asked_on_its_page(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let desk = w.desk().await;
    let report = a.actor.report_text("185.220.101.7").await.accepted();
    let path = format!("/api/v1/desk/reports/{report}/questions");
    let text = json!({"form": "free", "text": "添付ファイルの名前は?"});
    assert_eq!(desk.post_json(&path, &text).await.status, 201);
    ask(&desk, &report, "still-running").await;
    let own = format!("/api/v1/reports/{report}/questions");
    let questions = a.actor.get(&own).await.json()["questions"].clone();
    let free = questions.as_array().unwrap().iter().find(|q| q["form"] == "free").unwrap();
    assert_eq!((&free["ja"], &free["sealed"]), (&json!("添付ファイルの名前は?"), &json!(false)));
    b.actor.get(&own).await.refused(404, "not-found");
    let answer = format!("{own}/{}", free["id"].as_str().unwrap());
    let said = json!({"answer": "kure_plan.xlsx"});
    b.actor.post_json(&answer, &said).await.refused(404, "not-found");
    a.actor.post_json(&answer, &json!({"answer": " "})).await.refused(400, "bad-answer");
    a.actor.post_json(&format!("{own}/q-x"), &said).await.refused(404, "not-found");
    assert_eq!(a.actor.post_json(&answer, &said).await.status, 200);
    a.actor.post_json(&answer, &said).await.refused(409, "conflict");
    let at_desk = asked(&desk, &report).await;
    assert!(at_desk.to_string().contains("kure_plan.xlsx"), "{at_desk}");
    // Neither question nor answer is in anything that others read.
    w.later(DAY).await;
    for path in [LIST, "/anonymity/days/latest", crate::world::OBJECTS] {
        let seen = b.actor.get(path).await.text();
        assert!(!seen.contains("kure_plan") && !seen.contains(&report), "{path}");
    }
}

async fn answers_are_limited_by_size_and_count(place: &Place) {
    let w = World::new(place).await;
    for bytes in [vec![], vec![1; 10], vec![0; ANSWER_LEN]] {
        send(&w, bytes).await.refused(400, "bad-answer");
    }
    send(&w, vec![0; 9_000]).await.refused(413, "too-large");
    let key = w.hub.desk_key().sealing_key();
    let bytes = sealed(key, &keys(7), &[1; 32], "yes").to_bytes();
    assert_eq!(bytes.len(), ANSWER_LEN);
    for _ in 0..MAX_ANSWERS {
        assert_eq!(send(&w, bytes.clone()).await.status, 202);
    }
    send(&w, bytes.clone()).await.refused(429, "too-many-answers");
    w.tick().await;
    assert_eq!(send(&w, bytes).await.status, 202);
}

#[tokio::test]
async fn the_pages_ask_and_answer_in_both_languages() {
    let world = web_world::World::new().await;
    for (language, question, none, yes, key) in [
        ("en", "Is the attack still going on?", "It cannot change what is published.", "yes", "k1"),
        (
            "ja",
            "攻撃は今も続いていますか。",
            "公開される内容が変わることはありません。",
            "はい",
            "k2",
        ),
    ] {
        let member = world.signed_in(Role::Member, Some(0), language).await;
        let csrf = member.csrf().await;
        let fields = [
            ("_csrf", "", &*csrf),
            ("idempotency", "", key),
            ("text", "", "185.220.101.7"),
            ("do", "", "send"),
        ];
        let page = member.upload("/report", &fields).await.place().to_owned();
        let desk = world.signed_in(Role::Desk, None, language).await;
        let at_desk = format!("/desk{page}");
        let form = desk.get(&at_desk).await;
        assert!(form.body.contains(question) && form.body.contains(none), "{}", form.body);
        let body = format!("_csrf={}&form=still-running", desk.csrf().await);
        let done = desk.post(&format!("{at_desk}/questions"), &body).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let shown = member.get(&page).await;
        assert!(shown.body.contains(question) && shown.body.contains(none), "{}", shown.body);
        let action =
            web_world::between(&shown.body, "<form method=\"post\" action=\"/reports/", "\">");
        let done =
            member.post(&format!("/reports/{action}"), &format!("_csrf={csrf}&answer=yes")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let learned = desk.get(&at_desk).await;
        assert!(learned.body.contains(&format!("</span> {yes}")), "{}", learned.body);
    }
}
