//! What a field's class says and what `disclosure.toml` allows agree.

use std::collections::BTreeMap;

use noroshi_duty::Anonymity;
use serde::Deserialize;

use crate::builtin;

const FILE: &str = include_str!("../../../../disclosure.toml");

#[derive(Deserialize)]
struct Disclosure {
    report: BTreeMap<String, Entry>,
    answers: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    outside: String,
}

#[test]
fn only_the_attack_itself_may_leave() {
    let declared: Disclosure = toml::from_str(FILE).unwrap();
    let fields = builtin().fields();
    let mut leaves = Vec::new();
    for field in fields {
        let entry = declared.answers.get(&field.id);
        let entry = entry.unwrap_or_else(|| panic!("say in disclosure.toml: {}", field.id));
        // A field of the same name that a report has must not be freer there.
        for entry in [Some(entry), declared.report.get(&field.id)].into_iter().flatten() {
            let private = entry.outside == "private";
            let class = field.anonymity;
            assert!(private || class == Anonymity::Attack, "{} is {}", field.id, class.name());
        }
        if entry.outside != "private" {
            leaves.push(field.id.as_str());
        }
    }
    assert_eq!(declared.answers.len(), fields.len(), "disclosure.toml declares what is not there");
    assert_eq!(leaves, ["intrusion_route", "ttps", "indicators"]);
}

#[test]
fn a_class_that_names_somebody_may_never_be_released_as_given() {
    for field in builtin().fields() {
        let names = matches!(field.anonymity, Anonymity::Identity | Anonymity::Quasi);
        assert!(!names || !field.anonymity.may_be_released_as_given(), "{}", field.id);
    }
}
