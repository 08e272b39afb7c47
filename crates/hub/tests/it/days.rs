//! Receipts in daily trees: a head for every day, a proof for every report, and words of a report.

use noroshi_seal::{
    Challenge, DayTree, ReportProof, ReporterKeys, SeededEntropy, SignedDayHead, Words,
};
use serde_json::Value;

use crate::place::Place;
use crate::web_world;
use crate::world::{Answer, DAY, Member, World};

crate::on_both_engines![
    a_report_with_words_is_proven_from_public_bytes,
    every_day_has_a_head_also_after_downtime,
    keys_that_do_not_fit_are_refused,
    no_receipt_is_made_out_for_a_closed_day,
];

pub(crate) fn keys(seed: u64) -> ReporterKeys {
    ReporterKeys::derive(&Words::generate(&SeededEntropy::new(seed))).unwrap()
}

pub(crate) async fn file(member: &Member, fields: &[(&str, &str)], text: &str) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{text}\r\n--x--\r\n"
    ));
    member.actor.post("/api/v1/reports", "multipart/form-data; boundary=x", body).await
}

/// Files with these keys and returns the report's id.
pub(crate) async fn file_with(member: &Member, keys: &ReporterKeys, text: &str) -> String {
    let public = keys.public();
    let commit = data_encoding::HEXLOWER.encode(&keys.commit("p-1"));
    let (key, mailbox) = (public.report_key.to_string(), public.mailbox_key.to_string());
    let fields = [("report_key", &*key), ("commit", &*commit), ("mailbox_key", &*mailbox)];
    file(member, &fields, text).await.accepted()
}

async fn day(member: &Member, name: &str) -> Value {
    let answer = member.actor.get(&format!("/anonymity/days/{name}")).await;
    assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    answer.json()
}

/// Head and leaves as a stranger reads them.
fn read(document: &Value) -> (SignedDayHead, DayTree) {
    let hex = |v: &Value| -> Vec<u8> {
        data_encoding::HEXLOWER.decode(v.as_str().unwrap().as_bytes()).unwrap()
    };
    let head = &document["head"];
    let days = (days_of(head["day"].as_str().unwrap())).to_be_bytes().to_vec();
    let size = u32::try_from(head["size"].as_u64().unwrap()).unwrap().to_be_bytes().to_vec();
    let parts = [
        hex(&head["key"]),
        hex(&head["signature"]),
        days,
        size,
        hex(&head["root"]),
        hex(&head["previous"]),
    ];
    let signed = SignedDayHead::from_bytes(&parts.concat()).unwrap();
    let leaves: Vec<[u8; 32]> = document["leaves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| hex(leaf).try_into().unwrap())
        .collect();
    (signed, DayTree::from_leaves(signed.head.day, leaves).unwrap())
}

fn days_of(name: &str) -> i64 {
    let at: noroshi_stix::Timestamp = format!("{name}T00:00:00Z").parse().unwrap();
    at.as_micros() / DAY
}

async fn a_report_with_words_is_proven_from_public_bytes(place: &Place) {
    let w = World::new(place).await;
    let (a, b) = (w.member("Aozora").await, w.member("Bashouan").await);
    let keys = keys(7);
    let report = file_with(&a, &keys, "185.220.101.7").await;
    let plain = b.actor.report_text("185.220.101.8").await.accepted();
    w.tick().await;
    let path = format!("/api/v1/reports/{report}/proof");
    let early = a.actor.get(&path).await;
    early.refused(404, "too-early");
    assert!(early.text().contains("2026-11-24T00:05:00"), "{}", early.text());
    // Midnight alone is not enough, five minutes later it is.
    w.later(21 * 3_600 * 1_000_000).await;
    a.actor.get(&path).await.refused(404, "too-early");
    w.later(300 * 1_000_000).await;
    let answer = a.actor.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    b.actor.get(&path).await.refused(404, "not-found");
    let proof = ReportProof::parse(&answer.text()).unwrap();
    let hub = w.hub.signing_key().verifying_key();
    proof.verify_content(&hub, b"185.220.101.7").unwrap();
    assert!(proof.verify_content(&hub, b"185.220.101.9").is_err());
    // It is the reporter's: the words answer a challenge, other words do not.
    let challenge = Challenge::generate(&SeededEntropy::new(3));
    challenge.verify(&proof.receipt, &challenge.answer(&proof.receipt, &keys).unwrap()).unwrap();
    assert!(challenge.answer(&proof.receipt, &self::keys(8)).is_err());
    // What everybody downloads is what the proof stands in.
    let (signed, tree) = read(&day(&b, "2026-11-23").await);
    signed.verify(&hub).unwrap();
    assert!(signed == proof.head && signed.head.covers(&tree));
    assert_eq!(tree.leaves().len(), 1_024);
    assert!(tree.proof(&proof.receipt.leaf()).is_some());
    // A report without words is in the same tree.
    let other = b.actor.get(&format!("/api/v1/reports/{plain}/proof")).await;
    let other = ReportProof::parse(&other.text()).unwrap();
    other.verify_content(&hub, b"185.220.101.8").unwrap();
    assert!(other.receipt.report_key().is_none());
    // Another day's head, or a head that was changed, proves nothing.
    w.later(DAY).await;
    let (next, _) = read(&day(&b, "2026-11-24").await);
    next.head.follows(&signed.head).unwrap();
    assert!(ReportProof { head: next, ..proof.clone() }.verify(&hub).is_err());
    let mut changed = signed;
    changed.head.root[0] ^= 1;
    assert!(ReportProof { head: changed, ..proof }.verify(&hub).is_err());
}

async fn every_day_has_a_head_also_after_downtime(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.tick().await;
    a.actor.get("/anonymity/days/latest").await.refused(404, "not-found");
    w.later(4 * DAY).await;
    let hub = w.hub.signing_key().verifying_key();
    let mut before = None;
    for name in ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"] {
        let (signed, tree) = read(&day(&a, name).await);
        signed.verify(&hub).unwrap();
        assert!(signed.head.covers(&tree) && tree.leaves().len() == 1_024, "{name}");
        match &before {
            None => assert_eq!(signed.head.previous, [0; 32]),
            Some(before) => signed.head.follows(before).unwrap(),
        }
        before = Some(signed.head);
    }
    a.actor.get("/anonymity/days/2026-11-27").await.refused(404, "not-found");
    let latest = day(&a, "latest").await;
    assert_eq!(latest["day"], "2026-11-26");
    assert!(latest["leaves"].is_null());
    w.anonymous().get("/anonymity/days/latest").await.refused(401, "credentials-needed");
    // Nothing is closed twice, and a hub that starts again goes on.
    let rows = w.rows().await;
    w.tick().await;
    assert_eq!(w.rows().await, rows);
}

async fn keys_that_do_not_fit_are_refused(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    let before = w.rows().await;
    let public = keys(7).public();
    let (key, mailbox) = (public.report_key.to_string(), public.mailbox_key.to_string());
    let commit = "ab".repeat(32);
    for fields in [
        &[("report_key", &*key)][..],
        &[("report_key", &key), ("commit", &commit)],
        &[("report_key", &key), ("commit", &commit), ("mailbox_key", "nrsk_x")],
        &[("report_key", &key), ("commit", "ab"), ("mailbox_key", &mailbox)],
        &[("report_key", "zz"), ("commit", &commit), ("mailbox_key", &mailbox)],
    ] {
        file(&a, fields, "185.220.101.7").await.refused(400, "bad-reporter");
    }
    assert_eq!(w.rows().await, before);
}

async fn no_receipt_is_made_out_for_a_closed_day(place: &Place) {
    let w = World::new(place).await;
    let a = w.member("Aozora").await;
    w.later(DAY).await;
    w.clock.advance(-DAY);
    let before = w.rows().await;
    a.actor.report_text("185.220.101.7").await.refused(503, "day-closed");
    assert_eq!(w.rows().await, before);
    w.clock.advance(DAY);
    let report = a.actor.report_text("185.220.101.7").await.accepted();
    // A report of before the first tree has none, and says so.
    let path = format!("/api/v1/reports/{report}/proof");
    w.hub
        .vault()
        .write("test.first_day", |tx| {
            tx.execute("UPDATE report SET accepted = accepted - 864000000000", &[]).map(drop)
        })
        .await
        .unwrap();
    a.actor.get(&path).await.refused(404, "no-proof");
}

#[tokio::test]
async fn a_browser_is_shown_words_once() {
    let world = web_world::World::new().await;
    for (language, key) in [("en", "k1"), ("ja", "k2")] {
        let member = world.signed_in(noroshi_hub::access::Role::Member, Some(0), language).await;
        let csrf = member.csrf().await;
        let fields = [
            ("_csrf", "", &*csrf),
            ("idempotency", "", key),
            ("text", "", "185.220.101.7"),
            ("words", "", "yes"),
            ("do", "", "send"),
        ];
        let page = member.upload("/report", &fields).await;
        assert_eq!(page.status, axum::http::StatusCode::OK, "{}", page.body);
        let words = web_world::between(&page.body, "<code>", "</code>").to_owned();
        assert_eq!(words.split_whitespace().count(), 12, "{words}");
        let keys = ReporterKeys::derive(&Words::parse(&words).unwrap()).unwrap();
        assert!(page.body.contains(&keys.public().report_key.to_string()), "{}", page.body);
        let own = world.hub.policy().standing.public_id(&world.members[0]);
        let commit = keys.commit(own.expose());
        assert!(page.body.contains(&data_encoding::HEXLOWER.encode(&commit)), "{}", page.body);
        // Sent twice, it shows the report and no words of another.
        let again = member.upload("/report", &fields).await;
        let report = member.get(again.place()).await;
        assert!(
            !report.body.contains(&words) && report.body.contains("datetime=\"2026-11-24T00:05:00")
        );
    }
}
