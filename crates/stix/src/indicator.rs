//! What the hub emits: objects built anew from typed facts, so that nothing of a report's own bytes,
//! ids, times or habits can come along.

use serde_json::{Map, Value, json};

use crate::{
    ObjectType, Observable, RuleLanguage, StixId, Timestamp, Tlp, canonical_json, pattern_of,
};

/// Everything an emitted object says. There is no field for a victim, a source or a sighting.
#[derive(Clone, Debug)]
pub struct IndicatorFacts<'a> {
    /// A fresh id, of the type [`emitted_type`] gives (another type is replaced by it).
    pub id: StixId,
    /// The hub's identity object.
    pub creator: &'a StixId,
    /// The tick of this version, shown as `modified`.
    pub tick: Timestamp,
    /// From when on tools should forget the indicator.
    pub valid_until: Option<Timestamp>,
    /// The fact itself.
    pub observable: &'a Observable,
    /// 0 to 100 (STIX 2.1, appendix A); greater values are taken as 100.
    pub confidence: u8,
    /// How far recipients may pass it on.
    pub tlp: Tlp,
    /// The tick of the first version, shown as `created` and `valid_from`.
    pub created: Timestamp,
    /// Whether this version takes the indicator back.
    pub revoked: bool,
}

/// The type of object that [`emit`] makes of `observable`: `vulnerability` for a CVE, else
/// `indicator`.
pub fn emitted_type(observable: &Observable) -> ObjectType<'static> {
    match observable {
        Observable::Cve(_) => ObjectType::VULNERABILITY,
        _ => ObjectType::INDICATOR,
    }
}

/// The STIX 2.1 object of `facts` as canonical JSON: equal facts give equal bytes.
///
/// Times are cut to milliseconds, which is what STIX asks of them. A `modified` before `created`
/// becomes `created`; a `valid_until` not after `valid_from` becomes the first moment after it.
pub fn emit(facts: &IndicatorFacts<'_>) -> Vec<u8> {
    let created = facts.created.floor_to(MILLISECOND);
    let modified = facts.tick.floor_to(MILLISECOND).max(created);
    let object_type = emitted_type(facts.observable);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("type", json!(object_type.as_str()));
    put("spec_version", json!("2.1"));
    put("id", json!(facts.id.with_type(object_type)));
    put("created_by_ref", json!(facts.creator));
    put("created", json!(created));
    put("modified", json!(modified));
    put("confidence", json!(facts.confidence.min(100)));
    put("object_marking_refs", json!([facts.tlp.stix_id()]));
    put("name", json!(name_of(facts.observable)));
    if facts.revoked {
        put("revoked", json!(true));
    }
    if let Observable::Cve(cve) = facts.observable {
        put("external_references", json!([{"source_name": "cve", "external_id": cve}]));
        return canonical_json(&Value::Object(object));
    }
    put("indicator_types", json!(["malicious-activity"]));
    put("pattern", json!(pattern_of(facts.observable)));
    match facts.observable {
        Observable::Rule(rule) => put("pattern_type", json!(rule.language().pattern_type())),
        _ => {
            put("pattern_type", json!("stix"));
            put("pattern_version", json!("2.1"))
        }
    };
    put("valid_from", json!(created));
    if let Some(until) = facts.valid_until {
        let until = until.floor_to(MILLISECOND).max(created.plus_micros(MILLISECOND));
        put("valid_until", json!(until));
    }
    canonical_json(&Value::Object(object))
}

/// The identity object of the hub, as canonical JSON: the creator of everything it emits.
pub fn identity(id: &StixId, name: &str, when: Timestamp) -> Vec<u8> {
    let when = when.floor_to(MILLISECOND);
    canonical_json(&json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": id.with_type(ObjectType::IDENTITY),
        "created": when,
        "modified": when,
        "name": name,
        "identity_class": "system",
        "object_marking_refs": [Tlp::Clear.stix_id()],
    }))
}

const MILLISECOND: i64 = 1_000;

/// The value itself, or the language of a rule, whose text would be no name.
fn name_of(observable: &Observable) -> String {
    match observable {
        Observable::Rule(rule) => match rule.language() {
            RuleLanguage::Yara => "YARA rule".to_owned(),
            RuleLanguage::Sigma => "Sigma rule".to_owned(),
            RuleLanguage::Suricata => "Suricata rule".to_owned(),
        },
        _ => observable.value(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    const CREATOR: &str = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01";

    fn object(kind: Kind, value: &str, change: impl Fn(&mut IndicatorFacts<'_>)) -> Value {
        let observable = Observable::parse(kind, value).unwrap();
        let creator = CREATOR.parse().unwrap();
        let tick = Timestamp::from_micros(1_795_402_800_000_000);
        let mut facts = IndicatorFacts {
            id: StixId::random(ObjectType::INDICATOR, [7; 16]),
            creator: &creator,
            tick,
            valid_until: None,
            observable: &observable,
            confidence: 50,
            tlp: Tlp::Green,
            created: tick,
            revoked: false,
        };
        change(&mut facts);
        serde_json::from_slice(&emit(&facts)).unwrap()
    }

    #[test]
    fn an_address_becomes_an_indicator() {
        assert_eq!(
            object(Kind::Ipv4, "198.51.100.7", |_| ()),
            json!({
                "type": "indicator",
                "spec_version": "2.1",
                "id": "indicator--07070707-0707-4707-8707-070707070707",
                "created_by_ref": CREATOR,
                "created": "2026-11-23T03:00:00.000Z",
                "modified": "2026-11-23T03:00:00.000Z",
                "confidence": 50,
                "object_marking_refs": [Tlp::Green.stix_id()],
                "name": "198.51.100.7",
                "indicator_types": ["malicious-activity"],
                "pattern": "[ipv4-addr:value = '198.51.100.7']",
                "pattern_type": "stix",
                "pattern_version": "2.1",
                "valid_from": "2026-11-23T03:00:00.000Z",
            })
        );
    }

    #[test]
    fn a_cve_becomes_a_vulnerability() {
        let v = object(Kind::Cve, "cve-2021-44228", |_| ());
        assert_eq!(v["type"], "vulnerability");
        assert_eq!(v["id"], "vulnerability--07070707-0707-4707-8707-070707070707");
        assert_eq!(v["external_references"][0]["external_id"], "CVE-2021-44228");
        assert!(v.get("pattern").is_none() && v.get("valid_from").is_none());
    }

    #[test]
    fn a_rule_keeps_its_language() {
        let text = "rule a { condition: true }";
        let v = object(Kind::Yara, text, |_| ());
        assert_eq!(v["pattern_type"], "yara");
        assert_eq!(v["pattern"], text);
        assert!(v.get("pattern_version").is_none());
    }

    #[test]
    fn times_are_put_into_an_order_stix_allows() {
        let v = object(Kind::Domain, "example.net", |f| {
            f.created = f.created.plus_micros(1_500);
            f.valid_until = Some(f.tick);
            f.revoked = true;
            f.confidence = 200;
        });
        assert_eq!(v["created"], "2026-11-23T03:00:00.001Z");
        assert_eq!(v["modified"], v["created"]);
        assert_eq!(v["valid_until"], "2026-11-23T03:00:00.002Z");
        assert_eq!(v["revoked"], true);
        assert_eq!(v["confidence"], 100);
    }
}
