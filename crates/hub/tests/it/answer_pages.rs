//! Answering the questions of a case in a browser, without a script.

use noroshi_hub::access::Role;
use serde_json::{Value, json};

use crate::cases::{at, power_company};
use crate::place::Place;
use crate::world::{Actor, Answer, World};

crate::on_both_engines![a_case_is_answered_in_a_browser];

async fn send(person: &Actor, report: &str, fields: &[(&str, &str)]) -> Answer {
    let hex = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let token = ("_csrf", person.header("x-csrf-token"));
    let form = fields.iter().chain([&token]).map(|(n, v)| format!("{n}={}", hex(v)));
    let form = form.collect::<Vec<_>>().join("&");
    let media = "application/x-www-form-urlencoded";
    person.post(&format!("/reports/{report}/answers?lang=en"), media, form).await
}

async fn a_case_is_answered_in_a_browser(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let person = w.person(Role::Member, Some(&member.id)).await;
    let page = async || person.get(&format!("/reports/{report}/answers?lang=en")).await.text();
    let stored = async || member.actor.get(&at(&report, "answers")).await.json();
    // It asks what decides which law applies, and what the hub knows is there with its source.
    let first = page().await;
    assert!(first.contains("name=\"incident-specified_event\""), "{first}");
    assert!(first.contains("type=\"datetime-local\" id=\"field-detected_at\" name=\"field-detected_at\" value=\"2026-11-23T10:10\""), "{first}");
    assert!(first.contains(&format!("read from {report}")) && !first.contains("<script>"));
    let fields = [
        ("version", "0"),
        ("zone", "Asia/Tokyo"),
        ("incident-specified_event", "yes"),
        ("field-detected_at", "2026-11-23T10:10"),
        ("field-aware_at", "2026-11-23T11:30"),
        ("field-malicious_suspected", "yes"),
        ("field-systems", "role: 業務端末\r\ncount: 14\r\n\r\nrole: 閲覧端末\r\ncount: 3"),
        ("field-contact", "name: 当番 太郎\r\ntelephone: 00-0000-0000"),
        (
            "field-indicators",
            "[ipv4-addr:value = '203.0.113.7']\r\n[ipv4-addr:value = '203.0.113.8']",
        ),
        ("field-intrusion_route", "rdp"),
        ("field-intrusion_route", "stolen-credential"),
        ("field-org_name", ""),
    ];
    let sent = send(&person, &report, &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let now = stored().await;
    let value = |field: &str| -> Value { now["answers"][field]["value"].clone() };
    assert_eq!(now["version"], 1);
    assert_eq!(value("aware_at"), "2026-11-23T11:30:00+09:00[Asia/Tokyo]");
    assert_eq!(value("systems").as_array().unwrap().len(), 2);
    assert_eq!(value("contact")["name"], "当番 太郎");
    assert_eq!(value("indicators").as_array().unwrap().len(), 2);
    assert_eq!(value("intrusion_route"), json!(["rdp", "stolen-credential"]));
    // What was not changed keeps its source.
    assert_eq!(now["answers"]["detected_at"]["from"]["kind"], "document");
    assert_eq!(now["answers"]["aware_at"]["from"]["kind"], "typed");
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    assert!(duties["duties"].to_string().contains("\"jp-acd\""), "{duties}");
    // Now the next report's questions are asked; the answers are shown as they are typed.
    let second = page().await;
    assert!(
        second.contains("needed next") && second.contains("name=\"field-org_name\""),
        "{second}"
    );
    assert!(second.contains("count: 14\nrole: 業務端末\n\ncount: 3\nrole: 閲覧端末"), "{second}");
    // What is refused comes back as typed, nothing is stored; an old page does not overwrite.
    let wrong = [
        ("version", "1"),
        ("zone", "Asia/Tokyo"),
        ("field-aware_at", "noon T"),
        ("field-title", "新しい題"),
    ];
    let wrong = send(&person, &report, &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("新しい題") && wrong.text().contains("Nothing was saved"),
        "{}",
        wrong.text()
    );
    assert_eq!(stored().await, now);
    let old = send(&person, &report, &[("version", "0"), ("field-title", "x")]).await;
    assert_eq!(old.status, 409);
    // A page that is sent unchanged adds no version.
    let same = [("version", "1"), ("zone", "Asia/Tokyo"), ("field-aware_at", "2026-11-23T11:30")];
    assert_eq!(send(&person, &report, &same).await.status, 303);
    assert_eq!(stored().await["version"], 1);
    // A field that is emptied is taken back; the zone can be another.
    let fields = [
        ("version", "1"),
        ("zone", "Europe/Paris"),
        ("asked", "intrusion_route"),
        ("field-contact", ""),
    ];
    assert_eq!(send(&person, &report, &fields).await.status, 303);
    let now = stored().await;
    assert!(now["answers"]["contact"].is_null() && now["answers"]["intrusion_route"].is_null());
    assert_eq!((&now["zone"], &now["version"]), (&json!("Europe/Paris"), &json!(2)));
    let other = w.member("Bashouan").await;
    let other = w.person(Role::Member, Some(&other.id)).await;
    assert_eq!(send(&other, &report, &[("version", "2")]).await.status, 404);
}
