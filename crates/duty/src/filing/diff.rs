//! What changed between two versions of a filing.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value as Json;

use super::{Filing, FilingItem};
use crate::{Lang, Text};

/// One change.
#[derive(Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// An entry has a value now.
    Added {
        /// The field.
        field: String,
        /// Its label.
        name: Text,
        /// The value.
        to: Json,
    },
    /// An entry has no value any more.
    Removed {
        /// The field.
        field: String,
        /// Its label.
        name: Text,
        /// The value it had.
        from: Json,
    },
    /// An entry has another value.
    Changed {
        /// The field.
        field: String,
        /// Its label.
        name: Text,
        /// The value it had.
        from: Json,
        /// The value it has.
        to: Json,
    },
}

/// What changed from one filing to a later one.
#[derive(Clone, PartialEq, Serialize)]
pub struct FilingDiff {
    /// `obligation/stage version` of both.
    pub between: [String; 2],
    /// The changes in the order of the later form.
    pub changes: Vec<Change>,
    /// Fields that were missing and are there now.
    pub no_longer_missing: Vec<String>,
    /// Fields that are missing now and were not before.
    pub newly_missing: Vec<String>,
}

impl FilingDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.no_longer_missing.is_empty()
            && self.newly_missing.is_empty()
    }

    /// The same for people: a line a change.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = format!("{} -> {}\n", self.between[0], self.between[1]);
        for change in &self.changes {
            let line = match change {
                Change::Added { field, name, to } => {
                    format!("+ {} [{field}]: {}", name.lang(lang), plain(to))
                }
                Change::Removed { field, name, from } => {
                    format!("- {} [{field}]: {}", name.lang(lang), plain(from))
                }
                Change::Changed { field, name, from, to } => {
                    format!("~ {} [{field}]: {} -> {}", name.lang(lang), plain(from), plain(to))
                }
            };
            let _ = writeln!(out, "{line}");
        }
        let words = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
        for (fields, label) in [
            (&self.no_longer_missing, words("no longer missing", "不足が解消")),
            (&self.newly_missing, words("newly missing", "新たに不足")),
        ] {
            if !fields.is_empty() {
                let _ = writeln!(out, "{label}: {}", fields.join(", "));
            }
        }
        if self.is_empty() {
            out.push_str(words("nothing changed\n", "変更はありません\n"));
        }
        out
    }
}

/// A value on one line.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(" | "),
        Json::Object(record) => {
            let pairs = record.iter().map(|(k, v)| format!("{k}: {}", plain(v)));
            pairs.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// Fields that say when and as what a filing was made change each time and tell nothing.
const OF_THE_FILING: [&str; 3] = ["report_id", "report_time", "report_stage"];

pub(super) fn between(old: &Filing, new: &Filing) -> FilingDiff {
    let label = |f: &Filing| format!("{}/{} v{}", f.obligation, f.stage, f.version);
    let value = |f: &Filing, field: &str| {
        f.items.iter().find(|i| i.field == field).and_then(|i| i.value.clone())
    };
    let gone = old.items.iter().filter(|i| !new.items.iter().any(|n| n.field == i.field));
    let fields = new.items.iter().chain(gone);
    let fields = fields.filter(|i| !OF_THE_FILING.contains(&i.field.as_str()));
    let change = |item: &FilingItem| {
        let (field, name) = (item.field.clone(), item.name.clone());
        match (value(old, &field), value(new, &field)) {
            (None, Some(to)) => Some(Change::Added { field, name, to }),
            (Some(from), None) => Some(Change::Removed { field, name, from }),
            (Some(from), Some(to)) if from != to => Some(Change::Changed { field, name, from, to }),
            _ => None,
        }
    };
    let minus = |a: &[String], b: &[String]| {
        a.iter().filter(|f| !b.contains(f)).cloned().collect::<Vec<_>>()
    };
    FilingDiff {
        between: [label(old), label(new)],
        changes: fields.filter_map(change).collect(),
        no_longer_missing: minus(&old.missing, &new.missing),
        newly_missing: minus(&new.missing, &old.missing),
    }
}
