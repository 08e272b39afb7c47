//! The adversaries that read bytes, on a folder of released objects.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use noroshi_anonymity::Register;
use noroshi_anonymity::redteam::adversary::{TextHunter, fingerprint};
use noroshi_outlet::i18n::{Speech, Value};
use noroshi_stix::Timestamp;
use serde_json::{Value as Json, json};

use crate::objects::parts;

/// Properties that hold a time.
const TIMES: [&str; 7] =
    ["created", "modified", "valid_from", "valid_until", "published", "first_seen", "last_seen"];

/// One released object and where it stands.
struct Object {
    file: String,
    number: usize,
    bytes: Vec<u8>,
    parsed: Option<Json>,
}

/// Something that should not be in a release.
struct Finding {
    key: &'static str,
    file: String,
    object: usize,
    detail: String,
}

/// Searches the folder and prints what was found; whether anything was.
pub(super) fn search(
    folder: &Path,
    register: &Path,
    tick_seconds: i64,
    as_json: bool,
    say: &Speech,
) -> Result<bool> {
    let text = std::fs::read_to_string(register)
        .with_context(|| format!("{} cannot be read", register.display()))?;
    let hunter = TextHunter::new(&Register::from_toml(&text)?)?;
    let files = files(folder)?;
    let mut objects = Vec::new();
    for file in &files {
        let bytes =
            std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        objects.extend(parts(&bytes).into_iter().enumerate().map(|(i, bytes)| Object {
            file: name.clone(),
            number: i + 1,
            parsed: serde_json::from_slice(&bytes).ok(),
            bytes,
        }));
    }
    let mut findings = Vec::new();
    for object in &objects {
        names(object, &hunter, &mut findings);
        times(object, tick_seconds, &mut findings);
    }
    looks(&objects, &mut findings);
    let counts = [("objects", Value::from(objects.len())), ("files", Value::from(files.len()))];
    println!("{}", say.with("redteam-searched", &counts));
    for finding in &findings {
        println!("{}", finding.explain(say));
    }
    let bad = findings.iter().filter(|f| f.key != "redteam-found-unread").count();
    if bad == 0 {
        println!("{}", say.t("redteam-clean"));
    }
    if as_json {
        let rows: Vec<Json> = findings.iter().map(Finding::to_json).collect();
        println!("{}", json!({"files": files.len(), "objects": objects.len(), "findings": rows}));
    }
    Ok(bad > 0)
}

impl Finding {
    fn of(key: &'static str, object: &Object, detail: impl Into<String>) -> Self {
        Self { key, file: object.file.clone(), object: object.number, detail: detail.into() }
    }

    fn explain(&self, say: &Speech) -> String {
        say.with(
            self.key,
            &[
                ("file", Value::from(self.file.as_str())),
                ("object", Value::from(self.object)),
                ("entry", Value::from(self.detail.as_str())),
                ("property", Value::from(self.detail.as_str())),
                ("type", Value::from(self.detail.as_str())),
            ],
        )
    }

    fn to_json(&self) -> Json {
        let kind = self.key.trim_start_matches("redteam-found-");
        json!({"kind": kind, "file": self.file, "object": self.object, "detail": self.detail})
    }
}

/// Files named `*.json` and `*.jsonl`, also in folders below, in order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if path.is_dir() {
                open.push(path);
            } else if matches!(extension, "json" | "jsonl") {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        bail!("{} has no *.json or *.jsonl files to search", folder.display());
    }
    found.sort();
    Ok(found)
}

/// A-text.
fn names(object: &Object, hunter: &TextHunter, findings: &mut Vec<Finding>) {
    if object.parsed.is_none() {
        findings.push(Finding::of("redteam-found-unread", object, ""));
    }
    for owner in hunter.find(&object.bytes) {
        findings.push(Finding::of("redteam-found-name", object, (owner + 1).to_string()));
    }
}

/// A-time: a time that is no multiple of the tick tells when something happened.
fn times(object: &Object, tick_seconds: i64, findings: &mut Vec<Finding>) {
    let tick = tick_seconds.saturating_mul(1_000_000);
    let Some(map) = object.parsed.as_ref().and_then(Json::as_object) else { return };
    for property in TIMES {
        let time = map.get(property).and_then(Json::as_str).map(str::parse::<Timestamp>);
        let exact = match time {
            None => false,
            Some(Ok(time)) => time.floor_to(tick) != time,
            Some(Err(_)) => true,
        };
        if exact || matches!(property, "first_seen" | "last_seen") && map.contains_key(property) {
            findings.push(Finding::of("redteam-found-time", object, property));
        }
    }
}

/// A-bytes: within one type and set of properties everything must look alike.
fn looks(objects: &[Object], findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<Vec<String>, BTreeMap<String, Vec<&Object>>> = BTreeMap::new();
    for object in objects {
        let Some(map) = object.parsed.as_ref().and_then(Json::as_object) else { continue };
        let kind = map.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut keys: Vec<String> = map.keys().cloned().collect();
        keys.sort();
        keys.insert(0, kind);
        let look = fingerprint(&object.bytes);
        groups.entry(keys).or_default().entry(look).or_default().push(object);
    }
    for (keys, looks) in groups {
        // The look of most is the hub's; the others stand out.
        let most = looks.values().map(Vec::len).max().unwrap_or(0);
        let mut usual = looks.values().filter(|group| group.len() == most).count() == 1;
        usual |= looks.len() == 1;
        for group in looks.values().filter(|group| !usual || group.len() < most) {
            let kind = keys.first().cloned().unwrap_or_default();
            findings
                .extend(group.iter().map(|o| Finding::of("redteam-found-look", o, kind.clone())));
        }
    }
}
