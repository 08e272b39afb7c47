//! From a STIX object, version 2.1 or 2.0, to the observables it names.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::property::observable_at;
use crate::reading::{ObjectYield, SkipReason, Skipped, head};
use crate::{Found, Kind, Observable, Rule, RuleLanguage, observables_in_pattern};

/// The observables of one object: of an indicator's pattern, of a cyber observable, of the `objects`
/// of observed data, of a vulnerability. Objects that tell and name nothing machine-checkable
/// (relationships, malware, reports) give nothing, not even a skip.
///
/// A mail's recipients are told apart inside observed data. In STIX 2.1 they are objects of their
/// own: ask [`recipient_refs`] of the e-mail messages of a bundle which ids to leave out.
pub fn observables_in_object(v: &Value) -> ObjectYield {
    let mut reader = Reader::default();
    match (v.as_object(), v.get("type").and_then(Value::as_str)) {
        (Some(object), Some(object_type)) => reader.object(object_type, object),
        (Some(_), None) => reader.skip("type", SkipReason::BadObject("type"), ""),
        (None, _) => reader.skip("", SkipReason::BadObject("type"), ""),
    }
    reader.out
}

/// The ids (in STIX 2.0, the keys) of the mail addresses to which an `email-message` was sent.
pub fn recipient_refs(v: &Value) -> impl Iterator<Item = &str> {
    let is_mail = v.get("type").and_then(Value::as_str) == Some("email-message");
    ["to_refs", "cc_refs", "bcc_refs"]
        .into_iter()
        .filter(move |_| is_mail)
        .filter_map(|key| v.get(key)?.as_array())
        .flatten()
        .filter_map(Value::as_str)
}

/// Objects that name nothing machine-checkable.
const TELLING: [&str; 24] = [
    "attack-pattern",
    "bundle",
    "campaign",
    "course-of-action",
    "email-message",
    "extension-definition",
    "grouping",
    "identity",
    "incident",
    "infrastructure",
    "intrusion-set",
    "language-content",
    "location",
    "malware",
    "malware-analysis",
    "marking-definition",
    "note",
    "opinion",
    "process",
    "relationship",
    "report",
    "sighting",
    "threat-actor",
    "tool",
];

#[derive(Default)]
struct Reader {
    out: ObjectYield,
    /// Where in the object: empty, or `objects.0.`
    prefix: String,
}

impl Reader {
    fn object(&mut self, object_type: &str, object: &Map<String, Value>) {
        if object.get("revoked") == Some(&Value::Bool(true)) {
            return self.skip("revoked", SkipReason::Revoked, "");
        }
        match object_type {
            "indicator" => self.indicator(object),
            "observed-data" => self.observed_data(object),
            "vulnerability" => self.vulnerability(object),
            other if TELLING.contains(&other) => (),
            other => self.cyber_observable(other, object),
        }
    }

    fn indicator(&mut self, object: &Map<String, Value>) {
        let Some(pattern) = text(object, "pattern") else {
            return self.skip("pattern", SkipReason::BadObject("pattern"), "");
        };
        // STIX 2.0 had labels where 2.1 has indicator_types, and no pattern_type.
        if [object.get("indicator_types"), object.get("labels")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .any(|label| label == "benign")
        {
            return self.skip("indicator_types", SkipReason::Benign, pattern);
        }
        let pattern_type = text(object, "pattern_type").unwrap_or("stix").to_ascii_lowercase();
        let language = match pattern_type.as_str() {
            "stix" => return self.pattern(pattern),
            "yara" => RuleLanguage::Yara,
            "sigma" => RuleLanguage::Sigma,
            "snort" | "suricata" => RuleLanguage::Suricata,
            _ => return self.skip("pattern_type", SkipReason::UnsupportedPatternType, pattern),
        };
        let kind = match language {
            RuleLanguage::Yara => Kind::Yara,
            RuleLanguage::Sigma => Kind::Sigma,
            RuleLanguage::Suricata => Kind::Suricata,
        };
        match Rule::new(language, pattern) {
            Some(rule) => self.out.found.push(Observable::Rule(rule)),
            None => self.skip("pattern", SkipReason::NotAValue(kind), pattern),
        }
    }

    fn pattern(&mut self, pattern: &str) {
        let found = match observables_in_pattern(pattern) {
            Ok(found) => found,
            Err(error) => return self.skip("pattern", SkipReason::BadPattern(error), pattern),
        };
        for part in found {
            match part {
                Found::Observable(observable) => self.out.found.push(observable),
                Found::Skipped(s) => {
                    self.skip(&format!("pattern: {}", s.path), s.reason, &s.text);
                }
            }
        }
    }

    fn observed_data(&mut self, object: &Map<String, Value>) {
        let Some(objects) = object.get("objects").and_then(Value::as_object) else { return };
        let recipients: HashSet<&str> = objects.values().flat_map(recipient_refs).collect();
        for (key, value) in objects {
            self.prefix = format!("objects.{}.", head(key));
            match (value.as_object(), value.get("type").and_then(Value::as_str)) {
                (Some(_), Some("email-addr")) if recipients.contains(key.as_str()) => {
                    self.skip("value", SkipReason::Recipient, "");
                }
                (Some(inner), Some(inner_type)) if !TELLING.contains(&inner_type) => {
                    self.cyber_observable(inner_type, inner);
                }
                (Some(_), Some(_)) => (),
                _ => self.skip("type", SkipReason::BadObject("type"), ""),
            }
        }
    }

    fn vulnerability(&mut self, object: &Map<String, Value>) {
        let mut ids: Vec<&str> = object
            .get("external_references")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|r| {
                let source = r.get("source_name").and_then(Value::as_str);
                source.is_some_and(|s| s.eq_ignore_ascii_case("cve"))
            })
            .filter_map(|r| r.get("external_id").and_then(Value::as_str))
            .collect();
        if ids.is_empty() {
            ids.extend(text(object, "name"));
        }
        if ids.is_empty() {
            self.skip("name", SkipReason::BadObject("name"), "");
        }
        for id in ids {
            self.value("vulnerability", &["name"], id);
        }
    }

    fn cyber_observable(&mut self, object_type: &str, object: &Map<String, Value>) {
        let single = match object_type {
            "ipv4-addr" | "ipv6-addr" | "domain-name" | "url" | "email-addr" => "value",
            "mutex" => "name",
            "windows-registry-key" => "key",
            "file" | "artifact" => return self.file(object_type, object),
            "network-traffic" => {
                for key in ["x_ja3", "x_ja4"] {
                    if let Some(value) = text(object, key) {
                        self.value(object_type, &[key], value);
                    }
                }
                return;
            }
            _ => return self.skip("type", SkipReason::UnsupportedType, object_type),
        };
        match text(object, single) {
            Some(value) => self.value(object_type, &[single], value),
            None => self.skip(single, SkipReason::BadObject(single), ""),
        }
    }

    fn file(&mut self, object_type: &str, object: &Map<String, Value>) {
        for (algorithm, digest) in
            object.get("hashes").and_then(Value::as_object).into_iter().flatten()
        {
            match digest.as_str() {
                Some(digest) => self.value(object_type, &["hashes", algorithm], digest),
                None => self.skip("hashes", SkipReason::BadObject("hashes"), ""),
            }
        }
        if let (Some(name), "file") = (text(object, "name"), object_type) {
            self.value("file", &["name"], name);
        }
    }

    fn value(&mut self, object_type: &str, keys: &[&str], text: &str) {
        match observable_at(object_type, keys, text) {
            Ok(observable) => self.out.found.push(observable),
            Err(reason) => self.skip(&keys.join("."), reason, text),
        }
    }

    fn skip(&mut self, path: &str, reason: SkipReason, text: &str) {
        self.out.skipped.push(Skipped::new(&format!("{}{path}", self.prefix), reason, text));
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(v: Value) -> Vec<String> {
        let out = observables_in_object(&v);
        let found = out.found.iter().map(|o| format!("{} {}", o.kind(), o.value()));
        let skipped = out.skipped.iter().map(|s| format!("- {} {}", s.path, s.reason.code()));
        found.chain(skipped).collect()
    }

    #[test]
    fn indicators_of_both_versions() {
        assert_eq!(
            read(json!({"type": "indicator", "labels": ["malicious-activity"],
                "pattern": "[url:value = 'http://example.net/a' AND url:x = 1]"})),
            ["url http://example.net/a", "- pattern: url:x unsupported-property"]
        );
        assert_eq!(
            read(json!({"type": "indicator", "pattern": "rule a {}", "pattern_type": "yara"})),
            ["yara rule a {}"]
        );
        for (change, want) in [
            (json!({"pattern": 5}), "- pattern bad-object"),
            (json!({"pattern": "[oops"}), "- pattern pattern-syntax"),
            (json!({"pattern_type": "pcre"}), "- pattern_type unsupported-pattern-type"),
            (json!({"revoked": true}), "- revoked revoked"),
            (json!({"labels": ["benign"]}), "- indicator_types benign"),
        ] {
            let mut v = json!({"type": "indicator", "pattern": "[url:value = 'http://a.com/']"});
            let change = change.as_object().unwrap().clone();
            v.as_object_mut().unwrap().extend(change);
            assert_eq!(read(v), [want]);
        }
    }

    #[test]
    fn observed_data_keeps_recipients_back() {
        assert_eq!(
            read(json!({"type": "observed-data", "objects": {
                "0": {"type": "email-addr", "value": "bad@example.net"},
                "1": {"type": "email-addr", "value": "victim@example.org"},
                "2": {"type": "email-message", "from_ref": "0", "to_refs": ["1"]},
                "3": {"type": "file", "name": "a.exe", "hashes": {
                    "MD5": "d41d8cd98f00b204e9800998ecf8427e", "SSDEEP": "3::"}},
                "4": {"type": "user-account", "user_id": "taro"},
                "5": 7
            }})),
            [
                "email bad@example.net",
                "md5 d41d8cd98f00b204e9800998ecf8427e",
                "file-name a.exe",
                "- objects.1.value recipient",
                "- objects.3.hashes.SSDEEP unsupported-property",
                "- objects.4.type unsupported-type",
                "- objects.5.type bad-object",
            ]
        );
    }

    #[test]
    fn cyber_observables_and_vulnerabilities() {
        let read_one = |v: Value| read(v).join(", ");
        assert_eq!(
            read_one(json!({"type": "domain-name", "value": "203.0.113.9"})),
            "ipv4 203.0.113.9"
        );
        assert_eq!(
            read_one(json!({"type": "network-traffic",
                "x_ja3": "E7D705A3286E19EA42F587B344EE6865"})),
            "ja3 e7d705a3286e19ea42f587b344ee6865"
        );
        assert_eq!(
            read_one(json!({"type": "vulnerability", "name": "Log4Shell",
                "external_references": [{"source_name": "cve", "external_id": "CVE-2021-44228"}]})),
            "cve CVE-2021-44228"
        );
        assert_eq!(read_one(json!({"type": "mutex"})), "- name bad-object");
        assert_eq!(read_one(json!({"type": "malware", "name": "x"})), "");
        assert_eq!(read_one(json!([])), "-  bad-object");
    }

    #[test]
    fn recipients_are_those_of_mails_only() {
        let mail = json!({"type": "email-message", "to_refs": ["a", 1], "bcc_refs": ["b"]});
        assert_eq!(recipient_refs(&mail).collect::<Vec<_>>(), ["a", "b"]);
        let other = json!({"type": "note", "to_refs": ["a"]});
        assert_eq!(recipient_refs(&other).count(), 0);
    }
}
