//! From STIX 2.0 to STIX 2.1: what comes out is in order, and says what changed.

use noroshi_stix::validate::validate_value;
use noroshi_stix::{Severity, observables_in_object, upgrade, upgrade_bundle, validate_bundle};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples::samples;

const UUID: &str = "31b940d4-6f7f-459a-80ea-9c1f17b5891b";

fn old(object_type: &str, more: Value) -> Value {
    let mut object = json!({"type": object_type, "id": format!("{object_type}--{UUID}"),
        "created": "2017-01-01T00:00:00.000Z", "modified": "2017-01-01T00:00:00.000Z"});
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

#[test]
fn statements_say_more_since_2_1() {
    for (object, want, changes) in [
        (
            old(
                "indicator",
                json!({"labels": ["benign"], "valid_from": "2017-01-01T00:00:00Z",
                "pattern": "[process:binary_ref.name = 'a'] START '2017-01-01T00:00:00Z' STOP '2017-01-02T00:00:00Z'",
                "granular_markings": [{"marking_ref": format!("marking-definition--{UUID}"),
                    "selectors": ["labels.[0]"]}]}),
            ),
            json!({"spec_version": "2.1", "indicator_types": ["benign"], "pattern_type": "stix",
                "pattern": "[process:image_ref.name = 'a'] START t'2017-01-01T00:00:00.000Z' STOP t'2017-01-02T00:00:00.000Z'",
                "granular_markings": [{"marking_ref": format!("marking-definition--{UUID}"),
                    "selectors": ["indicator_types.[0]"]}]}),
            5,
        ),
        (
            old("malware", json!({"name": "m", "labels": ["worm"]})),
            json!({"malware_types": ["worm"], "is_family": true}),
            3,
        ),
        (
            old(
                "report",
                json!({"name": "r", "labels": ["threat-report"], "object_refs": [format!("tool--{UUID}")]}),
            ),
            json!({"report_types": ["threat-report"], "published": "2017-01-01T00:00:00.000Z"}),
            3,
        ),
        (
            old(
                "identity",
                json!({"name": "i", "identity_class": "organization", "labels": ["a"]}),
            ),
            json!({"roles": ["a"]}),
            2,
        ),
        (old("campaign", json!({"name": "c", "labels": ["a"]})), json!({"labels": ["a"]}), 1),
    ] {
        let upgraded = upgrade(&object);
        assert_eq!(upgraded.changes.len(), changes, "{:?}", upgraded.changes);
        let [new] = &upgraded.objects[..] else { panic!("{upgraded:?}") };
        for (key, value) in want.as_object().unwrap() {
            assert_eq!(&new[key], value, "{new}");
        }
        let known = validate_value(new);
        assert!(known.iter().all(|f| f.code == "not-in-vocabulary"), "{known:?}");
        assert_eq!(upgrade(new).objects, std::slice::from_ref(new));
        assert!(upgrade(new).changes.is_empty());
    }
}

fn observed() -> Value {
    old(
        "observed-data",
        json!({
        "first_observed": "2017-01-01T00:00:00Z", "last_observed": "2017-01-01T00:00:00Z",
        "number_observed": 1, "object_marking_refs": [format!("marking-definition--{UUID}")],
        "objects": {
            "0": {"type": "email-addr", "value": "a@example.net"},
            "1": {"type": "email-message", "is_multipart": true, "from_ref": "0",
                "body_multipart": [{"body_raw_ref": "2"}]},
            "2": {"type": "file", "name": "a.exe", "modified": "2016-01-01T00:00:00Z",
                "is_encrypted": false, "parent_directory_ref": "3",
                "extensions": {"archive-ext": {"contains_refs": ["2"]}}},
            "3": {"type": "directory", "path": "/a"},
            "4": {"type": "process", "pid": 5, "binary_ref": "2", "parent_ref": "4"},
            "5": {"type": "email-addr", "value": "a@example.net", "display_name": "A"}
        }}),
    )
}

#[test]
fn observed_data_come_apart() {
    let upgraded = upgrade(&observed());
    let [whole, parts @ ..] = &upgraded.objects[..] else { panic!() };
    assert!(whole.get("objects").is_none());
    let id = |n: usize| parts[n]["id"].as_str().unwrap();
    assert_eq!(whole["object_refs"].as_array().unwrap().len(), 5);
    assert_eq!(parts.len(), 5);
    // As stix2 3.0.2 (PyPI) makes them.
    assert_eq!(id(0), "email-addr--3b7a7584-8100-5859-acbf-6935a0185ca4");
    assert_eq!(id(1), "email-message--35fc8a04-a4c3-5dd2-91bb-c093cf2db202");
    assert_eq!(parts[0]["display_name"], "A");
    assert_eq!(parts[1]["from_ref"], id(0));
    assert_eq!(parts[1]["body_multipart"][0]["body_raw_ref"], id(2));
    assert_eq!(parts[2]["parent_directory_ref"], id(3));
    assert_eq!(parts[2]["extensions"]["archive-ext"]["contains_refs"][0], id(2));
    assert_eq!(parts[2]["mtime"], "2016-01-01T00:00:00Z");
    assert_eq!(parts[2]["x_is_encrypted"], false);
    assert_eq!(parts[4]["image_ref"], id(2));
    assert_eq!(parts[4]["parent_ref"], id(4));
    for part in &upgraded.objects {
        assert_eq!(part["object_marking_refs"][0], format!("marking-definition--{UUID}"));
        let errors = validate_value(part);
        // The archive contains itself: no id can follow from itself. STIX 2.0 knew no milliseconds.
        let known = ["id-not-deterministic", "timestamp-precision"];
        let found: Vec<_> = errors.iter().filter(|f| !known.contains(&f.code)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
    assert_eq!(upgrade(&observed()), upgraded);
}

#[test]
fn equal_observables_of_a_bundle_are_one_and_keep_every_marking() {
    let green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    let mut other = observed();
    other["granular_markings"] = json!([{"marking_ref": green, "selectors": ["objects.0.value"]}]);
    other["id"] = "observed-data--00000000-0000-4000-8000-000000000000".into();
    let red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
    other["object_marking_refs"] = json!([red]);
    let bundle = json!({"type": "bundle", "id": format!("bundle--{UUID}"), "spec_version": "2.0",
        "objects": [observed(), other]});
    let upgraded = upgrade_bundle(&bundle);
    assert!(upgraded.bundle.get("spec_version").is_none());
    assert_eq!(upgraded.changes.len(), 2);
    let objects = upgraded.bundle["objects"].as_array().unwrap();
    let addresses: Vec<_> = objects.iter().filter(|o| o["type"] == "email-addr").collect();
    assert_eq!(addresses.len(), 1);
    let markings = addresses[0]["object_marking_refs"].as_array().unwrap();
    assert_eq!(markings[1..], [json!(red), json!(green)]);
    let folder = objects.iter().find(|o| o["type"] == "directory").unwrap();
    assert_eq!(folder["object_marking_refs"].as_array().unwrap().len(), 2);
    let report = validate_bundle(upgraded.bundle.to_string().as_bytes()).unwrap();
    assert!(report.is_valid(), "{report:?}");
    assert_eq!(upgrade_bundle(&upgraded.bundle).bundle, upgraded.bundle);
}

#[test]
fn a_published_bundle_is_in_order_afterwards() {
    let Some(folder) = samples() else { return };
    let bytes = std::fs::read(folder.join("unit42/akira-ransomware-stix.json")).unwrap();
    let bundle: Value = serde_json::from_slice(&bytes).unwrap();
    let upgraded = upgrade_bundle(&bundle);
    assert_eq!(upgraded.changes.len(), 19);
    let report = validate_bundle(upgraded.bundle.to_string().as_bytes()).unwrap();
    for object in &report.objects {
        println!("{:?}", object.findings);
        assert!(object.findings.iter().all(|f| f.severity == Severity::Warning));
    }
    let yields = |bundle: &Value| -> Vec<_> {
        bundle["objects"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|o| observables_in_object(o).found)
            .collect()
    };
    assert_eq!(yields(&bundle), yields(&upgraded.bundle));
}

proptest! {
    #[test]
    fn upgrading_never_panics_and_settles(
        object_type in prop::sample::select(vec!["indicator", "malware", "observed-data", "report", "tool"]),
        key in prop::sample::select(vec!["pattern", "labels", "objects", "granular_markings", "created", "id"]),
        value in crate::properties::any_json(),
    ) {
        let mut object = old(object_type, json!({}));
        object[key] = value;
        let once = upgrade(&object);
        for part in &once.objects {
            let again = upgrade(part);
            prop_assert_eq!(&again.objects[0], part);
        }
    }
}
