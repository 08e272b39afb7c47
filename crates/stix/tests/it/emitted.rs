//! What the hub emits is STIX 2.1 and nothing more.

use std::collections::BTreeSet;

use noroshi_stix::{
    IndicatorFacts, Kind, Object, Observable, StixId, Timestamp, Tlp, canonical_json, emit,
    emitted_type, identity, observables_in_object,
};
use serde_json::Value;

const CREATOR: &str = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01";

/// One value of each kind, in two ways of writing it.
const VALUES: [(Kind, &str, &str); 23] = [
    (Kind::Ipv4, "198.51.100.7", "198.51.100.7/32"),
    (Kind::Ipv4, "198.51.100.0/24", "198.51.100.9/24"),
    (Kind::Ipv6, "2001:db8::1", "2001:0DB8:0::1"),
    (Kind::Ipv6, "2001:db8::/32", "2001:db8:1::/32"),
    (Kind::Domain, "example.net", "EXAMPLE.NET."),
    (Kind::Host, "c2.example.net", " C2.example.net"),
    (Kind::Url, "http://example.net/it's?a=%20", "HTTP://user@EXAMPLE.net:80/it's?a=%20#x"),
    (Kind::Email, "o'neil@example.net", "O'Neil@Example.NET"),
    (Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E"),
    (
        Kind::Sha1,
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    ),
    (
        Kind::Sha224,
        "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
        "D14A028C2A3A2BC9476102BB288234C415A2B01F828EA62AC5B3E42F",
    ),
    (
        Kind::Sha256,
        "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f",
        "AEC070645FE53EE3B3763059376134F058CC337247C978ADD178B6CCDFB0019F",
    ),
    (
        Kind::Sha384,
        "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "38B060A751AC96384CD9327EB1B1E36A21FDB71114BE07434C0CC7BF63F6E1DA274EDEBFE76F65FBD51AD2F14898B95B",
    ),
    (
        Kind::Sha512,
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        "CF83E1357EEFB8BDF1542850D66D8007D620E4050B5715DC83F4A921D36CE9CE47D0D13C5D85F2B0FF8318D2877EEC2F63B931BD47417A81A538327AF927DA3E",
    ),
    (Kind::FileName, "見積書 'x'.exe", " 見積書 'x'.exe "),
    (Kind::Mutex, r"Global\it's", r" Global\it's"),
    (Kind::RegistryKey, r"HKLM\Software\a", r"HKEY_LOCAL_MACHINE\Software\a\"),
    (Kind::Ja3, "e7d705a3286e19ea42f587b344ee6865", "E7D705A3286E19EA42F587B344EE6865"),
    (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6", "T13D1516H2_8DAAF6152771_B186095E22B6"),
    (Kind::Cve, "CVE-2021-44228", "cve-2021-44228"),
    (Kind::Yara, "rule a { condition: true }", "rule a { condition: true }"),
    (Kind::Sigma, "title: x", "title: x"),
    (
        Kind::Suricata,
        "alert tcp any any -> any any (sid:1;)",
        "alert tcp any any -> any any (sid:1;)",
    ),
];

/// Every property an emitted object may have. A new one is a decision, not an accident.
const ALLOWED: [&str; 17] = [
    "confidence",
    "created",
    "created_by_ref",
    "external_references",
    "id",
    "indicator_types",
    "modified",
    "name",
    "object_marking_refs",
    "pattern",
    "pattern_type",
    "pattern_version",
    "revoked",
    "spec_version",
    "type",
    "valid_from",
    "valid_until",
];

fn emitted(kind: Kind, text: &str) -> Vec<u8> {
    let observable = Observable::parse(kind, text).unwrap();
    let creator = CREATOR.parse().unwrap();
    let created = Timestamp::from_micros(1_795_402_800_000_000);
    emit(&IndicatorFacts {
        id: StixId::random(emitted_type(&observable), [7; 16]),
        creator: &creator,
        tick: created.plus_days(1),
        valid_until: Some(created.plus_days(90)),
        observable: &observable,
        confidence: 50,
        tlp: Tlp::Green,
        created,
        revoked: false,
    })
}

#[test]
fn every_kind_is_in_the_list() {
    let tried: BTreeSet<Kind> = VALUES.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(tried, Kind::ALL.into_iter().collect());
}

#[test]
fn equal_facts_give_equal_bytes_however_they_were_written() {
    for (kind, text, other) in VALUES {
        assert_eq!(emitted(kind, text), emitted(kind, other), "{kind}");
    }
}

#[test]
fn only_known_properties_are_there_and_all_required_ones() {
    for (kind, text, _) in VALUES {
        let bytes = emitted(kind, text);
        let object = Object::from_slice(&bytes).unwrap();
        let keys: BTreeSet<&str> = object.members().keys().map(String::as_str).collect();
        assert!(keys.is_subset(&ALLOWED.into_iter().collect()), "{kind}: {keys:?}");
        let mut required =
            vec!["type", "spec_version", "id", "created", "modified", "object_marking_refs"];
        if kind != Kind::Cve {
            required.extend(["pattern", "pattern_type", "valid_from", "indicator_types"]);
        }
        assert!(required.iter().all(|key| keys.contains(key)), "{kind}: {keys:?}");
        assert_eq!(object.spec_version(), "2.1");
        assert_eq!(object.get("created_by_ref").and_then(Value::as_str), Some(CREATOR));
        let stix = object.get("pattern_type").is_some_and(|t| t == "stix");
        assert_eq!(stix, object.get("pattern_version").is_some_and(|v| v == "2.1"), "{kind}");
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(canonical_json(&value), bytes, "{kind}");
    }
}

#[test]
fn what_was_emitted_reads_back_as_the_same_observable() {
    for (kind, text, _) in VALUES {
        let value = serde_json::from_slice(&emitted(kind, text)).unwrap();
        let read = observables_in_object(&value);
        assert_eq!(read.found, [Observable::parse(kind, text).unwrap()]);
        assert!(read.skipped.is_empty());
    }
}

#[test]
fn the_identity_is_a_system() {
    let bytes = identity(&CREATOR.parse().unwrap(), "のろし", Timestamp::from_micros(1_234_567));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text,
        format!(
            "{{\"created\":\"1970-01-01T00:00:01.234Z\",\"id\":\"{CREATOR}\",\
             \"identity_class\":\"system\",\"modified\":\"1970-01-01T00:00:01.234Z\",\
             \"name\":\"のろし\",\"object_marking_refs\":[\"{}\"],\"spec_version\":\"2.1\",\
             \"type\":\"identity\"}}",
            Tlp::Clear.stix_id()
        )
    );
}
