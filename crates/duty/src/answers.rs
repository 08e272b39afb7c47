//! What a reporter has answered so far: typed values by field, each with where it came from.
//!
//! What cannot be read is told as a [`Problem`] and kept as it was given: nothing is lost.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value as Json};

pub use derive::Occasion;
pub use problem::Problem;
pub use provenance::Provenance;
pub(crate) use read::to_json as from_toml_value;
pub use value::{Scalar, Value, ValueType};

use crate::{ClockError, Clocks, LoadError, Reference};

mod derive;
mod problem;
mod provenance;
mod read;
pub(crate) mod value;

/// The name of a field that exists; made by [`Reference::field_id`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldId(String);

impl FieldId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Reference {
    /// The name of a field, if there is one.
    pub fn field_id(&self, name: &str) -> Option<FieldId> {
        self.field(name).map(|f| FieldId(f.id.clone()))
    }
}

/// One answer.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// Where it came from.
    pub from: Provenance,
}

/// The answers of one report.
///
/// Attributed data: it names its reporter. It has no `Serialize`; [`Answers::to_json`] is for the
/// vault.
#[derive(Clone)]
pub struct Answers {
    zone_name: String,
    zone: TimeZone,
    given: BTreeMap<FieldId, Answer>,
    moments: BTreeMap<String, Zoned>,
    unread: BTreeMap<String, Json>,
    problems: Vec<Problem>,
}

impl Answers {
    /// No answers yet, of a reporter in the zone of this IANA name.
    ///
    /// # Errors
    /// [`ClockError::UnknownZone`].
    pub fn new(zone: &str) -> Result<Self, ClockError> {
        let found = crate::clocks::zone_of(zone)?;
        Ok(Self::empty(zone.to_owned(), found))
    }

    fn empty(zone_name: String, zone: TimeZone) -> Self {
        Self {
            zone_name,
            zone,
            given: BTreeMap::new(),
            moments: BTreeMap::new(),
            unread: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Reads a file of answers (`zone`, `by`, `[answers]`, `[clocks]`).
    ///
    /// # Errors
    /// [`LoadError`] with file and line where it is no TOML. What is TOML but no answer becomes a
    /// [`Problem`].
    pub fn from_toml(reference: &Reference, name: &str, text: &str) -> Result<Self, LoadError> {
        let table: toml::Value = crate::source_text::SourceText { name, text }.parse()?;
        Ok(read::answers(reference, &read::to_json(table)))
    }

    /// Reads what [`Answers::to_json`] wrote.
    pub fn from_json(reference: &Reference, json: &Json) -> Self {
        read::answers(reference, json)
    }

    /// Everything, for storage in the vault.
    pub fn to_json(&self) -> Json {
        let mut answers = Map::new();
        for (field, answer) in &self.given {
            let mut one = Map::new();
            one.insert("value".to_owned(), answer.value.to_json());
            let from = serde_json::to_value(&answer.from).unwrap_or(Json::Null);
            one.insert("from".to_owned(), from);
            answers.insert(field.0.clone(), Json::Object(one));
        }
        // Apart, so that it does not push out an answer that was good.
        let unread: Map<String, Json> =
            self.unread.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        let clocks: Map<String, Json> =
            self.moments.iter().map(|(k, v)| (k.clone(), Json::String(v.to_string()))).collect();
        let mut all = Map::new();
        all.insert("schema".to_owned(), Json::String("noroshi-answers/1".to_owned()));
        all.insert("zone".to_owned(), Json::String(self.zone_name.clone()));
        all.insert("answers".to_owned(), Json::Object(answers));
        all.insert("clocks".to_owned(), Json::Object(clocks));
        all.insert("unread".to_owned(), Json::Object(unread));
        Json::Object(all)
    }

    /// Sets an answer. A value the field does not take is kept aside and told again by
    /// [`Answers::problems`]; an answer that was there stays.
    ///
    /// # Errors
    /// [`Problem::BadValue`], [`Problem::UnknownZone`].
    pub fn set(
        &mut self,
        reference: &Reference,
        field: &FieldId,
        given: &Json,
        from: Provenance,
    ) -> Result<(), Problem> {
        self.problems.retain(|p| p.field() != Some(field.as_str()));
        self.unread.remove(field.as_str());
        let Some(known) = reference.field(field.as_str()) else {
            let problem = Problem::UnknownField { field: field.0.clone() };
            return Err(self.refuse(field.as_str(), given, problem));
        };
        match Value::read(reference, known, &self.zone, given) {
            Ok(value) => {
                self.given.insert(field.clone(), Answer { value, from });
                Ok(())
            }
            Err(expected) => {
                let zone = given.as_str().and_then(unknown_zone);
                let field = field.0.clone();
                let problem = match zone.filter(|_| known.kind == ValueType::One(Scalar::Moment)) {
                    Some(zone) => Problem::UnknownZone { place: field.clone(), zone },
                    None => Problem::BadValue { field: field.clone(), expected },
                };
                Err(self.refuse(&field, given, problem))
            }
        }
    }

    fn refuse(&mut self, name: &str, given: &Json, problem: Problem) -> Problem {
        self.unread.insert(name.to_owned(), given.clone());
        self.problems.push(problem.clone());
        problem
    }

    /// Takes an answer back.
    pub fn remove(&mut self, field: &FieldId) {
        self.given.remove(field);
        self.unread.remove(field.as_str());
        self.problems.retain(|p| p.field() != Some(field.as_str()));
    }

    /// The answer of a field.
    pub fn answer(&self, field: &str) -> Option<&Answer> {
        self.given.iter().find(|(id, _)| id.as_str() == field).map(|(_, a)| a)
    }

    /// All answers by field.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldId, &Answer)> {
        self.given.iter()
    }

    /// How many fields have an answer.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// What was given but could not be read, as it was given.
    pub fn unread(&self) -> &BTreeMap<String, Json> {
        &self.unread
    }

    /// The reporter's zone, by name.
    pub fn zone(&self) -> &str {
        &self.zone_name
    }

    /// The zone itself; UTC where the name is unknown.
    pub(crate) fn zone_found(&self) -> &TimeZone {
        &self.zone
    }

    /// Sets a clock that no field states, such as `reasonable-belief`.
    ///
    /// # Errors
    /// [`Problem::UnknownClock`].
    pub fn set_clock(
        &mut self,
        reference: &Reference,
        clock: &str,
        at: Zoned,
    ) -> Result<(), Problem> {
        if clock == "prior-stage" || !reference.clock_list().iter().any(|c| c.id == clock) {
            return Err(Problem::UnknownClock { clock: clock.to_owned() });
        }
        self.moments.insert(clock.to_owned(), at);
        self.unread.remove(&format!("{}{clock}", read::CLOCK));
        self.problems.retain(|p| !matches!(p, Problem::BadClock { clock: c } if c == clock));
        Ok(())
    }

    /// The clocks that the answers start. Stages that were filed come from the history
    /// ([`crate::Incident::add_filed`]).
    ///
    /// # Errors
    /// [`ClockError::UnknownZone`]: without the reporter's zone there are no days to count.
    pub fn clocks(&self, reference: &Reference) -> Result<Clocks, ClockError> {
        let mut clocks = Clocks::new(&self.zone_name)?;
        for (field, answer) in &self.given {
            let (Some(field), Some(at)) = (reference.field(&field.0), answer.value.moment()) else {
                continue;
            };
            for clock in &field.clocks {
                clocks = clocks.with(clock, at.clone());
            }
        }
        let paid = self.answer("ransom_payment").and_then(|a| match &a.value {
            Value::Record(record) => record.get("time"),
            _ => None,
        });
        if let Some(at) = paid.and_then(|t| crate::clocks::moment(t, &self.zone).ok()) {
            clocks = clocks.with("payment", at);
        }
        // What was set as a clock is more exact than what a field says.
        for (clock, at) in &self.moments {
            clocks = clocks.with(clock, at.clone());
        }
        Ok(clocks)
    }

    /// Everything that is wrong: values that could not be read, moments that contradict each other.
    pub fn problems(&self, reference: &Reference) -> Vec<Problem> {
        let mut all = self.problems.clone();
        if let Ok(clocks) = self.clocks(reference) {
            all.extend(clocks.contradictions().into_iter().map(Problem::from));
        }
        all.extend(problem::out_of_order(self));
        all
    }
}

/// The zone in the brackets of a moment, if there is none of that name.
fn unknown_zone(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('[')?;
    let name = rest.split(']').next()?;
    crate::clocks::zone_of(name).is_err().then(|| name.chars().take(64).collect())
}
