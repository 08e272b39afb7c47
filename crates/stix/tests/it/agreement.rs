//! Agreement with `stix2-validator`, `stix2` and `stix2-patterns` (PyPI) and with `rstix`.
//!
//! Each difference is in a list, with the clause of the specification that decides. Run with
//! `--nocapture` to see the tables.

mod differences;
mod mutations;
mod objects;
mod patterns;
mod python;

use std::collections::BTreeMap;

use noroshi_stix::specification::ObjectDefinition;
use noroshi_stix::validate::validate_value;
use noroshi_stix::{Document, Severity};
use serde_json::{Value, json};

use differences::{Difference, Side};
use mutations::Mutant;

use crate::samples::samples;

/// The codes of errors.
fn errors(object: &Value) -> Vec<&'static str> {
    let findings = validate_value(object).into_iter();
    findings.filter(|f| f.severity == Severity::Error).map(|f| f.code).collect()
}

/// Every type as it should be, whole and with the least, and everything that can be wrong with it.
fn corpus() -> Vec<Mutant> {
    let mut all = Vec::new();
    for definition in ObjectDefinition::all() {
        let whole = objects::whole(definition);
        let place = format!("{}.", definition.name());
        all.push(Mutant {
            kind: "least",
            place: place.clone(),
            object: objects::least(definition),
        });
        all.extend(mutations::of(&whole));
        all.push(Mutant { kind: "whole", place, object: whole });
    }
    all
}

#[test]
fn objects_that_are_valid_have_no_findings() {
    for definition in ObjectDefinition::all() {
        for object in [objects::whole(definition), objects::least(definition)] {
            let findings = validate_value(&object);
            let codes: Vec<_> = findings.iter().map(|f| (f.code, f.path.as_str())).collect();
            assert_eq!(codes, [], "{object}");
        }
    }
}

#[test]
fn verdicts_on_objects_agree() {
    let corpus = corpus();
    assert!(corpus.len() > 3_000, "{}", corpus.len());
    compare(&corpus, differences::OBJECTS);
}

#[test]
fn verdicts_on_published_objects_agree() {
    let Some(folder) = samples() else { return };
    let mut all = Vec::new();
    for file in [
        "amnesty/novispy.stix2",
        "amnesty/pegasus.stix2",
        "oasis/apt1.json",
        "oasis/poisonivy.json",
        "unit42/akira-ransomware-stix.json",
    ] {
        let document = Document::read(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let upgraded = document.upgrade().document;
        all.extend(upgraded.objects().iter().map(|object| Mutant {
            kind: file,
            place: format!("{}.", object["type"].as_str().unwrap()),
            object: object.clone(),
        }));
    }
    compare(&all, differences::PUBLISHED);
}

/// Prints the table of verdicts; whatever differs is in the list, and whatever is in the list
/// differs.
fn compare(corpus: &[Mutant], list: &[Difference]) {
    let questions = corpus.iter().map(|mutant| json!({"object": mutant.object})).collect();
    let Some(answers) = python::answers(questions) else { return };
    let mut tables: BTreeMap<Side, BTreeMap<&str, [usize; 4]>> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut used = vec![0; list.len()];
    for (mutant, answer) in corpus.iter().zip(&answers) {
        let ours = errors(&mutant.object);
        let validator = answer["validator"].as_array().unwrap();
        let theirs = [
            (Side::Validator, validator.is_empty(), answer["validator"].to_string()),
            (Side::Library, answer["library"].is_null(), answer["library"].to_string()),
        ];
        for (side, good, said) in theirs {
            let table = tables.entry(side).or_default().entry(mutant.kind).or_default();
            let column = match (ours.is_empty(), good) {
                (true, true) => 0,
                (false, false) => 1,
                (false, true) => 2,
                (true, false) => 3,
            };
            table[column] += 1;
            if ours.is_empty() == good {
                continue;
            }
            let known = list.iter().position(|d| d.explains(side, &ours, mutant, &said));
            match known {
                Some(place) => used[place] += 1,
                None => {
                    let said: String = said.chars().take(300).collect();
                    unexplained.push(format!(
                        "{side:?} {} {}: {ours:?} {said}",
                        mutant.kind, mutant.place
                    ));
                }
            }
        }
    }
    for (side, table) in &tables {
        println!("{side:?}: {:<22} both good, both bad, bad here alone, bad there alone", "");
        for (kind, counts) in table {
            println!("  {kind:<24} {counts:?}");
        }
        let sum = table
            .values()
            .fold([0; 4], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]);
        println!("  {:<24} {sum:?}", "all");
    }
    for (difference, count) in list.iter().zip(&used) {
        println!("{count:>5} {}", difference.why);
    }
    assert!(unexplained.is_empty(), "{} differ:\n{}", unexplained.len(), unexplained.join("\n"));
    let idle: Vec<_> = differences::OBJECTS
        .iter()
        .zip(&used)
        .filter(|(_, n)| **n == 0)
        .map(|(d, _)| d.why)
        .collect();
    assert!(idle.is_empty(), "explain nothing: {idle:#?}");
}
