//! Language tags and translations.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `contents` of language-content: by language tag, then by property. Whether the properties are
/// those of the object is looked at in the bundle, where the object is at hand.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    software(subject, out);
    if subject.object_type != "language-content" {
        return;
    }
    let Some(Value::Object(contents)) = subject.members.get("contents") else { return };
    for (tag, translations) in contents {
        let path = format!("contents.{tag}");
        if !is_tag(tag) {
            let message = "the key has to be a language tag such as ja";
            out.error_naming("RFC 5646", "bad-language", path.as_str(), message);
        }
        match translations.as_object() {
            Some(properties) if !properties.is_empty() => {
                for (name, value) in properties {
                    if !matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_)) {
                        let message = "a translation is a text, or a list or an object of texts";
                        out.error("bad-translation", format!("{path}.{name}"), message);
                    }
                    if !super::custom_names::is_formed(name) {
                        let message = "a property name has 3 to 250 lower-case letters, digits \
                                       and underscores";
                        out.error("bad-property-name", format!("{path}.{name}"), message);
                    }
                }
            }
            _ => {
                let message = "the translations of a language are an object, by property";
                out.error("bad-translation", path, message);
            }
        }
    }
}

/// Software says in which languages it speaks.
fn software(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type != "software" {
        return;
    }
    let tags = subject.members.get("languages").and_then(Value::as_array);
    for (i, tag) in tags.into_iter().flatten().enumerate() {
        if tag.as_str().is_some_and(|tag| !is_tag(tag)) {
            let message = "the value has to be a language tag such as ja";
            out.error_naming("RFC 5646", "bad-language", format!("languages[{i}]"), message);
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
