//! Rules about forms, versions, translations, extensions and markings, each with what it must find
//! and a near miss.

use noroshi_stix::validate::{CODES, validate_value};
use noroshi_stix::{Document, Severity, Tlp, validate_document};
use serde_json::{Value, json};

const UUID: &str = "31b940d4-6f7f-459a-80ea-9c1f17b5891b";
const TIME: &str = "2026-01-01T00:00:00.000Z";

fn object(object_type: &str, more: Value) -> Value {
    let mut object = json!({"type": object_type, "spec_version": "2.1",
        "id": format!("{object_type}--{UUID}"), "created": TIME, "modified": TIME});
    merge(&mut object, more);
    object
}

fn observable(object_type: &str, more: Value) -> Value {
    let mut object = object(object_type, json!({"created": null, "modified": null}));
    merge(&mut object, more);
    if let Some(id) = noroshi_stix::deterministic_id(&object) {
        object["id"] = json!(id);
    }
    object
}

fn merge(object: &mut Value, more: Value) {
    let members = object.as_object_mut().unwrap();
    for (key, value) in more.as_object().unwrap() {
        match value {
            Value::Null => members.remove(key),
            value => members.insert(key.clone(), value.clone()),
        };
    }
}

fn codes(object: &Value) -> Vec<(&'static str, Severity, String)> {
    validate_value(object).into_iter().map(|f| (f.code, f.severity, f.path)).collect()
}

#[track_caller]
fn finds(object: &Value, code: &str, severity: Severity, path: &str) {
    let found = codes(object);
    assert_eq!(found.len(), 1, "{object}: {found:?}");
    assert_eq!((found[0].0, found[0].1, found[0].2.as_str()), (code, severity, path), "{object}");
}

#[track_caller]
fn passes(object: &Value) {
    assert_eq!(codes(object), [], "{object}");
}

/// The findings about each object of a list, without those it has alone.
fn beside(objects: Value) -> Vec<Vec<(&'static str, Severity, String)>> {
    let document = Document::read(objects.to_string().as_bytes()).unwrap();
    let report = validate_document(&document);
    let reports = report.objects.iter().zip(document.objects());
    let extra = reports.map(|(report, object)| {
        let alone = validate_value(object);
        let new = report.findings.iter().filter(|f| !alone.contains(f));
        new.map(|f| (f.code, f.severity, f.path.clone())).collect()
    });
    extra.collect()
}

#[test]
fn values_have_the_form_of_their_type() {
    use Severity::{Error, Warning};
    for (object_type, key, bad, good, severity) in [
        ("ipv4-addr", "value", "198.51.100.7/33", "198.51.100.0/24", Error),
        ("ipv6-addr", "value", "198.51.100.7", "2001:db8::/32", Error),
        ("mac-addr", "value", "D2-FB-49-24-37-18", "d2:fb:49:24:37:18", Error),
        ("email-addr", "value", "A <a@example.com>", "a@example.com", Error),
        ("url", "value", "example.com/a", "https://example.com/a", Error),
        ("windows-registry-key", "key", "HKLM\\System", "HKEY_LOCAL_MACHINE\\System", Error),
        ("artifact", "mime_type", "jpeg", "image/jpeg", Error),
        ("domain-name", "value", "a b", "example.com", Error),
    ] {
        let mut object = observable(object_type, json!({key: good}));
        if object_type == "artifact" {
            object = observable(object_type, json!({"payload_bin": "VGVzdA==", key: good}));
        }
        passes(&object);
        object[key] = bad.into();
        if let Some(id) = noroshi_stix::deterministic_id(&object) {
            object["id"] = json!(id);
        }
        finds(&object, "bad-value", severity, key);
        object["defanged"] = true.into();
        passes(&object);
    }
    let encoded = json!({"path": "/a", "path_enc": "no such word"});
    finds(&observable("directory", encoded), "bad-value", Error, "path_enc");
    let place = |country: &str| object("location", json!({"country": country}));
    passes(&place("JP"));
    finds(&place("Japan"), "bad-value", Warning, "country");
    let software = json!({"name": "Word", "cpe": "cpe:/a:microsoft:word:2000"});
    finds(&observable("software", software), "bad-value", Error, "cpe");
    let software = json!({"name": "Word", "languages": ["ja", "日本"]});
    finds(&observable("software", software), "bad-language", Error, "languages[1]");
}

#[test]
fn ids_are_random_or_follow() {
    let v5 = "identity--311b2d2d-f010-5473-83ec-1edf84858f4c";
    finds(
        &object("identity", json!({"name": "a", "id": v5})),
        "id-version",
        Severity::Warning,
        "id",
    );
    let nil = "identity--00000000-0000-0000-0000-000000000000";
    finds(&object("identity", json!({"name": "a", "id": nil})), "bad-id", Severity::Error, "id");
    let process = json!({"pid": 5, "id": "process--311b2d2d-f010-5473-83ec-1edf84858f4c"});
    finds(&observable("process", process), "id-version", Severity::Error, "id");
    passes(&observable("process", json!({"pid": 5})));
    let large = observable("process", json!({"pid": 9_007_199_254_740_992_u64}));
    finds(&large, "out-of-range", Severity::Error, "pid");
    let larger = observable("process", json!({"pid": u64::MAX}));
    finds(&larger, "out-of-range", Severity::Error, "pid");
}

#[test]
fn versions_have_milliseconds() {
    let identity = |time: &str| object("identity", json!({"name": "a", "modified": time}));
    passes(&identity("2026-01-01T00:00:00.001Z"));
    let custom = object("x-thing", json!({"modified": "2025-01-01T00:00:00.000Z"}));
    finds(&custom, "time-order", Severity::Error, "modified");
    let path = "modified";
    finds(&identity("2026-01-01T00:00:01Z"), "timestamp-precision", Severity::Error, path);
    finds(&identity("2026-01-01T00:00:01.000001Z"), "timestamp-precision", Severity::Warning, path);
}

#[test]
fn relationships_connect_what_the_specification_lets_them() {
    let relationship = |source: &str, kind: &str, target: &str| {
        object(
            "relationship",
            json!({"relationship_type": kind, "source_ref": format!("{source}--{UUID}"),
                "target_ref": format!("{target}--{UUID}")}),
        )
    };
    for (source, kind, target) in [
        ("indicator", "indicates", "malware"),
        ("infrastructure", "consists-of", "url"),
        ("malware", "exfiltrate-to", "infrastructure"),
        ("campaign", "related-to", "file"),
        ("malware", "duplicate-of", "malware"),
        ("x-ours", "indicates", "file"),
    ] {
        passes(&relationship(source, kind, target));
    }
    for (source, kind, target) in [
        ("indicator", "indicates", "identity"),
        ("malware", "indicates", "indicator"),
        ("malware", "derived-from", "tool"),
        ("campaign", "made-up", "file"),
    ] {
        let bad = relationship(source, kind, target);
        finds(&bad, "relationship-not-defined", Severity::Warning, "relationship_type");
    }
    let bad = relationship("indicator", "Indicates it", "malware");
    finds(&bad, "bad-relationship-type", Severity::Error, "relationship_type");
    let found = validate_value(&relationship("indicator", "uses", "malware"));
    assert_eq!(found[0].detail, "indicates, related-to");
}

#[test]
fn reserved_and_deprecated_names() {
    let object = |more| object("identity", merge_into(json!({"name": "a"}), more));
    let found = codes(&object(json!({"severity": 5})));
    assert_eq!(found[0].0, "reserved-name");
    finds(&object(json!({"ab": 5})), "bad-property-name", Severity::Error, "ab");
    passes(&object(json!({"x_severity": 5})));
    let data = json!({"first_observed": TIME, "last_observed": TIME, "number_observed": 1,
        "objects": {"0": {"type": "mutex", "name": "a"}}});
    let observed = self::object("observed-data", data);
    finds(&observed, "deprecated-property", Severity::Warning, "objects");
}

fn merge_into(mut object: Value, more: Value) -> Value {
    merge(&mut object, more);
    object
}

#[test]
fn granular_markings_lead_into_lists_and_objects() {
    let mark = |selector: &str| {
        object(
            "identity",
            json!({"name": "a", "labels": ["b", "c"],
                "external_references": [{"source_name": "d", "url": "https://example.com"}],
                "granular_markings": [{"marking_ref": Tlp::Red.stix_id(), "selectors": [selector]}]}),
        )
    };
    for good in ["name", "labels", "labels.[1]", "external_references.[0].url", "granular_markings"]
    {
        passes(&mark(good));
    }
    for bad in [
        "",
        "labels.[2]",
        "labels.1",
        "labels.[+1]",
        "labels[0]",
        "name.[0]",
        "nothing",
        "external_references.[0].hashes",
    ] {
        finds(&mark(bad), "bad-selector", Severity::Error, "granular_markings[0].selectors[0]");
    }
}

#[test]
fn tlp_is_as_published() {
    let old = |label: &str| {
        let tlp = Tlp::from_label(label).unwrap();
        json!({"type": "marking-definition", "spec_version": "2.1", "id": tlp.stix_id_tlp1(),
            "created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp",
            "name": format!("TLP:{}", label.to_uppercase()), "definition": {"tlp": label}})
    };
    for label in ["white", "green", "amber", "red"] {
        passes(&old(label));
        let mut nameless = old(label);
        merge(&mut nameless, json!({"name": null}));
        passes(&nameless);
    }
    for (change, path) in [
        (json!({"definition": {"tlp": "green"}}), "definition"),
        (json!({"name": "TLP:GREEN"}), "name"),
        (json!({"created": "2018-01-20T00:00:00.000Z"}), "created"),
        (json!({"id": format!("marking-definition--{UUID}")}), "id"),
    ] {
        let mut other = old("red");
        merge(&mut other, change);
        finds(&other, "tlp-not-published", Severity::Error, path);
    }
    for tlp in Tlp::ALL {
        let mut new = noroshi_stix::tlp_marking_definition(tlp);
        passes(&new);
        new["name"] = "TLP:PURPLE".into();
        finds(&new, "tlp-not-published", Severity::Error, "name");
    }
    let statement = json!({"modified": null, "definition_type": "statement",
        "definition": {"statement": "Copyright 2026"}});
    passes(&object("marking-definition", statement));
}

#[test]
fn extensions_say_what_they_are() {
    let key = format!("extension-definition--{UUID}");
    let extended = |object_type: &str, extension: Value| {
        object(object_type, json!({"name": "a", "extensions": {&key: extension}}))
    };
    passes(&extended("identity", json!({"extension_type": "property-extension", "a_b": 1})));
    passes(&extended("x-thing", json!({"extension_type": "new-sdo"})));
    let ill = extended("identity", json!({"extension_type": "property-extension", "A": 1}));
    let path = format!("extensions.{key}.A");
    finds(&ill, "bad-property-name", Severity::Error, &path);
    let path = format!("extensions.{key}");
    let kind = format!("{path}.extension_type");
    let (code, error) = ("extension-kind", Severity::Error);
    finds(&extended("identity", json!({"a_b": 1})), code, error, &path);
    finds(&extended("identity", json!({"extension_type": "new-sdo"})), code, error, &kind);
    finds(&extended("x-thing", json!({"extension_type": "new-sco"})), code, error, &kind);
    let top = json!({"extension_type": "toplevel-property-extension"});
    let mut object = extended("identity", top.clone());
    object["rank"] = 5.into();
    passes(&object);
    let definition = |types: Value, properties: Value| {
        let more = json!({"name": "a", "schema": "https://example.com", "version": "1.0.0",
            "created_by_ref": format!("identity--{UUID}"), "extension_types": types,
            "extension_properties": properties});
        self::object("extension-definition", more)
    };
    let defined = definition(json!(["toplevel-property-extension"]), json!(["rank"]));
    passes(&defined);
    assert_eq!(beside(json!([defined, object]))[1], []);
    object["grade"] = 5.into();
    let unknown = ("unknown-property", Severity::Warning, "grade".to_owned());
    assert_eq!(beside(json!([defined, object]))[1], [unknown]);
    let other = definition(json!(["property-extension"]), Value::Null);
    let found = beside(json!([other, extended("identity", top)]));
    assert_eq!(found[1], [("extension-not-as-defined", error, kind)]);
    let unlisted = definition(json!(["toplevel-property-extension"]), Value::Null);
    finds(&unlisted, "extension-properties", Severity::Warning, "extension_properties");
    let ill = definition(json!(["toplevel-property-extension"]), json!(["A"]));
    finds(&ill, "bad-property-name", error, "extension_properties[0]");
}

#[test]
fn versions_have_one_creator_and_an_end() {
    let version = |more: Value| object("identity", merge_into(json!({"name": "a"}), more));
    let later = "2026-02-01T00:00:00.000Z";
    let (first, creator) = (version(json!({})), format!("identity--{UUID}"));
    assert_eq!(beside(json!([first, version(json!({"modified": later, "name": "b"}))])), [[], []]);
    let error = |code, path: &str| vec![(code, Severity::Error, path.to_owned())];
    for (more, want) in [
        (
            json!({"modified": later, "created_by_ref": creator}),
            error("other-creator", "created_by_ref"),
        ),
        (
            json!({"modified": later, "created": "2025-01-01T00:00:00.000Z"}),
            error("other-creator", "created"),
        ),
        (json!({"name": "b"}), error("conflicting-version", "id")),
        (json!({}), vec![("duplicate-object", Severity::Warning, "id".to_owned())]),
    ] {
        assert_eq!(beside(json!([first, version(more)])), [vec![], want]);
    }
    let revoked = version(json!({"revoked": true}));
    let after = version(json!({"modified": later}));
    let want = error("revoked-is-final", "modified");
    assert_eq!(beside(json!([after, revoked])), [want, vec![]]);
    let last = version(json!({"modified": later, "revoked": true}));
    assert_eq!(beside(json!([first, last])), [[], []]);
    let file = observable("file", json!({"name": "a"}));
    let mut more = file.clone();
    more["size"] = 5.into();
    let want = vec![("conflicting-version", Severity::Warning, "id".to_owned())];
    assert_eq!(beside(json!([file, more])), [vec![], want]);
}

#[test]
fn translations_fit_what_they_translate() {
    let actor = object("threat-actor", json!({"name": "a", "aliases": ["b", "c"], "goals": ["d"]}));
    let translation = |contents: Value, modified: &str| {
        let more =
            json!({"object_ref": actor["id"], "object_modified": modified, "contents": contents});
        object("language-content", more)
    };
    let good = json!({"ja": {"name": "甲", "aliases": ["乙", ""]}, "de": {"goals": ["D"]}});
    assert_eq!(beside(json!([translation(good.clone(), TIME), actor])), [[], []]);
    for (contents, path) in [
        (json!({"ja": {"description": "甲"}}), "contents.ja.description"),
        (json!({"ja": {"name": ["甲"]}}), "contents.ja.name"),
        (json!({"ja": {"aliases": ["甲"]}}), "contents.ja.aliases"),
    ] {
        let want = vec![("bad-translation", Severity::Error, path.to_owned())];
        assert_eq!(beside(json!([translation(contents, TIME), actor])), [want, vec![]]);
    }
    let other = beside(json!([translation(good, "2027-01-01T00:00:00.000Z"), actor]));
    let want = ("translation-of-other-version", Severity::Warning, "object_modified".to_owned());
    assert_eq!(other[0], [want]);
    let bundle = format!("bundle--{UUID}");
    let more = json!({"object_ref": bundle, "contents": {"ja": {"name": "a"}}});
    finds(&object("language-content", more), "reference-type", Severity::Error, "object_ref");
}

#[test]
fn markings_do_not_mark_in_circles() {
    let id = |n: u8| format!("marking-definition--31b940d4-6f7f-459a-80ea-9c1f17b5891{n}");
    let marking = |n: u8, by: &[u8]| {
        let refs: Vec<_> = by.iter().map(|n| id(*n)).collect();
        let mut marking = object(
            "marking-definition",
            json!({"id": id(n), "modified": null, "definition_type": "statement",
                "definition": {"statement": "a"}}),
        );
        if !refs.is_empty() {
            marking["object_marking_refs"] = json!(refs);
        }
        marking
    };
    assert_eq!(beside(json!([marking(1, &[2]), marking(2, &[3]), marking(3, &[])])), [[], [], []]);
    let circle =
        beside(json!([marking(1, &[2]), marking(2, &[3]), marking(3, &[2]), marking(4, &[])]));
    let hit: Vec<bool> = circle.iter().map(|found| !found.is_empty()).collect();
    assert_eq!(hit, [false, true, true, false]);
    finds(&marking(1, &[1]), "marks-itself", Severity::Error, "object_marking_refs");
}

/// The list of codes is what the rules say, no more and no less.
#[test]
fn codes_are_sorted_and_used() {
    assert!(CODES.is_sorted());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = String::new();
    read(&folder, &mut sources);
    for code in CODES {
        let quoted = format!("\"{code}\"");
        assert!(sources.matches(&quoted).count() >= 2, "{code} is no rule's");
    }
}

fn read(folder: &std::path::Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, out);
        } else {
            out.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn dictionaries_have_values_of_their_type() {
    let mail = |fields: Value| {
        observable(
            "email-message",
            json!({"is_multipart": false, "additional_header_fields": fields}),
        )
    };
    passes(&mail(json!({"X-Mailer": "a", "Received": ["b", "c"]})));
    finds(&mail(json!({"X-Mailer": 5})), "wrong-type", Severity::Error, "additional_header_fields");
    let socket = |options: Value| {
        let socket = json!({"address_family": "AF_INET", "options": options});
        observable(
            "network-traffic",
            json!({"protocols": ["tcp"], "extensions": {"socket-ext": socket},
                "src_ref": format!("ipv4-addr--{UUID}")}),
        )
    };
    passes(&socket(json!({"SO_REUSEADDR": 1, "ICMP6_FILTER": 0})));
    let path = "extensions.socket-ext.options";
    finds(&socket(json!({"REUSEADDR": 1})), "bad-key", Severity::Error, path);
    finds(&socket(json!({"SO_REUSEADDR": "1"})), "wrong-type", Severity::Error, path);
    let program = |time: &str| {
        let program = json!({"pe_type": "exe", "time_date_stamp": time});
        observable("file", json!({"name": "a", "extensions": {"windows-pebinary-ext": program}}))
    };
    passes(&program("2026-01-01T00:00:00Z"));
    let path = "extensions.windows-pebinary-ext.time_date_stamp";
    finds(&program("2026-01-01T00:00:00.000Z"), "timestamp-precision", Severity::Error, path);
}
