//! Language tags and translations.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `contents` of language-content: by language tag, then by property.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type != "language-content" {
        return;
    }
    let Some(Value::Object(contents)) = subject.members.get("contents") else { return };
    for (tag, translations) in contents {
        let path = format!("contents.{tag}");
        if !is_tag(tag) {
            out.error("bad-language", path.as_str(), "the key has to be a language tag such as ja");
        }
        match translations.as_object() {
            Some(properties) if !properties.is_empty() => (),
            _ => {
                let message = "the translations of a language are an object, by property";
                out.error("bad-translation", path, message);
            }
        }
    }
}

/// Whether `text` has the form of a language tag (RFC 5646): `ja`, `zh-Hant-TW`, `x-private`.
pub(super) fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    let language = (2..=8).contains(&first.len()) || matches!(first, "x" | "i" | "X" | "I");
    language
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}
