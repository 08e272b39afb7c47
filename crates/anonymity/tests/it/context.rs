//! The context lane: closed vocabulary, two consents, "a member".

use std::collections::BTreeSet;

use noroshi_anonymity::{
    Approval, Consent, ContextEmission, ContextFacts, DeskApproval, Earlier, Group, Language,
    MemberId, Release, Report, ReporterApproval, Vocabulary,
};
use noroshi_seal::SeededEntropy;
use noroshi_stix::{Kind, StixId, Timestamp, Tlp};
use serde_json::Value;

use crate::support::{GATE, REGISTER, observable, root_label};

fn facts(vocabulary: &Vocabulary) -> ContextFacts {
    let mut facts = ContextFacts::new();
    for (group, id) in [
        (Group::CourseOfAction, "warn-staff-mail"),
        (Group::AttackType, "targeted-mail"),
        (Group::InitialAccess, "phishing-mail"),
        (Group::Impact, "confidentiality"),
        (Group::CourseOfAction, "block-indicators"),
    ] {
        assert!(facts.add(vocabulary, group, id));
    }
    assert!(facts.add_technique(vocabulary, "T1566.001"));
    assert!(!facts.add(vocabulary, Group::AttackType, "Mitsubishi's shipyard in Kobe"));
    assert!(!facts.add_technique(vocabulary, "T6543"));
    facts
}

fn release(member: &str, facts: ContextFacts, at: &str) -> Vec<Release> {
    release_after(None, member, facts, at)
}

fn release_after(
    corrects: Option<&Earlier>,
    member: &str,
    facts: ContextFacts,
    at: &str,
) -> Vec<Release> {
    let observables = [observable(Kind::Domain, "kurotsuchi.net")];
    let at: Timestamp = at.parse().unwrap();
    let creator: StixId = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01".parse().unwrap();
    let report = Report::new(MemberId::new(member), observables, facts).gate(&GATE);
    let approval = Approval {
        desk: DeskApproval { officer: "officer-canary".into(), at },
        reporter: ReporterApproval { at, consent: Consent::Given },
    };
    report
        .approve(approval)
        .context(
            &root_label(),
            &ContextEmission { creator: &creator, at, tlp: Tlp::Amber, corrects },
            &SeededEntropy::new(7),
        )
        .map(|c| c.into_objects())
        .unwrap_or_default()
}

/// Every property a context object may have.
const ALLOWED: [&str; 16] = [
    "contents",
    "created",
    "created_by_ref",
    "description",
    "external_references",
    "id",
    "modified",
    "name",
    "object_marking_refs",
    "object_modified",
    "object_ref",
    "object_refs",
    "published",
    "report_types",
    "spec_version",
    "type",
];

#[test]
fn says_what_happened_to_a_member() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let objects = release("mitsubishi-heavy", facts(&vocabulary), "2026-11-25T13:45:12.345678Z");
    let parsed: Vec<Value> =
        objects.iter().map(|r| serde_json::from_slice(r.json()).unwrap()).collect();
    let types: Vec<&str> = parsed.iter().filter_map(|o| o["type"].as_str()).collect();
    assert_eq!(
        types,
        ["attack-pattern", "course-of-action", "course-of-action", "report", "language-content"]
    );
    let report = &parsed[3];
    assert_eq!(report["name"], "A member reported: targeted attack e-mail");
    assert_eq!(
        report["description"],
        "A member reported an attack. Kind of attack: targeted attack e-mail. Way in: e-mail. \
         Impact: information disclosed, or possibly disclosed. What to do: block and watch for \
         the shared indicators; warn staff about suspicious mail. Techniques (ATT&CK): T1566.001 \
         Spearphishing Attachment."
    );
    let ja = &parsed[4]["contents"]["ja"];
    assert_eq!(ja["name"], "会員からの報告: 標的型メール攻撃");
    assert!(
        ja["description"].as_str().unwrap().starts_with("会員が攻撃を報告しました。攻撃の種別: ")
    );
    assert_eq!(report["object_refs"].as_array().unwrap().len(), 3);
    let mut ids = BTreeSet::new();
    for object in &parsed {
        for key in object.as_object().unwrap().keys() {
            assert!(ALLOWED.contains(&key.as_str()), "{key}");
        }
        assert!(ids.insert(object["id"].as_str().unwrap().to_owned()));
        // The week, not the moment.
        assert_eq!(object["created"], "2026-11-23T00:00:00.000Z");
        assert_eq!(object["modified"], "2026-11-23T00:00:00.000Z");
    }
}

#[test]
fn is_the_same_for_every_member_and_every_moment_of_the_week() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let bytes = |member: &str, at: &str| -> Vec<Vec<u8>> {
        release(member, facts(&vocabulary), at).into_iter().map(Release::into_json).collect()
    };
    let first = bytes("mitsubishi-heavy", "2026-11-23T00:00:00Z");
    assert_eq!(first.len(), 5);
    for member in REGISTER.members() {
        assert_eq!(bytes(member.id.expose(), "2026-11-29T23:59:59Z"), first);
    }
    assert_ne!(bytes("ihi", "2026-11-30T00:00:00Z"), first);
}

#[test]
fn without_facts_there_is_nothing_to_release() {
    assert!(release("ihi", ContextFacts::new(), "2026-11-23T00:00:00Z").is_empty());
    let vocabulary = Vocabulary::builtin().unwrap();
    let term = vocabulary.term(Group::AttackType, "ransomware").unwrap();
    let objects = release("ihi", ContextFacts::new().with(term), "2026-11-23T00:00:00Z");
    // Without techniques and actions the report refers to its creator: STIX wants a reference.
    assert_eq!(objects.len(), 2);
}

#[test]
fn the_preview_is_the_release() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let facts = facts(&vocabulary);
    let (title, text) = facts.preview(Language::Ja);
    let objects = release("ihi", facts, "2026-11-23T00:00:00Z");
    let last: Value = serde_json::from_slice(objects.last().unwrap().json()).unwrap();
    assert_eq!(last["contents"]["ja"]["name"], title.as_str());
    assert_eq!(last["contents"]["ja"]["description"], text.as_str());
}

fn array(objects: &[Release]) -> Vec<u8> {
    let all: Vec<Value> =
        objects.iter().map(|r| serde_json::from_slice(r.json()).unwrap()).collect();
    serde_json::to_vec(&all).unwrap()
}

fn of_type<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    objects.iter().find(|o| o["type"] == kind).unwrap()
}

#[test]
fn a_correction_is_a_newer_version_and_a_withdrawal_the_last() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let at = "2026-11-25T13:45:12Z";
    let first = release("ihi", facts(&vocabulary), at);
    let earlier = Earlier::read(&array(&first)).unwrap();
    let term = vocabulary.term(Group::AttackType, "ransomware").unwrap();
    let corrected = release_after(
        Some(&earlier),
        "ihi",
        ContextFacts::new().with(term),
        "2026-11-26T00:00:00Z",
    );
    let (old, new): (Vec<Value>, Vec<Value>) = (
        serde_json::from_slice(&array(&first)).unwrap(),
        serde_json::from_slice(&array(&corrected)).unwrap(),
    );
    for kind in ["report", "language-content"] {
        let (old, new) = (of_type(&old, kind), of_type(&new, kind));
        assert_eq!((&old["id"], &old["created"]), (&new["id"], &new["created"]));
        assert_eq!(new["modified"], "2026-11-23T00:00:00.001Z");
    }
    assert_eq!(of_type(&new, "language-content")["object_modified"], "2026-11-23T00:00:00.001Z");
    assert_eq!(of_type(&old, "report")["published"], of_type(&new, "report")["published"]);
    // Taken back a week later: the same objects, revoked, and nothing else changed.
    let latest = Earlier::read(&array(&corrected)).unwrap();
    let gone = latest.withdrawn("2026-12-02T10:00:00Z".parse().unwrap());
    let gone: Vec<Value> = serde_json::from_slice(&array(&gone)).unwrap();
    assert_eq!(gone.len(), new.len());
    for (mut gone, mut last) in gone.into_iter().zip(new) {
        assert_eq!(
            (&gone["revoked"], &gone["modified"]),
            (&Value::Bool(true), &"2026-11-30T00:00:00.000Z".into())
        );
        for object in [&mut gone, &mut last] {
            object.as_object_mut().unwrap().remove("revoked");
            object.as_object_mut().unwrap().remove("modified");
        }
        assert_eq!(gone, last);
    }
    assert!(Earlier::read(b"[]").is_none() && Earlier::read(b"{").is_none());
}

#[test]
fn a_report_prints_nothing_of_itself() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let report = Report::new(
        MemberId::new("mitsubishi-heavy"),
        [observable(Kind::Domain, "kurotsuchi.net")],
        facts(&vocabulary),
    );
    let printed = format!("{report:?} {:?}", report.facts());
    assert_eq!(printed, "Report<Submitted>(..) ContextFacts(..)");
    let gated = report.gate(&GATE);
    assert_eq!(format!("{gated:?}"), "Report<Gated>(..)");
}
