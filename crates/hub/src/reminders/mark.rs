//! When somebody is reminded: a share of the time that a deadline gives, or hours after it.

use noroshi_stix::Timestamp;

const HOUR: i64 = 3_600_000_000;

/// A moment in the life of a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// So many hundredths of the time from the start of the clock to the deadline; 100 is the deadline.
    Percent(u8),
    /// So many hours after it was missed.
    Over(u16),
}

impl Mark {
    /// Reads `80` or `+24h`.
    pub fn parse(text: &str) -> Option<Self> {
        let hours = text.strip_prefix('+').and_then(|t| t.strip_suffix('h'));
        // A number in Rust may begin with a plus of its own.
        if !hours.unwrap_or(text).bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if let Some(hours) = hours {
            return hours.parse().ok().filter(|h| (1..=720).contains(h)).map(Self::Over);
        }
        let digits = |t: &&str| t.bytes().all(|b| b.is_ascii_digit());
        let percent = Some(text).filter(digits).and_then(|t| t.parse().ok());
        percent.filter(|p| (1..=100).contains(p)).map(Self::Percent)
    }

    /// What [`Mark::parse`] reads.
    pub fn name(self) -> String {
        match self {
            Self::Percent(percent) => percent.to_string(),
            Self::Over(hours) => format!("+{hours}h"),
        }
    }

    /// When it is reached.
    pub fn moment(self, start: Timestamp, due: Timestamp) -> Timestamp {
        let (from, to) = (start.as_micros(), due.as_micros());
        match self {
            Self::Over(hours) => due.plus_micros(i64::from(hours) * HOUR),
            // In hundredths first: years of microseconds times a hundred fit.
            Self::Percent(p) => start.plus_micros((to - from) * i64::from(p) / 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_shares_of_the_time_there_is() {
        let at = |hours: i64| Timestamp::from_micros(hours * HOUR);
        let moment = |m: &str| Mark::parse(m).unwrap().moment(at(100), at(172));
        assert_eq!(moment("50"), at(136));
        assert_eq!(moment("100"), at(172));
        assert_eq!(moment("+24h"), at(196));
        assert_eq!(Mark::parse("95").unwrap().name(), "95");
        assert_eq!(Mark::parse("+24h").unwrap().name(), "+24h");
        for none in ["0", "101", "-5", "", "+0h", "+721h", "24h", "+24", "++2h", "1e2"] {
            assert_eq!(Mark::parse(none), None, "{none}");
        }
    }
}
