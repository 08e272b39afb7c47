//! The closed vocabulary of context releases, in both languages.
//!
//! A context release says nothing that is not a term of `reference/vocabulary.toml`. A [`Term`] can
//! only be had from a [`Vocabulary`], so free text cannot pass for one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::{AnonymityError, Language, Words};

/// What kind of thing a term says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What kind of attack it was.
    AttackType,
    /// How the attacker came in.
    InitialAccess,
    /// What it did to the victim, in classes.
    Impact,
    /// What others should do.
    CourseOfAction,
}

impl Group {
    /// Every group, in the order a release lists them.
    pub const ALL: [Self; 4] =
        [Self::AttackType, Self::InitialAccess, Self::Impact, Self::CourseOfAction];
}

/// One term of the vocabulary.
#[derive(Clone, PartialEq, Eq)]
pub struct Term(Arc<TermData>);

#[derive(PartialEq, Eq)]
struct TermData {
    group: Group,
    id: String,
    words: Words,
}

impl Term {
    /// Which group it belongs to.
    pub fn group(&self) -> Group {
        self.0.group
    }

    /// The stable id, such as `phishing-mail`.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The words people read.
    pub fn text(&self, language: Language) -> &str {
        self.0.words.get(language)
    }
}

/// One MITRE ATT&CK technique of the vocabulary.
#[derive(Clone, PartialEq, Eq)]
pub struct Technique(Arc<TechniqueData>);

#[derive(PartialEq, Eq)]
struct TechniqueData {
    id: String,
    words: Words,
}

impl Technique {
    /// The ATT&CK id, such as `T1566.001`.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        self.0.words.get(language)
    }
}

// A report's terms are part of a report: they do not print by accident.
impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Term(..)")
    }
}

impl fmt::Debug for Technique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Technique(..)")
    }
}

/// Every term a context release may use.
#[derive(Clone)]
pub struct Vocabulary {
    terms: BTreeMap<(Group, String), Term>,
    order: Vec<Term>,
    techniques: BTreeMap<String, Technique>,
}

impl Vocabulary {
    /// The vocabulary in `reference/vocabulary.toml`.
    ///
    /// # Errors
    /// [`AnonymityError`] where that file was broken at build time; a test holds that it is not.
    pub fn builtin() -> Result<Self, AnonymityError> {
        Self::from_toml(include_str!("../../../reference/vocabulary.toml"))
    }

    /// Reads a vocabulary file of the same shape.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] or [`AnonymityError::DuplicateTerm`].
    pub fn from_toml(text: &str) -> Result<Self, AnonymityError> {
        let file: File = toml::from_str(text).map_err(|e| AnonymityError::Unreadable {
            what: "vocabulary",
            detail: e.to_string().trim().to_owned(),
        })?;
        let Schema::One = file.schema;
        let mut this =
            Self { terms: BTreeMap::new(), order: Vec::new(), techniques: BTreeMap::new() };
        for (group, entries) in [
            (Group::AttackType, file.attack_type),
            (Group::InitialAccess, file.initial_access),
            (Group::Impact, file.impact),
            (Group::CourseOfAction, file.course_of_action),
        ] {
            for entry in entries {
                let words = Words { ja: entry.ja, en: entry.en };
                let term = Term(Arc::new(TermData { group, id: entry.id.clone(), words }));
                if this.terms.insert((group, key(&entry.id)), term.clone()).is_some() {
                    return Err(AnonymityError::DuplicateTerm { id: entry.id });
                }
                let words = &term.0.words;
                for other in entry.also.iter().chain([&words.ja, &words.en]) {
                    // An id always wins over another term's words.
                    this.terms.entry((group, key(other))).or_insert_with(|| term.clone());
                }
                this.order.push(term);
            }
        }
        for entry in file.technique {
            let words = Words { ja: entry.ja, en: entry.en };
            let technique = Technique(Arc::new(TechniqueData { id: entry.id.clone(), words }));
            if this.techniques.insert(entry.id.clone(), technique).is_some() {
                return Err(AnonymityError::DuplicateTerm { id: entry.id });
            }
        }
        Ok(this)
    }

    /// The term with this id, or called so in either language, or listed as another word for it;
    /// case, width, spaces and hyphens do not matter.
    pub fn term(&self, group: Group, text: &str) -> Option<Term> {
        self.terms.get(&(group, key(text))).cloned()
    }

    /// The technique with this id, however its case. A sub-technique that is not listed gives its
    /// parent: less, but true.
    pub fn technique(&self, id: &str) -> Option<Technique> {
        let id = id.trim().to_ascii_uppercase();
        let parent = id.split('.').next().unwrap_or_default();
        self.techniques.get(&id).or_else(|| self.techniques.get(parent)).cloned()
    }

    /// The terms of a group in the order of the file, for forms.
    pub fn terms(&self, group: Group) -> impl Iterator<Item = &Term> {
        self.order.iter().filter(move |t| t.group() == group)
    }

    /// Every technique, by id.
    pub fn techniques(&self) -> impl Iterator<Item = &Technique> {
        self.techniques.values()
    }
}

/// The form in which terms are compared.
fn key(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Schema,
    attack_type: Vec<Entry>,
    initial_access: Vec<Entry>,
    impact: Vec<Entry>,
    course_of_action: Vec<Entry>,
    technique: Vec<Entry>,
}

#[derive(Deserialize)]
enum Schema {
    #[serde(rename = "noroshi-vocabulary/1")]
    One,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    ja: String,
    en: String,
    /// Other words reporters use for it.
    #[serde(default)]
    also: Vec<String>,
}
