//! Lengths of time as laws give them.

use std::fmt;
use std::str::FromStr;

/// A number of hours, days, months or years; laws never mix them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// Elapsed hours.
    Hours(u16),
    /// Calendar or working days.
    Days(u16),
    /// Calendar months.
    Months(u16),
    /// Calendar years (retention only).
    Years(u16),
}

/// The text is not one of `PT72H`, `P30D`, `P1M`, `P2Y`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no period such as PT72H, P30D, P1M or P2Y")]
pub struct BadPeriod(String);

impl FromStr for Period {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let bad = || BadPeriod(text.chars().take(32).collect());
        let rest = text.strip_prefix('P').ok_or_else(bad)?;
        let (of, digits): (fn(u16) -> Self, &str) = if let Some(hours) = rest.strip_prefix('T') {
            (Self::Hours, hours.strip_suffix('H').ok_or_else(bad)?)
        } else if let Some(days) = rest.strip_suffix('D') {
            (Self::Days, days)
        } else if let Some(months) = rest.strip_suffix('M') {
            (Self::Months, months)
        } else {
            (Self::Years, rest.strip_suffix('Y').ok_or_else(bad)?)
        };
        // `u16::from_str` would take a plus sign.
        let digits = Some(digits).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.and_then(|d| d.parse().ok()).filter(|n| *n > 0);
        number.map(of).ok_or_else(bad)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(n) => write!(f, "PT{n}H"),
            Self::Days(n) => write!(f, "P{n}D"),
            Self::Months(n) => write!(f, "P{n}M"),
            Self::Years(n) => write!(f, "P{n}Y"),
        }
    }
}

impl Period {
    /// `72 hours`, `1 month`.
    pub(crate) fn english(self) -> String {
        let (n, unit) = match self {
            Self::Hours(n) => (n, "hour"),
            Self::Days(n) => (n, "day"),
            Self::Months(n) => (n, "month"),
            Self::Years(n) => (n, "year"),
        };
        format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
    }

    /// `72時間`, `1か月`.
    pub(crate) fn japanese(self) -> String {
        match self {
            Self::Hours(n) => format!("{n}時間"),
            Self::Days(n) => format!("{n}日"),
            Self::Months(n) => format!("{n}か月"),
            Self::Years(n) => format!("{n}年"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_nothing_else() {
        for text in ["PT4H", "PT72H", "P30D", "P1M", "P2Y"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for bad in ["", "P", "72H", "P0D", "P1W", "PT1M", "P1DT1H", "P-1D", "P+1D", "P99999D"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }
}
