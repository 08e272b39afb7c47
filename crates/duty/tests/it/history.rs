//! The history of an incident: only added to, and every odd event told.

use jiff::Timestamp;
use noroshi_duty::{
    CaseStanding, Event, Incident, Obligation, Problem, deadlines, show_state, timeline,
};
use proptest::prelude::*;

use crate::builtin;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn filed(obligation: &str, stage: &str, when: &str, version: u32) -> Event {
    let (obligation, stage) = (obligation.to_owned(), stage.to_owned());
    Event::StageFiled { at: at(when), obligation, stage, version }
}

fn reclassified(when: &str, reportable: bool) -> Event {
    Event::Reclassified { at: at(when), obligation: None, reportable, why: "x".to_owned() }
}

fn obligation(id: &str) -> &'static Obligation {
    builtin().obligation(id).unwrap()
}

#[test]
fn stages_in_their_order_end_complete() {
    let dora = obligation("eu-dora");
    let mut incident = Incident::opened(at("2026-11-04T08:00:00Z"));
    assert_eq!(incident.state(dora).next.as_deref(), Some("initial"));
    incident.add(filed("eu-dora", "initial", "2026-11-04T12:00:00Z", 1));
    incident.add(filed("eu-dora", "intermediate", "2026-11-06T12:00:00Z", 1));
    incident.add(filed("eu-dora", "intermediate", "2026-11-09T12:00:00Z", 2));
    let state = incident.state(dora);
    assert_eq!(
        show_state(&state, noroshi_duty::Lang::En),
        "open; initial v1; intermediate v2; next: final"
    );
    assert!(state.problems.is_empty(), "{:?}", state.problems);
    assert_eq!(incident.next_version("eu-dora", "intermediate"), 3);

    // The final report counts from the latest update, the intermediate one from the first notice.
    let clocks = incident.add_filed(dora, builtin().clocks("Europe/Paris", []).unwrap());
    let due = deadlines(dora, &clocks, builtin().calendar());
    assert_eq!(due[2].local.as_deref(), Some("2026-12-09 23:59:59 +01:00 (Europe/Paris)"));

    incident.add(filed("eu-dora", "final", "2026-12-01T12:00:00Z", 1));
    assert_eq!(incident.state(dora).standing, CaseStanding::Complete);
}

/// Art. 23(4)(e) of directive 2022/2555: an incident that goes on gets a progress report when the final
/// one is due, and the final one within a month of handling it. Computed by hand.
#[test]
fn an_incident_that_goes_on_under_nis2() {
    let nis2 = obligation("eu-nis2");
    let due = |incident: &Incident, handled: Option<&str>| {
        let mut clocks = builtin().clocks("Europe/Paris", []).unwrap();
        if let Some(handled) = handled {
            clocks = clocks.with("handled", handled.parse().unwrap());
        }
        let clocks = incident.add_filed(nis2, clocks);
        let all = deadlines(nis2, &clocks, builtin().calendar());
        let of = |stage: &str| all.iter().find(|d| d.stage == stage).unwrap().clone();
        (of("progress"), of("final"))
    };
    let local = |d: &noroshi_duty::StageDeadline| d.local.clone();
    let mut incident = Incident::opened(at("2026-11-04T08:00:00Z"));
    incident.add(filed("eu-nis2", "early-warning", "2026-11-04T20:00:00Z", 1));
    incident.add(filed("eu-nis2", "notification", "2026-11-06T08:00:00Z", 1));
    let month = Some("2026-12-06 23:59:59 +01:00 (Europe/Paris)".to_owned());
    let (progress, last) = due(&incident, None);
    assert_eq!((local(&progress), local(&last)), (month.clone(), month.clone()));
    // Over before that: the final report ends it, and no progress report is owed any more.
    let mut short = incident.clone();
    short.add(filed("eu-nis2", "final", "2026-11-30T08:00:00Z", 1));
    let state = short.state(nis2);
    assert_eq!((state.standing, state.conditional.len()), (CaseStanding::Complete, 1));
    assert_eq!(state.conditional, ["intermediate"]);
    // It goes on: nobody knows yet by when.
    incident.add(filed("eu-nis2", "progress", "2026-12-04T08:00:00Z", 1));
    assert!(incident.state(nis2).problems.is_empty());
    assert_eq!(incident.state(nis2).next.as_deref(), Some("final"));
    let (_, last) = due(&incident, None);
    assert_eq!(last.standing, noroshi_duty::Standing::Waiting("handled".to_owned()));
    assert!(last.due.is_none() && last.projection.is_none());
    assert!(last.rule.en.contains("once \"Progress report\" was submitted"), "{}", last.rule.en);
    // Handled on 20 January: a month from then.
    let (_, last) = due(&incident, Some("2027-01-20T10:00:00+01:00[Europe/Paris]"));
    assert_eq!(local(&last), Some("2027-02-20 23:59:59 +01:00 (Europe/Paris)".to_owned()));
    incident.add(filed("eu-nis2", "final", "2027-02-10T08:00:00Z", 1));
    assert_eq!(incident.state(nis2).standing, CaseStanding::Complete);
}

#[test]
fn conditional_stages_do_not_end_by_themselves() {
    let appi = obligation("jp-appi");
    let mut incident = Incident::opened(at("2026-11-04T08:00:00Z"));
    incident.add(filed("jp-appi", "first", "2026-11-06T08:00:00Z", 1));
    let state = incident.state(appi);
    assert_eq!((state.standing, state.next), (CaseStanding::Open, None));
    assert_eq!(state.conditional, ["final", "final-malicious"]);
    incident.add(filed("jp-appi", "final-malicious", "2026-12-20T08:00:00Z", 1));
    assert_eq!(incident.state(appi).standing, CaseStanding::Complete);
}

#[test]
fn odd_events_are_kept_and_told() {
    let nis2 = obligation("eu-nis2");
    let mut incident = Incident::default();
    incident.add(filed("eu-nis2", "final", "2026-11-10T08:00:00Z", 1));
    incident.add(Event::Opened { at: at("2026-11-04T08:00:00Z") });
    incident.add(filed("eu-nis2", "early-warning", "2026-11-05T08:00:00Z", 1));
    incident.add(filed("eu-nis2", "early-warning", "2026-11-05T09:00:00Z", 2));
    incident.add(filed("eu-nis2", "post-mortem", "2026-11-05T10:00:00Z", 1));
    incident.add(Event::Supplement {
        at: at("2026-11-05T11:00:00Z"),
        obligation: "eu-nis2".to_owned(),
        stage: "notification".to_owned(),
        version: 2,
    });
    incident.add(Event::Withdrawn {
        at: at("2026-11-06T08:00:00Z"),
        obligation: None,
        why: "a drill".to_owned(),
    });
    incident.add(filed("eu-nis2", "notification", "2026-11-07T08:00:00Z", 1));
    let state = incident.state(nis2);
    assert_eq!(incident.events().len(), 8);
    assert_eq!(state.standing, CaseStanding::Withdrawn);
    let told: Vec<String> = state.problems.iter().map(|p| p.text(builtin()).en).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    the history must begin with the opening of the incident
    eu-nis2: "final" was filed, but "notification" before it was not
    event 2 opens the incident a second time
    event 2 lies before the one recorded before it
    eu-nis2: "early-warning" was filed twice; file a supplement instead
    eu-nis2 has no stage "post-mortem"
    eu-nis2: a supplement to "notification", which was not filed
    eu-nis2: "notification" was filed although the incident was withdrawn or found not reportable; reclassify it first
    "#);
    for problem in &state.problems {
        let ja = problem.text(builtin()).ja;
        assert!(!ja.is_ascii(), "{ja}");
    }
}

#[test]
fn a_reclassified_incident_owes_nothing_until_it_is_reclassified_again() {
    let acd = obligation("jp-acd");
    let mut incident = Incident::opened(at("2026-11-04T08:00:00Z"));
    incident.add(filed("jp-acd", "first", "2026-11-04T09:00:00Z", 1));
    incident.add(reclassified("2026-11-05T09:00:00Z", false));
    let state = incident.state(acd);
    assert_eq!((state.standing, state.next), (CaseStanding::NotReportable, None));
    let mut wrong = incident.clone();
    wrong.add(filed("jp-acd", "detailed", "2026-11-06T09:00:00Z", 1));
    let after = |p: &Problem| matches!(p, Problem::AfterTheEnd { .. });
    assert!(wrong.state(acd).problems.iter().any(after));
    incident.add(reclassified("2026-11-07T09:00:00Z", true));
    assert_eq!(incident.state(acd).next.as_deref(), Some("detailed"));
    incident.add(Event::Closed { at: at("2026-12-07T09:00:00Z") });
    assert_eq!(incident.state(acd).standing, CaseStanding::Closed);
    // Only this obligation.
    let mut one = Incident::opened(at("2026-11-04T08:00:00Z"));
    one.add(Event::Withdrawn {
        at: at("2026-11-05T08:00:00Z"),
        obligation: Some("jp-acd".to_owned()),
        why: "not a specified computer".to_owned(),
    });
    assert_eq!(one.state(acd).standing, CaseStanding::Withdrawn);
    assert_eq!(one.state(obligation("jp-appi")).standing, CaseStanding::Open);
}

#[test]
fn a_timeline_holds_what_is_still_owed_first_deadline_first() {
    let reference = builtin();
    let answers = noroshi_duty::Answers::from_json(
        reference,
        &serde_json::json!({ "zone": "Europe/Paris", "answers": {
            "aware_at": "2026-11-04T09:00:00+01:00", "classified_at": "2026-11-04T10:00:00+01:00",
        }}),
    );
    let both = [obligation("eu-nis2"), obligation("eu-dora"), obligation("jp-acd")];
    let list = |incident: &Incident| -> Vec<String> {
        let open = timeline(reference, &both, &answers, incident).unwrap();
        open.iter().map(|s| format!("{}/{}", s.obligation, s.stage)).collect()
    };
    let mut incident = Incident::opened(at("2026-11-04T08:00:00Z"));
    assert_eq!(
        list(&incident),
        [
            "jp-acd/first",
            "eu-dora/initial",
            "eu-nis2/early-warning",
            // 72 hours from 9:00, then 72 hours from 14:00, when the first notice is due.
            "eu-nis2/notification",
            "eu-dora/intermediate",
            "jp-acd/detailed",
            // Both at the end of 7 December.
            "eu-dora/final",
            "eu-nis2/progress",
            "eu-nis2/final",
            "eu-nis2/intermediate",
        ]
    );
    incident.add(filed("eu-dora", "initial", "2026-11-04T12:00:00Z", 1));
    incident.add(Event::Withdrawn {
        at: at("2026-11-05T08:00:00Z"),
        obligation: Some("eu-nis2".to_owned()),
        why: "not significant".to_owned(),
    });
    assert_eq!(
        list(&incident),
        ["jp-acd/first", "eu-dora/intermediate", "jp-acd/detailed", "eu-dora/final"]
    );
}

#[test]
fn a_history_is_stored_as_a_list_of_events() {
    let text = "[[event]]\nevent = \"opened\"\nat = 2026-11-04T08:00:00+09:00\n\n\
                [[event]]\nevent = \"withdrawn\"\nat = \"2026-11-05T00:00:00Z\"\nwhy = \"a drill\"\n";
    let incident = Incident::from_toml("case.toml", text).unwrap();
    assert_eq!(incident.events()[0].at(), at("2026-11-03T23:00:00Z"));
    let json = serde_json::to_string(&incident).unwrap();
    assert_eq!(
        json,
        r#"[{"event":"opened","at":"2026-11-03T23:00:00Z"},{"event":"withdrawn","at":"2026-11-05T00:00:00Z","obligation":null,"why":"a drill"}]"#
    );
    assert_eq!(serde_json::from_str::<Incident>(&json).unwrap(), incident);
    let bad = text.replace("\"withdrawn\"", "\"vanished\"");
    let error = Incident::from_toml("case.toml", &bad).unwrap_err().to_string();
    assert!(error.starts_with("case.toml:5: event 2: "), "{error}");
}

fn event() -> impl Strategy<Value = Event> {
    let stages = ["early-warning", "notification", "intermediate", "final", "nothing"];
    (0..6u8, 0..5usize, 0i64..1000, 0..4u32).prop_map(move |(kind, stage, hour, version)| {
        let at = Timestamp::from_second(1_790_000_000 + hour * 3600).unwrap();
        let (obligation, stage) = ("eu-nis2".to_owned(), stages[stage].to_owned());
        match kind {
            0 => Event::Opened { at },
            1 => Event::Supplement { at, obligation, stage, version },
            2 => {
                Event::Reclassified { at, obligation: None, reportable: hour % 2 == 0, why: stage }
            }
            3 => Event::Withdrawn { at, obligation: Some(obligation), why: stage },
            _ => Event::StageFiled { at, obligation, stage, version },
        }
    })
}

proptest! {
    #[test]
    fn any_history_has_a_state_and_survives_storage(events in proptest::collection::vec(event(), 0..12)) {
        let nis2 = obligation("eu-nis2");
        let mut incident = Incident::default();
        let mut last = 0;
        for event in events {
            incident.add(event);
            let state = incident.state(nis2);
            // What was told stays told: events are only added.
            prop_assert!(state.problems.len() >= last);
            last = state.problems.len();
            prop_assert_eq!(state.next.is_some() && state.standing != CaseStanding::Open, false);
        }
        let json = serde_json::to_string(&incident).unwrap();
        prop_assert_eq!(serde_json::from_str::<Incident>(&json).unwrap(), incident);
    }
}
