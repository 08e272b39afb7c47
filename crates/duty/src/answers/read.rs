//! From a file or a stored row to answers.

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use super::{Answers, Problem, Provenance};
use crate::Reference;

/// The zone of a file that names none: most members are Japanese.
const ZONE: &str = "Asia/Tokyo";

/// What stands before the name of a clock among what could not be read.
pub(super) const CLOCK: &str = "clock:";

/// Reads `{ zone, by, answers, clocks, unread }`; never fails, tells what it could not read.
pub(super) fn answers(reference: &Reference, json: &Json) -> Answers {
    let name = json.get("zone").and_then(Json::as_str).unwrap_or(ZONE);
    let mut out = match crate::clocks::zone_of(name) {
        Ok(zone) => Answers::empty(name.to_owned(), zone),
        Err(_) => {
            let mut out = Answers::empty(name.to_owned(), TimeZone::UTC);
            let zone: String = name.chars().take(64).collect();
            out.problems.push(Problem::UnknownZone { place: "zone".to_owned(), zone });
            out
        }
    };
    let by = json.get("by").and_then(Json::as_str).unwrap_or("reporter");
    let empty = Map::new();
    let table = |name: &str| json.get(name).and_then(Json::as_object).unwrap_or(&empty);
    // What could not be read before is tried again: a newer version may know it.
    for (field, given) in table("answers").iter().chain(table("unread")) {
        if field.starts_with(CLOCK) {
            continue;
        }
        let typed = Provenance::Typed { by: by.to_owned(), at: None };
        let (value, from) = match given.as_object() {
            Some(o) if o.len() == 2 && o.contains_key("value") && o.contains_key("from") => {
                let from = serde_json::from_value(o["from"].clone()).unwrap_or(typed);
                (&o["value"], from)
            }
            _ => (given, typed),
        };
        match reference.field_id(field) {
            // A refusal is kept inside with what was given.
            Some(id) => drop(out.set(reference, &id, value, from)),
            None => {
                let problem = Problem::UnknownField { field: field.chars().take(64).collect() };
                out.refuse(field, given, problem);
            }
        }
    }
    let before = table("unread").iter().filter_map(|(k, v)| Some((k.strip_prefix(CLOCK)?, v)));
    for (clock, at) in table("clocks").iter().map(|(k, v)| (k.as_str(), v)).chain(before) {
        let read = at.as_str().and_then(|t| crate::clocks::moment(t.trim(), &out.zone).ok());
        let problem = match read {
            None => Some(Problem::BadClock { clock: clock.chars().take(64).collect() }),
            Some(at) => out.set_clock(reference, clock, at).err(),
        };
        if let Some(problem) = problem {
            out.refuse(&format!("{CLOCK}{clock}"), at, problem);
        }
    }
    out
}

/// TOML as JSON; dates become text.
pub(crate) fn to_json(value: toml::Value) -> Json {
    match value {
        toml::Value::String(s) => Json::String(s),
        toml::Value::Integer(n) => Json::from(n),
        toml::Value::Float(n) => Json::from(n),
        toml::Value::Boolean(b) => Json::Bool(b),
        toml::Value::Datetime(d) => Json::String(d.to_string()),
        toml::Value::Array(values) => values.into_iter().map(to_json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, to_json(v))).collect(),
    }
}
