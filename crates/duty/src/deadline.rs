//! From moments to deadlines.
//!
//! Hours run without a break. Days are those of the authority's zone, or of the reporter where the
//! authorities of a jurisdiction live in several; a period of days or months ends with its last
//! day, at 23:59:59, unless the data names an hour.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, Zoned};
use serde::{Serialize, Serializer};

use crate::explain::rule;
use crate::{
    Anchor, Calendar, CalendarKind, Clocks, CountFrom, DeadlineKind, MonthRule, Obligation, Period,
    Rollover, Stage, Text, Trust, WorkingDay,
};

/// The last moment of a day.
const END_OF_DAY: Time = time(23, 59, 59, 0);

/// How a stage stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It has a deadline.
    Due,
    /// The law gives no number; it never gets a deadline.
    NoNumber,
    /// Its clock has not started: the clock's name, or `filed:STAGE`.
    Waiting(String),
}

/// A later deadline that may apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// The later deadline.
    #[serde(serialize_with = "as_text")]
    pub due: Timestamp,
    /// The same in the reporter's zone.
    pub local: String,
    /// When it applies.
    pub rule: Text,
}

/// The deadline there would be if what it waits for happened as late as it may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Projection {
    /// That deadline.
    #[serde(serialize_with = "as_text")]
    pub due: Timestamp,
    /// The same in the reporter's zone.
    pub local: String,
    /// What is assumed.
    pub rule: Text,
}

/// When one stage of an obligation is due, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageDeadline {
    /// The obligation's id.
    pub obligation: String,
    /// The stage's id.
    pub stage: String,
    /// The stage's name.
    pub name: Text,
    /// Whether it has a deadline, and if not, why.
    pub standing: Standing,
    /// When its clock started, where it has a deadline.
    #[serde(skip)]
    pub start: Option<Timestamp>,
    /// The deadline: the earlier one where two are possible.
    #[serde(serialize_with = "as_text_or_null")]
    pub due: Option<Timestamp>,
    /// The deadline in the reporter's zone.
    pub local: Option<String>,
    /// The deadline in the authority's zone, where it has one.
    pub authority_local: Option<String>,
    /// The earlier end of a range ("3 to 5 days").
    #[serde(serialize_with = "as_text_or_null")]
    pub aim: Option<Timestamp>,
    /// The same in the reporter's zone.
    pub aim_local: Option<String>,
    /// A later deadline that may apply.
    pub extension: Option<Extension>,
    /// What the deadline would be, while it waits.
    pub projection: Option<Projection>,
    /// When the stage was submitted.
    #[serde(serialize_with = "as_text_or_null")]
    pub filed: Option<Timestamp>,
    /// The same in the reporter's zone.
    pub filed_local: Option<String>,
    /// The rule that made the deadline, as a sentence.
    pub rule: Text,
    /// When the stage is owed, if not always.
    pub condition: Option<Text>,
    /// Where the number stands.
    #[serde(serialize_with = "kind_as_text")]
    pub kind: DeadlineKind,
    /// How far rule and holidays were verified: the lower of both.
    #[serde(serialize_with = "trust_as_text")]
    pub trust: Trust,
    /// False where the count passed a year without holidays on file: the deadline may be a day or
    /// more later than shown, never earlier.
    pub holidays_known: bool,
    /// Where the rule was read.
    pub sources: Vec<String>,
}

impl StageDeadline {
    /// Whether it was submitted late, or is late at `now` and not submitted. `None` without a
    /// deadline.
    pub fn is_late(&self, now: Timestamp) -> Option<bool> {
        self.due.map(|due| self.filed.unwrap_or(now) > due)
    }
}

/// The deadlines of every stage, in the order of the stages.
pub fn deadlines(
    obligation: &Obligation,
    clocks: &Clocks,
    calendar: &Calendar,
) -> Vec<StageDeadline> {
    let count = Count { obligation, clocks, calendar };
    let mut expected: BTreeMap<&str, Zoned> = BTreeMap::new();
    let mut all = Vec::with_capacity(obligation.stages.len());
    for stage in &obligation.stages {
        let found = count.stage(stage, &expected);
        let latest = found.due.or(found.projection.as_ref().map(|p| p.due));
        if let Some(latest) = latest {
            expected.insert(&stage.id, latest.to_zoned(clocks.zone().clone()));
        }
        all.push(found);
    }
    all
}

/// The end of a period.
#[derive(Clone, Copy)]
struct End {
    at: Timestamp,
    holidays_known: bool,
}

struct Count<'a> {
    obligation: &'a Obligation,
    clocks: &'a Clocks,
    calendar: &'a Calendar,
}

impl Count<'_> {
    fn stage(&self, stage: &Stage, expected: &BTreeMap<&str, Zoned>) -> StageDeadline {
        let mut out = StageDeadline {
            obligation: self.obligation.id.clone(),
            stage: stage.id.clone(),
            name: stage.name.clone(),
            standing: Standing::NoNumber,
            start: None,
            due: None,
            local: None,
            authority_local: None,
            aim: None,
            aim_local: None,
            extension: None,
            projection: None,
            filed: self.clocks.filed(&stage.id).map(Zoned::timestamp),
            filed_local: self.clocks.filed(&stage.id).map(|at| self.local(at.timestamp())),
            rule: rule(self.obligation, stage),
            condition: stage.condition.clone(),
            kind: stage.kind,
            trust: stage.seen,
            holidays_known: true,
            sources: self.obligation.sources.iter().map(|s| s.url.clone()).collect(),
        };
        let instead = stage.instead.as_ref().filter(|i| self.clocks.filed(&i.after).is_some());
        let Some(period) = instead.map(|i| i.period).or(stage.deadline) else { return out };
        let start =
            instead.map_or_else(|| stage.anchor.clone(), |i| Anchor::Clock(i.clock.clone()));
        let (anchor, waiting) = match &start {
            Anchor::Clock(clock) => (self.clocks.event(clock), clock.clone()),
            Anchor::PriorStage(Some(before)) => {
                (self.clocks.filed(before), format!("filed:{before}"))
            }
            Anchor::PriorStage(None) => (None, "filed".to_owned()),
        };
        let Some(anchor) = anchor else {
            out.standing = Standing::Waiting(waiting);
            // Nothing says when something that goes on will be over.
            if instead.is_none() {
                out.projection = self.projection(stage, period, expected);
            }
            return out;
        };
        let Some(end) = self.end(stage, period, anchor) else { return out };
        let end = self.capped(stage, end, anchor);
        out.standing = Standing::Due;
        out.holidays_known = end.holidays_known;
        out.aim = stage.deadline_min.and_then(|p| self.end(stage, p, anchor)).map(|e| e.at);
        out.aim_local = out.aim.map(|at| self.local(at));
        let mut due = end.at;
        if let Some(rollover) = &stage.rollover {
            let zone = self.zone(anchor);
            if let Some(later) = self.rolled(stage, rollover, &zone, end.at) {
                if rollover.is_certain() {
                    due = later.at;
                    out.holidays_known &= later.holidays_known;
                } else {
                    out.extension = Some(self.extension(rollover, later.at));
                }
            }
        }
        if stage.rollover.is_some() || stage.calendar == CalendarKind::BusinessDays {
            let holidays = self.obligation.jurisdiction.holidays.as_deref().unwrap_or_default();
            out.trust = out.trust.min(self.calendar.trust(holidays).unwrap_or(Trust::Memory));
        }
        out.start = Some(anchor.timestamp());
        out.due = Some(due);
        out.local = Some(Clocks::local(self.clocks.zone(), due));
        let zone = self.obligation.jurisdiction.zone.as_ref();
        out.authority_local = zone.map(|z| Clocks::local(z, due));
        out
    }

    /// An instant in the reporter's zone.
    fn local(&self, at: Timestamp) -> String {
        Clocks::local(self.clocks.zone(), at)
    }

    /// Whose days count.
    fn zone(&self, anchor: &Zoned) -> TimeZone {
        let own = || anchor.time_zone().clone();
        self.obligation.jurisdiction.zone.clone().unwrap_or_else(own)
    }

    /// The end of a period that `anchor` starts; `None` only past the year 9999.
    fn end(&self, stage: &Stage, period: Period, anchor: &Zoned) -> Option<End> {
        let certain = |at| End { at, holidays_known: true };
        if let Period::Hours(hours) = period {
            let hours = SignedDuration::from_hours(i64::from(hours));
            return anchor.timestamp().checked_add(hours).ok().map(certain);
        }
        let zone = self.zone(anchor);
        let day = anchor.with_time_zone(zone.clone()).date();
        let (last, holidays_known) = match period {
            Period::Days(days) if stage.calendar == CalendarKind::BusinessDays => {
                self.business_days(day, days)?
            }
            Period::Days(days) => {
                let first_counts = i64::from(stage.count_from == CountFrom::AnchorDay);
                let span = Span::new().try_days(i64::from(days) - first_counts).ok()?;
                (day.checked_add(span).ok()?, true)
            }
            Period::Months(n) => (months(day, n, self.obligation.jurisdiction.months)?, true),
            Period::Years(n) => (months(day, n.checked_mul(12)?, MonthRule::SameDate)?, true),
            Period::Hours(_) => return None,
        };
        let at = instant(&zone, last, stage.due_time.unwrap_or(END_OF_DAY))?;
        Some(End { at, holidays_known })
    }

    /// The n-th working day after `day`.
    fn business_days(&self, day: Date, n: u16) -> Option<(Date, bool)> {
        let holidays = self.obligation.jurisdiction.holidays.as_deref().unwrap_or_default();
        let (mut day, mut known) = (day, true);
        for _ in 0..n {
            let (next, sure) = self.calendar.working_day_from(holidays, day.tomorrow().ok()?)?;
            (day, known) = (next, known && sure);
        }
        Some((day, known))
    }

    /// The earlier of the deadline and its cap. The cap falls away once its own time has passed
    /// before the clock of the deadline starts (DORA: an incident classified late).
    fn capped(&self, stage: &Stage, end: End, anchor: &Zoned) -> End {
        match self.cap(stage) {
            Some(cap) if anchor.timestamp() <= cap && cap < end.at => End { at: cap, ..end },
            _ => end,
        }
    }

    fn cap(&self, stage: &Stage) -> Option<Timestamp> {
        let cap = stage.cap.as_ref()?;
        let Period::Hours(hours) = cap.period else { return None };
        let from = self.clocks.event(&cap.clock)?.timestamp();
        from.checked_add(SignedDuration::from_hours(i64::from(hours))).ok()
    }

    /// The later deadline, where `at` falls on a day off.
    fn rolled(
        &self,
        stage: &Stage,
        rollover: &Rollover,
        zone: &TimeZone,
        at: Timestamp,
    ) -> Option<End> {
        let holidays = self.obligation.jurisdiction.holidays.as_deref().unwrap_or_default();
        let day = at.to_zoned(zone.clone()).date();
        match self.calendar.day(holidays, day) {
            WorkingDay::Yes | WorkingDay::Unknown => return None,
            WorkingDay::Weekend | WorkingDay::Holiday(_) => {}
        }
        let (day, holidays_known) = self.calendar.working_day_from(holidays, day)?;
        let time = rollover.time.or(stage.due_time).unwrap_or(END_OF_DAY);
        Some(End { at: instant(zone, day, time)?, holidays_known })
    }

    fn extension(&self, rollover: &Rollover, due: Timestamp) -> Extension {
        let (mut en, mut ja) = (
            "the last day is a weekend or public holiday: this later deadline".to_owned(),
            "期限の日が土日又は祝日等のため、".to_owned(),
        );
        if rollover.exempt.is_empty() {
            en.push_str(" would apply if the rollover rule, which is unverified, holds");
            ja.push_str("未確認の繰延べ規定が適用されるなら、この期限となります");
        } else {
            let kinds = rollover.exempt.join(", ");
            en.push_str(&format!(" applies unless you are one of: {kinds}"));
            ja.push_str(&format!("次のいずれでもなければ、この期限となります: {kinds}"));
        }
        let local = Clocks::local(self.clocks.zone(), due);
        Extension { due, local, rule: Text::new(en, ja) }
    }

    /// What the deadline would be: the preceding stage filed at its own deadline, or the cap.
    fn projection(
        &self,
        stage: &Stage,
        period: Period,
        expected: &BTreeMap<&str, Zoned>,
    ) -> Option<Projection> {
        let (due, rule) = match &stage.anchor {
            Anchor::PriorStage(Some(before)) => {
                let end = self.end(stage, period, expected.get(before.as_str())?)?;
                let name = &self.obligation.stage(before)?.name;
                let en = format!("if \"{}\" is submitted at its own deadline", name.en);
                let ja = format!("「{}」をその期限に提出した場合", name.ja);
                (end.at, Text::new(en, ja))
            }
            Anchor::Clock(clock) => {
                let after = &self.obligation.clock(clock)?.after;
                let en = format!("at the latest, unless it comes to {} only later", after.en);
                let ja = format!("「{}」がこれより後でない限り、遅くともこの時刻", after.ja);
                (self.cap(stage)?, Text::new(en, ja))
            }
            Anchor::PriorStage(None) => return None,
        };
        Some(Projection { due, local: Clocks::local(self.clocks.zone(), due), rule })
    }
}

/// The last day of a period of months.
fn months(day: Date, n: u16, rule: MonthRule) -> Option<Date> {
    let span = Span::new().try_months(i64::from(n)).ok()?;
    match rule {
        MonthRule::SameDate => day.checked_add(span).ok(),
        MonthRule::FromNextDay => {
            let first = day.tomorrow().ok()?;
            let same = first.checked_add(span).ok()?;
            // A month too short to have the day: its last day. Otherwise the day before.
            if same.day() < first.day() { Some(same) } else { same.yesterday().ok() }
        }
    }
}

/// An hour of a day in a zone; one that a clock change skips is taken after the change.
fn instant(zone: &TimeZone, day: Date, time: Time) -> Option<Timestamp> {
    zone.to_ambiguous_zoned(day.to_datetime(time)).compatible().ok().map(|z| z.timestamp())
}

fn as_text<S: Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(at)
}

fn as_text_or_null<S: Serializer>(at: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => s.collect_str(at),
        None => s.serialize_none(),
    }
}

fn kind_as_text<S: Serializer>(kind: &DeadlineKind, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(kind.name())
}

fn trust_as_text<S: Serializer>(trust: &Trust, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(trust.name())
}
