//! The forms of authorities as data: which fields they ask, where, and from which stage on.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::source_text::{LoadError, SourceText};
use crate::{Field, FieldStage, Lang, Obligation, Reference, Text, Trust};

/// A form: an order of fields with their places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingForm {
    /// Stable name, such as `eu-dora`.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// The key of [`Field::maps`] it is made of; `None`: no places are known.
    pub maps: Option<String>,
    /// The authority's language; `None`: by jurisdiction.
    pub language: Option<Lang>,
    /// The obligations it serves.
    pub obligations: Vec<String>,
    /// Which value of `jp_common_variant` it is for.
    pub variant: Option<String>,
    /// How far the places were verified.
    pub seen: Trust,
    /// How far it was verified which stage needs which item.
    pub needs_seen: Trust,
    /// What a reader of the form must know.
    pub note: Option<Text>,
    /// How far along each stage is.
    pub levels: BTreeMap<String, FieldStage>,
    /// Its entries, in order.
    pub items: Vec<FormItem>,
}

/// An entry of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormItem {
    /// The field that fills it.
    pub field: String,
    /// Items, articles or headings of the form; empty where no source names one.
    pub places: Vec<String>,
    /// The earliest level that asks it.
    pub from: FieldStage,
    /// The level from which it is mandatory.
    pub must: Option<FieldStage>,
    /// How far the place was verified.
    pub seen: Trust,
}

impl FilingForm {
    /// How far along a stage is. Stages of contracts are of the second level.
    pub fn level(&self, stage: &str) -> FieldStage {
        self.levels.get(stage).copied().unwrap_or(FieldStage::Initial)
    }

    /// What a stage asks.
    pub fn asks(&self, stage: &str) -> impl Iterator<Item = &FormItem> {
        let level = self.level(stage);
        self.items.iter().filter(move |i| i.from <= level)
    }

    /// The language it is written in for an obligation.
    pub fn language_for(&self, obligation: &Obligation) -> Lang {
        let own = if obligation.jurisdiction.id == "JP" { Lang::Ja } else { Lang::En };
        self.language.unwrap_or(own)
    }
}

impl FormItem {
    /// Whether it must be given at a level.
    pub fn is_mandatory(&self, level: FieldStage) -> bool {
        self.must.is_some_and(|m| m <= level)
    }
}

impl Reference {
    /// The forms an obligation can be filed with, the usual one first.
    pub fn forms_for(&self, obligation: &Obligation) -> Vec<&FilingForm> {
        let serves = |f: &&FilingForm| f.obligations.contains(&obligation.id);
        let mut found: Vec<&FilingForm> = self.filing_forms().iter().filter(serves).collect();
        found.sort_by_key(|f| f.variant.is_some());
        if found.is_empty() {
            found.extend(self.filing_form("plain"));
        }
        found
    }

    /// The form of this name.
    pub fn filing_form(&self, id: &str) -> Option<&FilingForm> {
        self.filing_forms().iter().find(|f| f.id == id)
    }
}

/// Reads one file of `reference/forms/`.
pub(crate) fn load(source: SourceText<'_>, fields: &[Field]) -> Result<FilingForm, LoadError> {
    let raw: RawFile = source.parse()?;
    let at = raw.form.id.span();
    if raw.meta.schema != "noroshi-form/1" {
        return Err(source.error(&at, "schema must be \"noroshi-form/1\""));
    }
    let form = raw.form;
    let note = match (form.note_en, form.note_ja) {
        (Some(en), Some(ja)) => Some(Text::new(en, ja)),
        (None, None) => None,
        _ => return Err(source.error(&at, "note_en and note_ja go together")),
    };
    let language = match form.language.as_deref() {
        None => None,
        Some("ja") => Some(Lang::Ja),
        Some("en") => Some(Lang::En),
        Some(_) => return Err(source.error(&at, "language must be ja or en")),
    };
    let mut items: Vec<FormItem> = Vec::new();
    for raw in raw.item {
        let at = raw.field.span();
        let id = raw.field.into_inner();
        let fail = |message: &str| Err(source.error(&at, format!("item {id}: {message}")));
        let Some(field) = fields.iter().find(|f| f.id == id) else {
            return fail("no such field in report-fields.toml");
        };
        if items.iter().any(|i| i.field == id) {
            return fail("listed twice");
        }
        if raw.must.is_some_and(|m| m < raw.from) {
            return fail("is mandatory before it is asked");
        }
        let map = field.maps.iter().find(|m| Some(&m.form) == form.maps.as_ref());
        let seen = raw.seen.unwrap_or(form.seen);
        match map {
            None if !raw.places.is_empty() => {
                return fail("report-fields.toml knows no place in this form");
            }
            Some(map) if raw.places.iter().any(|p| !map.places.contains(p)) => {
                return fail("report-fields.toml knows another place in this form");
            }
            Some(map) if map.from_memory && !raw.places.is_empty() && seen > Trust::Memory => {
                return fail("its place is from memory: seen must be \"memory\"");
            }
            _ => {}
        }
        items.push(FormItem {
            field: id,
            places: raw.places,
            from: raw.from,
            must: raw.must,
            seen,
        });
    }
    Ok(FilingForm {
        id: form.id.into_inner(),
        name: Text::new(form.name_en, form.name_ja),
        maps: form.maps,
        language,
        obligations: form.obligations,
        variant: form.variant,
        seen: form.seen,
        needs_seen: form.needs_seen,
        note,
        levels: raw.levels,
        items,
    })
}

/// Where a disagreement stands.
pub(crate) enum Place {
    Form(String),
    Obligation(String),
    Field(String),
}

/// Whether forms, fields and obligations agree: every stage has a level, every place that
/// `report-fields.toml` maps to a form stands in that form. Says what does not, and where it
/// stands.
pub(crate) fn disagreement(
    forms: &[FilingForm],
    fields: &[Field],
    obligations: &[Obligation],
) -> Option<(Place, String)> {
    let at = |form: &FilingForm| Place::Form(form.id.clone());
    for form in forms {
        if forms.iter().filter(|f| f.id == form.id).count() > 1 {
            return Some((at(form), "a form is defined twice".to_owned()));
        }
        for id in &form.obligations {
            let Some(obligation) = obligations.iter().find(|o| o.id == *id) else {
                return Some((at(form), format!("no obligation {id:?} is defined")));
            };
            let lost = obligation.stages.iter().find(|s| !form.levels.contains_key(&s.id));
            if let Some(stage) = lost {
                return Some((at(form), format!("stage {} of {id} has no level", stage.id)));
            }
        }
    }
    for obligation in obligations {
        if !forms.iter().any(|f| f.obligations.contains(&obligation.id)) {
            let message = format!("no form serves {}", obligation.id);
            return Some((Place::Obligation(obligation.id.clone()), message));
        }
    }
    for field in fields {
        for map in &field.maps {
            let same = || forms.iter().filter(|f| f.maps.as_ref() == Some(&map.form));
            let holds = |p: &String| {
                same().any(|f| f.items.iter().any(|i| i.field == field.id && i.places.contains(p)))
            };
            if let Some(lost) = map.places.iter().find(|p| !holds(p)) {
                let message = format!("no form {} holds {} at {lost}", map.form, field.id);
                return Some((Place::Field(field.id.clone()), message));
            }
        }
    }
    None
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    meta: RawMeta,
    form: RawForm,
    levels: BTreeMap<String, FieldStage>,
    item: Vec<RawItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeta {
    schema: String,
    #[expect(dead_code, reason = "people read it in the file")]
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    id: Spanned<String>,
    maps: Option<String>,
    name_en: String,
    name_ja: String,
    language: Option<String>,
    obligations: Vec<String>,
    variant: Option<String>,
    seen: Trust,
    needs_seen: Trust,
    note_en: Option<String>,
    note_ja: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    field: Spanned<String>,
    #[serde(default)]
    places: Vec<String>,
    from: FieldStage,
    must: Option<FieldStage>,
    seen: Option<Trust>,
}
