//! Typed answers: what a field takes, what happens to the rest, where everything came from.

use noroshi_duty::{
    Answers, FieldStage, Lang, Occasion, Problem, Provenance, Value, ValueType, missing_for,
    next_questions,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::builtin;

fn answers(json: Json) -> Answers {
    Answers::from_json(builtin(), &json)
}

fn typed() -> Provenance {
    Provenance::Typed { by: "desk".to_owned(), at: None }
}

/// Sets one field and says what came out: the value as JSON, or the kind of problem.
fn set(field: &str, given: Json) -> Result<Json, Problem> {
    let mut a = Answers::new("Asia/Tokyo").unwrap();
    let id = builtin().field_id(field).unwrap();
    a.set(builtin(), &id, &given, typed())?;
    Ok(a.answer(field).unwrap().value.to_json())
}

#[test]
fn each_type_takes_its_values_and_nothing_else() {
    let good = [
        (
            "aware_at",
            json!("2026-11-23T09:00:00+09:00"),
            json!("2026-11-23T09:00:00+09:00[Asia/Tokyo]"),
        ),
        ("aware_at", json!("2026-11-23T00:00:00Z"), json!("2026-11-23T09:00:00+09:00[Asia/Tokyo]")),
        ("pd_subjects", json!(420), json!(420)),
        ("pd_subjects", json!("420"), json!(420)),
        ("pd_involved", json!(true), json!("yes")),
        ("bcp_activated", json!("no"), json!(false)),
        ("severity", json!("high"), json!("high")),
        ("intrusion_route", json!("rdp"), json!(["rdp"])),
        ("ttps", json!(["T1486", "T1498.001"]), json!(["T1486", "T1498.001"])),
        ("vulnerabilities", json!(["CVE-2026-12345"]), json!(["CVE-2026-12345"])),
        ("downtime", json!("PT5H30M"), json!("PT5H30M")),
        ("cost", json!(1200.5), json!("1200.5")),
        ("org_country", json!("JP"), json!("JP")),
        ("regimes", json!(["jp-acd"]), json!(["jp-acd"])),
        ("org_sectors", json!(["jp-espa/electricity"]), json!(["jp-espa/electricity"])),
        ("contact", json!({"name": "A", "telephone": 1}), json!([{"name": "A", "telephone": "1"}])),
        ("impact_dims", json!({"financial": "minor"}), json!({"financial": "minor"})),
        ("authority_reference", json!({"meti": 12}), json!({"meti": "12"})),
        ("tlp", json!("TLP:AMBER+STRICT"), json!("TLP:AMBER+STRICT")),
        ("purpose", json!(["consultation"]), json!(["consultation"])),
        ("ransom_payment", json!({"made": false}), json!({"made": "false"})),
    ];
    for (field, given, kept) in good {
        // Contacts are several records in the data's words only; a record stays one.
        let found = set(field, given).unwrap_or_else(|p| panic!("{field}: {p:?}"));
        let one = kept.as_array().filter(|a| a.len() == 1).map(|a| &a[0]);
        assert!(found == kept || Some(&found) == one, "{field}: {found}");
    }
    let bad = [
        ("aware_at", json!("2026-11-23T09:00:00")),
        ("aware_at", json!("yesterday")),
        ("pd_subjects", json!(-1)),
        ("pd_subjects", json!("many")),
        ("pd_involved", json!("perhaps")),
        ("severity", json!("terrible")),
        ("ttps", json!(["1486"])),
        ("ttps", json!(["T1486.1"])),
        ("vulnerabilities", json!(["CVE-26-1"])),
        ("downtime", json!("five hours")),
        ("downtime", json!("-PT5H")),
        ("cost", json!("1e9")),
        ("org_country", json!("Japan")),
        ("regimes", json!(["jp-nothing"])),
        ("org_sectors", json!(["jp-espa/nothing"])),
        ("report_id", json!("17")),
        ("org_name", json!("  ")),
        ("org_name", json!(["a", "b"])),
        ("contact", json!("A. Person")),
        ("impact_dims", json!({"minor": "minor"})),
        ("impact_dims", json!({"financial": "dire"})),
        ("tlp", json!("TLP:WHITE")),
    ];
    for (field, given) in bad {
        match set(field, given.clone()) {
            Err(Problem::BadValue { field: f, .. }) => assert_eq!(f, field),
            other => panic!("{field} {given}: {:?}", other.err()),
        }
    }
}

#[test]
fn every_type_in_the_data_is_read() {
    let kinds: Vec<ValueType> = builtin().fields().iter().map(|f| f.kind).collect();
    assert!(kinds.contains(&ValueType::Record) && kinds.contains(&ValueType::Records));
}

#[test]
fn what_cannot_be_read_is_told_and_kept() {
    let given = json!({
        "zone": "Asia/Tokyo",
        "answers": { "severity": "terrible", "no_such_field": [1, 2], "pd_subjects": 4 },
        "clocks": { "awareness": "soon", "no-such-clock": "2026-11-23T00:00:00Z" },
    });
    let a = answers(given);
    let problems = a.problems(builtin());
    let said: Vec<String> = problems.iter().map(|p| p.text(builtin()).en).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    there is no field "no_such_field"; `noroshi duty fields` lists them
    "Overall severity" (severity) must be one of: nil, negligible, low, medium, high, extreme
    the moment of "awareness" cannot be read; write 2026-11-23T09:00:00+09:00
    there is no clock "no-such-clock"
    "#);
    assert_eq!(a.unread()["severity"], json!("terrible"));
    let stored = a.to_json();
    assert_eq!(stored["unread"]["severity"], json!("terrible"));
    assert_eq!(stored["unread"]["no_such_field"], json!([1, 2]));
    assert_eq!(stored["unread"]["clock:awareness"], json!("soon"));
    let again = Answers::from_json(builtin(), &stored);
    assert_eq!(again.to_json(), stored);
    assert_eq!(again.problems(builtin()).len(), 4);
    let mut settled = again.clone();
    let moment = "2026-11-23T00:00:00Z[UTC]".parse().unwrap();
    settled.set_clock(builtin(), "awareness", moment).unwrap();
    assert_eq!(settled.problems(builtin()).len(), 3);
    assert!(!settled.unread().contains_key("clock:awareness"));
    // A good answer that was there before stays beside it.
    let mut both = answers(json!({ "answers": { "severity": "low" } }));
    let id = builtin().field_id("severity").unwrap();
    assert!(both.set(builtin(), &id, &json!("dire"), typed()).is_err());
    let both = Answers::from_json(builtin(), &both.to_json());
    assert_eq!(both.answer("severity").unwrap().value.plain(), "low");
    assert_eq!(both.unread()["severity"], json!("dire"));
    // A better answer settles it.
    let mut a = Answers::from_json(builtin(), &stored);
    let id = builtin().field_id("severity").unwrap();
    a.set(builtin(), &id, &json!("high"), typed()).unwrap();
    assert!(!a.unread().contains_key("severity"));
    assert!(!a.problems(builtin()).iter().any(|p| format!("{p:?}").contains("severity")));
}

#[test]
fn an_unknown_zone_stops_the_clocks_and_loses_nothing() {
    let a = answers(json!({
        "zone": "Asia/Edo",
        "answers": { "aware_at": "2026-11-23T00:00:00Z", "occurred_at": "2026-11-23T09:00:00[Asia/Edo]" },
    }));
    let zones: Vec<String> = a.problems(builtin()).iter().map(|p| p.text(builtin()).en).collect();
    assert_eq!(
        zones,
        [
            "zone: \"Asia/Edo\" is no time zone such as Asia/Tokyo",
            "occurred_at: \"Asia/Edo\" is no time zone such as Asia/Tokyo",
        ]
    );
    assert!(a.clocks(builtin()).is_err());
    assert_eq!(a.to_json()["zone"], json!("Asia/Edo"));
    assert_eq!(a.to_json()["unread"]["occurred_at"], json!("2026-11-23T09:00:00[Asia/Edo]"));
}

#[test]
fn moments_that_contradict_each_other_are_told_in_both_languages() {
    let a = answers(json!({ "answers": {
        "occurred_at": "2026-11-23T09:00:00+09:00",
        "detected_at": "2026-11-22T10:00:00+09:00",
        "aware_at": "2026-11-22T09:00:00+09:00",
        "resolved_at": "2026-11-22T08:00:00+09:00",
    }}));
    let pair = |p: &Problem| match p {
        Problem::Contradiction { earlier, later } => format!("{earlier} > {later}"),
        other => format!("{other:?}"),
    };
    let problems = a.problems(builtin());
    let found: Vec<String> = problems.iter().map(pair).collect();
    assert_eq!(
        found,
        [
            "occurrence > awareness",
            "occurrence > discovery",
            "occurred_at > resolved_at",
            "detected_at > resolved_at",
            "detected_at > aware_at",
        ]
    );
    assert!(problems[0].text(builtin()).ja.contains("より前の日時です"));
    assert_eq!(a.len(), 4, "nothing is lost");
}

#[test]
fn what_follows_is_derived_and_says_from_what() {
    let a = answers(json!({ "by": "night desk", "answers": {
        "occurred_at": "2026-11-20T09:00:00+09:00",
        "detected_at": "2026-11-23T10:30:00+09:00",
        "incident_status": "open",
        "resolved_at": "2026-11-24T00:00:00+09:00",
    }}));
    let occasion = Occasion {
        obligations: &["jp-acd"],
        level: FieldStage::Final,
        at: "2026-11-25T00:00:00Z".parse().unwrap(),
        lang: Lang::Ja,
    };
    let full = a.with_derived(builtin(), &occasion);
    let of = |field: &str| {
        let answer = full.answer(field).unwrap();
        format!("{} <- {}", answer.value.plain(), answer.from.text().en)
    };
    assert_eq!(of("dwell"), "PT73H30M <- derived: time from occurrence to detection");
    assert_eq!(of("regimes"), "jp-acd <- derived: the obligation filed for");
    assert_eq!(of("consent_share"), "anonymous <- default: nobody said otherwise");
    // What somebody typed stays, even where it looks wrong.
    assert_eq!(of("incident_status"), "open <- typed by night desk");
    let Provenance::Derived { fields, .. } = &full.answer("dwell").unwrap().from else { panic!() };
    assert_eq!(fields[..], ["occurred_at", "detected_at"]);
}

#[test]
fn a_stage_asks_only_what_it_needs() {
    let reference = builtin();
    let nis2 = reference.obligation("eu-nis2").unwrap();
    let ask = |stage: &str, a: &Answers| -> Vec<String> {
        let stage = nis2.stage(stage).unwrap();
        missing_for(reference, nis2, stage, a).iter().map(|q| q.field.to_string()).collect()
    };
    let none = Answers::new("Europe/Berlin").unwrap();
    assert_eq!(
        ask("early-warning", &none),
        ["org_name", "org_sectors", "contact", "malicious_suspected", "aware_at", "cross_border"]
    );
    let later = ask("final", &none);
    assert!(later.contains(&"root_cause".to_owned()) && later.contains(&"severity".to_owned()));
    let some = answers(json!({ "answers": { "org_name": "A", "cross_border": "unknown" } }));
    assert!(!ask("early-warning", &some).contains(&"cross_border".to_owned()));

    // Two duties ask a field once, and say who asks.
    let acd = reference.obligation("jp-acd").unwrap();
    let stages = [(acd, acd.stage("first").unwrap()), (nis2, nis2.stage("early-warning").unwrap())];
    let questions = next_questions(reference, &stages, &none);
    let name = questions.iter().find(|q| q.field.as_str() == "org_name").unwrap();
    assert_eq!(name.asked_by, ["jp-acd/first (2)", "eu-nis2/early-warning"]);
    assert!(name.names_the_reporter());
    let first_optional = questions.iter().position(|q| !q.mandatory).unwrap();
    assert!(questions[first_optional..].iter().all(|q| !q.mandatory));

    // No questions on personal data where none is involved.
    let gdpr = reference.obligation("eu-gdpr").unwrap();
    let stage = gdpr.stage("notification").unwrap();
    let asks_pd = |a: &Answers| {
        let questions = next_questions(reference, &[(gdpr, stage)], a);
        questions.iter().any(|q| q.field.as_str() == "pd_items")
    };
    assert!(asks_pd(&none));
    assert!(!asks_pd(&answers(json!({ "answers": { "pd_involved": "no" } }))));
}

#[test]
fn a_ransom_payment_starts_its_clock() {
    let a = answers(json!({ "answers": {
        "ransom_payment": { "made": "yes", "time": "2026-11-23T09:00:00+09:00" }
    }}));
    let clocks = a.clocks(builtin()).unwrap();
    assert_eq!(clocks.event("payment").unwrap().timestamp().to_string(), "2026-11-23T00:00:00Z");
}

proptest! {
    #[test]
    fn any_answer_is_read_or_kept_and_stays_the_same_in_storage(
        field in 0..106usize,
        text in "\\PC{0,30}",
        number in any::<i64>(),
        kind in 0..4u8,
    ) {
        let reference = builtin();
        let field = reference.fields()[field].id.clone();
        let given = match kind {
            0 => json!(text),
            1 => json!(number),
            2 => json!([text, number]),
            _ => json!({ "a": text, "value": number }),
        };
        let mut map = serde_json::Map::new();
        map.insert(field.clone(), given.clone());
        let a = answers(json!({ "answers": map }));
        prop_assert_eq!(a.len() + a.unread().len(), 1);
        if let Some(kept) = a.unread().get(&field) {
            prop_assert_eq!(kept, &given);
            prop_assert!(!a.problems(reference).is_empty());
        }
        let again = Answers::from_json(reference, &a.to_json());
        prop_assert_eq!(again.to_json(), a.to_json());
    }
}

#[test]
fn a_value_reads_well() {
    let value = Value::List(vec!["rdp".to_owned(), "insider".to_owned()]);
    assert_eq!(builtin().shown("intrusion_route", &value).ja, "RDP\n内部者");
    let map = Value::Record([("financial".to_owned(), "minor".to_owned())].into());
    assert_eq!(builtin().shown("impact_dims", &map).ja, "財務: 軽微");
    assert_eq!(builtin().shown("impact_dims", &map).en, "financial: minor");
    assert_eq!(builtin().shown("pd_involved", &Value::Text("no".to_owned())).ja, "なし");
}
