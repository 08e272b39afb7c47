//! The context lane: what happened, in closed vocabulary, to "a member".
//!
//! What may be said about the victim beyond that is a [`CertifiedLabel`], which only the policy
//! gives ([`crate::policy::decide`]): there is no argument through which anything else could come.

mod earlier;
mod wording;

use std::fmt;

use noroshi_seal::{Entropy, random_bytes};
use noroshi_stix::{ObjectType, StixId, Timestamp, Tlp, canonical_json};
use serde_json::{Value, json};

pub use earlier::Earlier;

use crate::policy::CertifiedLabel;
use crate::release::{Lane, Release};
use crate::vocabulary::{Group, Technique, Term};
use crate::{Language, Vocabulary};

/// A report's facts in closed vocabulary. Private until released, so `Debug` prints nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ContextFacts {
    terms: Vec<Term>,
    techniques: Vec<Technique>,
}

impl ContextFacts {
    /// No facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a term. Order and repetition are forgotten.
    #[must_use]
    pub fn with(mut self, term: Term) -> Self {
        if !self.terms.contains(&term) {
            self.terms.push(term);
            self.terms.sort_by(|a, b| (a.group(), a.id()).cmp(&(b.group(), b.id())));
        }
        self
    }

    /// Adds a technique. Order and repetition are forgotten.
    #[must_use]
    pub fn with_technique(mut self, technique: Technique) -> Self {
        if !self.techniques.contains(&technique) {
            self.techniques.push(technique);
            self.techniques.sort_by(|a, b| a.id().cmp(b.id()));
        }
        self
    }

    /// Adds the term `id` names, if the vocabulary has it; whether it did.
    pub fn add(&mut self, vocabulary: &Vocabulary, group: Group, id: &str) -> bool {
        let term = vocabulary.term(group, id);
        let known = term.is_some();
        if let Some(term) = term {
            *self = std::mem::take(self).with(term);
        }
        known
    }

    /// Adds the technique `id` names, if the vocabulary has it; whether it did.
    pub fn add_technique(&mut self, vocabulary: &Vocabulary, id: &str) -> bool {
        let technique = vocabulary.technique(id);
        let known = technique.is_some();
        if let Some(technique) = technique {
            *self = std::mem::take(self).with_technique(technique);
        }
        known
    }

    /// The terms of a group.
    pub fn terms(&self, group: Group) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.group() == group)
    }

    /// The techniques.
    pub fn techniques(&self) -> &[Technique] {
        &self.techniques
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.techniques.is_empty()
    }

    /// The title and text that would be released without a label: what the desk and the reporter
    /// approve.
    pub fn preview(&self, language: Language) -> (String, String) {
        self.wording(None, language)
    }

    /// The title and text that would be released with this label.
    pub fn preview_about(&self, label: &CertifiedLabel, language: Language) -> (String, String) {
        self.wording(Some(label), language)
    }

    fn wording(&self, label: Option<&CertifiedLabel>, language: Language) -> (String, String) {
        (wording::title(self, label, language), wording::description(self, label, language))
    }
}

impl fmt::Debug for ContextFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContextFacts(..)")
    }
}

/// What a context release says besides its facts: all of it the hub's.
#[derive(Clone, Debug)]
pub struct ContextEmission<'a> {
    /// The hub's identity object.
    pub creator: &'a StixId,
    /// Any moment of the week of release; the objects show the start of that week.
    pub at: Timestamp,
    /// Set by the hub's policy, never by the reporter.
    pub tlp: Tlp,
    /// The release of the same case that this one corrects.
    pub corrects: Option<&'a Earlier>,
}

/// A `report` object, its Japanese wording, and the techniques and actions it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextRelease {
    objects: Vec<Release>,
}

impl ContextRelease {
    /// The objects, those referred to before those that refer.
    pub fn objects(&self) -> &[Release] {
        &self.objects
    }

    /// As [`ContextRelease::objects`], owned.
    pub fn into_objects(self) -> Vec<Release> {
        self.objects
    }

    /// The id of the `report` object, which a certificate names.
    pub fn report_id(&self) -> Option<&StixId> {
        self.objects.iter().map(Release::id).find(|id| id.object_type() == "report")
    }

    /// Only an approved report reaches this.
    pub(crate) fn of(
        facts: &ContextFacts,
        label: &CertifiedLabel,
        emission: &ContextEmission<'_>,
        entropy: &(impl Entropy + ?Sized),
    ) -> Option<Self> {
        if facts.is_empty() {
            return None;
        }
        let week = week_start(emission.at);
        // A correction in the same week has to be the younger version all the same.
        let modified = emission.corrects.map_or(week, |e| week.max(e.next_version()));
        let mut writer = Writer { emission, week, modified, entropy, objects: Vec::new() };
        for technique in facts.techniques() {
            let name = technique.name(Language::En);
            let reference = json!({"source_name": "mitre-attack", "external_id": technique.id()});
            writer.object(
                "attack-pattern",
                &json!({"name": name, "external_references": [reference]}),
            )?;
        }
        for action in facts.terms(Group::CourseOfAction) {
            writer.object("course-of-action", &json!({"name": action.text(Language::En)}))?;
        }
        let refs: Vec<StixId> = writer.objects.iter().map(|r| r.id().clone()).collect();
        // A report must refer to something; without techniques and actions, to its creator.
        let refs = if refs.is_empty() { vec![emission.creator.clone()] } else { refs };
        let (name, description) = facts.wording(Some(label), Language::En);
        let report = writer.object(
            "report",
            &json!({
                "name": name,
                "description": description,
                "report_types": ["threat-report"],
                "published": emission.corrects.map_or(writer.week, |e| e.created),
                "object_refs": refs,
            }),
        )?;
        let (name, description) = facts.wording(Some(label), Language::Ja);
        writer.object(
            "language-content",
            &json!({
                "object_ref": report,
                "object_modified": writer.modified,
                "contents": {"ja": {"name": name, "description": description}},
            }),
        )?;
        Some(Self { objects: writer.objects })
    }
}

/// Adds the properties every object has.
struct Writer<'a, E: ?Sized> {
    emission: &'a ContextEmission<'a>,
    week: Timestamp,
    modified: Timestamp,
    entropy: &'a E,
    objects: Vec<Release>,
}

impl<E: Entropy + ?Sized> Writer<'_, E> {
    fn object(&mut self, object_type: &'static str, own: &Value) -> Option<StixId> {
        let earlier =
            self.emission.corrects.and_then(|e| e.id_of(object_type).zip(Some(e.created)));
        let (id, created, modified) = match earlier {
            Some((id, created)) => (id.clone(), created, self.modified),
            None => {
                let id = StixId::random(ObjectType::new(object_type)?, random_bytes(self.entropy));
                (id, self.week, self.week)
            }
        };
        let mut all = json!({
            "type": object_type,
            "spec_version": "2.1",
            "id": id,
            "created_by_ref": self.emission.creator,
            "created": created,
            "modified": modified,
            "object_marking_refs": [self.emission.tlp.stix_id()],
        });
        if let (Some(all), Some(own)) = (all.as_object_mut(), own.as_object()) {
            all.extend(own.clone());
        }
        self.objects.push(Release::new(id.clone(), Lane::Context, canonical_json(&all)));
        Some(id)
    }
}

/// Monday 00:00 UTC of the week of `at`.
fn week_start(at: Timestamp) -> Timestamp {
    const WEEK: i64 = 7;
    // 1970-01-05 was the first Monday.
    const FIRST_MONDAY: i64 = 4;
    const DAY_MICROS: i64 = 86_400_000_000;
    at.plus_days(-FIRST_MONDAY).floor_to(WEEK * DAY_MICROS).plus_days(FIRST_MONDAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_start_on_monday() {
        for (at, monday) in [
            ("2026-11-23T00:00:00Z", "2026-11-23T00:00:00.000Z"),
            ("2026-11-29T23:59:59.999999Z", "2026-11-23T00:00:00.000Z"),
            ("1970-01-01T00:00:00Z", "1969-12-29T00:00:00.000Z"),
        ] {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(week_start(at).to_string(), monday);
        }
    }
}
