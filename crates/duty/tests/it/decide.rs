//! Am I obliged? Decision paths, thresholds and what stays uncertain.

use noroshi_duty::{Facts, FactsError, Files, Finding, Reference, Verdict, applies};
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::builtin;

fn facts(given: &[(&str, &str)]) -> Facts {
    let mut facts = Facts::default();
    for (question, answer) in given {
        facts.set(builtin(), question, &Json::from(*answer)).unwrap();
    }
    facts
}

fn finding(obligation: &str, given: &[(&str, &str)]) -> Finding {
    let all = applies(builtin(), &facts(given));
    all.into_iter().find(|f| f.obligation == obligation).unwrap()
}

fn verdict(obligation: &str, given: &[(&str, &str)]) -> Verdict {
    finding(obligation, given).verdict
}

const DORA: [(&str, &str); 4] = [
    ("jurisdictions", "EU"),
    ("dora_entity", "yes"),
    ("critical_services", "yes"),
    ("malicious_access_data_loss", "no"),
];
const NONE: [(&str, &str); 11] = [
    ("clients_share", "0"),
    ("clients", "0"),
    ("financial_counterparts_share", "0"),
    ("transactions_number_share_of_daily_average", "0"),
    ("transactions_value_share_of_daily_average", "0"),
    ("incident_duration_hours", "0"),
    ("service_downtime_hours_critical_functions", "0"),
    ("member_states", "1"),
    ("costs_and_losses_eur", "0"),
    ("reputational_impact", "no"),
    ("data_loss_cia", "no"),
];

/// DORA with nothing passed but these.
fn dora(passed: &[(&str, &str)]) -> Verdict {
    let mut given: Vec<_> = DORA.into_iter().chain(NONE).collect();
    given.extend(passed);
    verdict("eu-dora", &given)
}

#[test]
fn nothing_known_is_nothing_decided() {
    for f in applies(builtin(), &Facts::default()) {
        assert_eq!(f.verdict, Verdict::Uncertain, "{}", f.obligation);
        assert!(!f.ask.is_empty(), "{}: uncertain without a question", f.obligation);
        assert!(f.ask.iter().all(|q| q.about == "member"), "{}", f.obligation);
    }
}

#[test]
fn dora_counts_criteria_by_its_numbers() {
    assert_eq!(dora(&[]), Verdict::DoesNotApply);
    assert_eq!(dora(&[("clients", "100001")]), Verdict::DoesNotApply, "one criterion");
    assert_eq!(dora(&[("clients", "100000"), ("member_states", "2")]), Verdict::DoesNotApply);
    assert_eq!(dora(&[("clients", "100001"), ("member_states", "2")]), Verdict::Applies);
    assert_eq!(
        dora(&[("clients_share", "0.10"), ("costs_and_losses_eur", "100001")]),
        Verdict::DoesNotApply
    );
    assert_eq!(
        dora(&[("clients_share", "0.11"), ("costs_and_losses_eur", "100001")]),
        Verdict::Applies
    );
    assert_eq!(
        dora(&[("incident_duration_hours", "24"), ("reputational_impact", "yes")]),
        Verdict::DoesNotApply
    );
    assert_eq!(
        dora(&[("incident_duration_hours", "24.5"), ("reputational_impact", "yes")]),
        Verdict::Applies
    );
    // Two numbers of one criterion: no guess.
    assert_eq!(dora(&[("clients", "100001"), ("clients_share", "0.2")]), Verdict::Uncertain);
    assert_eq!(dora(&[("malicious_access_data_loss", "yes")]), Verdict::Applies);
    assert_eq!(
        dora(&[("malicious_access_data_loss", "yes"), ("critical_services", "no")]),
        Verdict::DoesNotApply
    );
}

#[test]
fn an_open_answer_is_asked_only_where_it_matters() {
    let mut given: Vec<_> = DORA.to_vec();
    given.extend([("clients", "150000"), ("member_states", "3")]);
    let f = finding("eu-dora", &given);
    assert_eq!((f.verdict, f.ask.len()), (Verdict::Applies, 0), "two are enough");
    let f = finding("eu-dora", &given[..5]);
    assert_eq!(f.verdict, Verdict::Uncertain);
    let asked: Vec<&str> = f.ask.iter().map(|q| q.id.as_str()).collect();
    assert!(asked.contains(&"member_states") && !asked.contains(&"clients_share"), "{asked:?}");
    assert!(f.because.iter().any(|t| t.en == "Are you a financial entity under DORA?: yes"));
}

#[test]
fn nis2_digital_takes_the_lower_of_loss_and_turnover() {
    let base = [
        ("jurisdictions", "EU,JP"),
        ("nis2_entity", "important"),
        ("nis2_digital", "yes"),
        ("planned", "no"),
        ("trade_secret_exfiltration", "no"),
        ("death", "0"),
        ("considerable_harm_to_health", "0"),
        ("malicious_unauthorised_access_capable_of_severe_disruption", "no"),
    ];
    let with = |loss: &'static str, share: &'static str| {
        let mut given = base.to_vec();
        given.extend([("direct_financial_loss_eur", loss), ("share_of_annual_turnover", share)]);
        verdict("eu-nis2-digital", &given)
    };
    assert_eq!(with("500000", "0.05"), Verdict::DoesNotApply);
    assert_eq!(with("500001", "0.01"), Verdict::Applies);
    assert_eq!(with("40000", "0.06"), Verdict::Applies);
    // Digital providers go by their own thresholds.
    let mut given = base.to_vec();
    given.push(("severe_disruption_or_loss", "yes"));
    assert_eq!(verdict("eu-nis2", &given), Verdict::DoesNotApply);
    given[2] = ("nis2_digital", "no");
    assert_eq!(verdict("eu-nis2", &given), Verdict::Applies);
}

#[test]
fn appi_counts_persons_by_kind_of_data() {
    let with = |sensitive: &'static str, malicious: &'static str, n: &'static str| {
        verdict(
            "jp-appi",
            &[
                ("jurisdictions", "JP"),
                ("jp_handles_personal_data", "yes"),
                ("personal_data", "yes"),
                ("personal_data_protected", "no"),
                ("personal_data_sensitive", sensitive),
                ("malicious", malicious),
                ("data_subjects", n),
            ],
        )
    };
    assert_eq!(with("no", "no", "1000"), Verdict::DoesNotApply);
    assert_eq!(with("no", "no", "1001"), Verdict::Applies);
    assert_eq!(with("yes", "no", "1"), Verdict::Applies);
    assert_eq!(with("no", "yes", "1"), Verdict::Applies);
    assert_eq!(with("unknown", "no", "1"), Verdict::Uncertain);
    assert_eq!(with("unknown", "no", "5000"), Verdict::Applies);
}

#[test]
fn a_sector_alone_obliges_nobody_but_raises_a_doubt() {
    let base = [
        ("jurisdictions", "JP"),
        ("sectors", "jp-espa/electricity"),
        ("jp_espa_designated", "no"),
        ("specified_event", "yes"),
    ];
    let f = finding("jp-acd", &base);
    assert_eq!(f.verdict, Verdict::Uncertain);
    assert!(f.doubts[0].en.contains("only designated operators"), "{:?}", f.doubts);
    let mut given = base.to_vec();
    given[2] = ("jp_espa_designated", "yes");
    assert_eq!(verdict("jp-acd", &given), Verdict::Applies);
    given.push(("incident_date", "2026-09-30"));
    let f = finding("jp-acd", &given);
    assert_eq!(f.verdict, Verdict::DoesNotApply);
    assert!(f.because[0].en.contains("in force only since 2026-10-01"));
}

#[test]
fn telecom_thresholds_go_by_service() {
    let with = |service: &'static str, users: &'static str, hours: &'static str| {
        let given = [
            ("jurisdictions", "JP"),
            ("telecom_carrier", "yes"),
            ("secrecy_breach", "no"),
            ("all_communication_lost", "no"),
            ("telecom_service", service),
            ("users", users),
            ("hours", hours),
        ];
        let f = finding("jp-tba-serious-accident", &given);
        (f.verdict, f.seen)
    };
    assert_eq!(with("voice-emergency", "30000", "1"), (Verdict::Applies, "memory".to_owned()));
    assert_eq!(with("voice", "30000", "1").0, Verdict::DoesNotApply);
    assert_eq!(with("voice", "100000", "1").0, Verdict::Applies);
    assert_eq!(with("lpwa", "30000", "11.9").0, Verdict::DoesNotApply);
    assert_eq!(with("lpwa", "30000", "12").0, Verdict::Applies);
    assert_eq!(with("lpwa", "1000000", "2").0, Verdict::Applies);
}

#[test]
fn proposals_bind_nobody() {
    let given = [("jurisdictions", "US"), ("circia_covered", "yes"), ("ransom_paid", "yes")];
    let f = finding("us-circia-ransom", &given);
    assert_eq!((f.verdict, f.binding), (Verdict::Applies, false));
    assert!(f.doubts[0].en.contains("not binding"));
}

#[test]
fn answers_of_a_report_count_and_bad_answers_are_refused() {
    let reference = builtin();
    let report = serde_json::json!({ "answers": {
        "pd_involved": "yes", "malicious_suspected": "yes", "pd_subjects": 420,
        "org_sectors": ["jp-nco/water"],
    }});
    let report = noroshi_duty::Answers::from_json(reference, &report);
    let given = [
        ("jurisdictions", "JP"),
        ("jp_handles_personal_data", "yes"),
        ("personal_data_protected", "no"),
    ];
    let all = applies(reference, &facts(&given).with_answers(reference, &report));
    let appi = all.iter().find(|f| f.obligation == "jp-appi").unwrap();
    assert_eq!(appi.verdict, Verdict::Applies);

    let mut f = Facts::default();
    let set = |f: &mut Facts, q: &str, a: &str| f.set(reference, q, &Json::from(a));
    assert!(matches!(set(&mut f, "colour", "red"), Err(FactsError::UnknownQuestion(_))));
    for (question, answer) in [
        ("dora_entity", "perhaps"),
        ("clients", "-1"),
        ("clients", "many"),
        ("clients_share", "10"),
        ("clients_share", "NaN"),
        ("jurisdictions", "JP,MARS"),
        ("nis2_entity", "yes"),
        ("incident_date", "yesterday"),
        ("sectors", "electricity"),
    ] {
        let bad = matches!(set(&mut f, question, answer), Err(FactsError::BadAnswer { .. }));
        assert!(bad, "{question}={answer} was taken");
    }
    assert_eq!(f, Facts::default());
    let wrong_place = "[incident]\ndora_entity = true\n";
    assert!(Facts::from_toml(reference, "f.toml", wrong_place).is_err());
}

#[test]
fn inconsistent_rules_are_refused_with_their_line() {
    let text = Files::builtin().applies.1;
    for (from, to, message) in [
        ("{ ask = \"dora_entity\"", "{ ask = \"dora\"", "no question \"dora\" is defined"),
        ("obligation = \"eu-dora\"", "obligation = \"eu-nis2\"", "two rules"),
        ("{ threshold = \"clients\" }", "{ threshold = \"customers\" }", "has no threshold"),
        ("in_list = \"jp-espa\"", "in_list = \"jp-esp\"", "no sector stands in"),
        ("is = \"essential\"", "is = \"vital\"", "never has this answer"),
        ("at_least = 2", "at_least = 20", "at_least more than there are"),
        ("has = \"EU\"", "has = \"MARS\"", "never has \"MARS\""),
        ("id = \"clients\"", "id = \"customers\"", "no question \"clients\""),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let files = Files { applies: ("applies.toml", &changed), ..Files::builtin() };
        let error = Reference::load(&files).err().unwrap_or_else(|| panic!("{to} was taken"));
        assert!(error.message.contains(message), "{to}: {error}");
        assert!(error.line > 1, "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What more is learned never turns a yes into a no, or a no into a yes.
    #[test]
    fn more_answers_never_contradict(picks in proptest::collection::vec((0..72usize, 0..6usize), 0..60), cut in 0..60usize) {
        let reference = builtin();
        let mut facts = Facts::default();
        let mut set = std::collections::BTreeSet::new();
        let mut early = None;
        for (i, (question, choice)) in picks.iter().enumerate() {
            if i == cut.min(picks.len() - 1) {
                early = Some(applies(reference, &facts));
            }
            let q = &reference.decisions().questions()[*question];
            if !set.insert(*question) {
                continue;
            }
            let answers = match q.kind {
                noroshi_duty::FactType::Flag => vec!["yes", "no"],
                noroshi_duty::FactType::Number => match q.max {
                    Some(_) => vec!["0", "0.2", "1"],
                    None => vec!["0", "1", "0.2", "30000", "200000", "2000000"],
                },
                noroshi_duty::FactType::Date => vec!["2026-11-01"],
                noroshi_duty::FactType::Words if q.values.is_empty() => vec!["jp-espa/gas", "jp-nco/gas"],
                _ => q.values.iter().map(String::as_str).collect(),
            };
            let answer = answers[choice % answers.len()];
            facts.set(reference, &q.id, &Json::from(answer)).unwrap();
        }
        let late = applies(reference, &facts);
        for (before, after) in early.unwrap_or_default().iter().zip(&late) {
            let flipped = matches!(
                (before.verdict, after.verdict),
                (Verdict::Applies, Verdict::DoesNotApply | Verdict::Uncertain)
                    | (Verdict::DoesNotApply, Verdict::Applies)
            );
            prop_assert!(!flipped, "{}", before.obligation);
        }
        for f in &late {
            prop_assert!(f.verdict == Verdict::Uncertain || f.ask.is_empty());
        }
    }
}
