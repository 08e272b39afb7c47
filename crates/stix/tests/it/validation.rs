//! Validation: the verdicts of another implementation, real files, and each rule once.

use std::collections::BTreeMap;

use noroshi_stix::limits::MAX_FINDINGS;
use noroshi_stix::validate::validate_value;
use noroshi_stix::{
    DocumentError, Severity, StixId, Tlp, deterministic_id, tlp_marking_definition, validate_bundle,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::samples::samples;

const OBJECTS: &str = include_str!("../data/objects.json");

fn errors(object: &Value) -> Vec<String> {
    let findings = validate_value(object).into_iter();
    findings.filter(|f| f.severity == Severity::Error).map(|f| f.to_string()).collect()
}

/// The corpus marks two kinds of difference. `"stricter"`, an error only here: the other reader fills
/// in what is missing (ids, times, versions), turns one type into another and looks at no address.
/// `"milder"`, an error
/// only there: custom properties, which are a warning here.
#[test]
fn agrees_with_another_implementation() {
    let corpus: Value = serde_json::from_str(OBJECTS).unwrap();
    let (mut counts, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for case in corpus["cases"].as_array().unwrap() {
        let want = case[1].as_str().unwrap();
        *counts.entry(want).or_default() += 1;
        let errors = errors(&case[0]);
        if errors.is_empty() != matches!(want, "yes" | "milder") {
            wrong.push(format!("{want}: {} {}: {errors:?}", case[2], case[0]));
        }
    }
    println!("{counts:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What people publish is in order, but for STIX 2.0: that has to be upgraded.
#[test]
fn published_files_have_the_findings_they_have() {
    let Some(folder) = samples() else { return };
    for (file, want) in [
        ("amnesty/novispy.stix2", &[("timestamp-precision", 74)][..]),
        ("amnesty/pegasus.stix2", &[("timestamp-precision", 6192)]),
        ("oasis/apt1.json", &[]),
        ("oasis/poisonivy.json", &[]),
        (
            "unit42/akira-ransomware-stix.json",
            &[
                ("bundle-spec-version", 1),
                ("missing-property", 18),
                ("stix-2.0", 19),
                ("unknown-property", 1),
            ],
        ),
    ] {
        let report = validate_bundle(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let all = report.findings.iter().chain(report.objects.iter().flat_map(|o| &o.findings));
        for finding in all {
            println!("{file}: {finding}");
            *counts.entry(finding.code).or_default() += 1;
        }
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), want, "{file}");
    }
}

#[test]
fn ids_of_observables_agree_with_another_implementation() {
    let corpus: Value = serde_json::from_str(OBJECTS).unwrap();
    let (mut made, mut none) = (0, 0);
    for case in corpus["ids"].as_array().unwrap() {
        let id = deterministic_id(&case[0]);
        assert_eq!(id.as_ref().map(StixId::as_str), case[1].as_str(), "{}", case[0]);
        *if id.is_some() { &mut made } else { &mut none } += 1;
    }
    assert!(made > 30 && none > 0, "{made} {none}");
}

/// An object without a finding, of which the cases below spoil one thing each.
fn good(object_type: &str) -> Value {
    let uuid = "31b940d4-6f7f-459a-80ea-9c1f17b5891b";
    let mut object = json!({"type": object_type, "id": format!("{object_type}--{uuid}"),
        "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z"});
    let more = match object_type {
        "indicator" => json!({"pattern": "[a:b = 1]", "pattern_type": "stix",
            "valid_from": "2026-01-01T00:00:00Z", "external_references": [{"source_name": "cve",
            "external_id": "CVE-2021-44228"}], "labels": ["a"]}),
        "file" => json!({"id": "file--7af1312c-4402-5d2f-b169-b118d73b85c4", "name": "foo.exe",
            "spec_version": "2.1"}),
        "email-message" => json!({"is_multipart": false}),
        "language-content" => json!({"object_ref": format!("malware--{uuid}"),
            "contents": {"ja": {"name": "名"}}}),
        "marking-definition" => json!({"definition_type": "statement",
            "definition": {"statement": "x"}}),
        "extension-definition" => json!({"name": "a", "schema": "b", "version": "1.0.0",
            "created_by_ref": format!("identity--{uuid}"), "extension_types": ["property-extension"]}),
        "opinion" => json!({"opinion": "agree", "object_refs": [format!("malware--{uuid}")]}),
        _ => json!({"name": "a"}),
    };
    merge(&mut object, more);
    if matches!(object_type, "file" | "email-message") {
        merge(&mut object, json!({"created": null, "modified": null}));
    }
    if object_type == "marking-definition" {
        merge(&mut object, json!({"modified": null}));
    }
    object
}

/// Sets the members of `more`; null takes one away.
fn merge(object: &mut Value, more: Value) {
    let members = object.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        match value {
            Value::Null => members.remove(key),
            value => members.insert(key.clone(), value.clone()),
        };
    }
}

fn found(object: &Value) -> Vec<(&'static str, String)> {
    validate_value(object).into_iter().map(|f| (f.code, f.path)).collect()
}

#[test]
fn each_rule_finds_its_fault_and_nothing_else() {
    let cve = |id: &str| json!([{"source_name": "cve", "external_id": id}]);
    let tlp = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    for (object_type, change, code, path) in [
        ("indicator", json!({}), "", ""),
        ("file", json!({}), "", ""),
        ("opinion", json!({}), "", ""),
        ("marking-definition", json!({}), "", ""),
        ("extension-definition", json!({}), "", ""),
        ("language-content", json!({}), "", ""),
        ("x-ours", json!({"anything": 5}), "", ""),
        ("ours", json!({}), "unknown-type", "type"),
        ("indicator", json!({"type": null}), "missing-type", "type"),
        ("indicator", json!({"spec_version": null}), "stix-2.0", "spec_version"),
        ("indicator", json!({"spec_version": "2.2"}), "spec-version", "spec_version"),
        ("indicator", json!({"id": "indicator--1"}), "bad-id", "id"),
        (
            "indicator",
            json!({"id": "malware--31b940d4-6f7f-459a-80ea-9c1f17b5891b"}),
            "id-type",
            "id",
        ),
        ("indicator", json!({"valid_from": null}), "missing-property", "valid_from"),
        ("indicator", json!({"revoked": "yes"}), "wrong-type", "revoked"),
        ("indicator", json!({"confidence": 101}), "out-of-range", "confidence"),
        ("indicator", json!({"lang": "日本"}), "bad-language", "lang"),
        ("indicator", json!({"labels": []}), "empty-list", "labels"),
        ("indicator", json!({"x_a": {"b": [null]}}), "null-value", "x_a.b[0]"),
        ("indicator", json!({"pattern": "[a"}), "pattern-syntax", "pattern"),
        ("indicator", json!({"valid_until": "2026-01-01T00:00:00Z"}), "time-order", "valid_until"),
        ("indicator", json!({"created": "2026-01-01T09:00:00+09:00"}), "bad-timestamp", "created"),
        ("indicator", json!({"modified": "2025-01-01T00:00:00.000Z"}), "time-order", "modified"),
        (
            "indicator",
            json!({"indicator_types": ["bad"]}),
            "not-in-vocabulary",
            "indicator_types[0]",
        ),
        ("opinion", json!({"opinion": "maybe"}), "not-in-enumeration", "opinion"),
        ("indicator", json!({"created_by_ref": "identity--1"}), "bad-reference", "created_by_ref"),
        ("indicator", json!({"created_by_ref": tlp}), "reference-type", "created_by_ref"),
        (
            "indicator",
            json!({"external_references": cve("2021-44228")}),
            "bad-external-id",
            "external_references[0].external_id",
        ),
        (
            "indicator",
            json!({"external_references": [{"source_name": "a"}]}),
            "property-needed",
            "external_references[0]",
        ),
        (
            "indicator",
            json!({"external_references": [{"source_name": "a", "url": "a"}]}),
            "bad-url",
            "external_references[0].url",
        ),
        (
            "indicator",
            json!({"kill_chain_phases": [{"kill_chain_name": "A b", "phase_name": "c"}]}),
            "kill-chain-name",
            "kill_chain_phases[0].kill_chain_name",
        ),
        (
            "indicator",
            json!({"granular_markings": [{"lang": "ja", "selectors": ["labels.[1]"]}]}),
            "bad-selector",
            "granular_markings[0].selectors[0]",
        ),
        (
            "indicator",
            json!({"granular_markings": [{"lang": "ja", "marking_ref": tlp, "selectors": ["labels.[0]"]}]}),
            "one-property-needed",
            "granular_markings[0]",
        ),
        ("indicator", json!({"grade": 5}), "unknown-property", "grade"),
        ("indicator", json!({"Severity": 5}), "bad-property-name", "Severity"),
        ("indicator", json!({"extensions": {"a": {}}}), "undefined-extension", "extensions.a"),
        (
            "indicator",
            json!({"extensions": {"extension-definition--1": {}}}),
            "bad-extension",
            "extensions.extension-definition--1",
        ),
        (
            "indicator",
            json!({"extensions": {"pdf-ext": {"version": "1"}}}),
            "extension-type",
            "extensions.pdf-ext",
        ),
        ("file", json!({"hashes": {"MD5": "a"}, "id": null}), "missing-property", "id"),
        ("file", json!({"size": -1}), "out-of-range", "size"),
        ("file", json!({"magic_number_hex": "abc"}), "bad-hex", "magic_number_hex"),
        ("file", json!({"name": "bar.exe"}), "id-not-deterministic", "id"),
        ("file", json!({"name": null}), "property-needed", ""),
        (
            "email-message",
            json!({"body_multipart": [{"body": "a"}]}),
            "property-excluded",
            "body_multipart",
        ),
        (
            "email-message",
            json!({"additional_header_fields": {"a b": "c"}}),
            "bad-key",
            "additional_header_fields",
        ),
        (
            "email-message",
            json!({"additional_header_fields": {}}),
            "empty-dictionary",
            "additional_header_fields",
        ),
        (
            "language-content",
            json!({"contents": {"j": {"name": "a"}}}),
            "bad-language",
            "contents.j",
        ),
        ("language-content", json!({"contents": {"ja": "a"}}), "bad-translation", "contents.ja"),
        ("marking-definition", json!({"definition": {"a": "b"}}), "bad-statement", "definition"),
        (
            "marking-definition",
            json!({"definition_type": "tlp", "definition": {"tlp": "red"}}),
            "tlp-not-published",
            "id",
        ),
        (
            "marking-definition",
            json!({"definition_type": "iep"}),
            "marking-type",
            "definition_type",
        ),
        (
            "extension-definition",
            json!({"extension_properties": ["rank"]}),
            "extension-properties",
            "extension_properties",
        ),
    ] {
        let mut object = good(object_type);
        merge(&mut object, change);
        let found = found(&object);
        let want = if code.is_empty() { vec![] } else { vec![(code, path.to_owned())] };
        // A hash that is too short is found beside the missing id, an id from nothing beside a
        // missing name.
        let beside = ["bad-hash", "id-version"];
        let found: Vec<_> = found.into_iter().filter(|(code, _)| !beside.contains(code)).collect();
        assert_eq!(found, want, "{object}");
    }
    let hashes = json!({"hashes": {"MD5": "a", "sha256": "b"}, "name": null, "type": "file"});
    assert!(found(&hashes).contains(&("bad-hash", "hashes.MD5".to_owned())));
    assert!(found(&hashes).contains(&("hash-algorithm", "hashes.sha256".to_owned())));
}

#[test]
fn markings_that_are_published_pass() {
    for tlp in Tlp::ALL {
        assert_eq!(found(&tlp_marking_definition(tlp)), [], "{tlp}");
    }
    let red = json!({"type": "marking-definition", "spec_version": "2.1",
        "id": Tlp::Red.stix_id_tlp1(), "created": "2017-01-20T00:00:00.000Z",
        "definition_type": "tlp", "name": "TLP:RED", "definition": {"tlp": "red"}});
    assert_eq!(found(&red), []);
}

#[test]
fn one_bad_object_rejects_no_bundle() {
    let mut changed = good("indicator");
    merge(&mut changed, json!({"name": "other"}));
    let bundle = json!({"type": "bundle", "id": "bundle--31b940d4-6f7f-459a-80ea-9c1f17b5891b",
        "spec_version": "2.0",
        "objects": [good("indicator"), 5, {"type": "x"}, good("file"), changed]});
    let report = validate_bundle(bundle.to_string().as_bytes()).unwrap();
    assert_eq!(report.findings[0].code, "bundle-spec-version");
    let valid: Vec<bool> = report.objects.iter().map(|o| o.is_valid()).collect();
    assert_eq!(valid, [true, false, false, true, false]);
    assert_eq!(report.objects[4].findings[0].code, "conflicting-version");
    assert_eq!(report.objects[0].id.as_ref().unwrap().object_type(), "indicator");
    assert!(!report.is_valid());
    assert_eq!(validate_bundle(b"{"), Err(DocumentError::NotJson { line: 1, column: 1 }));
    assert_eq!(validate_bundle(b"5"), Err(DocumentError::NotStix));
    let one = validate_bundle(good("indicator").to_string().as_bytes()).unwrap();
    assert!(one.is_valid() && one.objects.len() == 1);
}

proptest! {
    #[test]
    fn validation_never_panics_nor_floods(
        object_type in prop::sample::select(vec!["indicator", "file", "malware", "x-a", "language-content",
            "marking-definition", "extension-definition", "observed-data"]),
        key in prop::sample::select(vec!["pattern", "hashes", "extensions", "external_references", "contents",
            "granular_markings", "definition", "id", "created", "objects", "definition_type"]),
        value in crate::properties::any_json(),
    ) {
        let mut object = good(object_type);
        object[key] = value;
        let findings = validate_value(&object);
        prop_assert!(findings.len() <= MAX_FINDINGS);
        for finding in findings {
            prop_assert!(finding.message.ends_with(|c: char| c != '.') && finding.message.len() < 200);
        }
        let _ = deterministic_id(&object);
    }
}
