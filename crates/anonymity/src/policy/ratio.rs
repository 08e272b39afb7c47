//! Shares as exact fractions: a bound that is compared in floating point is not a bound.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::AnonymityError;

/// A fraction of two non-negative integers in lowest terms. Written `1/4`; read from that or from a
/// decimal such as `0.25`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: u64,
    denominator: u64,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// The whole.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; `None` where the denominator is 0.
    pub const fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator, denominator);
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// The number above the line.
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The number below the line, never 0.
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// The nearest floating-point number, for people and plots; never for a decision.
    #[expect(clippy::cast_precision_loss, reason = "shown, not decided on")]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Whether `count` is more than this share of `whole`.
    pub fn is_exceeded_by(self, count: u64, whole: u64) -> bool {
        u128::from(count) * u128::from(self.denominator)
            > u128::from(self.numerator) * u128::from(whole)
    }
}

const fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.numerator) * u128::from(other.denominator);
        let right = u128::from(other.numerator) * u128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Ratio {
    type Err = AnonymityError;

    fn from_str(text: &str) -> Result<Self, AnonymityError> {
        let bad = || AnonymityError::BadRatio { text: text.chars().take(40).collect() };
        let digits = |part: &str| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u64>().ok()).flatten().ok_or_else(bad)
        };
        if let Some((above, below)) = text.split_once('/') {
            return Self::new(digits(above)?, digits(below)?).ok_or_else(bad);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let scale = u32::try_from(fraction.len()).ok().and_then(|n| 10_u64.checked_pow(n));
        let scale = scale.ok_or_else(bad)?;
        let above =
            digits(whole)?.checked_mul(scale).and_then(|w| w.checked_add(digits(fraction).ok()?));
        above.and_then(|above| Self::new(above, scale)).ok_or_else(bad)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fraction_has_one_form() {
        for text in ["1/4", "2/8", "0.25", "0.250"] {
            assert_eq!(text.parse::<Ratio>().unwrap().to_string(), "1/4", "{text}");
        }
        for text in ["", "1/0", "-1/2", "1/2/3", "a", ".5", "1e3", "0.", "+1"] {
            assert!(text.parse::<Ratio>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_third_of_nine_is_three() {
        let third = Ratio::new(1, 3).unwrap();
        assert!(!third.is_exceeded_by(3, 9));
        assert!(third.is_exceeded_by(3, 8));
        assert!(Ratio::new(2, 7).unwrap() < third);
    }
}
