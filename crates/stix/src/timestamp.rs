//! Instants as STIX and TAXII write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC, in microseconds since 1970-01-01T00:00:00Z.
///
/// Prints as RFC 3339 with `Z` and three digits of a second (STIX 2.1, section 3.2, asks for
/// milliseconds), or six where the instant has microseconds. Reads any RFC 3339 timestamp, with or
/// without a fraction, with any offset.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Not an RFC 3339 timestamp, or outside the years 1 to 9999. The text is not repeated: exact times
/// tie an error to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 timestamp such as 2026-11-23T03:00:00Z")]
pub struct BadTimestamp;

/// 0001-01-01T00:00:00Z, the earliest instant RFC 3339 can write.
const EARLIEST: i64 = -62_135_596_800_000_000;

/// 9999-12-30T22:00:00Z, the latest instant `jiff` can write.
const LATEST: i64 = 253_402_207_200_000_000;

impl Timestamp {
    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `micros` microseconds, saturating.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// This instant moved by whole days of 86,400 seconds.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(86_400_000_000))
    }

    /// The latest multiple of `period_micros` that is not after this instant: what a released
    /// object shows instead of the moment something happened.
    #[must_use]
    pub const fn floor_to(self, period_micros: i64) -> Self {
        if period_micros <= 0 {
            return self;
        }
        Self(self.0 - self.0.rem_euclid(period_micros))
    }

    /// RFC 3339 with exactly six digits of a second, as TAXII 2.1 (section 3.2) asks for.
    pub fn to_taxii(self) -> String {
        self.format(6)
    }

    /// The nearest instant that can be written.
    fn writable(self) -> i64 {
        self.0.clamp(EARLIEST, LATEST)
    }

    fn format(self, digits: usize) -> String {
        let instant = jiff::Timestamp::from_microsecond(self.writable()).unwrap_or_default();
        format!("{instant:.digits$}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format(if self.writable().rem_euclid(1000) == 0 { 3 } else { 6 }))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    fn from_str(text: &str) -> Result<Self, BadTimestamp> {
        // jiff also reads forms RFC 3339 does not have (spaces, no seconds, annotations).
        let b = text.as_bytes();
        let shaped = b.len() >= 20
            && b.len() <= 40
            && b.get(10).is_some_and(|c| matches!(c, b'T' | b't'))
            && b.get(16) == Some(&b':')
            && b.last().is_some_and(|c| matches!(c, b'Z' | b'z' | b'0'..=b'9'));
        if !shaped {
            return Err(BadTimestamp);
        }
        let micros = text.parse::<jiff::Timestamp>().map_err(|_| BadTimestamp)?.as_microsecond();
        (micros >= EARLIEST).then_some(Self(micros)).ok_or(BadTimestamp)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_milliseconds_and_keeps_microseconds() {
        let t: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        assert_eq!(t.to_string(), "2026-11-23T03:00:00.000Z");
        assert_eq!(t.to_taxii(), "2026-11-23T03:00:00.000000Z");
        let t: Timestamp = "2026-11-23T12:00:00.123456+09:00".parse().unwrap();
        assert_eq!(t.to_string(), "2026-11-23T03:00:00.123456Z");
    }

    #[test]
    fn floors_to_a_tick_before_and_after_the_epoch() {
        let tick = 10_000_000;
        assert_eq!(Timestamp::from_micros(25_000_001).floor_to(tick).as_micros(), 20_000_000);
        assert_eq!(Timestamp::from_micros(-1).floor_to(tick).as_micros(), -10_000_000);
    }

    #[test]
    fn instants_out_of_reach_print_as_the_nearest() {
        assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), "9999-12-30T22:00:00.000Z");
        assert_eq!(Timestamp::from_micros(i64::MIN).to_string(), "0001-01-01T00:00:00.000Z");
    }

    #[test]
    fn refuses_what_rfc_3339_does_not_have() {
        for bad in [
            "",
            "2026",
            "2026-11-23",
            "2026-11-23 03:00:00Z",
            "2026-11-23T03:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-23T03:00:00",
            "2026-11-23T03:00:00+09:00[Asia/Tokyo]",
            "0000-01-01T00:00:00Z",
        ] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }
}
