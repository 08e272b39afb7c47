//! What is known about a member and an incident.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{FactType, MemberQuestion};
use crate::source_text::{LoadError, SourceText};
use crate::{Answers, Reference, Value};

/// The answer to one question. What is not known is not there.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fact {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
    Number(f64),
    Date(Date),
}

/// An answer that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// The file is no TOML.
    #[error(transparent)]
    File(#[from] LoadError),
    /// No such question.
    #[error("there is no question {0:?}; `noroshi duty applies --questions` lists them")]
    UnknownQuestion(String),
    /// The question takes another answer.
    #[error("{question}: answer {expected}, or \"unknown\"")]
    BadAnswer {
        /// The question.
        question: String,
        /// What it takes.
        expected: String,
    },
}

/// Typed answers by question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    known: BTreeMap<String, Fact>,
}

impl Facts {
    /// Reads the tables `[member]` and `[incident]` of a file; other tables are left alone, so that
    /// they can stand beside a report's answers.
    ///
    /// # Errors
    /// [`FactsError`].
    pub fn from_toml(reference: &Reference, name: &str, text: &str) -> Result<Self, FactsError> {
        let file: toml::Table = SourceText { name, text }.parse()?;
        let mut facts = Self::default();
        for about in ["member", "incident"] {
            let Some(toml::Value::Table(table)) = file.get(about) else { continue };
            for (question, given) in table {
                let known = reference.decisions().question(question);
                let Some(known) = known.filter(|q| q.about == about) else {
                    return Err(FactsError::UnknownQuestion(format!("{about}.{question}")));
                };
                facts.set(reference, &known.id, &json(given))?;
            }
        }
        Ok(facts)
    }

    /// Sets an answer; `"unknown"` takes it back.
    ///
    /// # Errors
    /// [`FactsError`].
    pub fn set(
        &mut self,
        reference: &Reference,
        question: &str,
        given: &Json,
    ) -> Result<(), FactsError> {
        let Some(known) = reference.decisions().question(question) else {
            return Err(FactsError::UnknownQuestion(question.chars().take(64).collect()));
        };
        if given.as_str() == Some("unknown") {
            self.known.remove(question);
            return Ok(());
        }
        let fact = read(reference, known, given).ok_or_else(|| FactsError::BadAnswer {
            question: known.id.clone(),
            expected: expected(known),
        })?;
        self.known.insert(known.id.clone(), fact);
        Ok(())
    }

    /// Adds what a report's answers say; what is known already stays.
    #[must_use]
    pub fn with_answers(mut self, reference: &Reference, answers: &Answers) -> Self {
        for question in reference.decisions().questions() {
            let answer = question.field.as_ref().and_then(|f| answers.answer(f));
            let fact = match answer.map(|a| &a.value) {
                Some(Value::Text(t)) if t == "yes" => Fact::Flag(true),
                Some(Value::Text(t)) if t == "no" => Fact::Flag(false),
                Some(Value::Integer(n)) => Fact::Number(*n as f64),
                Some(Value::List(words)) => Fact::Words(words.clone()),
                _ => continue,
            };
            self.known.entry(question.id.clone()).or_insert(fact);
        }
        self
    }

    /// What is known of a question.
    pub fn fact(&self, question: &str) -> Option<&Fact> {
        self.known.get(question)
    }

    pub(super) fn date(&self, question: &str) -> Option<Date> {
        if let Some(Fact::Date(day)) = self.fact(question) { Some(*day) } else { None }
    }
}

fn read(reference: &Reference, question: &MemberQuestion, given: &Json) -> Option<Fact> {
    let word = |v: &Json| {
        let word = v.as_str()?.trim();
        let known = if question.values.is_empty() {
            reference.sectors().iter().any(|s| s.id == word)
        } else {
            question.values.iter().any(|k| k == word)
        };
        known.then(|| word.to_owned())
    };
    match (question.kind, given) {
        (FactType::Flag, Json::Bool(b)) => Some(Fact::Flag(*b)),
        (FactType::Flag, Json::String(s)) => match s.as_str() {
            "yes" | "true" => Some(Fact::Flag(true)),
            "no" | "false" => Some(Fact::Flag(false)),
            _ => None,
        },
        (FactType::Word, v) => word(v).map(Fact::Word),
        (FactType::Words, Json::Array(values)) => {
            values.iter().map(word).collect::<Option<_>>().map(Fact::Words)
        }
        (FactType::Words, Json::String(list)) => {
            let words = list.split(',').map(|w| word(&Json::String(w.to_owned())));
            words.collect::<Option<_>>().map(Fact::Words)
        }
        (FactType::Number, v) => {
            let number = v.as_f64().or_else(|| v.as_str()?.trim().parse().ok());
            let most = question.max.unwrap_or(f64::MAX);
            number.filter(|n| (0.0..=most).contains(n)).map(Fact::Number)
        }
        (FactType::Date, v) => v.as_str()?.trim().parse().ok().map(Fact::Date),
        _ => None,
    }
}

fn expected(question: &MemberQuestion) -> String {
    match question.kind {
        FactType::Flag => "true or false".to_owned(),
        FactType::Number => match question.max {
            None => "a number from 0".to_owned(),
            Some(most) => format!("a number from 0 to {most}, such as 0.1 for 10 %"),
        },
        FactType::Date => "a day such as 2026-11-23".to_owned(),
        FactType::Word => format!("one of {}", question.values.join(", ")),
        FactType::Words if question.values.is_empty() => {
            "sectors such as [\"jp-espa/electricity\"]".to_owned()
        }
        FactType::Words => format!("some of {}", question.values.join(", ")),
    }
}

fn json(value: &toml::Value) -> Json {
    crate::answers::from_toml_value(value.clone())
}
