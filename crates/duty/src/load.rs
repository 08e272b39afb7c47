//! Reads `obligations.toml` strictly: what contradicts itself is refused with file and line.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZoneDatabase;
use raw::{RawFile, RawObligation, RawStage};
use toml::Spanned;

use crate::calendar::date_of;
use crate::model::*;
use crate::source_text::{LoadError, SourceText};
use crate::{Period, Text};

pub(crate) mod clauses;
mod raw;

/// Everything in the file.
pub(crate) struct Loaded {
    pub(crate) jurisdictions: Vec<Jurisdiction>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) obligations: Vec<Obligation>,
    pub(crate) forms: Vec<Form>,
    /// Names of sectors or lists, and where they stand, to be checked against `sectors.toml`.
    pub(crate) who_lists: Vec<(String, LoadError)>,
}

/// Reads the file.
pub(crate) fn load(source: SourceText<'_>, zones: &TimeZoneDatabase) -> Result<Loaded, LoadError> {
    let raw: RawFile = source.parse()?;
    if raw.meta.schema.get_ref() != "noroshi-obligations/1" {
        let at = raw.meta.schema.span();
        return Err(source.error(&at, "schema must be \"noroshi-obligations/1\""));
    }
    let mut jurisdictions = BTreeMap::new();
    for j in raw.jurisdiction {
        let at = j.id.span();
        let zone = match j.zone {
            None => None,
            Some(name) => Some(zones.get(&name).map_err(|_| {
                source.error(&at, format!("{name:?} is no time zone such as Asia/Tokyo"))
            })?),
        };
        let id = j.id.into_inner();
        let name = Text::new(j.en, j.ja);
        let (holidays, months, seen) = (j.holidays, j.months, j.seen);
        let jurisdiction = Jurisdiction { id: id.clone(), name, zone, holidays, months, seen };
        if jurisdictions.insert(id.clone(), jurisdiction).is_some() {
            return Err(source.error(&at, format!("jurisdiction {id:?} is defined twice")));
        }
    }
    let mut clocks: Vec<Clock> = Vec::new();
    for c in raw.clock {
        let (at, id) = (c.id.span(), c.id.into_inner());
        if clocks.iter().any(|known| known.id == id) {
            return Err(source.error(&at, format!("clock {id:?} is defined twice")));
        }
        let (what, after) = (Text::new(c.en, c.ja), Text::new(c.after_en, c.after_ja));
        clocks.push(Clock { id, what, after });
    }
    let forms: Vec<Form> = raw.form.into_iter().map(raw::RawForm::form).collect();
    let mut loader = Loader {
        source,
        jurisdictions,
        clocks,
        forms,
        obligations: Vec::new(),
        who_lists: Vec::new(),
    };
    for obligation in raw.obligation {
        loader.obligation(obligation)?;
    }
    let Loader { clocks, forms, obligations, who_lists, jurisdictions, .. } = loader;
    let jurisdictions = jurisdictions.into_values().collect();
    Ok(Loaded { jurisdictions, clocks, obligations, forms, who_lists })
}

struct Loader<'a> {
    source: SourceText<'a>,
    jurisdictions: BTreeMap<String, Jurisdiction>,
    clocks: Vec<Clock>,
    forms: Vec<Form>,
    obligations: Vec<Obligation>,
    who_lists: Vec<(String, LoadError)>,
}

impl Loader<'_> {
    fn obligation(&mut self, raw: RawObligation) -> Result<(), LoadError> {
        let at = raw.id.span();
        let id = raw.id.into_inner();
        let fail = |message: String| Err(self.source.error(&at, format!("{id}: {message}")));
        if self.obligations.iter().any(|o| o.id == id) {
            return fail("defined twice".to_owned());
        }
        let Some(jurisdiction) = self.jurisdictions.get(&raw.jurisdiction).cloned() else {
            return fail(format!("no jurisdiction {:?} is defined", raw.jurisdiction));
        };
        if raw.source.is_empty() {
            return fail("names no source".to_owned());
        }
        let form = match raw.form {
            None => None,
            Some(name) => match self.forms.iter().find(|f| f.id == name) {
                None => return fail(format!("no form {name:?} is defined")),
                found => found.cloned(),
            },
        };
        if raw.recipients.is_empty() || raw.recipients.len() != raw.recipients_ja.len() {
            return fail("recipients and recipients_ja must name the same offices".to_owned());
        }
        if raw.also_notify.len() != raw.also_notify_ja.len() {
            return fail("also_notify and also_notify_ja must name the same people".to_owned());
        }
        let (penalty, notes) = match (
            both("penalty", raw.penalty, raw.penalty_ja),
            both("notes", raw.notes, raw.notes_ja),
        ) {
            (Ok(penalty), Ok(notes)) => (penalty, notes),
            (Err(message), _) | (_, Err(message)) => return fail(message),
        };
        let date = |d: &Option<toml::value::Datetime>| match d {
            None => Ok(None),
            Some(d) => date_of(d).map(Some).ok_or(d.to_string()),
        };
        let (effective_from, promulgated, status_checked) =
            match (date(&raw.effective_from), date(&raw.promulgated), date(&raw.status_checked)) {
                (Ok(a), Ok(b), Ok(c)) => (a, b, c),
                (Err(d), ..) | (_, Err(d), _) | (.., Err(d)) => {
                    return fail(format!("{d} is no date"));
                }
            };
        if effective_from.zip(promulgated).is_some_and(|(from, made)| from < made) {
            return fail("is in force before it was promulgated".to_owned());
        }
        if raw.status == Status::Proposed && status_checked.is_none() {
            return fail(
                "a proposal needs status_checked: when its state was looked at".to_owned(),
            );
        }
        let stages = match (&raw.same_stages_as, raw.stage.is_empty()) {
            (None, true) => return fail("has no stage and no same_stages_as".to_owned()),
            (Some(_), false) => return fail("has stages and same_stages_as".to_owned()),
            (Some(other), true) => match self.obligations.iter().find(|o| o.id == *other) {
                Some(other) => other.stages.clone(),
                None => return fail(format!("same_stages_as: no {other:?} is defined before it")),
            },
            (None, false) => self.stages(&id, raw.status, &jurisdiction, raw.stage)?,
        };
        if let Some(list) = &raw.who_list {
            let error =
                self.source.error(&at, format!("{id}: who_list {list:?} is not in sectors"));
            self.who_lists.push((list.clone(), error));
        }
        let thresholds =
            raw.threshold.into_iter().map(|t| self.threshold(&id, t)).collect::<Result<_, _>>()?;
        let retention =
            raw.retention.into_iter().map(|r| self.retention(&id, r)).collect::<Result<_, _>>()?;
        self.obligations.push(Obligation {
            jurisdiction,
            name: Text::new(raw.name_en, raw.name_ja),
            instrument_ja: raw.instrument_ja,
            instrument: raw.instrument,
            status: raw.status,
            effective_from,
            status_checked,
            who: Text::new(raw.who, raw.who_ja),
            who_list: raw.who_list,
            trigger: Text::new(raw.trigger, raw.trigger_ja),
            recipients: pairs(raw.recipients, raw.recipients_ja),
            also_notify: pairs(raw.also_notify, raw.also_notify_ja),
            form,
            penalty,
            confidence: raw.confidence,
            notes,
            mandatory: raw.mandatory,
            public: raw.public,
            stages,
            thresholds,
            retention,
            sources: raw.source.into_iter().map(raw::RawSource::source).collect(),
            clocks: self.clocks.clone(),
            id,
        });
        Ok(())
    }

    fn stages(
        &self,
        obligation: &str,
        status: Status,
        jurisdiction: &Jurisdiction,
        raw: Vec<RawStage>,
    ) -> Result<Vec<Stage>, LoadError> {
        let mut stages: Vec<Stage> = Vec::new();
        for raw in raw {
            let at = raw.id.span();
            let stage =
                self.stage(raw, &stages, status, jurisdiction).map_err(|(id, message)| {
                    self.source.error(&at, format!("{obligation}, stage {id}: {message}"))
                })?;
            stages.push(stage);
        }
        Ok(stages)
    }

    fn stage(
        &self,
        raw: RawStage,
        before: &[Stage],
        status: Status,
        jurisdiction: &Jurisdiction,
    ) -> Result<Stage, (String, String)> {
        let id = raw.id.into_inner();
        let fail = |message: &str| (id.clone(), message.to_owned());
        if before.iter().any(|s| s.id == id) {
            return Err(fail("defined twice"));
        }
        let text = |key, en, ja| both(key, en, ja).map_err(|m| fail(&m));
        let period = |text: &Option<String>| match text {
            None => Ok(None),
            Some(t) => t.parse::<Period>().map(Some).map_err(|e| fail(&e.to_string())),
        };
        let (deadline, deadline_min) = (period(&raw.deadline)?, period(&raw.deadline_min)?);
        check_number(deadline, raw.deadline_kind, raw.calendar, status).map_err(fail)?;
        if raw.business_days.is_some_and(|b| b != (raw.calendar == CalendarKind::BusinessDays)) {
            return Err(fail("business_days contradicts calendar"));
        }
        match (deadline_min, deadline) {
            (None, _) => {}
            (Some(Period::Days(min)), Some(Period::Days(max))) if min < max => {}
            _ => return Err(fail("deadline_min must be a shorter period of the same unit")),
        }
        let anchor = match (raw.anchor.as_str(), raw.after_stage) {
            ("prior-stage", None) if deadline.is_some() => {
                return Err(fail("a number after prior-stage needs after_stage"));
            }
            ("prior-stage", Some(after)) if !before.iter().any(|s| s.id == after) => {
                return Err(fail(&format!("after_stage {after:?} is no earlier stage")));
            }
            ("prior-stage", after) => Anchor::PriorStage(after),
            (_, Some(_)) => return Err(fail("after_stage goes with anchor \"prior-stage\"")),
            (clock, None) => {
                self.clock(clock).map_err(|m| fail(&m))?;
                Anchor::Clock(clock.to_owned())
            }
        };
        let instead = match (raw.once_filed, period(&raw.once_deadline)?, raw.once_anchor) {
            (None, None, None) => None,
            (Some(after), Some(period), Some(clock)) => {
                check_number(Some(period), raw.deadline_kind, raw.calendar, status)
                    .map_err(|m| fail(&format!("once_deadline: {m}")))?;
                self.clock(&clock).map_err(|m| fail(&m))?;
                if !before.iter().any(|s| s.id == after && s.condition.is_some()) {
                    return Err(fail("once_filed is no earlier stage under a condition"));
                }
                Some(Instead { after, period, clock })
            }
            _ => return Err(fail("once_filed, once_deadline and once_anchor go together")),
        };
        let cap = match (period(&raw.cap)?, raw.cap_anchor) {
            (None, None) => None,
            (Some(period @ Period::Hours(_)), Some(clock)) if deadline.is_some() => {
                self.clock(&clock).map_err(|m| fail(&m))?;
                Some(Cap { period, clock, note: text("cap_note", raw.cap_note, raw.cap_note_ja)? })
            }
            _ => return Err(fail("a cap needs a deadline, hours, and cap_anchor")),
        };
        let time = |text: &Option<String>| match text {
            None => Ok(None),
            Some(t) => t.parse::<Time>().map(Some).map_err(|_| fail(&format!("{t:?} is no hour"))),
        };
        let rollover = match raw.rollover_rule.as_deref() {
            None | Some("none") => {
                if raw.rollover_time.is_some() || !raw.rollover_exempt.is_empty() {
                    return Err(fail("rollover_time and rollover_exempt need a rollover_rule"));
                }
                None
            }
            Some("next-working-day") => Some(Rollover {
                time: time(&raw.rollover_time)?,
                exempt: raw.rollover_exempt,
                verified: raw.rollover_verified,
            }),
            Some(other) => return Err(fail(&format!("no rollover_rule {other:?} exists"))),
        };
        let counts_working_days = rollover.is_some() || raw.calendar == CalendarKind::BusinessDays;
        if counts_working_days && jurisdiction.holidays.is_none() {
            return Err(fail("working days need the jurisdiction's holidays"));
        }
        let due_time = time(&raw.due_time)?;
        if due_time.is_some() && matches!(deadline, Some(Period::Hours(_)) | None) {
            return Err(fail("due_time goes with days or months"));
        }
        let notes = [
            text("note", raw.note, raw.note_ja)?,
            text("due_time_note", raw.due_time_note, raw.due_time_note_ja)?,
            text("repeat_rule", raw.repeat_rule, raw.repeat_rule_ja)?,
        ];
        Ok(Stage {
            name: Text::new(raw.name_en, raw.name_ja),
            deadline,
            deadline_min,
            kind: raw.deadline_kind,
            word: (raw.word, raw.word_ja),
            anchor,
            instead,
            calendar: raw.calendar,
            count_from: raw.count_day_one,
            count_verified: raw.count_day_one_verified,
            cap,
            rollover,
            rollover_words: text("rollover", raw.rollover, raw.rollover_ja)?,
            due_time,
            condition: text("condition", raw.condition, raw.condition_ja)?,
            contents: text("contents", raw.contents, raw.contents_ja)?,
            notes: notes.into_iter().flatten().collect(),
            repeat: raw.repeat,
            oral_allowed: raw.oral_allowed,
            seen: raw.seen,
            id,
        })
    }

    fn clock(&self, id: &str) -> Result<(), String> {
        let known = id != "prior-stage" && self.clocks.iter().any(|c| c.id == id);
        if known { Ok(()) } else { Err(format!("no clock {id:?} is defined")) }
    }

    fn threshold(&self, id: &str, raw: Spanned<raw::RawThreshold>) -> Result<Threshold, LoadError> {
        let at = raw.span();
        let raw = raw.into_inner();
        let fail = |m: &str| self.source.error(&at, format!("{id}, threshold {}: {m}", raw.metric));
        let limit = match &raw.value {
            None => None,
            Some(toml::Value::Integer(n)) => Some(Limit::Number(*n as f64)),
            Some(toml::Value::Float(n)) => Some(Limit::Number(*n)),
            Some(toml::Value::Boolean(b)) => Some(Limit::Flag(*b)),
            Some(_) => return Err(fail("value is neither a number nor true or false")),
        };
        let test = match (raw.op, limit) {
            (Some(op), Some(limit)) => Some((op, limit)),
            (None, None) => None,
            _ => return Err(fail("op and value go together")),
        };
        if matches!(test, Some((Comparison::Over | Comparison::AtLeast, Limit::Flag(_)))) {
            return Err(fail("true or false is compared with =="));
        }
        let measured = test.is_some() || raw.hours.is_some();
        if !measured || (raw.metric == "users_and_hours" && raw.users.is_none()) {
            return Err(fail("gives no limit"));
        }
        let alternative = match (&raw.or_metric, raw.or_value, raw.choose.as_deref()) {
            (None, None, None) => None,
            (Some(metric), Some(value), Some("lower")) => Some((metric.clone(), value)),
            _ => return Err(fail("or_metric, or_value and choose = \"lower\" go together")),
        };
        Ok(Threshold {
            test,
            alternative,
            service: both("service", raw.service, raw.service_ja).map_err(|m| fail(&m))?,
            users: raw.users,
            hours: raw.hours,
            condition: both("condition", raw.condition, raw.condition_ja).map_err(|m| fail(&m))?,
            seen: raw.seen,
            metric: raw.metric,
        })
    }

    fn retention(&self, id: &str, raw: raw::RawRetention) -> Result<Retention, LoadError> {
        let at = raw.duration.span();
        let duration = raw.duration.into_inner().parse::<Period>();
        let duration = duration.map_err(|e| self.source.error(&at, format!("{id}: {e}")))?;
        Ok(Retention { duration, what: Text::new(raw.what, raw.what_ja), seen: raw.seen })
    }
}

/// A text that must come in both languages or in neither.
fn both(key: &str, en: Option<String>, ja: Option<String>) -> Result<Option<Text>, String> {
    match (en, ja) {
        (None, None) => Ok(None),
        (Some(en), Some(ja)) => Ok(Some(Text::new(en.replace('\n', " "), ja))),
        _ => Err(format!("{key} and {key}_ja go together")),
    }
}

/// Lists of the same length.
fn pairs(en: Vec<String>, ja: Vec<String>) -> Vec<Text> {
    en.into_iter().zip(ja).map(|(en, ja)| Text::new(en, ja)).collect()
}

/// Whether the number, where it is said to stand, and what it is counted in agree.
fn check_number(
    deadline: Option<Period>,
    kind: DeadlineKind,
    calendar: CalendarKind,
    status: Status,
) -> Result<(), &'static str> {
    match (deadline, kind) {
        (Some(_), DeadlineKind::Qualitative) => return Err("qualitative, yet it has a deadline"),
        (None, DeadlineKind::Statutory) => return Err("statutory, yet it has no deadline"),
        _ => {}
    }
    if (status == Status::Proposed) != (kind == DeadlineKind::Proposed) {
        return Err("deadline_kind \"proposed\" and status \"proposed\" go together");
    }
    match (deadline, calendar) {
        (None, _)
        | (Some(Period::Hours(_)), CalendarKind::ElapsedHours)
        | (Some(Period::Days(_)), CalendarKind::CalendarDays | CalendarKind::BusinessDays)
        | (Some(Period::Months(_)), CalendarKind::CalendarMonths) => Ok(()),
        _ => Err("the unit of deadline contradicts calendar"),
    }
}
