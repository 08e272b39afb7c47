//! Our own report format.

use noroshi_intake::{Format, Hint, Limits, Stage, read};

const REPORT: &str = r#"{
  "schema": "noroshi-report/1", "title": "t", "affected_hosts": 80, "techniques": ["T1566.001"],
  "occurred_at": "2026-11-20T01:00:00+09:00", "stage": "early", "voluntary": false,
  "indicators": [{"type": "domain", "value": "c2[.]example.net"}, "hxxp://198.51.100.7/a", "none"],
  "text": "see evil.example.org"
}"#;

fn code(bytes: &[u8]) -> &'static str {
    read(bytes, Hint::NONE, &Limits::default()).unwrap_err().code()
}

#[test]
fn reads_json_and_toml_alike() {
    let json = read(REPORT.as_bytes(), Hint::NONE, &Limits::default()).unwrap();
    assert_eq!(json.format, Format::NativeJson);
    let values: Vec<_> = json.observables().map(|o| o.value()).collect();
    assert_eq!(values, ["c2.example.net", "http://198.51.100.7/a", "evil.example.org"]);
    assert_eq!(json.facts.affected_hosts, Some(80));
    assert_eq!(json.facts.stage, Some(Stage::Early));
    assert!(json.facts.mandatory);
    assert_eq!(json.facts.occurred_at.unwrap().to_string(), "2026-11-19T16:00:00.000Z");
    assert_eq!(json.problems.len(), 1, "the text without an indicator is a problem");

    let toml = r#"
        schema = "noroshi-report/1"
        affected_hosts = 80
        occurred_at = 2026-11-20T01:00:00+09:00
        indicators = [{type = "domain", value = "c2[.]example.net"}]
    "#;
    let toml = read(toml.as_bytes(), Hint::NONE, &Limits::default()).unwrap();
    assert_eq!(toml.format, Format::NativeToml);
    assert_eq!(toml.facts.occurred_at, json.facts.occurred_at);
    assert_eq!(toml.found.len(), 1);
}

#[test]
fn names_the_place_of_an_error() {
    let cases = [
        (r#"{"schema":"noroshi-report/1","titel":"x"}"#, "titel is not a field", "unknown-field"),
        (
            r#"{"schema":"noroshi-report/1","indicators":[1]}"#,
            "indicators[0] must be a text",
            "wrong-type",
        ),
        (
            r#"{"schema":"noroshi-report/1","indicators":[{"type":"x","value":"y"}]}"#,
            "indicators[0].type must be a kind",
            "wrong-value",
        ),
        (
            r#"{"schema":"noroshi-report/1","affected_hosts":-1}"#,
            "affected_hosts must be a whole number",
            "wrong-value",
        ),
        (r#"{"title":"x"}"#, "schema is missing", "missing-field"),
        (r#"{"a":"x"}"#, "neither a noroshi report", "unknown-shape"),
    ];
    for (json, text, code) in cases {
        let error = read(json.as_bytes(), Hint::NONE, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code, "{json}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn bad_documents_have_codes() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b" \n"), "empty");
    assert_eq!(code("[".repeat(100_000).as_bytes()), "too-deep");
    assert_eq!(code(br#"{"schema":"noroshi-report/1","title":"#), "json-truncated");
    assert_eq!(code(b"schema = \"noroshi-report/1\"\ntitle = "), "toml-syntax");
    let deep = format!("schema = \"noroshi-report/1\"\nx = {}", "[".repeat(100_000));
    assert_eq!(code(deep.as_bytes()), "too-deep");
    let dotted = format!("schema = \"noroshi-report/1\"\na{} = 1", ".a".repeat(100_000));
    assert_eq!(code(dotted.as_bytes()), "too-deep");
    assert_eq!(code(&vec![b'x'; 16 * 1024 * 1024 + 1]), "too-large");
}
