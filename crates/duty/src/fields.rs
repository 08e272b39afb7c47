//! The superset of fields incident reports ask for, and how far each may travel.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use crate::source_text::{LoadError, SourceText};
use crate::{Scalar, Text, Trust, ValueType};

/// How far a field may travel. Ordered: what comes later is kept closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anonymity {
    /// The attacker's means: the thing to share.
    Attack,
    /// Free text: redaction and the reporter's approval first.
    Narrative,
    /// Can single the firm out in a small sector: generalise or drop.
    Quasi,
    /// Between reporter and authority: not shared.
    Admin,
    /// Names the reporter or victim: never leaves the vault.
    Identity,
}

impl Anonymity {
    /// Whether the field may enter a release as it is given. Narrative may once it was redacted and
    /// approved, quasi once generalised; both are another value by then.
    pub fn may_be_released_as_given(self) -> bool {
        self == Self::Attack
    }

    /// The stable name, as in the data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Narrative => "narrative",
            Self::Quasi => "quasi",
            Self::Admin => "admin",
            Self::Identity => "identity",
        }
    }
}

/// The earliest stage at which a regime expects a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldStage {
    Early,
    Initial,
    Intermediate,
    Final,
}

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Cardinality {
    #[serde(rename = "1")]
    One,
    #[serde(rename = "0..1")]
    Optional,
    #[serde(rename = "1..n")]
    Some,
    #[serde(rename = "0..n")]
    Any,
}

impl Cardinality {
    /// Whether there must be a value.
    pub fn is_mandatory(self) -> bool {
        matches!(self, Self::One | Self::Some)
    }

    /// Whether there may be several.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Some | Self::Any)
    }
}

/// Where a field sits in one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapEntry {
    /// The form ([`FormSource::id`]).
    pub form: String,
    /// Items, articles or headings of it.
    pub places: Vec<String>,
    /// From memory, unverified.
    pub from_memory: bool,
}

/// A field of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Stable name.
    pub id: String,
    /// What it belongs to: `incident`, `reporter`, ...
    pub group: String,
    /// Type of its value, in the words of the data: `text`, `list<enum>`, ...
    pub value_type: String,
    /// The same, read.
    pub kind: ValueType,
    /// The clocks that the moment starts ([`crate::Clock::id`]).
    pub clocks: Vec<String>,
    /// How many values.
    pub cardinality: Cardinality,
    /// Its label.
    pub name: Text,
    /// From which stage on it is asked.
    pub stage: FieldStage,
    /// How far it may travel.
    pub anonymity: Anonymity,
    /// How to generalise it before sharing; every quasi field has this.
    pub generalise: Option<String>,
    /// The enumeration its values come from.
    pub enumeration: Option<String>,
    /// The enumeration the keys of a map come from.
    pub key_enumeration: Option<String>,
    /// Where it goes in STIX.
    pub stix: Option<String>,
    /// Where it sits in the forms.
    pub maps: Vec<MapEntry>,
    /// Anything else.
    pub note: Option<String>,
}

/// A list of permitted values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Stable name.
    pub id: String,
    /// The values.
    pub values: Vec<String>,
    /// The same in Japanese, in the same order; empty where they are codes.
    pub values_ja: Vec<String>,
    /// Where they come from.
    pub source: Option<String>,
}

/// A form that fields are mapped to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSource {
    /// Stable name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// How far it was read.
    pub seen: Trust,
    /// Through what it was read.
    pub seen_via: Option<String>,
}

/// Everything in the file.
pub(crate) struct Loaded {
    pub(crate) record_keys: Vec<(String, Text)>,
    pub(crate) version: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) enumerations: Vec<Enumeration>,
    pub(crate) forms: Vec<FormSource>,
}

/// Reads `report-fields.toml`.
pub(crate) fn load(source: SourceText<'_>) -> Result<Loaded, LoadError> {
    let raw: RawFile = source.parse()?;
    let at = raw.meta.schema.span();
    if raw.meta.schema.get_ref() != "noroshi-report-fields/1" {
        return Err(source.error(&at, "schema must be \"noroshi-report-fields/1\""));
    }
    let mut enumerations: Vec<Enumeration> = Vec::new();
    for e in raw.enumeration {
        let (at, id) = (e.id.span(), e.id.into_inner());
        let distinct: BTreeSet<&String> = e.values.iter().collect();
        if enumerations.iter().any(|known| known.id == id) || distinct.len() != e.values.len() {
            return Err(source.error(&at, format!("enum {id:?} or one of its values comes twice")));
        }
        if !e.values_ja.is_empty() && e.values_ja.len() != e.values.len() {
            return Err(
                source.error(&at, format!("enum {id:?}: values_ja is not as long as values"))
            );
        }
        let (values, values_ja) = (e.values, e.values_ja);
        enumerations.push(Enumeration { id, values, values_ja, source: e.source });
    }
    let mut fields: Vec<Field> = Vec::new();
    for raw_field in raw.field {
        let at = raw_field.id.span();
        let id = raw_field.id.get_ref().clone();
        let field = raw_field
            .field()
            .and_then(|field| {
                check(&field, &fields, &enumerations, &raw.form_source).map(|()| field)
            })
            .map_err(|message| source.error(&at, format!("field {id}: {message}")))?;
        fields.push(field);
    }
    let record_keys = raw.record_key.into_iter().map(|k| (k.id, Text::new(k.en, k.ja))).collect();
    let (version, forms) = (raw.meta.version, raw.form_source);
    Ok(Loaded { record_keys, version, fields, enumerations, forms })
}

fn check(
    field: &Field,
    before: &[Field],
    enumerations: &[Enumeration],
    forms: &[FormSource],
) -> Result<(), String> {
    if before.iter().any(|known| known.id == field.id) {
        return Err("defined twice".to_owned());
    }
    let named = field.enumeration.iter().chain(&field.key_enumeration);
    if let Some(lost) = named.into_iter().find(|n| !enumerations.iter().any(|e| e.id == **n)) {
        return Err(format!("no enum {lost:?} is defined"));
    }
    let words = match field.kind {
        ValueType::One(kind) | ValueType::List(kind) | ValueType::Map(_, kind) => {
            kind == Scalar::Enum
        }
        ValueType::Record | ValueType::Records => false,
    };
    if words != field.enumeration.is_some() {
        return Err("an enum and only that names its enum".to_owned());
    }
    if matches!(field.kind, ValueType::Map(Scalar::Enum, _)) != field.key_enumeration.is_some() {
        return Err("a map by words of a list, and only that, names key_enum".to_owned());
    }
    if (field.anonymity == Anonymity::Quasi) != field.generalise.is_some() {
        return Err("generalise goes with anonymity \"quasi\"".to_owned());
    }
    if field.value_type.starts_with("list<") && !field.cardinality.is_list() {
        return Err(format!("{} cannot be a single value", field.value_type));
    }
    if !field.clocks.is_empty() && field.kind != ValueType::One(Scalar::Moment) {
        return Err("only a datetime starts clocks".to_owned());
    }
    match field.maps.iter().find(|m| !forms.iter().any(|f| f.id == m.form)) {
        Some(lost) => Err(format!("no form_source {:?} is defined", lost.form)),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    meta: RawMeta,
    form_source: Vec<FormSource>,
    record_key: Vec<RawKey>,
    #[serde(rename = "enum")]
    enumeration: Vec<RawEnumeration>,
    field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    id: String,
    en: String,
    ja: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeta {
    schema: Spanned<String>,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnumeration {
    id: Spanned<String>,
    values: Vec<String>,
    #[serde(default)]
    values_ja: Vec<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    id: Spanned<String>,
    group: String,
    #[serde(rename = "type")]
    value_type: String,
    cardinality: Cardinality,
    en: String,
    ja: String,
    stage: FieldStage,
    anonymity: Anonymity,
    generalise: Option<String>,
    #[serde(rename = "enum")]
    enumeration: Option<String>,
    #[serde(rename = "key_enum")]
    key_enumeration: Option<String>,
    #[serde(default)]
    clocks: Vec<String>,
    stix: Option<String>,
    #[serde(default)]
    maps: toml::Table,
    note: Option<String>,
}

impl RawField {
    fn field(self) -> Result<Field, String> {
        let maps = self.maps.into_iter().map(|(form, value)| map_entry(form, value));
        Ok(Field {
            maps: maps.collect::<Result<_, _>>()?,
            id: self.id.into_inner(),
            group: self.group,
            kind: ValueType::read(&self.value_type)?,
            clocks: self.clocks,
            value_type: self.value_type,
            cardinality: self.cardinality,
            name: Text::new(self.en, self.ja),
            stage: self.stage,
            anonymity: self.anonymity,
            generalise: self.generalise,
            enumeration: self.enumeration,
            key_enumeration: self.key_enumeration,
            stix: self.stix,
            note: self.note,
        })
    }
}

/// Reads a place in a form: a number, a text (`(m)` at its end: from memory) or a list of them.
fn map_entry(form: String, value: toml::Value) -> Result<MapEntry, String> {
    let values = match value {
        toml::Value::Array(values) => values,
        one => vec![one],
    };
    let mut entry = MapEntry { form, places: Vec::new(), from_memory: false };
    for value in values {
        match value {
            toml::Value::Integer(n) => entry.places.push(n.to_string()),
            toml::Value::String(text) => {
                let plain = text.strip_suffix("(m)");
                entry.from_memory |= plain.is_some();
                entry.places.push(plain.unwrap_or(&text).trim().to_owned());
            }
            _ => return Err(format!("maps.{} is neither number nor text", entry.form)),
        }
    }
    Ok(entry)
}
