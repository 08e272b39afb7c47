//! A report to one authority: one stage of one obligation, filled from the answers.
//!
//! A filing is a record: it holds the texts it was made of, so that it can be read, printed and
//! compared when the data has changed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use diff::{Change, FilingDiff};

use crate::ask::form_for;
use crate::{
    Answers, Incident, Lang, Obligation, Occasion, Provenance, Reference, Stage, StageDeadline,
    Text, deadlines,
};

mod diff;
mod pdf;
mod shown;

/// Why there is no filing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilingError {
    /// No such form.
    #[error("there is no form {0:?} for {1}; it can be filed with {2}")]
    UnknownForm(String, String, String),
    /// The stored filing is of another version of this program, or damaged.
    #[error("this is no filing that noroshi wrote: {0}")]
    NotAFiling(String),
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// What a filing is made from.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The reference data.
    pub reference: &'a Reference,
    /// The obligation.
    pub obligation: &'a Obligation,
    /// The stage.
    pub stage: &'a Stage,
    /// A form other than the usual one.
    pub form: Option<&'a str>,
    /// What the reporter answered.
    pub answers: &'a Answers,
    /// What happened so far.
    pub incident: Option<&'a Incident>,
    /// The time of the filing.
    pub at: Timestamp,
    /// The language, if not the authority's.
    pub lang: Option<Lang>,
}

/// A report to one authority. Attributed: it names its reporter.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// `noroshi-filing/1`.
    pub schema: String,
    /// The obligation.
    pub obligation: String,
    /// Its name.
    pub obligation_name: Text,
    /// The law and its articles.
    pub instrument: String,
    /// The same in Japanese, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument_ja: Option<String>,
    /// The stage.
    pub stage: String,
    /// Its name.
    pub stage_name: Text,
    /// The form.
    pub form: String,
    /// Its name.
    pub form_name: Text,
    /// What a reader of the form must know.
    pub form_note: Option<Text>,
    /// How far the form's places, and what a stage needs, were verified.
    pub trust: [String; 2],
    /// `ja` or `en`.
    pub language: String,
    /// 1 for the first filing of the stage, then one more each time.
    pub version: u32,
    /// When it was made, RFC 3339 in UTC.
    pub made: String,
    /// The same in the reporter's zone.
    pub made_local: String,
    /// To whom.
    pub recipients: Vec<Text>,
    /// When it was due, RFC 3339 in UTC, if that is known.
    pub due: Option<String>,
    /// The same in the reporter's zone.
    pub due_local: Option<String>,
    /// The rule of the deadline.
    pub rule: Text,
    /// Whether it is late.
    pub late: bool,
    /// Whether it will be public, which ends the reporter's anonymity.
    pub public: bool,
    /// Its entries.
    pub items: Vec<FilingItem>,
    /// The fields it lacks although they are mandatory.
    pub missing: Vec<String>,
    /// What a person must look at before it is sent.
    pub problems: Vec<Text>,
    /// Where the rule and the form were read.
    pub sources: Vec<String>,
}

/// An entry of a filing.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilingItem {
    /// The field.
    pub field: String,
    /// Its label.
    pub name: Text,
    /// Its places in the form.
    pub places: Vec<String>,
    /// How far the places were verified.
    pub trust: String,
    /// Whether the stage cannot do without it.
    pub mandatory: bool,
    /// Its value.
    pub value: Option<Json>,
    /// The value as people read it.
    pub shown: Option<Text>,
    /// Where the value came from.
    pub from: Option<Provenance>,
}

impl Filing {
    /// The law and its articles in a language.
    pub fn instrument(&self, lang: Lang) -> &str {
        match (&self.instrument_ja, lang) {
            (Some(ja), Lang::Ja) => ja,
            _ => &self.instrument,
        }
    }

    /// Fills the form. What is missing or contradicts itself is listed in the filing, not refused:
    /// a law may ask for what is known at the time.
    ///
    /// # Errors
    /// [`FilingError::UnknownForm`].
    pub fn fill(draft: &Draft<'_>) -> Result<Self, FilingError> {
        let Draft { reference, obligation, stage, answers, at, .. } = *draft;
        let form = match draft.form {
            None => form_for(reference, obligation, answers),
            // Any form may be used; one that serves no obligation is a supplement of its own.
            Some(id) => reference
                .filing_form(id)
                .filter(|f| f.obligations.is_empty() || f.obligations.contains(&obligation.id)),
        };
        let Some(form) = form else {
            let known: Vec<&str> =
                reference.forms_for(obligation).iter().map(|f| f.id.as_str()).collect();
            let wanted = draft.form.unwrap_or_default().to_owned();
            return Err(FilingError::UnknownForm(wanted, obligation.id.clone(), known.join(", ")));
        };
        let lang = draft.lang.unwrap_or_else(|| form.language_for(obligation));
        let usual = form_for(reference, obligation, answers).unwrap_or(form);
        let level = usual.level(&stage.id);
        let occasion = Occasion { obligations: &[&obligation.id], level, at, lang };
        let answers = answers.with_derived(reference, &occasion);
        let due = deadline(draft).and_then(|d| d.due);
        let late = due.is_some_and(|d| d < at);
        let mut items = Vec::new();
        for item in form.items.iter().filter(|i| i.from <= level) {
            let Some(field) = reference.field(&item.field) else { continue };
            let answer = answers.answer(&item.field);
            items.push(FilingItem {
                field: item.field.clone(),
                name: field.name.clone(),
                places: item.places.clone(),
                trust: item.seen.name().to_owned(),
                // A form that has a place for the reason of a delay asks it of who is late.
                mandatory: item.is_mandatory(level)
                    || (late && item.field == "late_reason" && !item.places.is_empty()),
                value: answer.map(|a| a.value.to_json()),
                shown: answer.map(|a| reference.shown(&item.field, &a.value)),
                from: answer.map(|a| a.from.clone()),
            });
        }
        let missing = items.iter().filter(|i| i.mandatory && i.value.is_none());
        let version = draft.incident.map_or(1, |i| i.next_version(&obligation.id, &stage.id));
        let zone = answers.zone_found();
        let source = form.maps.as_ref();
        let source = source.and_then(|m| reference.form_sources().iter().find(|f| f.id == *m));
        let mut sources: Vec<String> = obligation.sources.iter().map(|s| s.url.clone()).collect();
        if let Some(url) = source.map(|s| s.url.clone()).filter(|u| !sources.contains(u)) {
            sources.push(url);
        }
        Ok(Self {
            schema: SCHEMA.to_owned(),
            obligation: obligation.id.clone(),
            obligation_name: obligation.name.clone(),
            instrument: obligation.instrument.clone(),
            instrument_ja: obligation.instrument_ja.clone(),
            stage: stage.id.clone(),
            stage_name: stage.name.clone(),
            form: form.id.clone(),
            form_name: form.name.clone(),
            form_note: form.note.clone(),
            trust: [form.seen.name().to_owned(), form.needs_seen.name().to_owned()],
            language: if lang == Lang::Ja { "ja" } else { "en" }.to_owned(),
            version,
            made: at.to_string(),
            made_local: crate::Clocks::local(zone, at),
            recipients: obligation.recipients.clone(),
            due: due.map(|d| d.to_string()),
            due_local: due.map(|d| crate::Clocks::local(zone, d)),
            rule: crate::explain::rule(obligation, stage),
            late,
            public: obligation.public,
            missing: missing.map(|i| i.field.clone()).collect(),
            problems: problems(draft),
            items,
            sources,
        })
    }

    /// Reads a filing that was stored as JSON.
    ///
    /// # Errors
    /// [`FilingError::NotAFiling`].
    pub fn from_json(text: &str) -> Result<Self, FilingError> {
        let filing: Self =
            serde_json::from_str(text).map_err(|e| FilingError::NotAFiling(e.to_string()))?;
        if filing.schema != SCHEMA {
            return Err(FilingError::NotAFiling(format!("its schema is not {SCHEMA}")));
        }
        Ok(filing)
    }

    /// For storage; the same filing gives the same bytes.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        if self.language == "ja" { Lang::Ja } else { Lang::En }
    }

    /// Whether everything mandatory is there and nothing contradicts itself.
    pub fn is_ready(&self) -> bool {
        self.missing.is_empty() && self.problems.is_empty()
    }

    /// What changed from this filing to a later one.
    pub fn diff(&self, later: &Self) -> FilingDiff {
        diff::between(self, later)
    }

    /// A printable PDF (A4) in a language; the same filing gives the same bytes.
    ///
    /// # Errors
    /// [`FilingError::Pdf`].
    pub fn pdf(&self, lang: Lang) -> Result<Vec<u8>, FilingError> {
        pdf::write(self, lang)
    }
}

const SCHEMA: &str = "noroshi-filing/1";

/// The deadline of the stage, if the reporter's zone is known.
fn deadline(draft: &Draft<'_>) -> Option<StageDeadline> {
    let clocks = draft.answers.clocks(draft.reference).ok()?;
    let clocks = match draft.incident {
        Some(incident) => incident.add_filed(draft.obligation, clocks),
        None => clocks,
    };
    let all = deadlines(draft.obligation, &clocks, draft.reference.calendar());
    all.into_iter().find(|d| d.stage == draft.stage.id)
}

/// What a person must look at: in the answers, in the history, and in filing this stage now.
fn problems(draft: &Draft<'_>) -> Vec<Text> {
    let mut all = draft.answers.problems(draft.reference);
    if let Some(incident) = draft.incident {
        let mut after = incident.clone();
        let stage = draft.stage.id.clone();
        let obligation = draft.obligation.id.clone();
        let version = incident.next_version(&obligation, &stage);
        let at = draft.at;
        after.add(match version {
            1 => crate::Event::StageFiled { at, obligation, stage, version },
            _ => crate::Event::Supplement { at, obligation, stage, version },
        });
        all.extend(after.state(draft.obligation).problems);
    }
    all.iter().map(|p| p.text(draft.reference)).collect()
}
