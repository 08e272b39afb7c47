//! Moments as people read them: always with their zone.

use noroshi_stix::Timestamp;

use crate::i18n::Locale;

/// In which zone a reader reads and writes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Japan.
    Jst,
    /// Everywhere.
    Utc,
}

/// A moment for machines and for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    /// RFC 3339, for `datetime`.
    pub(crate) machine: String,
    /// To the second, with the zone.
    pub(crate) people: String,
}

impl Zone {
    pub(crate) const ALL: [Zone; 2] = [Zone::Jst, Zone::Utc];

    /// The zone of those who read this language and chose none.
    pub(crate) fn of(locale: Locale) -> Self {
        match locale {
            Locale::Ja => Zone::Jst,
            Locale::En => Zone::Utc,
        }
    }

    /// The stable name, as addresses have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Zone::Jst => "jst",
            Zone::Utc => "utc",
        }
    }

    /// What stands behind a time.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Zone::Jst => "JST",
            Zone::Utc => "UTC",
        }
    }

    const fn ahead(self) -> i64 {
        match self {
            Zone::Jst => 9 * 3_600_000_000,
            Zone::Utc => 0,
        }
    }

    /// An instant in microseconds.
    pub(crate) fn moment(self, micros: i64) -> Moment {
        let (date, time) = self.civil(micros);
        Moment {
            machine: Timestamp::from_micros(micros).to_string(),
            people: format!("{date} {time} {}", self.label()),
        }
    }

    /// The first instant of a day such as `2026-11-23`, in microseconds.
    pub(crate) fn midnight(self, date: &str) -> Option<i64> {
        let date = date.trim();
        let utc = format!("{date}T00:00:00Z").parse::<Timestamp>().ok()?;
        (date.len() == 10).then_some(utc.as_micros() - self.ahead())
    }

    fn civil(self, micros: i64) -> (String, String) {
        let shifted = Timestamp::from_micros(micros.saturating_add(self.ahead())).to_string();
        let (date, time) = shifted.split_once('T').unwrap_or((&shifted, ""));
        (date.to_owned(), time.get(..8).unwrap_or(time).to_owned())
    }
}

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_shown_and_read_back() {
        assert_eq!(Zone::Utc.moment(0).people, "1970-01-01 00:00:00 UTC");
        assert_eq!(Zone::Jst.moment(0).people, "1970-01-01 09:00:00 JST");
        for zone in Zone::ALL {
            let midnight = zone.midnight("2026-11-23").unwrap();
            assert_eq!(zone.moment(midnight).people[..19], *"2026-11-23 00:00:00");
            for wrong in ["", "2026-13-01", "yesterday", "2026-11-23T00:00:00Z", "26-1-1"] {
                assert_eq!(zone.midnight(wrong), None, "{wrong}");
            }
        }
    }
}
