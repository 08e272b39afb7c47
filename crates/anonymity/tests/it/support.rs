//! What the tests share: the demo's gate, and asking it in one line.

use std::sync::LazyLock;

use noroshi_anonymity::policy::{
    CertifiedLabel, Decision, Facets, Moment, Origin, Parameters, PublicRecord, Roster, Tree,
    decide,
};
use noroshi_anonymity::{Gate, Reason, Register, Verdict, WarningLists};
use noroshi_stix::{Kind, Observable, Timestamp};

/// The register of the demo.
pub(crate) static REGISTER: LazyLock<Register> = LazyLock::new(|| {
    Register::from_toml(include_str!("../../../../reference/demo-register.toml")).unwrap()
});

/// The gate a hub with that register would have.
pub(crate) static GATE: LazyLock<Gate> =
    LazyLock::new(|| Gate::new(&REGISTER, &WarningLists::builtin()).unwrap());

/// A register entry with one name and nothing else.
pub(crate) fn entry(id: &str, name: &str) -> String {
    format!(
        "[[member]]\nid = \"{id}\"\nnames = [\"{name}\"]\nlabel_path = [\"x\"]\nweight = 1\njoined = \"2011-04-01T00:00:00Z\"\n"
    )
}

/// A register file with these entries.
pub(crate) fn file(entries: &[String]) -> String {
    format!("schema = \"noroshi-register/1\"\n{}", entries.concat())
}

pub(crate) fn observable(kind: Kind, value: &str) -> Observable {
    Observable::parse(kind, value).unwrap_or_else(|e| panic!("{e}"))
}

/// The codes of all reasons for keeping it back, none where it passes.
pub(crate) fn codes(kind: Kind, value: &str) -> Vec<&'static str> {
    codes_of(&GATE, kind, value)
}

pub(crate) fn codes_of(gate: &Gate, kind: Kind, value: &str) -> Vec<&'static str> {
    reasons_of(gate, kind, value).iter().map(Reason::code).collect()
}

pub(crate) fn reasons(kind: Kind, value: &str) -> Vec<Reason> {
    reasons_of(&GATE, kind, value)
}

fn reasons_of(gate: &Gate, kind: Kind, value: &str) -> Vec<Reason> {
    match gate.judge(&observable(kind, value)) {
        Verdict::Pass(_) => Vec::new(),
        Verdict::Quarantine(reasons) | Verdict::Drop(reasons) => reasons,
    }
}

/// Asserts that every case is kept back for `code` (among others), or passes where it is empty.
pub(crate) fn expect(code: &str, cases: &[(Kind, &str)]) {
    for (kind, value) in cases {
        let codes = codes(*kind, value);
        if code.is_empty() {
            assert!(codes.is_empty(), "{kind} {value}: {codes:?}");
        } else {
            assert!(codes.contains(&code), "{kind} {value}: {codes:?}");
        }
    }
}

/// What is released of a URL or key, as text; `None` where it does not pass.
pub(crate) fn released(kind: Kind, value: &str) -> Option<String> {
    match GATE.judge(&observable(kind, value)) {
        Verdict::Pass(o) => Some(o.value()),
        Verdict::Quarantine(_) | Verdict::Drop(_) => None,
    }
}

/// The label of a register of six equals: it says no more than "a member".
pub(crate) fn root_label() -> CertifiedLabel {
    let entries: Vec<String> = (0..6).map(|i| entry(&format!("m{i}"), "Aozora Power")).collect();
    let register = Register::from_toml(&file(&entries)).unwrap();
    let (roster, parameters) = (Roster::of(&register), Parameters::default());
    let at: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
    let tree = Tree::make(&roster, &parameters, at);
    let record = PublicRecord {
        roster: &roster,
        parameters: &parameters,
        tree: &tree,
        facets: &Facets::none(&roster),
        hits: &[],
        flags: &[],
        at,
    };
    match decide(&Moment::new(record), None, Origin::Member(0), None) {
        Decision::Publish(label) if label.is_root() => *label,
        _ => panic!("six equals are one cell"),
    }
}
