//! References to what is not STIX.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Ids in well-known catalogues have the form of that catalogue; a URL says where.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let references = subject.members.get("external_references").and_then(Value::as_array);
    for (i, reference) in references.into_iter().flatten().enumerate() {
        let text = |key: &str| reference.get(key).and_then(Value::as_str);
        if let (Some(source), Some(id)) = (text("source_name"), text("external_id")) {
            let formed = match source {
                "cve" => is_cve(id),
                "capec" => id.strip_prefix("CAPEC-").is_some_and(is_digits),
                _ => true,
            };
            if !formed {
                let path = format!("external_references[{i}].external_id");
                out.error("bad-external-id", path, "the id has not the form of its catalogue");
            }
        }
        if let Some(address) = text("url") {
            let path = format!("external_references[{i}].url");
            if url::Url::parse(address).is_err() {
                out.error("bad-url", path, "the address is not a URL");
            }
        }
    }
}

fn is_cve(id: &str) -> bool {
    let rest = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    rest.is_some_and(|(year, number)| {
        year.len() == 4 && is_digits(year) && number.len() >= 4 && is_digits(number)
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
