//! Cases and duties over HTTP: ransomware at a power company from the first alarm on, and what
//! people get wrong.

use serde_json::{Map, Value, json};

use crate::place::Place;
use crate::world::{Answer, DAY, Member, SECOND, World};

crate::on_both_engines![
    the_hub_fills_in_what_it_knows,
    a_power_company_sees_every_duty,
    what_is_wrong_is_told_and_nothing_is_lost,
    a_withdrawn_incident_owes_nothing,
    a_case_is_its_members_alone,
];

const POWER: &str = include_str!("../../../duty/tests/data/power.toml");

/// A table of the case as JSON.
pub(crate) fn power(table: &str) -> Map<String, Value> {
    let file: toml::Table = toml::from_str(POWER).unwrap();
    let mut out = Map::new();
    for (key, value) in file[table].as_table().unwrap() {
        let value = match value {
            toml::Value::Datetime(d) => json!(d.to_string()),
            other => serde_json::to_value(other).unwrap(),
        };
        out.insert(key.clone(), value);
    }
    out
}

/// The case as if it were of the world's first day: noticed at noon, Japanese time.
pub(crate) fn answers() -> Map<String, Value> {
    let mut out = power("answers");
    out.insert("occurred_at".to_owned(), json!("2026-11-20T22:40:00+09:00"));
    out.insert("detected_at".to_owned(), json!("2026-11-23T10:10:00+09:00"));
    out.insert("aware_at".to_owned(), json!("2026-11-23T11:30:00+09:00"));
    out
}

/// A member under the laws of the case, and its report.
pub(crate) async fn power_company(w: &World) -> (Member, String) {
    let member = w.member("Denryoku").await;
    let profile = json!({"facts": power("member")});
    let set = member.actor.put_json("/api/v1/duties/profile", &profile).await;
    assert_eq!(set.status, 200, "{}", set.text());
    let filed = member
        .actor
        .report(json!({
            "title": "配電監視系の端末におけるランサムウェア",
            "attack_type": "ransomware",
            "detected_at": "2026-11-23T01:10:00Z",
            "techniques": ["T1486"],
            "indicators": ["http://kazaana-c2.net/"],
        }))
        .await;
    let report = filed.accepted();
    (member, report)
}

pub(crate) async fn answer_all(member: &Member, report: &str) -> Answer {
    let mut incident = power("incident");
    incident.insert("incident_date".to_owned(), json!("2026-11-23"));
    let body = json!({"answers": answers(), "incident": incident});
    let answer = member.actor.put_json(&at(report, "answers"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

pub(crate) fn at(report: &str, what: &str) -> String {
    format!("/api/v1/reports/{report}/{what}")
}

fn stages(duties: &Value) -> Vec<(String, Option<String>)> {
    let of = |d: &Value| {
        let name =
            format!("{}/{}", d["obligation"].as_str().unwrap(), d["stage"].as_str().unwrap());
        (name, d["local"].as_str().map(str::to_owned))
    };
    duties["duties"].as_array().unwrap().iter().map(of).collect()
}

async fn the_hub_fills_in_what_it_knows(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    let known = member.actor.get(&at(&report, "answers")).await.json();
    assert_eq!(known["version"], 0);
    let answers = &known["answers"];
    assert_eq!(answers["jp_common_variant"]["value"], "ransomware");
    assert_eq!(answers["jp_common_variant"]["from"]["fields"], json!(["attack_type"]));
    assert_eq!(answers["title"]["from"], json!({"kind": "document", "name": report}));
    assert!(answers["detected_at"]["value"].as_str().unwrap().starts_with("2026-11-23T10:10"));
    assert_eq!(answers["case_id"]["value"], answers["report_id"]["value"]);
    assert!(answers["aware_at"].is_null(), "when a firm knew is for the firm to say");
    assert_eq!(known["problems"], json!([]));
    // A second report of the same case sees the same answers.
    let more = json!({"schema": "noroshi-report/1", "indicators": ["http://kazaana-c3.net/"]});
    let path = format!("/api/v1/reports?continues={report}");
    let second = member.actor.post_json(&path, &more).await.accepted();
    answer_all(&member, &report).await;
    let both = member.actor.get(&at(&second, "answers")).await.json();
    assert_eq!((&both["case"], &both["version"]), (&json!(report), &json!(1)));
    assert_eq!(both["answers"]["severity"]["value"], "high");
}

async fn a_power_company_sees_every_duty(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    let due = |day: &str| Some(format!("{day} 23:59:59 +09:00 (Asia/Tokyo)"));
    let expected = [
        ("jp-acd/first", None),
        ("jp-appi/first", due("2026-11-27")),
        ("jp-appi/final", due("2026-12-22")),
        ("jp-acd/detailed", due("2026-12-23")),
        ("jp-appi/final-malicious", due("2027-01-21")),
    ];
    assert_eq!(stages(&duties), expected.map(|(s, d)| (s.to_owned(), d)));
    let first = &duties["duties"][1];
    assert_eq!((&first["late"], &first["trust"]), (&json!(false), &json!("secondary")));
    assert_eq!(first["due"], "2026-11-27T14:59:59Z");
    assert!(first["rule"]["en"].as_str().unwrap().contains("day"), "{first}");
    assert_eq!(first["missing"], json!([]), "{first}");
    assert_eq!(duties["problems"], json!([]));
    assert_eq!(duties["voluntary"][0]["obligation"], "jp-voluntary-ci");
    // Four days and a half later it is late; the clock is stored, not running.
    w.clock.advance(5 * DAY);
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    assert_eq!(duties["duties"][1]["late"], true);
    let filed = json!({"event": "stage-filed", "obligation": "jp-appi", "stage": "first"});
    let after = member.actor.post_json(&at(&report, "events"), &filed).await;
    assert_eq!(after.status, 200, "{}", after.text());
    assert!(stages(&after.json()).iter().all(|(s, _)| s != "jp-appi/first"));
    // A contract is a duty too.
    let clauses = include_str!("../../../duty/tests/data/clauses.toml");
    let profile = json!({"facts": power("member"), "contracts": clauses});
    let set = member.actor.put_json("/api/v1/duties/profile", &profile).await;
    assert_eq!(set.status, 200, "{}", set.text());
    let duties = member.actor.get(&at(&report, "duties")).await.json();
    assert!(stages(&duties).iter().any(|(s, _)| s.starts_with("contract-")), "{duties}");
}

async fn what_is_wrong_is_told_and_nothing_is_lost(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let (path, events) = (at(&report, "answers"), at(&report, "events"));
    let put = async |body: Value| member.actor.put_json(&path, &body).await;
    // Bad values: each is named, and what was there stays.
    let bad = put(json!({"answers": {"severity": "huge", "title": "x", "nonsense": 1}})).await;
    bad.refused(422, "bad-answer");
    let fields: Vec<String> = bad.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["nonsense", "severity"]);
    let kept = member.actor.get(&path).await.json();
    assert_eq!(
        (&kept["version"], &kept["answers"]["severity"]["value"]),
        (&json!(1), &json!("high"))
    );
    for (body, field) in [
        (json!({"zone": "Asia/Edo"}), "zone"),
        (json!({"answers": {"aware_at": "2026-11-23T09:00:00[Asia/Edo]"}}), "aware_at"),
        (json!({"incident": {"specified_event": "perhaps"}}), "specified_event"),
        (json!({"incident": {"telecom_carrier": true}}), "telecom_carrier"),
    ] {
        let answer = put(body).await;
        answer.refused(422, "bad-answer");
        assert_eq!(answer.json()["field"], field);
    }
    put(json!({"answer": {}})).await.refused(422, "bad-json");
    put(json!({"version": 7, "answers": {"severity": "low"}})).await.refused(409, "conflict");
    // Moments that contradict each other are kept, and told.
    let odd = put(json!({"answers": {"aware_at": "2026-11-19T08:00:00+09:00"}})).await.json();
    assert_eq!(odd["version"], 2);
    let text = odd["problems"].to_string();
    assert!(
        text.contains("contradiction") && text.contains("aware_at") | text.contains("awareness"),
        "{text}"
    );
    let again = put(json!({"answers": {"aware_at": "2026-11-23T11:30:00+09:00"}})).await.json();
    assert_eq!((&again["problems"], &again["version"]), (&json!([]), &json!(3)));
    // Events: unknown clocks, stages, moments to come; a stage out of order is kept and told.
    for (body, field) in [
        (json!({"event": "clock-set", "clock": "gong", "at": "2026-11-23T02:00:00Z"}), "clock"),
        (json!({"event": "clock-set", "clock": "payment", "at": "noon"}), "at"),
        (json!({"event": "withdrawn", "why": " "}), "why"),
        (json!({"event": "withdrawn", "why": "x", "obligation": "jp-tea"}), "obligation"),
        (json!({"event": "stage-filed", "obligation": "jp-acd", "stage": "tea"}), "stage"),
        (json!({"event": "closed", "at": "2027-01-01T00:00:00Z"}), "at"),
    ] {
        let answer = member.actor.post_json(&events, &body).await;
        answer.refused(422, "bad-answer");
        assert_eq!(answer.json()["field"], field);
    }
    let early = json!({"event": "stage-filed", "obligation": "jp-acd", "stage": "detailed"});
    let told = member.actor.post_json(&events, &early).await.json();
    assert_eq!(told["problems"][0]["problem"], "out-of-order", "{}", told["problems"]);
    let clock =
        json!({"event": "clock-set", "clock": "reasonable-belief", "at": "2026-11-23T02:45:00Z"});
    assert_eq!(member.actor.post_json(&events, &clock).await.status, 200);
    let clocks = member.actor.get(&path).await.json();
    assert!(
        clocks["clocks"]["reasonable-belief"].as_str().unwrap().starts_with("2026-11-23T11:45")
    );
    // Profiles are checked as well.
    for (body, field) in [
        (json!({"zone": "Mars/Olympus"}), "zone"),
        (json!({"facts": {"dora_entity": "a bit"}}), "dora_entity"),
        (json!({"facts": {"tea": true}}), "tea"),
        (json!({"facts": {"users": 4}}), "users"),
        (json!({"contracts": "schema = 1"}), "contracts"),
    ] {
        let answer = member.actor.put_json("/api/v1/duties/profile", &body).await;
        answer.refused(422, "bad-answer");
        assert_eq!(answer.json()["field"], field);
    }
    let profile = member.actor.get("/api/v1/duties/profile").await.json();
    assert_eq!(profile["facts"]["jp_espa_designated"], true);
    assert!(profile["questions"].as_array().unwrap().len() > 10);
}

async fn a_withdrawn_incident_owes_nothing(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    w.clock.advance(60 * SECOND);
    let events = at(&report, "events");
    let gone = json!({"event": "withdrawn", "why": "誤検知でした"});
    let after = member.actor.post_json(&events, &gone).await.json();
    assert_eq!((stages(&after).len(), &after["voluntary"]), (0, &json!([])));
    // It was real after all: every clock is where it was.
    let back = json!({"event": "reclassified", "reportable": true, "why": "別の端末でも暗号化"});
    let after = member.actor.post_json(&events, &back).await.json();
    assert_eq!(stages(&after)[1].1.as_deref(), Some("2026-11-27 23:59:59 +09:00 (Asia/Tokyo)"));
    let kinds: Vec<_> =
        after["events"].as_array().unwrap().iter().map(|e| e["event"].clone()).collect();
    assert_eq!(kinds, ["opened", "withdrawn", "reclassified"]);
}

async fn a_case_is_its_members_alone(place: &Place) {
    let w = World::new(place).await;
    let (member, report) = power_company(&w).await;
    answer_all(&member, &report).await;
    let other = w.member("Bashouan").await;
    let body = json!({"answers": {"severity": "low"}});
    for what in ["answers", "duties"] {
        other.actor.get(&at(&report, what)).await.refused(404, "not-found");
        w.desk().await.get(&at(&report, what)).await.refused(404, "not-found");
        w.anonymous().get(&at(&report, what)).await.refused(401, "unauthorized");
    }
    other.actor.put_json(&at(&report, "answers"), &body).await.refused(404, "not-found");
    let gone = json!({"event": "withdrawn", "why": "x"});
    other.actor.post_json(&at(&report, "events"), &gone).await.refused(404, "not-found");
    let profile = other.actor.get("/api/v1/duties/profile").await.json();
    assert_eq!(profile["facts"], json!({}));
    // A person's call carries the token of its session; changing answers is no exception.
    let person = w.person(noroshi_hub::access::Role::Member, Some(&member.id)).await;
    assert_eq!(person.put_json(&at(&report, "answers"), &body).await.status, 200);
    let cookie = person.header("cookie").to_owned();
    let forged = w.actor(vec![("cookie", cookie)]);
    forged.put_json(&at(&report, "answers"), &body).await.refused(403, "forged-form");
}
