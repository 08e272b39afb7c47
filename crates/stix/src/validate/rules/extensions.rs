//! Extensions of objects (STIX 2.1, section 7.3), and definitions of extensions.

use serde_json::Value;

use crate::StixId;
use crate::table::TABLE;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Keys are ids of definitions or names of the specification; values say what kind they are.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    definition(subject, out);
    let Some(Value::Object(extensions)) = subject.members.get("extensions") else { return };
    for (key, extension) in extensions {
        let path = format!("extensions.{key}");
        if !extension.is_object() {
            out.error("bad-extension", path, "an extension is an object");
        } else if key.starts_with("extension-definition--") {
            if key.parse::<StixId>().is_err() {
                out.error("bad-extension", path, "the key has to be the id of its definition");
            } else {
                kind(subject, extension, &path, out);
                names(extension, &path, out);
            }
        } else if TABLE.part(key).is_some() && key.ends_with("-ext") {
            if !subject.row.is_some_and(|row| row.extensions.contains(key)) {
                let message = "this extension belongs to another type of object";
                out.error("extension-type", path, message);
            }
        } else if is_custom_name(key) {
            let message = "the key should be the id of an extension definition";
            out.warning("undefined-extension", path, message);
        } else {
            let message = "the key has to be the id of an extension definition, or a name of STIX";
            out.error("undefined-extension", path, message);
        }
    }
}

/// Custom extensions had names of their own before there were definitions (section 11.3).
fn is_custom_name(key: &str) -> bool {
    key.ends_with("-ext")
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && !key.contains("--")
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn kind(subject: &Subject<'_>, extension: &Value, path: &str, out: &mut Findings) {
    let known = TABLE.vocabulary("extension-type");
    let inner = format!("{path}.extension_type");
    match extension.get("extension_type") {
        Some(Value::String(kind)) if known.contains(kind) => {
            let is_new = kind.starts_with("new-");
            if let (true, Some(row)) = (is_new, subject.row) {
                let message =
                    format!("STIX defines this type of object ({}), it is not new", row.class);
                out.error_naming(&row.class, "extension-kind", inner, message);
            } else if is_new && (kind == "new-sco") == subject.members.contains_key("created") {
                let message =
                    "new-sdo and new-sro are for objects with created, new-sco for others";
                out.error_naming("created", "extension-kind", inner, message);
            }
        }
        Some(_) => {
            let message = "extension_type has to be one of extension-type-enum";
            out.error_naming("extension-type-enum", "extension-kind", inner, message);
        }
        None => {
            let message = "extension_type has to say what kind of extension this is";
            out.error_naming("extension_type", "extension-kind", path, message);
        }
    }
}

/// Properties of an extension are named like all others.
fn names(extension: &Value, path: &str, out: &mut Findings) {
    for name in extension.as_object().into_iter().flat_map(|e| e.keys()) {
        if out.is_full() {
            return;
        }
        if !super::custom_names::is_formed(name) {
            let message = "a property name has 3 to 250 lower-case letters, digits and underscores";
            out.error("bad-property-name", format!("{path}.{name}"), message);
        }
    }
}

/// `extension_properties` list the properties a top-level extension adds, and only those.
fn definition(subject: &Subject<'_>, out: &mut Findings) {
    const LIST: &str = "extension_properties";
    if subject.object_type != "extension-definition" {
        return;
    }
    let kinds = subject.members.get("extension_types").and_then(Value::as_array);
    let is_top =
        kinds.is_some_and(|kinds| kinds.iter().any(|k| k == "toplevel-property-extension"));
    let listed = subject.members.get(LIST);
    match (is_top, listed) {
        (false, Some(_)) => {
            let message = "only a toplevel-property-extension has extension_properties";
            out.error("extension-properties", LIST, message);
        }
        (true, None) => {
            let message = "the definition should list the properties that its extension adds";
            out.warning("extension-properties", LIST, message);
        }
        _ => (),
    }
    for (i, name) in listed.and_then(Value::as_array).into_iter().flatten().enumerate() {
        if name.as_str().is_some_and(|name| !super::custom_names::is_formed(name)) {
            let path = format!("{LIST}[{i}]");
            let message = "a property name has 3 to 250 lower-case letters, digits and underscores";
            out.error("bad-property-name", path, message);
        }
    }
}
