//! Real published files, where they are at hand: `shared/samples` beside the checkout, or the folder
//! `NOROSHI_SAMPLES` names. Run with `--nocapture` to see what was found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use noroshi_stix::pattern::ast::Observation;
use noroshi_stix::{
    Object, ObjectYield, observables_in_attribute, observables_in_object, observables_in_pattern,
    pattern_of,
};
use serde_json::Value;

/// File, kinds with their numbers, and how many values were passed over.
type Want = (&'static str, &'static [(&'static str, usize)], usize);

const BUNDLES: [Want; 5] = [
    ("amnesty/novispy.stix2", &[("ipv4", 7), ("sha256", 4)], 7),
    ("amnesty/pegasus.stix2", &[("domain", 1438), ("email", 29), ("file-name", 1)], 81),
    ("oasis/apt1.json", &[("domain", 3), ("ipv4", 4), ("md5", 3)], 4),
    ("oasis/poisonivy.json", &[("cve", 6), ("file-name", 2), ("host", 24), ("ipv4", 40)], 1),
    ("unit42/akira-ransomware-stix.json", &[("sha256", 18)], 0),
];

const EVENTS: [Want; 2] = [
    (
        "eset/misp-turla-lightneuron-event.json",
        &[("file-name", 8), ("md5", 8), ("sha1", 8), ("sha256", 8), ("url", 1)],
        3,
    ),
    (
        "eset/misp-turla-outlook-event.json",
        &[("file-name", 4), ("registry-key", 3), ("sha1", 4), ("url", 1)],
        0,
    ),
];

#[test]
fn stix_bundles() {
    let Some(folder) = samples() else { return };
    for want in BUNDLES {
        let bundle = read(&folder, want.0);
        let mut all = ObjectYield::default();
        for object in bundle["objects"].as_array().unwrap() {
            let parsed = Object::from_value(object.clone()).unwrap();
            assert_eq!(Object::from_slice(parsed.raw()).unwrap(), parsed);
            if let Some(pattern) = object["pattern"].as_str() {
                let tree = Observation::parse(pattern).unwrap();
                assert_eq!(Observation::parse(&tree.to_string()), Ok(tree), "{pattern}");
                assert!(rstix::pattern::parse_ast(pattern).is_ok(), "{pattern}");
            }
            join(&mut all, observables_in_object(object));
        }
        check(want, &all);
    }
}

#[test]
fn misp_events() {
    let Some(folder) = samples() else { return };
    for want in EVENTS {
        let mut attributes = Vec::new();
        collect(&read(&folder, want.0), &mut attributes);
        let mut all = ObjectYield::default();
        for (misp_type, value) in attributes {
            join(&mut all, observables_in_attribute(&misp_type, &value));
        }
        check(want, &all);
    }
}

fn check((file, kinds, skipped): Want, all: &ObjectYield) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for observable in &all.found {
        *counts.entry(observable.kind().as_str()).or_default() += 1;
        let pattern = pattern_of(observable);
        assert!(observables_in_pattern(&pattern).is_ok_and(|found| found.len() == 1), "{pattern}");
    }
    println!("{file}: {counts:?}, skipped {}", all.skipped.len());
    for observable in &all.found {
        println!("  {} {}", observable.kind(), observable.value());
    }
    for s in &all.skipped {
        println!("  - {} {} {:?}", s.path, s.reason.code(), s.text);
    }
    assert_eq!(counts, kinds.iter().copied().collect(), "{file}");
    assert_eq!(all.skipped.len(), skipped, "{file}");
}

fn join(all: &mut ObjectYield, more: ObjectYield) {
    all.found.extend(more.found);
    all.skipped.extend(more.skipped);
}

/// Every attribute below `value`, whatever wraps it.
fn collect(value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("Attribute", Value::Array(attributes)) => {
                        out.extend(attributes.iter().filter_map(|a| {
                            Some((a["type"].as_str()?.to_owned(), a["value"].as_str()?.to_owned()))
                        }));
                    }
                    _ => collect(inner, out),
                }
            }
        }
        _ => (),
    }
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap()
}

pub(crate) fn samples() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let folder = std::env::var_os("NOROSHI_SAMPLES").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}
