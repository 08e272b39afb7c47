//! What an obligation is: who owes which report to whom, and what starts its clock.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{Lang, Period, Text};

/// How far a fact was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// From memory: unverified.
    Memory,
    /// Law firms, press, vendors or third-party repositories were read.
    Secondary,
    /// A page of the authority was read.
    Official,
    /// The wording of the law or rule was read.
    Text,
}

/// How sure the whole entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// Whether the law binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In force since [`Obligation::effective_from`].
    InForce,
    /// A bill or proposed rule.
    Proposed,
}

/// Where the number of a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// In the law or rule.
    Statutory,
    /// Only in the authority's guideline.
    Guidance,
    /// In a contract clause.
    Contract,
    /// In a bill or proposed rule.
    Proposed,
    /// There is no number: "promptly", "without undue delay".
    Qualitative,
}

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CalendarKind {
    ElapsedHours,
    CalendarDays,
    BusinessDays,
    CalendarMonths,
}

/// Which day is day one of a count of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountFrom {
    /// The day of the event.
    AnchorDay,
    /// The day after it: the usual rule.
    #[default]
    NextDay,
}

/// How months are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MonthRule {
    /// From the day after the event to the day before the corresponding one: from the end of June,
    /// two months end with August.
    FromNextDay,
    /// To the day of the same number, or the last of a shorter month.
    SameDate,
}

/// An event that can start a clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Stable name, such as `awareness`.
    pub id: String,
    /// What the event is, as a sentence.
    pub what: Text,
    /// The event as a phrase that follows "after" or precedes から.
    pub after: Text,
}

/// What a stage's deadline becomes once an earlier one was submitted, such as a progress report of an
/// incident that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// The earlier stage.
    pub after: String,
    /// The period.
    pub period: Period,
    /// The clock it counts from.
    pub clock: String,
}

/// What starts a stage's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// An event.
    Clock(String),
    /// The submission of an earlier stage of the same obligation; without a name, of whichever came
    /// before.
    PriorStage(Option<String>),
}

/// A second limit that a deadline must not pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// How long.
    pub period: Period,
    /// After which event.
    pub clock: String,
    /// When it falls away, in the words of the data.
    pub note: Option<Text>,
}

/// What happens when the last day is not a working day.
#[derive(Clone, Debug, PartialEq)]
pub struct Rollover {
    /// Hour of the next working day at which the deadline then ends; `None`: as on the last day.
    pub time: Option<Time>,
    /// Kinds of entities that may not use it.
    pub exempt: Vec<String>,
    /// Whether the rule itself was verified.
    pub verified: bool,
}

impl Rollover {
    /// Whether it moves everybody's deadline for certain. If not, the deadline stays and the later
    /// one is only shown.
    pub fn is_certain(&self) -> bool {
        self.verified && self.exempt.is_empty()
    }
}

/// One report of an obligation.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Stable name within the obligation, such as `early-warning`.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// The period; `None` where the law gives no number.
    pub deadline: Option<Period>,
    /// The earlier end of a range ("3 to 5 days").
    pub deadline_min: Option<Period>,
    /// Where the number stands.
    pub kind: DeadlineKind,
    /// The law's own word or phrase, in English and in Japanese where known.
    pub word: (Option<String>, Option<String>),
    /// What starts the clock.
    pub anchor: Anchor,
    /// Another start and period, once an earlier stage was submitted.
    pub instead: Option<Instead>,
    /// What the period is counted in.
    pub calendar: CalendarKind,
    /// Which day is day one.
    pub count_from: CountFrom,
    /// Whether that was verified.
    pub count_verified: bool,
    /// A second limit.
    pub cap: Option<Cap>,
    /// What happens on days off, as a rule.
    pub rollover: Option<Rollover>,
    /// The same in words.
    pub rollover_words: Option<Text>,
    /// Hour at which the last day ends for this purpose.
    pub due_time: Option<Time>,
    /// When the stage is owed, if not always.
    pub condition: Option<Text>,
    /// What it must contain.
    pub contents: Option<Text>,
    /// Anything else.
    pub notes: Vec<Text>,
    /// Whether it may have to be repeated, and the rule for that.
    pub repeat: bool,
    /// Whether it may be given orally.
    pub oral_allowed: bool,
    /// How far the stage was verified.
    pub seen: Trust,
}

impl Stage {
    /// Whether any number was read anywhere; a stage without one never gets a deadline.
    pub fn has_number(&self) -> bool {
        self.deadline.is_some()
    }
}

/// Where something was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its address.
    pub url: String,
    /// What it is: primary, authority, law firm, press ...
    pub kind: String,
    /// How far it was read.
    pub seen: Trust,
    /// Through what it was read, if not itself.
    pub seen_via: Option<String>,
}

/// How a measured value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    #[serde(rename = ">")]
    Over,
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "==")]
    Is,
}

/// What a measured value is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A number in the unit of the metric.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

/// A measure from which an incident must be reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// What is measured.
    pub metric: String,
    /// How it is compared, and with what; `None` where users and hours are.
    pub test: Option<(Comparison, Limit)>,
    /// A second metric and its limit, of which the lower one counts.
    pub alternative: Option<(String, f64)>,
    /// The service it is for.
    pub service: Option<Text>,
    /// Users hit at least.
    pub users: Option<u64>,
    /// Hours lasted at least.
    pub hours: Option<f64>,
    /// When it applies.
    pub condition: Option<Text>,
    /// How far it was verified; `None`: as the obligation's sources.
    pub seen: Option<Trust>,
}

/// Data that must be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// How long.
    pub duration: Period,
    /// What.
    pub what: Text,
    /// How far it was verified.
    pub seen: Trust,
}

/// A place whose law it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Jurisdiction {
    /// `JP`, `EU`, ...
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Where the authority's days begin and end; `None`: the reporter's own zone.
    pub zone: Option<TimeZone>,
    /// Which holidays count there.
    pub holidays: Option<String>,
    /// How months are counted.
    pub months: MonthRule,
    /// How far this was verified.
    pub seen: Trust,
}

/// A duty to report.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// Stable name, such as `eu-dora`.
    pub id: String,
    /// Whose law it is.
    pub jurisdiction: Jurisdiction,
    /// What people call it.
    pub name: Text,
    /// The law and its articles.
    pub instrument: String,
    /// The same in Japanese, where the data has it.
    pub instrument_ja: Option<String>,
    /// Whether it binds.
    pub status: Status,
    /// Since when, where known.
    pub effective_from: Option<Date>,
    /// When the status of a proposal was last looked at.
    pub status_checked: Option<Date>,
    /// Who owes it.
    pub who: Text,
    /// A sector or list of sectors that tells who (`sectors.toml`).
    pub who_list: Option<String>,
    /// What makes it owed.
    pub trigger: Text,
    /// To whom: English and Japanese, in the same order.
    pub recipients: Vec<Text>,
    /// Whom else to tell.
    pub also_notify: Vec<Text>,
    /// Which form.
    pub form: Option<Form>,
    /// What happens otherwise.
    pub penalty: Option<Text>,
    /// How sure the entry is.
    pub confidence: Confidence,
    /// Anything else worth knowing.
    pub notes: Option<Text>,
    /// Whether it is a duty at all, or an invitation.
    pub mandatory: bool,
    /// Whether the report is published, which ends the reporter's anonymity.
    pub public: bool,
    /// Its reports, in their order.
    pub stages: Vec<Stage>,
    /// From when an incident counts.
    pub thresholds: Vec<Threshold>,
    /// What must be kept.
    pub retention: Vec<Retention>,
    /// Where it was read.
    pub sources: Vec<Source>,
    /// The clocks its stages name, for texts.
    pub(crate) clocks: Vec<Clock>,
}

impl Obligation {
    /// The law and its articles in a language; as it is cited elsewhere where there is no translation.
    pub fn instrument(&self, lang: Lang) -> &str {
        match (&self.instrument_ja, lang) {
            (Some(ja), Lang::Ja) => ja,
            _ => &self.instrument,
        }
    }

    /// The stage of this name.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|s| s.id == id)
    }

    /// The clock of this name, if a stage names it.
    pub fn clock(&self, id: &str) -> Option<&Clock> {
        self.clocks.iter().find(|c| c.id == id)
    }
}

/// A form of an authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Stable name.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// Its file format and how it is submitted.
    pub format: String,
    /// Which variants there are.
    pub variants: Vec<String>,
    /// What the receiving office may do with it.
    pub sharing_rule: Option<String>,
    /// How far it was verified.
    pub seen: Trust,
}
