//! The structured fields of a report as the vault keeps them: JSON in one private column.

use noroshi_intake::{Facts, Stage};
use noroshi_stix::Timestamp;
use serde_json::{Map, Value, json};

/// Writes the fields that are filled.
pub fn facts_to_json(facts: &Facts) -> String {
    let mut out = Map::new();
    let mut text = |key: &str, value: &Option<String>| {
        if let Some(v) = value {
            out.insert(key.to_owned(), json!(v));
        }
    };
    text("title", &facts.title);
    text("narrative", &facts.narrative);
    text("attack_type", &facts.attack_type);
    text("initial_access", &facts.initial_access);
    text("impact", &facts.impact);
    text("course_of_action", &facts.course_of_action);
    text("product", &facts.product);
    text("mail_subject", &facts.mail_subject);
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(v) = value {
            out.insert(key.to_owned(), v);
        }
    };
    put("occurred_at", facts.occurred_at.map(|t| json!(t)));
    put("detected_at", facts.detected_at.map(|t| json!(t)));
    put("hold_until", facts.hold_until.map(|t| json!(t)));
    put("affected_hosts", facts.affected_hosts.map(|n| json!(n)));
    put("stage", facts.stage.map(|s| json!(s.as_str())));
    put("mandatory", facts.mandatory.then_some(json!(true)));
    put("techniques", (!facts.techniques.is_empty()).then(|| json!(facts.techniques)));
    put(
        "mail_recipients",
        (!facts.mail_recipients.is_empty()).then(|| json!(facts.mail_recipients)),
    );
    Value::Object(out).to_string()
}

/// Reads what [`facts_to_json`] wrote; a field that does not fit is left empty.
pub fn facts_from_json(text: &str) -> Facts {
    let Ok(Value::Object(map)) = serde_json::from_str::<Value>(text) else {
        return Facts::default();
    };
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let time =
        |key: &str| map.get(key).and_then(Value::as_str).and_then(|t| t.parse::<Timestamp>().ok());
    let list = |key: &str| -> Vec<String> {
        let items = map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Facts {
        title: text("title"),
        narrative: text("narrative"),
        attack_type: text("attack_type"),
        occurred_at: time("occurred_at"),
        detected_at: time("detected_at"),
        affected_hosts: map.get("affected_hosts").and_then(Value::as_u64),
        techniques: list("techniques"),
        initial_access: text("initial_access"),
        impact: text("impact"),
        course_of_action: text("course_of_action"),
        product: text("product"),
        stage: text("stage").as_deref().and_then(Stage::from_name),
        mandatory: map.get("mandatory").and_then(Value::as_bool).unwrap_or(false),
        hold_until: time("hold_until"),
        mail_subject: text("mail_subject"),
        mail_recipients: list("mail_recipients"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_survives() {
        let t: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let text = |s: &str| Some(s.to_owned());
        let facts = Facts {
            title: text("a"),
            narrative: text("b"),
            attack_type: text("c"),
            occurred_at: Some(t),
            detected_at: Some(t.plus_days(1)),
            affected_hosts: Some(80),
            techniques: vec!["T1566.001".to_owned()],
            initial_access: text("d"),
            impact: text("e"),
            course_of_action: text("f"),
            product: text("g"),
            stage: Some(Stage::Early),
            mandatory: true,
            hold_until: Some(t.plus_days(2)),
            mail_subject: text("h"),
            mail_recipients: vec!["x@y.example".to_owned()],
        };
        assert!(facts_from_json(&facts_to_json(&facts)) == facts);
        assert!(facts_from_json(&facts_to_json(&Facts::default())) == Facts::default());
    }
}
