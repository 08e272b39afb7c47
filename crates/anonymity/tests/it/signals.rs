//! The signal lane: what a report becomes, and what it may say.

use std::collections::BTreeSet;

use noroshi_anonymity::{
    ConfidenceClass, ContextFacts, Emission, Lane, MemberId, Release, Report, Signal, Submitted,
};
use noroshi_seal::SeededEntropy;
use noroshi_stix::{Kind, Observable, StixId, Timestamp, Tlp};
use serde_json::Value;

use crate::support::{GATE, observable};

/// Every property a signal may have. A new one must be added here by somebody who knows why.
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

fn submitted(observables: Vec<Observable>) -> Report<Submitted> {
    Report::new(MemberId::new("mitsubishi-heavy"), observables, ContextFacts::new())
}

fn creator() -> StixId {
    "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01".parse().unwrap()
}

fn emit(signal: &Signal, seed: u64, revoked: bool) -> Release {
    let tick = Timestamp::from_micros(1_795_402_800_000_000);
    signal.emit(&Emission {
        id: signal.fresh_id(&SeededEntropy::new(seed)),
        creator: &creator(),
        created: tick,
        tick,
        valid_until: Some(tick.plus_days(30)),
        tlp: Tlp::Green,
        revoked,
    })
}

fn one_of_each() -> Vec<Observable> {
    [
        (Kind::Ipv4, "93.184.216.34"),
        (Kind::Ipv4, "93.184.216.0/24"),
        (Kind::Ipv6, "2a01:4f8::7"),
        (Kind::Domain, "kurotsuchi.net"),
        (Kind::Host, "c2.kurotsuchi.net"),
        (Kind::Url, "http://kurotsuchi.net/gate.php"),
        (Kind::Email, "sender@kurotsuchi.net"),
        (Kind::Md5, "9e107d9d372bb6826bd81d3542a419d6"),
        (Kind::Sha1, "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"),
        (Kind::Sha256, "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592"),
        (Kind::FileName, "kuroload.exe"),
        (Kind::Mutex, "Global\\kuroMutex"),
        (Kind::RegistryKey, "HKCU\\Software\\kuro\\Run"),
        (Kind::Ja3, "ada70206e40642a3e4461f35503241d5"),
        (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6"),
        (Kind::Cve, "CVE-2011-0611"),
    ]
    .map(|(kind, value)| observable(kind, value))
    .to_vec()
}

#[test]
fn a_report_becomes_signals_and_its_reporter_is_forgotten() {
    let mut observables = one_of_each();
    let count = observables.len();
    observables.push(observable(Kind::Ipv4, "10.0.0.1"));
    observables.push(observable(Kind::Domain, "mhi.co.jp"));
    observables.push(observable(Kind::Url, "https://docs.google.com/9f86d081884c7d659a2f"));
    // Two URLs that differ in a beacon id are one indicator.
    observables.push(observable(Kind::Url, "http://kurotsuchi.net/b/1f3a90bc7d"));
    observables.push(observable(Kind::Url, "http://kurotsuchi.net/b/77aa00cd1e"));
    let gated = submitted(observables).gate(&GATE);
    assert_eq!(gated.passed().len(), count + 1);
    assert_eq!(gated.passed().iter().filter(|p| p.is_generalised()).count(), 1);
    assert_eq!(gated.quarantined().len(), 2);
    assert_eq!(gated.dropped().len(), 1);
    let signals = gated.signals();
    assert_eq!(signals.len(), count + 1);
    let mut ids = BTreeSet::new();
    for (seed, signal) in (0..).zip(&signals) {
        let release = emit(signal, seed, seed % 2 == 0);
        assert_eq!(release.lane(), Lane::Signal);
        assert!(ids.insert(release.id().clone()));
        let object: Value = serde_json::from_slice(release.json()).unwrap();
        let object = object.as_object().unwrap();
        assert_eq!(object.get("id").and_then(Value::as_str), Some(release.id().as_str()));
        for key in object.keys() {
            assert!(ALLOWED.contains(&key.as_str()), "{key}");
        }
        let text = String::from_utf8_lossy(release.json()).to_lowercase();
        for mark in ["mitsubishi", "mhi", "10.0.0.1", "1f3a90bc7d", "77aa00cd1e"] {
            assert!(!text.contains(mark), "{text}");
        }
    }
}

#[test]
fn what_the_desk_cleared_passes_unless_it_never_may() {
    let lure = observable(Kind::Domain, "mhi-vpn-login.com");
    let own = observable(Kind::Domain, "mhi.co.jp");
    let private = observable(Kind::Ipv4, "10.0.0.1");
    let all = vec![lure.clone(), own.clone(), private.clone()];
    assert!(submitted(all.clone()).gate(&GATE).passed().is_empty());
    let cleared = BTreeSet::from([lure.clone(), own.clone(), private.clone()]);
    let gated = submitted(all).gate_with(&GATE, &cleared);
    assert_eq!(gated.passed().len(), 1);
    assert_eq!(gated.quarantined().len(), 2);
    assert_eq!(gated.signals()[0].observable(), &lure);
    assert!(GATE.signal(&lure).is_none());
    assert!(GATE.signal_reviewed(&lure).is_some());
    assert!(GATE.signal_reviewed(&own).is_none());
}

#[test]
fn corroboration_takes_two_members_and_two_days() {
    let (a, b, c) = (MemberId::new("a"), MemberId::new("b"), MemberId::new("c"));
    let day = |d: i64| Timestamp::default().plus_days(d);
    let class =
        |reports: &[(&MemberId, Timestamp)]| ConfidenceClass::of_reports(reports.iter().copied());
    use ConfidenceClass::{Corroborated, SingleReport};
    assert_eq!(class(&[]), SingleReport);
    assert_eq!(class(&[(&a, day(0)), (&a, day(9))]), SingleReport);
    assert_eq!(class(&[(&a, day(0)), (&b, day(1))]), SingleReport);
    assert_eq!(class(&[(&a, day(0)), (&b, day(2))]), Corroborated);
    assert_eq!(class(&[(&b, day(2)), (&a, day(0))]), Corroborated);
    assert_eq!(class(&[(&a, day(0)), (&b, day(1)), (&a, day(3))]), Corroborated);
    assert_eq!(class(&[(&a, day(0)), (&b, day(1)), (&c, day(1)), (&a, day(2))]), SingleReport);
    assert!(SingleReport.stix_confidence() < Corroborated.stix_confidence());
}

#[test]
fn a_later_version_keeps_its_id_and_first_tick() {
    let signal = GATE.signal(&observable(Kind::Domain, "kurotsuchi.net")).unwrap();
    let creator = creator();
    let first = emit(&signal, 1, false);
    let created = Timestamp::from_micros(1_795_402_800_000_000);
    let later = signal.with_class(ConfidenceClass::Corroborated).emit(&Emission {
        id: first.id().clone(),
        creator: &creator,
        created,
        tick: created.plus_days(3),
        valid_until: None,
        tlp: Tlp::Green,
        revoked: false,
    });
    let (first, later): (Value, Value) = (
        serde_json::from_slice(first.json()).unwrap(),
        serde_json::from_slice(later.json()).unwrap(),
    );
    for same in ["id", "created", "pattern", "name"] {
        assert_eq!(first[same], later[same]);
    }
    assert_ne!(first["modified"], later["modified"]);
    assert_ne!(first["confidence"], later["confidence"]);
}
