//! Hand-computed deadlines from `tests/data/deadlines.toml`, each with its source and its sum.

use std::collections::BTreeMap;

use jiff::Timestamp;
use noroshi_duty::{Standing, deadlines};
use serde::Deserialize;

use crate::builtin;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    stage: String,
    zone: String,
    clocks: Vec<String>,
    /// RFC 3339, or `none` or `waiting`.
    due: String,
    aim: Option<String>,
    extension: Option<String>,
    projection: Option<String>,
    why: String,
    source: String,
}

#[test]
fn deadlines_are_as_computed_by_hand() {
    let reference = builtin();
    let file: File = toml::from_str(include_str!("../data/deadlines.toml")).unwrap();
    let mut covered: BTreeMap<(String, String), usize> = BTreeMap::new();
    for case in &file.case {
        let label = format!("{} {:?}: {}", case.stage, case.clocks, case.why);
        let (obligation, stage) = case.stage.split_once('/').unwrap();
        let obligation = reference.obligation(obligation).unwrap_or_else(|| panic!("{label}"));
        assert!(
            obligation.sources.iter().any(|s| s.url == case.source),
            "{label}: {} is no source of the obligation",
            case.source
        );
        let clocks = reference.clocks(&case.zone, case.clocks.iter().map(String::as_str)).unwrap();
        let all = deadlines(obligation, &clocks, reference.calendar());
        let found = all.iter().find(|d| d.stage == stage).unwrap_or_else(|| panic!("{label}"));
        let instant = |text: &String| text.parse::<Timestamp>().unwrap();
        match case.due.as_str() {
            "none" => assert_eq!(found.standing, Standing::NoNumber, "{label}"),
            "waiting" => assert!(matches!(found.standing, Standing::Waiting(_)), "{label}"),
            _ => assert_eq!(found.due, Some(instant(&case.due)), "{label}"),
        }
        assert_eq!(found.aim, case.aim.as_ref().map(instant), "{label}: aim");
        let extension = found.extension.as_ref().map(|e| e.due);
        assert_eq!(extension, case.extension.as_ref().map(instant), "{label}: extension");
        let projection = found.projection.as_ref().map(|p| p.due);
        assert_eq!(projection, case.projection.as_ref().map(instant), "{label}: projection");
        *covered.entry((obligation.id.clone(), stage.to_owned())).or_default() += 1;
    }
    for obligation in reference.obligations() {
        for stage in &obligation.stages {
            let key = (obligation.id.clone(), stage.id.clone());
            let cases = covered.get(&key).copied().unwrap_or_default();
            assert!(cases >= 3, "{key:?} has {cases} hand-computed cases");
        }
    }
}
