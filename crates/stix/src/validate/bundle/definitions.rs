//! Extensions beside their definitions (STIX 2.1, section 7.3).

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{ObjectReport, text};
use crate::table::TABLE;
use crate::validate::finding::Findings;

/// What a definition in the document says of its extension.
struct Definition<'v> {
    kinds: HashSet<&'v str>,
    /// `None` where it lists none.
    properties: Option<HashSet<&'v str>>,
}

/// An extension is of a kind that its definition names, and adds the properties it lists.
pub(super) fn check(objects: &[Value], reports: &mut [ObjectReport]) {
    let definitions: HashMap<&str, Definition<'_>> = objects
        .iter()
        .filter(|object| text(object, "type") == Some("extension-definition"))
        .filter_map(|object| {
            let kinds = words(object, "extension_types")?;
            Some((
                text(object, "id")?,
                Definition { kinds, properties: words(object, "extension_properties") },
            ))
        })
        .collect();
    if definitions.is_empty() {
        return;
    }
    for (object, report) in objects.iter().zip(reports) {
        let mut out = Findings::default();
        look(object, &definitions, &mut out);
        report.add(out);
    }
}

fn words<'v>(object: &'v Value, key: &str) -> Option<HashSet<&'v str>> {
    let list = object.get(key)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).collect())
}

fn look(object: &Value, definitions: &HashMap<&str, Definition<'_>>, out: &mut Findings) {
    let extensions = object.get("extensions").and_then(Value::as_object);
    // Which top-level properties are declared; unknown where one declaration is not at hand.
    let mut declared: Option<HashSet<&str>> = Some(HashSet::new());
    let mut has_top = false;
    for (id, extension) in extensions.into_iter().flatten() {
        let kind = text(extension, "extension_type");
        let is_top = kind == Some("toplevel-property-extension");
        has_top |= is_top;
        let definition = definitions.get(id.as_str());
        if let (Some(definition), Some(kind)) = (definition, kind)
            && !definition.kinds.contains(kind)
        {
            let path = format!("extensions.{id}.extension_type");
            let message = "the definition of this extension is for extensions of another kind";
            out.error("extension-not-as-defined", path, message);
        }
        if is_top {
            declared = match (declared, definition.and_then(|d| d.properties.as_ref())) {
                (Some(all), Some(more)) => Some(all.union(more).copied().collect()),
                _ => None,
            };
        }
    }
    let (true, Some(declared)) = (has_top, declared) else { return };
    let Some(row) = text(object, "type").and_then(|name| TABLE.object_type(name)) else { return };
    let common = TABLE.common(&row.class);
    for name in object.as_object().into_iter().flatten().map(|(name, _)| name.as_str()) {
        let known = row.properties.get(name).is_some()
            || common.is_some_and(|common| common.get(name).is_some());
        if !known && !name.starts_with("x_") && !declared.contains(name) {
            let message = "no definition of the extensions of this object lists the property";
            out.warning("unknown-property", name, message);
        }
    }
}
