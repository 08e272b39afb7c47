//! What the hub knows of a case before its reporter answered anything: from the reports themselves,
//! each with where it came from.

use data_encoding::BASE32_NOPAD;
use noroshi_anonymity::Group;
use noroshi_duty::{Answers, Provenance, Reference, Text};
use noroshi_intake::Facts;
use serde_json::{Value as Json, json};

use super::ZONE;
use crate::error::HubError;
use crate::hub::Hub;
use crate::intake::facts_from_json;
use crate::vault::reports::ReportRow;

/// The answers that follow from the reports of a case, oldest first: the first that says something
/// counts.
///
/// # Errors
/// Where the zone is unknown.
pub(super) fn answers(
    hub: &Hub,
    reference: &Reference,
    zone: &str,
    reports: &[ReportRow],
) -> Result<Answers, HubError> {
    let fresh = |zone| Answers::new(zone).map_err(|e| HubError::Register(e.to_string()));
    let mut out = fresh(zone).or_else(|_| fresh(ZONE))?;
    let mut put = |field: &str, value: Json, from: Provenance| {
        let Some(id) = reference.field_id(field) else { return };
        if out.answer(field).is_none() && out.set(reference, &id, &value, from).is_err() {
            // What the field does not take is left to the reporter; nobody typed it.
            out.remove(&id);
        }
    };
    let own = || Provenance::Derived {
        fields: Vec::new(),
        rule: Text::new("the hub's number", "ハブが付けた番号"),
    };
    if let Some(first) = reports.first() {
        put("case_id", uuid_of(first.case()), own());
        put("report_id", uuid_of(&first.id), own());
    }
    for report in reports {
        let facts = facts_from_json(&report.facts);
        let read = || Provenance::Document { name: report.id.clone() };
        put("title", json!(facts.title), read());
        put("description", json!(facts.narrative), read());
        put("occurred_at", json!(facts.occurred_at), read());
        put("detected_at", json!(facts.detected_at), read());
        if !facts.techniques.is_empty() {
            put("ttps", json!(facts.techniques), read());
        }
        kind(hub, reference, &facts, &mut put);
    }
    Ok(out)
}

/// The kind of attack in the words of the fields it decides.
fn kind(
    hub: &Hub,
    reference: &Reference,
    facts: &Facts,
    put: &mut impl FnMut(&str, Json, Provenance),
) {
    let Some(attack) = facts.attack_type.as_deref() else { return };
    let derived = || Provenance::Derived {
        fields: vec!["attack_type".to_owned()],
        rule: Text::new("the kind of attack in the report", "報告された攻撃の種類"),
    };
    let policy = hub.policy();
    let Some(term) = policy.vocabulary.term(Group::AttackType, attack) else { return };
    let values = |list: &str| {
        let found = reference.enumerations().iter().find(|e| e.id == list);
        found.map(|e| e.values.as_slice()).unwrap_or_default()
    };
    // The vocabulary says which names of the RSIT taxonomy mean the same.
    let same = |value: &&String| {
        let known = policy.vocabulary.term(Group::AttackType, value);
        known.is_some_and(|t| t.id() == term.id())
    };
    if let Some(class) = values("incident_class").iter().find(same) {
        put("incident_class", json!([class]), derived());
    }
    let variant = values("jp_common_variant").iter().find(|v| v.as_str() == term.id());
    put("jp_common_variant", json!(variant.map_or("other", String::as_str)), derived());
}

/// The 16 random bytes of a report's id as a UUID.
fn uuid_of(id: &str) -> Json {
    let text = id.split_once('-').map_or(id, |(_, rest)| rest).to_ascii_uppercase();
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok();
    let bytes = bytes.and_then(|b| <[u8; 16]>::try_from(b).ok());
    json!(bytes.map(|b| uuid::Builder::from_random_bytes(b).into_uuid().to_string()))
}
