//! How far an object may be shared, in words.

use noroshi_stix::{Pap, Tlp};
use serde_json::Value;

use super::document::Around;
use crate::stix::plain;
use crate::stix::wording::Wording;

/// One line for each marking of the object.
pub(super) fn explain(object: &Value, around: &Around<'_>, wording: &Wording) -> Vec<String> {
    let list = |key: &str| object.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut lines: Vec<String> = list("object_marking_refs")
        .filter_map(Value::as_str)
        .map(|id| one(id, around, wording))
        .collect();
    if lines.is_empty() {
        lines.push(wording.t("stix-sharing-none"));
    }
    let parts: Vec<&str> = list("granular_markings")
        .filter_map(|marking| marking.get("selectors")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if !parts.is_empty() {
        let parts = plain::clipped(&parts.join(", "), 200);
        lines.push(wording.with("stix-parts-marked", &[("parts", &parts)]));
    }
    lines
}

fn one(id: &str, around: &Around<'_>, wording: &Wording) -> String {
    if let Some(tlp) = Tlp::from_stix_id(id) {
        return sharing(tlp.label(), tlp_meaning(tlp), wording);
    }
    if let Some(pap) = Pap::from_stix_id(id) {
        return sharing(pap.label(), pap_meaning(pap), wording);
    }
    match around.find(id).and_then(statement) {
        Some(text) => wording.with("stix-statement", &[("text", &text)]),
        None => wording.with("stix-marked-otherwise", &[("id", &plain::clipped(id, 100))]),
    }
}

/// The text of a statement marking, or the name of another one.
pub(super) fn statement(marking: &Value) -> Option<String> {
    let text = marking.get("definition").and_then(|d| d.get("statement")).or(marking.get("name"))?;
    Some(plain::clipped(text.as_str()?, 300))
}

/// What a marking definition itself means.
pub(super) fn of_definition(id: &str, wording: &Wording) -> Option<String> {
    let tlp = Tlp::from_stix_id(id).map(|tlp| sharing(tlp.label(), tlp_meaning(tlp), wording));
    let pap = || Pap::from_stix_id(id).map(|pap| sharing(pap.label(), pap_meaning(pap), wording));
    tlp.or_else(pap)
}

/// What a label means, written with its `TLP:` or `PAP:`.
pub(super) fn of_label(name: &str, wording: &Wording) -> Option<String> {
    let (scheme, _) = name.split_once(':')?;
    match scheme.to_ascii_uppercase().as_str() {
        "TLP" => of_definition(Tlp::from_label(name)?.stix_id(), wording),
        "PAP" => of_definition(Pap::from_label(name)?.stix_id(), wording),
        _ => None,
    }
}

fn sharing(label: &str, meaning: &str, wording: &Wording) -> String {
    wording.with("stix-sharing", &[("label", label), ("meaning", &wording.t(meaning))])
}

fn tlp_meaning(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "stix-tlp-clear",
        Tlp::Green => "stix-tlp-green",
        Tlp::Amber => "stix-tlp-amber",
        Tlp::AmberStrict => "stix-tlp-amber-strict",
        Tlp::Red => "stix-tlp-red",
    }
}

fn pap_meaning(pap: Pap) -> &'static str {
    match pap {
        Pap::Clear => "stix-pap-clear",
        Pap::Green => "stix-pap-green",
        Pap::Amber => "stix-pap-amber",
        Pap::Red => "stix-pap-red",
    }
}
