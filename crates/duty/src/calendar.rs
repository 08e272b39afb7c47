//! Working days: weekends and public holidays by jurisdiction.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::source_text::{LoadError, SourceText};
use crate::{Text, Trust};

/// Public holidays of the jurisdictions whose obligations need them, from `holidays-*.toml`.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    countries: BTreeMap<String, Country>,
}

#[derive(Clone, Debug)]
struct Country {
    years: Vec<i16>,
    weekend: Vec<Weekday>,
    holidays: BTreeMap<Date, Text>,
    closures: Vec<Closure>,
    seen: Trust,
}

/// A range of days of every year, such as 29 December to 3 January.
#[derive(Clone, Debug)]
struct Closure {
    from: (i8, i8),
    to: (i8, i8),
    name: Text,
}

impl Closure {
    fn holds(&self, date: Date) -> bool {
        let day = (date.month(), date.day());
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            day >= self.from || day <= self.to
        }
    }
}

/// What is known about a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkingDay {
    /// Offices work.
    Yes,
    /// A day of the weekend.
    Weekend,
    /// A public holiday or closure.
    Holiday(Text),
    /// A weekday of a year, or of a jurisdiction, for which no holidays are on file.
    Unknown,
}

impl Calendar {
    /// No jurisdiction at all: only Saturdays and Sundays are known to be days off.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds one file of holidays.
    ///
    /// # Errors
    /// [`LoadError`] with file and line: unknown keys, a date outside the years of the file, a date
    /// listed twice, a jurisdiction that is already there.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), LoadError> {
        let source = SourceText { name, text };
        let raw: RawFile = source.parse()?;
        let meta = raw.meta;
        let at = meta.jurisdiction.span();
        if meta.schema != "noroshi-holidays/1" {
            return Err(source.error(&at, "schema must be \"noroshi-holidays/1\""));
        }
        let mut country = Country {
            years: meta.years,
            weekend: meta.weekend.into_iter().map(RawWeekday::weekday).collect(),
            holidays: BTreeMap::new(),
            closures: Vec::new(),
            seen: meta.seen,
        };
        for raw in raw.holiday {
            let at = raw.date.span();
            let date = date_of(raw.date.get_ref())
                .ok_or_else(|| source.error(&at, "a holiday is a date such as 2026-11-23"))?;
            if !country.years.contains(&date.year()) {
                return Err(
                    source.error(&at, format!("{date} is in none of the years of this file"))
                );
            }
            if country.holidays.insert(date, Text::new(raw.en, raw.ja)).is_some() {
                return Err(source.error(&at, format!("{date} is listed twice")));
            }
        }
        for raw in raw.closure {
            let at = raw.from.span();
            let day = |text: &str| month_and_day(text);
            let (Some(from), Some(to)) = (day(raw.from.get_ref()), day(&raw.to)) else {
                return Err(source.error(&at, "a closure is from and to a day such as 12-29"));
            };
            country.closures.push(Closure { from, to, name: Text::new(raw.en, raw.ja) });
        }
        let id = meta.jurisdiction.into_inner();
        if self.countries.insert(id.clone(), country).is_some() {
            return Err(source.error(&at, format!("holidays of {id} are loaded twice")));
        }
        Ok(())
    }

    /// Whether holidays of this jurisdiction are on file.
    pub fn knows(&self, jurisdiction: &str) -> bool {
        self.countries.contains_key(jurisdiction)
    }

    /// How far the holidays of this jurisdiction were verified.
    pub fn trust(&self, jurisdiction: &str) -> Option<Trust> {
        self.countries.get(jurisdiction).map(|c| c.seen)
    }

    /// What kind of day it is there.
    pub fn day(&self, jurisdiction: &str, date: Date) -> WorkingDay {
        let Some(country) = self.countries.get(jurisdiction) else {
            return match date.weekday() {
                Weekday::Saturday | Weekday::Sunday => WorkingDay::Weekend,
                _ => WorkingDay::Unknown,
            };
        };
        if country.weekend.contains(&date.weekday()) {
            return WorkingDay::Weekend;
        }
        if let Some(name) = country.holidays.get(&date) {
            return WorkingDay::Holiday(name.clone());
        }
        if let Some(closure) = country.closures.iter().find(|c| c.holds(date)) {
            return WorkingDay::Holiday(closure.name.clone());
        }
        if country.years.contains(&date.year()) { WorkingDay::Yes } else { WorkingDay::Unknown }
    }

    /// The first day from `date` on that is not known to be off, and whether every day on the way
    /// was of a year on file. `None` only at the end of the calendar (year 9999).
    pub(crate) fn working_day_from(
        &self,
        jurisdiction: &str,
        mut date: Date,
    ) -> Option<(Date, bool)> {
        loop {
            match self.day(jurisdiction, date) {
                WorkingDay::Yes => return Some((date, true)),
                WorkingDay::Unknown => return Some((date, false)),
                WorkingDay::Weekend | WorkingDay::Holiday(_) => date = date.tomorrow().ok()?,
            }
        }
    }
}

/// The civil date of a TOML date.
pub(crate) fn date_of(value: &toml::value::Datetime) -> Option<Date> {
    let (Some(date), None) = (value.date, value.time) else { return None };
    Date::new(i16::try_from(date.year).ok()?, date.month as i8, date.day as i8).ok()
}

fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let date = Date::new(2028, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((date.month(), date.day()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    meta: RawMeta,
    #[serde(default)]
    closure: Vec<RawClosure>,
    #[serde(default)]
    holiday: Vec<RawHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeta {
    schema: String,
    jurisdiction: toml::Spanned<String>,
    years: Vec<i16>,
    weekend: Vec<RawWeekday>,
    seen: Trust,
    #[expect(dead_code, reason = "read so that a file may carry it; people read it in the file")]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawWeekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl RawWeekday {
    fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClosure {
    from: toml::Spanned<String>,
    to: String,
    en: String,
    ja: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    date: toml::Spanned<toml::value::Datetime>,
    en: String,
    ja: String,
}
