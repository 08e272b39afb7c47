//! Our own report, as JSON or TOML: strict, with the path of whatever is wrong.

mod fields;

use noroshi_stix::{Kind, Observable};
use serde_json::Value;

use crate::draft::Collector;
use crate::{IntakeError, Limits, Origin, Place, Stage, text};
use fields::Fields;

/// The value of `schema` this version reads.
pub(crate) const SCHEMA: &str = "noroshi-report/1";

/// Every field of a report. `disclosure.toml` says of each what may become of it outside.
pub const REPORT_FIELDS: [&str; 18] = [
    "schema",
    "title",
    "narrative",
    "attack_type",
    "occurred_at",
    "detected_at",
    "affected_hosts",
    "techniques",
    "initial_access",
    "impact",
    "course_of_action",
    "product",
    "indicators",
    "text",
    "hold_until",
    "stage",
    "voluntary",
    "mandatory",
];

/// Reads a report that was parsed from JSON.
///
/// # Errors
/// An unknown field, a wrong type or a wrong value, each with its path.
pub(crate) fn read_value(value: &Value, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let Value::Object(map) = value else { return Err(IntakeError::UnknownShape) };
    if !map.contains_key("schema") && !map.keys().any(|k| REPORT_FIELDS.contains(&k.as_str())) {
        return Err(IntakeError::UnknownShape);
    }
    let fields = Fields::new(String::new(), map, &REPORT_FIELDS, out.limits().max_text)?;
    let schema = fields.text("schema")?;
    let schema = schema.ok_or(IntakeError::MissingField { path: "schema".to_owned() })?;
    if schema != SCHEMA {
        return Err(fields.bad_value("schema", "\"noroshi-report/1\""));
    }
    read_facts(&fields, out)?;
    read_indicators(&fields, out)?;
    if let Some(body) = fields.text("text")? {
        text::extract_into(body.as_bytes(), out, |_| Place::Path("text".to_owned()));
    }
    Ok(())
}

/// Reads a report in TOML.
///
/// # Errors
/// As [`read_value`], and not UTF-8 or malformed TOML.
pub(crate) fn read_toml(bytes: &[u8], out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| IntakeError::NotUtf8 { offset: e.valid_up_to() })?;
    check_toml_depth(text, out.limits())?;
    let table: toml::Table = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
        IntakeError::TomlSyntax {
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: 1 + at.saturating_sub(line_start),
        }
    })?;
    read_value(&Value::Object(table.into_iter().map(|(k, v)| (k, from_toml(v))).collect()), out)
}

/// Brackets and dotted keys are counted before the parser recurses into them.
fn check_toml_depth(text: &str, limits: &Limits) -> Result<(), IntakeError> {
    let too_deep = IntakeError::TooDeep { limit: limits.max_depth };
    let mut open = 0_usize;
    for line in text.lines() {
        let key = line.split('=').next().unwrap_or_default();
        let dots = key.bytes().filter(|b| *b == b'.').count();
        let opened = line.bytes().filter(|b| matches!(b, b'[' | b'{')).count();
        let closed = line.bytes().filter(|b| matches!(b, b']' | b'}')).count();
        let only_key = key.len() < line.len() || line.trim_start().starts_with('[');
        if (only_key && dots > limits.max_depth) || open + opened > MAX_TOML_BRACKETS {
            return Err(too_deep);
        }
        open = (open + opened).saturating_sub(closed);
    }
    Ok(())
}

/// More brackets than this open at once, counted over whole lines (texts included), are refused.
/// Wide enough for texts with brackets of their own; the parser has its own, lower bound.
const MAX_TOML_BRACKETS: usize = 4096;

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(s) => Value::String(s),
        toml::Value::Integer(n) => Value::from(n),
        toml::Value::Float(x) => Value::from(x),
        toml::Value::Boolean(b) => Value::Bool(b),
        toml::Value::Datetime(t) => Value::String(t.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(k, v)| (k, from_toml(v))).collect())
        }
    }
}

fn read_facts(fields: &Fields<'_>, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let facts = &mut out.facts;
    facts.title = fields.text("title")?;
    facts.narrative = fields.text("narrative")?;
    facts.attack_type = fields.text("attack_type")?;
    facts.occurred_at = fields.time("occurred_at")?;
    facts.detected_at = fields.time("detected_at")?;
    facts.affected_hosts = fields.whole_number("affected_hosts")?;
    facts.initial_access = fields.text("initial_access")?;
    facts.impact = fields.text("impact")?;
    facts.course_of_action = fields.text("course_of_action")?;
    facts.product = fields.text("product")?;
    facts.hold_until = fields.time("hold_until")?;
    for (index, item) in fields.list("techniques")?.iter().enumerate() {
        let path = format!("techniques[{index}]");
        let Value::String(id) = item else {
            return Err(IntakeError::WrongType { path, expected: "a text" });
        };
        if !is_technique(id) {
            let expected = "an ATT&CK id such as T1566.001";
            return Err(IntakeError::WrongValue { path, expected });
        }
        facts.note_technique(id);
    }
    if let Some(stage) = fields.text("stage")? {
        let expected = "early, initial, intermediate or final";
        let known = Stage::from_name(&stage).ok_or_else(|| fields.bad_value("stage", expected))?;
        facts.stage = Some(known);
    }
    let voluntary = fields.boolean("voluntary")?;
    let mandatory = fields.boolean("mandatory")?;
    if voluntary == Some(true) && mandatory == Some(true) {
        return Err(fields.bad_value("mandatory", "false where voluntary is true"));
    }
    facts.mandatory = mandatory.unwrap_or(voluntary == Some(false));
    Ok(())
}

/// Whether this is an ATT&CK technique id, such as `T1566.001`.
pub(crate) fn is_technique(id: &str) -> bool {
    let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = id.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(rest, 4),
    }
}

fn read_indicators(fields: &Fields<'_>, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    for (index, item) in fields.list("indicators")?.iter().enumerate() {
        let path = format!("indicators[{index}]");
        match item {
            Value::String(free) => {
                let before = out.taken();
                text::extract_into(free.as_bytes(), out, |_| Place::Path(path.clone()));
                if out.taken() == before {
                    out.problem(path, "nothing-found", "No indicator was recognised in this text.");
                }
            }
            Value::Object(map) => {
                let item =
                    Fields::new(path.clone(), map, &["type", "value"], out.limits().max_text)?;
                read_typed(&item, path, out)?;
            }
            _ => {
                let expected = "a text or an object with type and value";
                return Err(IntakeError::WrongType { path, expected });
            }
        }
    }
    Ok(())
}

fn read_typed(item: &Fields<'_>, path: String, out: &mut Collector<'_>) -> Result<(), IntakeError> {
    let missing = |name| IntakeError::MissingField { path: format!("{path}.{name}") };
    let name = item.text("type")?.ok_or_else(|| missing("type"))?;
    let value = item.text("value")?.ok_or_else(|| missing("value"))?;
    let expected = "a kind such as ipv4, ipv6, domain, url, email, md5, sha1, sha256, file-name, \
                    mutex, registry-key, ja3, ja4, cve, yara, sigma or suricata";
    let kind = Kind::from_name(&name).ok_or_else(|| item.bad_value("type", expected))?;
    let place = Place::Path(path.clone());
    if let Ok(observable) = Observable::parse(kind, &value) {
        out.find(observable, Origin::plain(place));
    } else if let Some(observable) = text::refang_as(kind, &value) {
        out.find(observable, Origin { place, defanged: true });
    } else {
        out.problem(path, "bad-value", &format!("The value is not a valid {kind}."));
    }
    Ok(())
}
