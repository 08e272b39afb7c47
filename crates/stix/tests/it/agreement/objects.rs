//! One valid object of every type, with every property it can have at once, made from the tables.

use noroshi_stix::deterministic_id;
use noroshi_stix::specification::{ObjectDefinition, vocabulary};
use serde_json::{Map, Value, json};

pub(super) const UUID: &str = "31b940d4-6f7f-459a-80ea-9c1f17b5891b";

/// The UUID of what is referred to.
const OTHER: &str = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

/// Names of properties that come after another time.
const LATER: [&str; 7] = [
    "last_seen",
    "last_observed",
    "valid_until",
    "stop_time",
    "end",
    "analysis_ended",
    "validity_not_after",
];

/// A valid object of the type.
pub(super) fn whole(definition: ObjectDefinition) -> Value {
    let name = definition.name();
    let mut object = members(definition);
    match name {
        // One of two, or none beside the other.
        "artifact" => drop(object.remove("url")),
        "email-message" => {
            object.insert("is_multipart".into(), false.into());
            object.remove("body_multipart");
        }
        "network-traffic" => drop(object.insert("is_active".into(), false.into())),
        "observed-data" => drop(object.remove("objects")),
        "marking-definition" => {
            object.insert("definition_type".into(), "statement".into());
            object.insert("definition".into(), json!({"statement": "Copyright 2026"}));
        }
        "language-content" => {
            object.insert("contents".into(), json!({"ja": {"name": "海鳴"}}));
        }
        "extension-definition" => {
            object.insert("extension_types".into(), json!(["toplevel-property-extension"]));
            object.insert("extension_properties".into(), json!(["rank"]));
        }
        _ => (),
    }
    let extensions: &[&str] = match name {
        "file" => {
            &["archive-ext", "ntfs-ext", "pdf-ext", "raster-image-ext", "windows-pebinary-ext"]
        }
        "network-traffic" => &["http-request-ext", "icmp-ext", "socket-ext", "tcp-ext"],
        "process" => &["windows-process-ext", "windows-service-ext"],
        "user-account" => &["unix-account-ext"],
        _ => &[],
    };
    if !extensions.is_empty() {
        let all: Map<String, Value> =
            extensions.iter().map(|name| ((*name).to_owned(), part(name))).collect();
        object.insert("extensions".into(), all.into());
    }
    named(Value::Object(object))
}

/// Only what every object of the type has, and what its combinations ask for.
pub(super) fn least(definition: ObjectDefinition) -> Value {
    let mut object = whole(definition);
    let keep = |name: &str| match definition.name() {
        "artifact" => name == "payload_bin",
        "file" => name == "name",
        "location" => name == "country",
        "malware" => name == "name",
        "malware-analysis" => name == "result",
        "marking-definition" => matches!(name, "definition" | "definition_type"),
        "network-traffic" => name == "src_ref",
        "observed-data" => name == "object_refs",
        "process" => name == "pid",
        "user-account" => name == "user_id",
        "windows-registry-key" => name == "key",
        "x509-certificate" => name == "serial_number",
        "extension-definition" => name == "extension_properties",
        _ => false,
    };
    let required: Vec<&str> =
        definition.properties().filter(|p| p.required).map(|p| p.name).collect();
    object
        .as_object_mut()
        .unwrap()
        .retain(|name, _| required.contains(&name.as_str()) || keep(name));
    named(object)
}

/// With the id that follows from it, or a random one.
fn named(mut object: Value) -> Value {
    let random = format!("{}--{UUID}", object["type"].as_str().unwrap());
    object["id"] = deterministic_id(&object).map_or(json!(random), |id| json!(id));
    object
}

fn members(definition: ObjectDefinition) -> Map<String, Value> {
    let name = definition.name();
    let properties = definition
        .properties()
        .filter(|p| !matches!(p.name, "extensions" | "revoked" | "defanged"));
    properties.map(|p| (p.name.to_owned(), value(&p.value_type, name, p.name))).collect()
}

fn part(name: &str) -> Value {
    let definition = ObjectDefinition::parts().find(|part| part.name() == name).unwrap();
    let mut object = members(definition);
    match name {
        "granular-marking" => {
            object.remove("lang");
            object.insert("selectors".into(), json!(["type"]));
        }
        "external-reference" => drop(object.insert("source_name".into(), "vendor".into())),
        _ => (),
    }
    object.into()
}

fn value(value_type: &str, owner: &str, name: &str) -> Value {
    let (kind, rest) = value_type.split_once(' ').unwrap_or((value_type, ""));
    match (kind, rest) {
        ("list", _) => json!([value(rest.trim_start_matches("of "), owner, name)]),
        ("string", _) => text(owner, name).into(),
        ("integer", _) => json!(rest.split("..").next().and_then(|n| n.parse().ok()).unwrap_or(1)),
        ("float", _) => json!(0.5),
        ("boolean", _) => true.into(),
        ("timestamp", _) if name == "time_date_stamp" => "2026-01-01T00:00:00Z".into(),
        ("timestamp", _) if LATER.contains(&name) => "2026-02-01T00:00:00.000Z".into(),
        ("timestamp", _) => "2026-01-01T00:00:00.000Z".into(),
        ("binary", _) => "VGVzdA==".into(),
        ("hex", _) => "4d5a".into(),
        ("hashes", _) => json!({"MD5": "d41d8cd98f00b204e9800998ecf8427e"}),
        ("dictionary", _) => match name {
            "options" => json!({"SO_REUSEADDR": 1}),
            "exif_tags" => json!({"Make": "text"}),
            "request_header" => json!({"Accept": ["text"]}),
            "startup_info" => json!({"lpDesktop": "text"}),
            _ => json!({"key": "text"}),
        },
        ("language", "tag") => "ja".into(),
        ("enum" | "open-vocab", _) => {
            let bare = rest.trim_end_matches("-ov").trim_end_matches("-enum");
            vocabulary(bare)[0].clone().into()
        }
        ("identifier", "") => format!("{owner}--{UUID}").into(),
        ("identifier", _) => {
            let target = rest.trim_start_matches("of ").split(" or ").next().unwrap();
            let target = match target {
                "*" | "any sdo" => "malware",
                "any sco" => "mutex",
                other if other.starts_with("anything") => "malware",
                other => other,
            };
            format!("{target}--{OTHER}").into()
        }
        ("any", _) => json!({"0": {"type": "mutex", "name": "a"}}),
        _ => part(value_type),
    }
}

/// A text of the form the property asks for.
fn text(owner: &str, name: &str) -> String {
    match (owner, name) {
        (_, "type") => owner,
        (_, "spec_version") => "2.1",
        ("ipv4-addr", "value") => "198.51.100.7",
        ("ipv6-addr", "value") => "2001:db8::1",
        ("mac-addr", "value") => "d2:fb:49:24:37:18",
        ("email-addr", "value") => "a@example.com",
        ("domain-name", "value") => "example.com",
        ("url", "value") | (_, "url") => "https://example.com/a",
        (_, "key") => "HKEY_LOCAL_MACHINE\\Software",
        (_, "cpe") => "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*",
        (_, "languages") => "ja",
        (_, "mime_type" | "content_type") => "image/jpeg",
        (_, "path_enc" | "name_enc") => "UTF-8",
        (_, "country") => "JP",
        (_, "pattern") => "[file:name = 'a']",
        (_, "protocols") => "tcp",
        (_, "schema") => "https://example.com/schema",
        (_, "version") => "1.0.0",
        (_, "relationship_type") => "related-to",
        (_, "kill_chain_name" | "phase_name") => "a-name",
        _ => "text",
    }
    .to_owned()
}
