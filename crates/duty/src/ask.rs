//! Staged entry: what the next stage still needs, and nothing else.

use serde::Serialize;

use crate::{Anonymity, Answers, FieldId, Obligation, Occasion, Reference, Stage, Text, Value};

/// Something a stage asks and the answers do not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The field.
    pub field: FieldId,
    /// Its label.
    pub name: Text,
    /// Whether the stage cannot do without it.
    pub mandatory: bool,
    /// The type of its value, in the words of the data.
    pub value_type: String,
    /// The words it takes, if it takes only some.
    pub choices: Vec<String>,
    /// A hint.
    pub note: Option<String>,
    /// How far the answer may travel.
    pub anonymity: &'static str,
    /// Who asks: `obligation/stage` and the place in the form.
    pub asked_by: Vec<String>,
}

impl Question {
    /// Whether the answer names the reporter, so that it never leaves the vault.
    pub fn names_the_reporter(&self) -> bool {
        self.anonymity == Anonymity::Identity.name()
    }
}

/// The mandatory fields that a stage lacks.
pub fn missing_for(
    reference: &Reference,
    obligation: &Obligation,
    stage: &Stage,
    answers: &Answers,
) -> Vec<Question> {
    let mut all = next_questions(reference, &[(obligation, stage)], answers);
    all.retain(|q| q.mandatory);
    all
}

/// What these stages ask and the answers do not say yet: what is mandatory first, then in the order
/// of the fields. Each field comes once, whoever asks it.
pub fn next_questions(
    reference: &Reference,
    stages: &[(&Obligation, &Stage)],
    answers: &Answers,
) -> Vec<Question> {
    let mut found: Vec<Question> = Vec::new();
    for (obligation, stage) in stages {
        let Some(form) = form_for(reference, obligation, answers) else { continue };
        let level = form.level(&stage.id);
        let occasion = Occasion {
            obligations: &[&obligation.id],
            level,
            at: jiff::Timestamp::UNIX_EPOCH,
            lang: form.language_for(obligation),
        };
        let answers = answers.with_derived(reference, &occasion);
        for item in form.asks(&stage.id) {
            let Some(field) = reference.field(&item.field) else { continue };
            if answers.answer(&field.id).is_some() || !concerns(field.group.as_str(), &answers) {
                continue;
            }
            let Some(id) = reference.field_id(&field.id) else { continue };
            let place = item.places.join(", ");
            let asker = match place.is_empty() {
                true => format!("{}/{}", obligation.id, stage.id),
                false => format!("{}/{} ({place})", obligation.id, stage.id),
            };
            let mandatory = item.is_mandatory(level);
            if let Some(known) = found.iter_mut().find(|q| q.field == id) {
                known.mandatory |= mandatory;
                known.asked_by.push(asker);
                continue;
            }
            let list = field.enumeration.as_ref();
            let list = list.and_then(|e| reference.enumerations().iter().find(|k| k.id == *e));
            found.push(Question {
                field: id,
                name: field.name.clone(),
                mandatory,
                value_type: field.value_type.clone(),
                choices: list.map(|e| e.values.clone()).unwrap_or_default(),
                note: field.note.clone(),
                anonymity: field.anonymity.name(),
                asked_by: vec![asker],
            });
        }
    }
    let order = |q: &Question| reference.fields().iter().position(|f| f.id == q.field.as_str());
    found.sort_by_key(|q| (!q.mandatory, order(q)));
    found
}

/// The usual form of an obligation; where there are only variants, the one the answers name.
pub(crate) fn form_for<'r>(
    reference: &'r Reference,
    obligation: &Obligation,
    answers: &Answers,
) -> Option<&'r crate::FilingForm> {
    let forms = reference.forms_for(obligation);
    let said = answers.answer("jp_common_variant").map(|a| a.value.plain());
    let variant = said.as_deref().unwrap_or("other");
    let usual = forms.iter().find(|f| f.variant.is_none());
    let named = || forms.iter().find(|f| f.variant.as_deref() == Some(variant));
    usual.or_else(named).copied()
}

/// Whether a group of fields can matter: no questions on personal data where none is involved.
fn concerns(group: &str, answers: &Answers) -> bool {
    let says = |field: &str, word: &str| {
        answers.answer(field).is_some_and(|a| a.value == Value::Text(word.to_owned()))
    };
    match group {
        "personal_data" => !says("pd_involved", "no"),
        _ => true,
    }
}
