//! Contract clauses are obligations like the others.

use noroshi_duty::{Answers, Draft, Filing, Reference, Standing, deadlines, explain_stage};

use crate::builtin;

const CLAUSES: &str = include_str!("../data/clauses.toml");

fn with_clauses() -> Reference {
    builtin().clone().with_contracts("clauses.toml", CLAUSES).unwrap()
}

#[test]
fn clauses_are_computed_like_laws() {
    let reference = with_clauses();
    assert_eq!(reference.obligations().len(), 23 + 2);
    let acme = reference.obligation("contract-acme").unwrap();
    assert_eq!(acme.name.ja, "アクメ自動車との契約");
    let clocks = reference
        .clocks(
            "Asia/Tokyo",
            ["awareness=2026-11-20T18:00:00+09:00", "filed:report=2026-11-30T10:00:00+09:00"],
        )
        .unwrap();
    let due: Vec<String> = deadlines(acme, &clocks, reference.calendar())
        .iter()
        .map(|d| d.local.clone().unwrap_or_default())
        .collect();
    // Friday 20 November: 24 hours; five working days over the weekend and the holiday of the 23rd
    // end on Monday 30; from the end of November one month ends with December.
    assert_eq!(
        due,
        [
            "2026-11-21 18:00:00 +09:00 (Asia/Tokyo)",
            "2026-11-30 23:59:59 +09:00 (Asia/Tokyo)",
            "2026-12-31 23:59:59 +09:00 (Asia/Tokyo)",
        ]
    );
    let beta = reference.obligation("contract-beta-logistics").unwrap();
    let stage = deadlines(beta, &clocks, reference.calendar()).remove(0);
    assert_eq!((stage.standing, stage.due), (Standing::NoNumber, None));
    assert_eq!(
        stage.rule.en,
        "\"without undue delay\", after becoming aware of the incident (in the contract)"
    );
    let text = explain_stage(acme, &acme.stages[0], noroshi_duty::Lang::En);
    assert!(text.contains("within 24 hours of becoming aware of the incident (in the contract)"));
}

#[test]
fn a_clause_can_be_filed() {
    let reference = with_clauses();
    let obligation = reference.obligation("contract-acme").unwrap();
    let answers = Answers::new("Asia/Tokyo").unwrap();
    let filing = Filing::fill(&Draft {
        reference: &reference,
        obligation,
        stage: obligation.stage("notice").unwrap(),
        form: None,
        answers: &answers,
        incident: None,
        at: "2026-11-20T12:00:00Z".parse().unwrap(),
        lang: None,
    })
    .unwrap();
    assert_eq!((filing.form.as_str(), filing.language.as_str()), ("plain", "ja"));
    assert_eq!(filing.recipients[0].ja, "アクメ自動車");
    assert!(filing.missing.contains(&"org_name".to_owned()));
}

#[test]
fn inconsistent_clauses_are_refused_with_their_line() {
    for (from, to, message, line) in [
        ("within = \"PT24H\"", "within = \"24 hours\"", "is no period", "id = \"notice\""),
        ("within = \"PT24H\"", "", "contract, yet", ""),
        ("after_stage = \"report\"", "after_stage = \"nothing\"", "no earlier stage", "closing"),
        ("jurisdiction = \"JP\"", "jurisdiction = \"MARS\"", "no jurisdiction", "acme"),
        ("jurisdiction = \"JP\"", "jurisdiction = \"GB\"", "need the jurisdiction's holidays", ""),
        ("id = \"beta-logistics\"", "id = \"acme\"", "defined twice", "acme"),
        ("id = \"acme\"", "id = \"Acme!\"", "made of a-z", "Acme!"),
        (
            "within = \"P5D\"\n  working_days = true",
            "within = \"PT9H\"\n  working_days = true",
            "contradicts",
            "",
        ),
        ("customer = \"Beta", "client = \"Beta", "unknown field", "client"),
    ] {
        let changed = CLAUSES.replacen(from, to, 1);
        assert_ne!(changed, CLAUSES, "{from}");
        let result = builtin().clone().with_contracts("clauses.toml", &changed);
        // A clause without number and word is taken: "no time limit in numbers".
        let Err(error) = result else {
            assert_eq!(message, "contract, yet", "{to} was taken");
            continue;
        };
        assert!(error.message.contains(message), "{to}: {error}");
        let text = changed.lines().nth(error.line - 1).unwrap();
        assert!(text.contains(line), "{error}: {text}");
    }
    let twice = with_clauses().with_contracts("clauses.toml", CLAUSES);
    assert!(twice.err().unwrap().message.contains("was loaded before"));
}
