//! What happened when: the moments that start clocks.

use std::collections::BTreeMap;

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};

use crate::Text;

/// A moment or zone that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The text is not `CLOCK=MOMENT`.
    #[error("{0:?} is not CLOCK=MOMENT, such as awareness=2026-11-23T09:00:00+09:00")]
    NoAssignment(String),
    /// No such clock.
    #[error("there is no clock {0:?}; known are {1}")]
    UnknownClock(String, String),
    /// No such stage in the obligation, or in any.
    #[error("no obligation has a stage {0:?} that could have been filed")]
    UnknownStage(String),
    /// Not a moment.
    #[error(
        "{0:?} is not a moment such as 2026-11-23T09:00:00+09:00, 2026-11-23T00:00:00Z or \
         2026-11-23T09:00:00[Asia/Tokyo]"
    )]
    BadMoment(String),
    /// Not a zone.
    #[error("{0:?} is no time zone such as Asia/Tokyo")]
    UnknownZone(String),
    /// Given twice.
    #[error("{0:?} is given twice")]
    Twice(String),
}

/// Two moments that cannot both be right. Deadlines are computed all the same; the reporter must
/// see this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The clock that must come first.
    pub earlier: String,
    /// The clock that must not come before it.
    pub later: String,
    /// The same as a sentence.
    pub text: Text,
}

/// The moments of one incident, and the zone its reporter lives in.
#[derive(Clone, Debug)]
pub struct Clocks {
    zone: TimeZone,
    events: BTreeMap<String, Zoned>,
    filed: BTreeMap<String, Zoned>,
}

/// Pairs of clocks of which the first cannot be after the second.
const ORDER: [(&str, &str); 12] = [
    ("occurrence", "awareness"),
    ("occurrence", "discovery"),
    ("occurrence", "handled"),
    ("occurrence", "payment"),
    ("awareness", "reasonable-belief"),
    ("awareness", "classification"),
    ("awareness", "materiality-determination"),
    ("awareness", "oral-report"),
    ("awareness", "handled"),
    ("discovery", "oral-report"),
    ("discovery", "handled"),
    ("discovery", "materiality-determination"),
];

impl Clocks {
    /// Nothing has happened yet, in the zone of this IANA name.
    ///
    /// # Errors
    /// [`ClockError::UnknownZone`].
    pub fn new(zone: &str) -> Result<Self, ClockError> {
        Ok(Self { zone: zone_of(zone)?, events: BTreeMap::new(), filed: BTreeMap::new() })
    }

    /// Sets a clock. Its days are those of the moment's own zone, where the authority has none.
    #[must_use]
    pub fn with(mut self, clock: &str, at: Zoned) -> Self {
        self.events.insert(clock.to_owned(), at);
        self
    }

    /// Notes that a stage was submitted.
    #[must_use]
    pub fn with_filed(mut self, stage: &str, at: Zoned) -> Self {
        self.filed.insert(stage.to_owned(), at);
        self
    }

    /// Reads a moment: RFC 3339 (taken into the reporter's zone), or with an IANA zone in brackets.
    ///
    /// # Errors
    /// [`ClockError::BadMoment`], also where the offset contradicts the zone.
    pub fn moment(&self, text: &str) -> Result<Zoned, ClockError> {
        moment(text, &self.zone)
    }

    /// Reads `CLOCK=MOMENT` or `filed:STAGE=MOMENT` and sets it; whether the names exist is
    /// checked by [`crate::Reference::clocks`].
    pub(crate) fn read(&mut self, assignment: &str) -> Result<(), ClockError> {
        let (name, text) = assignment
            .split_once('=')
            .ok_or_else(|| ClockError::NoAssignment(short(assignment)))?;
        let at = self.moment(text.trim())?;
        let before = match name.trim().strip_prefix("filed:") {
            Some(stage) => self.filed.insert(stage.to_owned(), at),
            None => self.events.insert(name.trim().to_owned(), at),
        };
        before.map_or(Ok(()), |_| Err(ClockError::Twice(short(name))))
    }

    /// The reporter's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When a clock started.
    pub fn event(&self, clock: &str) -> Option<&Zoned> {
        self.events.get(clock)
    }

    /// When a stage was submitted.
    pub fn filed(&self, stage: &str) -> Option<&Zoned> {
        self.filed.get(stage)
    }

    /// Names of the clocks and stages that are set.
    pub(crate) fn names(&self) -> (impl Iterator<Item = &str>, impl Iterator<Item = &str>) {
        (self.events.keys().map(String::as_str), self.filed.keys().map(String::as_str))
    }

    /// Which moments contradict each other: awareness before occurrence, a filing before awareness.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        let mut check = |earlier: (&str, Option<&Zoned>), later: (&str, Option<&Zoned>)| {
            let (Some(first), Some(second)) = (earlier.1, later.1) else { return };
            if second.timestamp() < first.timestamp() {
                let en = format!("\"{}\" is set before \"{}\"", later.0, earlier.0);
                let ja = format!("「{}」が「{}」より前の時刻です", later.0, earlier.0);
                let (earlier, later) = (earlier.0.to_owned(), later.0.to_owned());
                found.push(Contradiction { earlier, later, text: Text::new(en, ja) });
            }
        };
        for (earlier, later) in ORDER {
            check((earlier, self.event(earlier)), (later, self.event(later)));
        }
        for (stage, at) in &self.filed {
            for clock in ["occurrence", "awareness", "discovery"] {
                check((clock, self.event(clock)), (&format!("filed:{stage}"), Some(at)));
            }
        }
        found
    }

    /// An instant as people there read it: `2026-12-01 23:59:59 +09:00 (Asia/Tokyo)`.
    pub(crate) fn local(zone: &TimeZone, at: Timestamp) -> String {
        let zoned = at.to_zoned(zone.clone());
        let name = zone.iana_name().map(|n| format!(" ({n})")).unwrap_or_default();
        format!("{}{name}", zoned.strftime("%Y-%m-%d %H:%M:%S %:z"))
    }
}

/// The zone of this IANA name.
pub(crate) fn zone_of(name: &str) -> Result<TimeZone, ClockError> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| ClockError::UnknownZone(short(name)))
}

/// Reads a moment as [`Clocks::moment`] does, for a reporter in `zone`.
pub(crate) fn moment(text: &str, zone: &TimeZone) -> Result<Zoned, ClockError> {
    let bad = || ClockError::BadMoment(short(text));
    let parser = DateTimeParser::new();
    if text.contains('[') {
        return parser.parse_zoned_with(&TimeZoneDatabase::bundled(), text).map_err(|_| bad());
    }
    let instant = parser.parse_timestamp(text).map_err(|_| bad())?;
    Ok(instant.to_zoned(zone.clone()))
}

fn short(text: &str) -> String {
    text.chars().take(64).collect()
}
