//! Properties that hold for every input.

use noroshi_stix::{
    Found, Kind, Object, Observable, StixId, Timestamp, canonical_json, observables_in_attribute,
    observables_in_object, observables_in_pattern, pattern_of,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

/// Text that has a good chance of being a value of some kind.
fn plausible() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?",
        "[0-9a-fA-F:]{2,39}(/[0-9]{1,3})?",
        "[a-zA-Z0-9_-]{1,12}(\\.[a-zA-Z0-9-]{1,12}){0,3}\\.(com|jp|co\\.jp|net|みんな|xn--q9jyb4c)\\.?",
        "[\\PC]{1,8}(\\.[\\PC]{1,8}){0,2}[.。](com|jp|みんな)",
        "(https?|ftp)://[\\PC]{1,12}(\\.com)?[/?:]?[\\PC]{0,12}",
        "::(ffff|FFFF):[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,3})?",
        "(https?|ftp|HTTP)://[a-z0-9.@:-]{1,20}(/[ -~]{0,20})?(\\?[ -~ぁ-ん]{0,10})?(#[a-z]{0,3})?",
        "[a-zA-Z0-9._%+-]{1,12}@[a-z0-9-]{1,10}\\.(com|jp)",
        "[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-f]{128}",
        "(HKLM|hkcu|HKEY_USERS)\\\\[ -~ぁ-ん]{1,30}",
        "(cve|CVE)-[0-9]{4}-[0-9]{4,7}",
        "[tq]1[23][di][0-9]{4}h[12]_[0-9a-f]{12}_[0-9a-f]{12}",
    ]
}

/// Text that is nearly always a value of `kind`, in the ways people write it.
fn written(kind: Kind) -> BoxedStrategy<String> {
    let regex = match kind {
        Kind::Ipv4 => "(1?[0-9]{1,2}\\.){3}1?[0-9]{1,2}(/[12]?[0-9])?",
        Kind::Ipv6 => "[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){1,5}::[0-9a-fA-F]{0,4}(/[0-9]{1,2})?",
        Kind::Domain | Kind::Host => {
            "([a-zA-Z0-9_]{1,12}\\.|[ぁ-んァ-ン]{1,5}[.。]){1,3}(com|JP|co\\.jp|みんな)\\.?"
        }
        Kind::Url => {
            "(https?|FTP)://([a-z]{1,5}:[a-z]@)?([A-Za-z0-9_]{1,9}\\.){1,2}(com|jp)\\.?(:[0-9]{1,4})?\
             (/[ -~ぁ-ん]{0,20})?"
        }
        Kind::Email => "[a-zA-Z0-9!'*+_~-]{1,12}(\\.[a-z]{1,3})?@[a-z0-9]{1,10}\\.(com|JP)",
        Kind::Md5 | Kind::Ja3 => "[0-9a-fA-F]{32}",
        Kind::Sha1 => "[0-9a-fA-F]{40}",
        Kind::Sha224 => "[0-9a-fA-F]{56}",
        Kind::Sha256 => "[0-9a-fA-F]{64}",
        Kind::Sha384 => "[0-9a-fA-F]{96}",
        Kind::Sha512 => "[0-9a-fA-F]{128}",
        Kind::FileName => "[ -.0-\\[\\]-~ぁ-ん]{1,30}",
        Kind::Mutex => "[ -~ぁ-ん]{1,40}",
        Kind::RegistryKey => "(HKLM|hkcu:|HKEY_USERS)\\\\[ -~ぁ-ん]{1,30}",
        Kind::Ja4 => "[tqd]1[0-3][di][0-9]{4}[a-z0-9]{2}_[0-9a-f]{12}_[0-9a-f]{12}",
        Kind::Cve => "(cve|CVE)-20[0-9]{2}-[0-9]{4,7}",
        Kind::Yara | Kind::Sigma | Kind::Suricata => "[ -~\n\t]{1,60}",
    };
    prop::string::string_regex(regex).unwrap().boxed()
}

fn observable() -> impl Strategy<Value = Observable> {
    let by_kind = any_kind().prop_flat_map(|kind| (Just(kind), written(kind)));
    let wild = (any_kind(), plausible());
    prop_oneof![3 => by_kind, 1 => wild]
        .prop_filter_map("not of the kind", |(kind, text)| Observable::parse(kind, &text).ok())
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |x| x.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// Pieces of patterns in any order: nearly always wrong, often almost right.
fn pattern_soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[",
        "]",
        "(",
        ")",
        " AND ",
        " OR ",
        " FOLLOWEDBY ",
        " NOT ",
        "ipv4-addr:value",
        "a:b",
        ".c",
        "[*]",
        "[-1]",
        " = ",
        " IN ",
        " ISSUBSET ",
        "'x'",
        "'198.51.100.7'",
        "\\",
        "'",
        "5",
        "-",
        ".5",
        " WITHIN 5 SECONDS",
        " START t'2026-01-01T00:00:00Z' STOP ",
        "t'",
        "/*",
        "//",
        "\n",
        "é",
        "EXISTS ",
        "h'ff'",
        "true",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Keeps the other properties honest: most of what [`written`] makes is read.
    #[test]
    fn what_people_write_is_read(
        texts in any_kind().prop_flat_map(|k| (Just(k), prop::collection::vec(written(k), 64))),
    ) {
        let (kind, texts) = texts;
        let read = texts.iter().filter(|t| Observable::parse(kind, t).is_ok()).count();
        prop_assert!(read > 32, "{kind}: only {read} of 64");
    }

    #[test]
    fn parsing_never_panics(kind in any_kind(), text in plausible()) {
        let _ = Observable::parse(kind, &text);
    }

    #[test]
    fn a_value_reads_back_as_itself(o in observable()) {
        prop_assert_eq!(Observable::parse(o.kind(), &o.value()), Ok(o.clone()));
    }

    #[test]
    fn a_pattern_reads_back_as_its_observable(o in observable()) {
        if !matches!(o, Observable::Rule(_)) {
            let found = observables_in_pattern(&pattern_of(&o)).unwrap();
            prop_assert_eq!(found, vec![Found::Observable(o)]);
        }
    }

    #[test]
    fn a_timestamp_reads_back(micros in -62_135_596_800_000_000..253_402_207_200_000_000_i64) {
        let time = Timestamp::from_micros(micros);
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        prop_assert_eq!(time.to_taxii().parse(), Ok(time));
    }

    #[test]
    fn times_and_ids_never_panic(text in any::<String>()) {
        let _ = text.parse::<Timestamp>();
        let _ = text.parse::<StixId>();
    }

    #[test]
    fn pattern_reading_never_panics(text in prop_oneof![pattern_soup(), any::<String>()]) {
        if let Err(error) = observables_in_pattern(&text) {
            prop_assert!(error.to_string().len() < 200);
        }
    }

    #[test]
    fn attribute_reading_never_panics(
        misp_type in prop_oneof!["[a-z0-9|-]{0,16}", "(filename|ip-dst|domain|regkey)\\|(md5|port|ip|value)"],
        value in prop_oneof![plausible(), "[ -~|]{0,40}"],
    ) {
        let out = observables_in_attribute(&misp_type, &value);
        prop_assert!(out.found.len() + out.skipped.len() <= 2 || misp_type == "stix2-pattern");
    }

    #[test]
    fn object_reading_never_panics(
        object_type in prop::sample::select(vec![
            "indicator", "observed-data", "file", "vulnerability", "domain-name", "email-message"]),
        key in prop::sample::select(vec![
            "pattern", "objects", "hashes", "external_references", "value", "to_refs"]),
        value in any_json(),
    ) {
        let object = json!({"type": object_type, key: value});
        let _ = observables_in_object(&object);
        let _ = Object::from_value(object);
    }

    #[test]
    fn canonical_json_is_stable_and_idempotent(v in any_json()) {
        let bytes = canonical_json(&v);
        let again: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(canonical_json(&again), bytes);
    }

    /// Integers are taken as doubles first: beyond 2^53 `serde_jcs` writes digits RFC 8785 has not.
    #[test]
    fn canonical_json_agrees_with_another_implementation(v in any_json()) {
        let v = with_doubles(v);
        prop_assert_eq!(canonical_json(&v), serde_jcs::to_vec(&v).unwrap());
    }
}

fn with_doubles(v: Value) -> Value {
    match v {
        Value::Number(n) => Value::from(n.as_f64().unwrap()),
        Value::Array(items) => items.into_iter().map(with_doubles).collect(),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(k, v)| (k, with_doubles(v))).collect())
        }
        other => other,
    }
}
