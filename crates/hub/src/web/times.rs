//! Moments as people read them: always with their zone.

use jiff::tz::{Offset, TimeZone};
use noroshi_stix::Timestamp;

/// A moment for machines and for people.
#[derive(Clone)]
pub(crate) struct Moment {
    /// RFC 3339, for `datetime`.
    pub(crate) machine: String,
    /// To the minute or second, with the zone.
    pub(crate) people: String,
}

/// To the second: UTC for all, Japan's time beside it for Japanese readers.
pub(super) fn moment(at: Timestamp, japanese: bool) -> Moment {
    let utc = in_zone(at, 0, "%Y-%m-%d %H:%M:%S");
    let people = if japanese {
        format!("{} JST({} UTC)", in_zone(at, 9, "%Y-%m-%d %H:%M:%S"), in_zone(at, 0, "%H:%M:%S"))
    } else {
        format!("{utc} UTC")
    };
    Moment { machine: at.to_string(), people }
}

/// The day, in UTC: for what holds for months.
pub(super) fn day(at: Timestamp) -> Moment {
    Moment { machine: at.to_string(), people: format!("{} UTC", in_zone(at, 0, "%Y-%m-%d")) }
}

/// To the hour: Japan's time for Japanese readers, UTC for all others.
pub(super) fn hour(at: Timestamp, japanese: bool) -> String {
    match japanese {
        true => format!("{} JST", in_zone(at, 9, "%m-%d %H:00")),
        false => format!("{} UTC", in_zone(at, 0, "%m-%d %H:00")),
    }
}

/// Day and hour in as few letters as fit below a bar, in the same zone.
pub(super) fn clock(at: Timestamp, japanese: bool) -> String {
    match japanese {
        true => in_zone(at, 9, "%-d日%-H時"),
        false => in_zone(at, 0, "%-d %b %H:00"),
    }
}

fn in_zone(at: Timestamp, hours: i8, format: &str) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
    let zone = TimeZone::fixed(Offset::constant(hours));
    instant.to_zoned(zone).strftime(format).to_string()
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
        for (text, zone) in [("tomorrow", "jst"), ("2026-11-24T09:00", "here"), ("", "utc")] {
            assert!(from_form(text, zone).is_none(), "{text} {zone}");
        }
    }
}
