//! What people look for in an object: its words, its sort, how sure it is, what it refers to.

use std::borrow::Cow;

use noroshi_stix::{Kind, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::search::fold;

/// What an object is to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// An indicator, or a vulnerability.
    Indicator(Kind),
    /// An indicator whose pattern names no value of ours.
    Pattern,
    /// A report of the context lane.
    Report,
    /// Any other object that stands for itself.
    Other,
    /// A piece of another object: found through that one.
    Part,
}

/// How sure the hub is, in three steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Band {
    /// At least two members, at least two days apart.
    Confirmed,
    /// Reported, and not yet confirmed.
    Reported,
    /// The object does not say.
    Unstated,
}

/// What a search and the pages need of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) sort: Sort,
    pub(crate) band: Band,
    /// Its words, folded.
    pub(crate) text: String,
    /// Ids it refers to.
    pub(crate) links: Vec<String>,
    /// The object whose words it gives in another language.
    pub(crate) translates: Option<String>,
    /// Title and time of publication (microseconds) of a report.
    pub(crate) headline: Option<(String, i64)>,
}

/// Most bytes of one object's words that are searched.
pub(crate) const MAX_TEXT: usize = 4 * 1024;
/// Most references of one object that are followed.
const MAX_LINKS: usize = 64;
/// Most characters of a title.
const MAX_HEADLINE: usize = 500;

impl Sort {
    /// The number it is kept as.
    pub(crate) fn number(self) -> u8 {
        match self {
            Sort::Indicator(kind) => {
                let at = Kind::ALL.iter().position(|k| *k == kind).unwrap_or_default();
                u8::try_from(at).unwrap_or_default()
            }
            Sort::Pattern => 250,
            Sort::Report => 251,
            Sort::Other => 252,
            Sort::Part => 253,
        }
    }
}

impl Band {
    pub(crate) const ALL: [Band; 3] = [Band::Confirmed, Band::Reported, Band::Unstated];

    /// The band of a STIX confidence (STIX 2.1, appendix A: from 70 on it is high).
    pub(crate) fn of(confidence: Option<i64>) -> Self {
        match confidence {
            Some(70..) => Band::Confirmed,
            Some(1..) => Band::Reported,
            _ => Band::Unstated,
        }
    }

    /// The stable name, as addresses have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Band::Confirmed => "confirmed",
            Band::Reported => "reported",
            Band::Unstated => "unstated",
        }
    }
}

impl About {
    /// Reads what there is to know of an object with these block list entries.
    ///
    /// Nothing of this decides whether an object is served: where a property has another form than
    /// STIX gives it, the object is found by its values alone.
    pub(super) fn read(bytes: &[u8], object_type: &str, entries: &[(Kind, String)]) -> Self {
        let raw: Raw<'_> = serde_json::from_slice(bytes).unwrap_or_default();
        let sort = sort(&raw, object_type, entries);
        let translates = match object_type {
            "language-content" => raw.object_ref.as_deref().map(str::to_owned),
            _ => None,
        };
        let named = [&raw.source_ref, &raw.target_ref, &raw.sighting_of_ref, &raw.object_ref];
        let links = raw.object_refs.iter().map(|id| &**id);
        let links = links.chain(named.into_iter().filter_map(|id| id.as_deref()));
        let own = raw.created_by_ref.as_deref();
        let links = links.filter(|id| Some(*id) != own).take(MAX_LINKS).map(str::to_owned);
        Self {
            sort,
            band: Band::of(raw.confidence),
            text: words(&raw, object_type, entries),
            links: links.collect(),
            translates,
            headline: headline(&raw, sort),
        }
    }
}

fn headline(raw: &Raw<'_>, sort: Sort) -> Option<(String, i64)> {
    if sort != Sort::Report {
        return None;
    }
    let published = raw.published.as_deref()?.parse::<Timestamp>().ok()?;
    let name = raw.name.as_deref()?.chars().take(MAX_HEADLINE).collect();
    Some((name, published.as_micros()))
}

fn sort(raw: &Raw<'_>, object_type: &str, entries: &[(Kind, String)]) -> Sort {
    match object_type {
        "indicator" => match (entries.first(), raw.pattern_type.as_deref()) {
            (Some((kind, _)), _) => Sort::Indicator(*kind),
            (None, Some("yara")) => Sort::Indicator(Kind::Yara),
            (None, Some("sigma")) => Sort::Indicator(Kind::Sigma),
            (None, Some("suricata" | "snort")) => Sort::Indicator(Kind::Suricata),
            (None, _) => Sort::Pattern,
        },
        "vulnerability" => Sort::Indicator(Kind::Cve),
        "report" | "grouping" => Sort::Report,
        "identity"
        | "marking-definition"
        | "language-content"
        | "extension-definition"
        | "relationship"
        | "sighting"
        | "attack-pattern"
        | "course-of-action" => Sort::Part,
        _ => Sort::Other,
    }
}

fn words(raw: &Raw<'_>, object_type: &str, entries: &[(Kind, String)]) -> String {
    let mut text = String::new();
    let mut add = |part: &str| {
        if !part.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
        }
    };
    entries.iter().for_each(|(_, value)| add(value));
    let name = raw.name.as_deref().unwrap_or_default();
    if !entries.iter().any(|(_, value)| value == name) {
        add(name);
    }
    add(raw.description.as_deref().unwrap_or_default());
    raw.labels.iter().for_each(|label| add(label));
    for reference in &raw.external_references {
        add(reference.external_id.as_deref().unwrap_or_default());
    }
    if entries.is_empty() && object_type == "indicator" {
        add(raw.pattern.as_deref().unwrap_or_default());
    }
    if let Some(contents) = &raw.contents {
        strings(contents, &mut add);
    }
    let mut text = fold(&text);
    text.truncate(text.floor_char_boundary(MAX_TEXT));
    text
}

/// Every text of the contents of a `language-content`.
fn strings(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => add(text),
        Value::Array(list) => list.iter().for_each(|v| strings(v, add)),
        Value::Object(map) => map.values().for_each(|v| strings(v, add)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The properties looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Raw<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pattern: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pattern_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    labels: Vec<Cow<'a, str>>,
    confidence: Option<i64>,
    #[serde(borrow)]
    external_references: Vec<Reference<'a>>,
    #[serde(borrow)]
    created_by_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    object_refs: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    source_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    target_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    sighting_of_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    object_ref: Option<Cow<'a, str>>,
    #[serde(borrow)]
    published: Option<Cow<'a, str>>,
    contents: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference<'a> {
    #[serde(borrow)]
    external_id: Option<Cow<'a, str>>,
}
