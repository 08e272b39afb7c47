//! Extensions of objects, and definitions of extensions.

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
                kind(extension, &path, out);
            }
        } else if TABLE.part(key).is_some() && key.ends_with("-ext") {
            if !subject.row.is_some_and(|row| row.extensions.contains(key)) {
                let message = "this extension belongs to another type of object";
                out.error("extension-type", path, message);
            }
        } else {
            let message = "the key should be the id of an extension definition";
            out.warning("undefined-extension", path, message);
        }
    }
}

fn kind(extension: &Value, path: &str, out: &mut Findings) {
    let known = TABLE.vocabulary("extension-type");
    match extension.get("extension_type") {
        Some(Value::String(kind)) if known.contains(kind) => (),
        Some(_) => {
            let message = "extension_type has to be one of extension-type-enum";
            out.error("extension-kind", format!("{path}.extension_type"), message);
        }
        None => {
            let message = "extension_type should say what kind of extension this is";
            out.warning("extension-kind", path, message);
        }
    }
}

/// `extension_properties` list the properties a top-level extension adds, and only those.
fn definition(subject: &Subject<'_>, out: &mut Findings) {
    if subject.object_type != "extension-definition" {
        return;
    }
    let has_kind = subject.members.get("extension_types").and_then(Value::as_array);
    let top =
        has_kind.is_some_and(|kinds| kinds.iter().any(|k| k == "toplevel-property-extension"));
    if !top && subject.members.contains_key("extension_properties") {
        let message = "only a toplevel-property-extension has extension_properties";
        out.error("extension-properties", "extension_properties", message);
    }
}
