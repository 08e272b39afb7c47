//! A-bytes: tells tools and people apart by how they write.

use serde_json::Value;

use super::{Adversary, words};
use crate::Words;
use crate::redteam::view::{Needs, View};

/// Clusters releases by quirks of form and asks whose tool writes like that.
pub struct Bytes<A>(pub A);

impl<A: Adversary> Adversary for Bytes<A> {
    fn name(&self) -> &'static str {
        "A-bytes"
    }

    fn describe(&self) -> Words {
        words(
            "書式の癖から報告に使われたツールを割り出し、その利用組織に絞り込む",
            "tells by quirks of form which tool wrote a report, and who uses that tool",
        )
    }

    fn needs(&self) -> Needs {
        Needs { objects: true, ..self.0.needs() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let mut likelihood = self.0.likelihood(view, release);
        let Some(objects) = view.objects else { return likelihood };
        let Some(bytes) = objects.released.get(release).filter(|b| !b.is_empty()) else {
            return likelihood;
        };
        let look = fingerprint(bytes);
        let fits = |firm: usize| {
            objects
                .tool_of
                .get(firm)
                .and_then(|t| objects.looks.get(*t))
                .is_some_and(|l| *l == look)
        };
        // Quirks nobody has are the content's, not the tool's.
        if (0..view.firms.len()).any(fits) {
            for (firm, l) in likelihood.iter_mut().enumerate() {
                *l *= f64::from(u8::from(fits(firm)));
            }
        }
        likelihood
    }
}

/// The form of a document without its content: order and names of properties, white space, how
/// times, ids, numbers and escapes are written. One line per object of a list.
pub fn fingerprint(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let indented = text.contains("\n  ") || text.contains("\n\t");
    let spaced = text.contains("\": ");
    out.push_str(if indented { "indented " } else { "" });
    out.push_str(if spaced { "spaced " } else { "" });
    out.push_str(if text.contains("\\u") { "escaped " } else { "" });
    out.push_str(if text.contains("\r\n") { "crlf " } else { "" });
    let mut forms: Vec<String> = Vec::new();
    for part in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        let Ok(value) = part else { break };
        form(&value, &mut forms);
    }
    // Order of properties as written: maps lose it, the text has it.
    forms.sort();
    forms.dedup();
    out.push_str(&forms.join(" "));
    out.push_str(&order(&text));
    out
}

/// How each kind of value is written.
fn form(value: &Value, forms: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            let own = match item {
                Value::String(text) => shape(key, text),
                Value::Number(n) => {
                    Some(format!("{key}:{}", if n.is_f64() { "real" } else { "int" }))
                }
                _ => None,
            };
            forms.extend(own);
            if key.starts_with("x_") {
                forms.push(format!("{key}!"));
            }
            form(item, forms);
        }),
        Value::Array(items) => items.iter().for_each(|item| form(item, forms)),
        _ => {}
    }
}

/// The shape of times and ids; other strings are content.
fn shape(key: &str, text: &str) -> Option<String> {
    let is_time = text.len() >= 19 && text.get(4..5) == Some("-") && text.get(10..11) == Some("T");
    if is_time {
        let digits = text.split('.').nth(1).map_or(0, |f| f.trim_end_matches(['Z', '+']).len());
        let zone = if text.ends_with('Z') { "Z" } else { "offset" };
        return Some(format!("{key}:time{digits}{zone}"));
    }
    let uuid = text.split_once("--").map_or(text, |(_, uuid)| uuid);
    let is_uuid = uuid.len() == 36 && uuid.matches('-').count() == 4;
    (is_uuid && key == "id").then(|| {
        let case = if uuid.bytes().any(|b| b.is_ascii_uppercase()) { "upper" } else { "lower" };
        format!("id:v{}{case}", uuid.get(14..15).unwrap_or_default())
    })
}

/// The first appearance of each property name.
fn order(text: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices("\":") {
        let before = text.get(..at).unwrap_or_default();
        if let Some(key) = before.rsplit('"').next()
            && !seen.contains(&key)
        {
            seen.push(key);
        }
    }
    let sorted = seen.is_sorted();
    if sorted { " sorted".to_owned() } else { format!(" order:{}", seen.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn form_shows_and_content_does_not() {
        let look = |text: &str| fingerprint(text.as_bytes());
        let a = r#"{"created":"2026-11-23T00:00:00.000Z","name":"a"}"#;
        assert_eq!(look(a), look(r#"{"created":"2026-11-30T00:00:00.000Z","name":"other"}"#));
        for other in [
            r#"{"name":"a","created":"2026-11-23T00:00:00.000Z"}"#,
            r#"{"created": "2026-11-23T00:00:00.000Z", "name": "a"}"#,
            r#"{"created":"2026-11-23T00:00:00.123456Z","name":"a"}"#,
            r#"{"created":"2026-11-23T09:00:00+09:00","name":"a"}"#,
            r#"{"created":"2026-11-23T00:00:00.000Z","name":"a","x_tool":1}"#,
        ] {
            assert_ne!(look(a), look(other), "{other}");
        }
    }
}
