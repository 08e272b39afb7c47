//! Moments as people read them: always with their zone.

use jiff::tz::{Offset, TimeZone};
use noroshi_stix::Timestamp;

use super::visit::Visit;

/// A moment for machines and for people.
#[derive(Clone)]
pub(crate) struct Moment {
    /// RFC 3339, for `datetime`.
    pub(crate) machine: String,
    /// To the minute or second, with the zone.
    pub(crate) people: String,
}

/// In which zone a reader sees moments.
#[derive(Clone)]
pub(crate) enum Shown {
    /// UTC.
    Utc,
    /// Japan's time with UTC beside it: for Japanese readers who chose nothing else.
    Japan,
    /// The zone somebody chose, with UTC beside it.
    Chosen(TimeZone),
}

impl From<bool> for Shown {
    /// Whether the reader reads Japanese.
    fn from(japanese: bool) -> Self {
        if japanese { Self::Japan } else { Self::Utc }
    }
}

impl From<&Visit> for Shown {
    fn from(visit: &Visit) -> Self {
        match &visit.zone {
            Some(zone) => Self::Chosen(zone.clone()),
            None => visit.japanese().into(),
        }
    }
}

impl Shown {
    /// The zone itself.
    pub(super) fn zone(&self) -> TimeZone {
        match self {
            Self::Utc => TimeZone::UTC,
            Self::Japan => TimeZone::fixed(Offset::constant(9)),
            Self::Chosen(zone) => zone.clone(),
        }
    }
}

/// The zone of this IANA name.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// To the second, with the zone; beside a zone somebody chose and Japan's stands UTC.
pub(super) fn moment(at: Timestamp, shown: impl Into<Shown>) -> Moment {
    let people = match shown.into() {
        Shown::Utc => format!("{} UTC", in_zone(at, 0, "%Y-%m-%d %H:%M:%S")),
        Shown::Japan => {
            let here = in_zone(at, 9, "%Y-%m-%d %H:%M:%S");
            format!("{here} JST({} UTC)", in_zone(at, 0, "%H:%M:%S"))
        }
        Shown::Chosen(zone) => {
            let here = instant(at).to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
            match here.strip_suffix(" UTC") {
                Some(_) => here,
                None => format!("{here} ({} UTC)", in_zone(at, 0, "%H:%M:%S")),
            }
        }
    };
    Moment { machine: at.to_string(), people }
}

/// To the hour, with the zone: for what nobody needs to know more exactly.
pub(super) fn hour(at: Timestamp, shown: impl Into<Shown>) -> Moment {
    let whole = at.floor_to(3_600_000_000);
    let people = match shown.into() {
        Shown::Utc => format!("{} UTC", in_zone(whole, 0, "%Y-%m-%d %H:00")),
        Shown::Japan => format!("{} JST", in_zone(whole, 9, "%Y-%m-%d %H:00")),
        Shown::Chosen(zone) => {
            instant(whole).to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string()
        }
    };
    Moment { machine: whole.to_string(), people }
}

/// Day and time to the minute, in the reader's zone alone: for lists.
pub(super) fn minute(at: Timestamp, shown: impl Into<Shown>) -> Moment {
    let people = match shown.into() {
        Shown::Utc => format!("{} UTC", in_zone(at, 0, "%Y-%m-%d %H:%M")),
        Shown::Japan => format!("{} JST", in_zone(at, 9, "%Y-%m-%d %H:%M")),
        Shown::Chosen(zone) => instant(at).to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string(),
    };
    Moment { machine: at.to_string(), people }
}

/// The time of day to the minute, with the zone: for what has just happened.
pub(super) fn clock(at: Timestamp, shown: impl Into<Shown>) -> String {
    match shown.into() {
        Shown::Utc => format!("{} UTC", in_zone(at, 0, "%H:%M")),
        Shown::Japan => format!("{} JST", in_zone(at, 9, "%H:%M")),
        Shown::Chosen(zone) => instant(at).to_zoned(zone).strftime("%H:%M %Z").to_string(),
    }
}

/// The day, in UTC: for what holds for months.
pub(super) fn day(at: Timestamp) -> Moment {
    Moment { machine: at.to_string(), people: format!("{} UTC", in_zone(at, 0, "%Y-%m-%d")) }
}

/// The beginning of a day (`2026-11-24`) in a zone.
pub(super) fn day_begins(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let begin = date.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond();
    Some(Timestamp::from_micros(begin))
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default()
}

/// Month, day and hour with the zone: for a line of a table of the last days.
pub(super) fn short_hour(at: Timestamp, shown: impl Into<Shown>) -> String {
    match shown.into() {
        Shown::Utc => format!("{} UTC", in_zone(at, 0, "%m-%d %H:00")),
        Shown::Japan => format!("{} JST", in_zone(at, 9, "%m-%d %H:00")),
        Shown::Chosen(zone) => instant(at).to_zoned(zone).strftime("%m-%d %H:%M %Z").to_string(),
    }
}

/// Day and hour in as few letters as fit below a bar, in the same zone.
pub(super) fn bar_hour(at: Timestamp, visit: &Visit) -> String {
    let format = if visit.japanese() { "%-d日%-H時" } else { "%-d %b %H:00" };
    instant(at).to_zoned(Shown::from(visit).zone()).strftime(format).to_string()
}

fn in_zone(at: Timestamp, hours: i8, format: &str) -> String {
    let zone = TimeZone::fixed(Offset::constant(hours));
    instant(at).to_zoned(zone).strftime(format).to_string()
}

/// Reads what a date-time field of a form gives (`2026-11-24T09:00`) in the zone chosen beside it:
/// `jst` or `utc`.
pub(super) fn from_form(text: &str, zone: &str) -> Option<Timestamp> {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    let offset = match zone {
        "jst" => "+09:00",
        "utc" => "Z",
        _ => return None,
    };
    format!("{text}{seconds}{offset}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_shown_and_kept() {
        let at = from_form("2026-11-24T09:00", "jst").unwrap();
        assert_eq!(at.to_string(), "2026-11-24T00:00:00.000Z");
        assert_eq!(moment(at, false).people, "2026-11-24 00:00:00 UTC");
        assert_eq!(moment(at, true).people, "2026-11-24 09:00:00 JST(00:00:00 UTC)");
        assert_eq!(
            from_form("2026-11-24T09:00:30", "utc").map(|t| day(t).people),
            Some("2026-11-24 UTC".into())
        );
        let chosen = |name| Shown::Chosen(zone(name).unwrap());
        assert_eq!(
            moment(at, chosen("Europe/Berlin")).people,
            "2026-11-24 01:00:00 CET (00:00:00 UTC)"
        );
        assert_eq!(moment(at, chosen("UTC")).people, "2026-11-24 00:00:00 UTC");
        assert_eq!(hour(at.plus_micros(1), chosen("Asia/Kolkata")).people, "2026-11-24 05:30 IST");
        assert_eq!(hour(at.plus_micros(59 * 60_000_000), true).people, "2026-11-24 09:00 JST");
        assert_eq!(
            day_begins("2026-11-24", &chosen("Asia/Tokyo").zone()).map(|t| t.to_string()),
            Some("2026-11-23T15:00:00.000Z".into())
        );
        assert!(zone("Asia/Nowhere").is_none() && day_begins("soon", &TimeZone::UTC).is_none());
        for (text, zone) in [("tomorrow", "jst"), ("2026-11-24T09:00", "here"), ("", "utc")] {
            assert!(from_form(text, zone).is_none(), "{text} {zone}");
        }
    }
}
