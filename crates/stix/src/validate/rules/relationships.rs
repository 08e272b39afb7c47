//! What relationships connect.

use serde_json::Value;

use crate::StixId;
use crate::table::TABLE;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// `relationship_type` is well formed and, between types of the specification, one that it defines
/// for the two. Other relationships are allowed: they mean what the two parties agreed on.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let text = |key: &str| subject.members.get(key).and_then(Value::as_str);
    let (true, Some(kind)) = (subject.object_type == "relationship", text("relationship_type"))
    else {
        return;
    };
    let path = "relationship_type";
    let formed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if kind.is_empty() || !kind.bytes().all(formed) {
        let message = "a relationship type has lower-case letters, digits and hyphens";
        return out.error("bad-relationship-type", path, message);
    }
    let end = |key: &str| text(key).and_then(|id| id.parse::<StixId>().ok());
    let (Some(source), Some(target)) = (end("source_ref"), end("target_ref")) else { return };
    let (source, target) = (source.object_type(), target.object_type());
    if TABLE.object_type(source).is_none() || TABLE.object_type(target).is_none() {
        return;
    }
    if defined(source, kind, target) {
        return;
    }
    let mut usual: Vec<&str> = TABLE
        .relationships()
        .filter(|(from, _, to)| *from == source && to.allow(target))
        .map(|(_, kind, _)| kind)
        .collect();
    usual.push("related-to");
    let message = format!("between these two types STIX defines {}", usual.join(", "));
    out.warning_naming(usual.join(", "), "relationship-not-defined", path, message);
}

/// Whether the specification defines the relationship (sections 3.7 and 4 to 6).
fn defined(source: &str, kind: &str, target: &str) -> bool {
    match kind {
        "related-to" => true,
        "derived-from" | "duplicate-of" => source == target,
        _ => TABLE
            .relationships()
            .any(|(from, known, to)| from == source && known == kind && to.allow(target)),
    }
}
