//! The numbers the guarantee is made of. They are public, and the hub signs their canonical bytes.

use noroshi_seal::Hash;
use noroshi_stix::canonical_json;
use serde::{Deserialize, Serialize};

use super::digest;
use super::ratio::Ratio;
use crate::AnonymityError;

/// Which products and techniques may stand beside a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FacetRule {
    /// Only those of which it is public who has them; all others go out as bulletins of their own,
    /// without a link to the label. Holds also against somebody who knows every internal product.
    Unbundle,
    /// Also those of which nobody is believed to know who has them.
    Trust,
}

/// With which sibling a group that is too small is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Neighbour {
    /// The one beside it in [`MergeOrder::order`], of two the smaller: groups that mean something
    /// together.
    Nearest,
    /// The smallest: the most groups.
    Smallest,
}

/// How groups that are too small are merged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeOrder {
    /// With whom.
    pub with: Neighbour,
    /// Steps of label paths, so that what is alike stands together. Steps that are missing come
    /// after those that are listed, in alphabetical order.
    #[serde(default)]
    pub order: Vec<String>,
}

/// What an operator sets. [`Parameters`] are settings that were checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// At least this many candidates remain.
    pub k: u32,
    /// After this many colluding members took themselves out.
    pub c: u32,
    /// No candidate then holds more than this share of the weight.
    pub p_max: Ratio,
    /// At most this share of a labelled cell appears as victims within the window.
    pub rho: Ratio,
    /// Length of that window, in days.
    pub window_days: u32,
    /// How long after its publication a case keeps its cell in quarantine, in days.
    pub quarantine_days: u32,
    /// Which facets may stand beside a label.
    pub facets: FacetRule,
    /// How the label tree is merged.
    pub merge: MergeOrder,
}

impl Default for Settings {
    /// k 5, c 1, p_max 1/4, rho 1/3 in 90 days.
    fn default() -> Self {
        let ratio = |above, below| Ratio::new(above, below).unwrap_or(Ratio::ZERO);
        Self {
            k: 5,
            c: 1,
            p_max: ratio(1, 4),
            rho: ratio(1, 3),
            window_days: 90,
            quarantine_days: 60,
            facets: FacetRule::Unbundle,
            merge: MergeOrder { with: Neighbour::Nearest, order: Vec::new() },
        }
    }
}

/// Longest window or quarantine, in days: a century.
const MAX_DAYS: u32 = 36_500;
/// Most candidates or colluders anybody may ask for.
const MAX_CROWD: u32 = 1_000_000;

/// Checked settings, in force for every release that cites their hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Settings);

/// Unknown settings are refused by [`Settings`].
#[derive(Serialize, Deserialize)]
struct Document {
    schema: Schema,
    #[serde(flatten)]
    settings: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
enum Schema {
    #[serde(rename = "noroshi-anonymity-parameters/1")]
    One,
}

impl Parameters {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`AnonymityError::BadParameter`] names the setting that would promise nothing.
    pub fn new(settings: Settings) -> Result<Self, AnonymityError> {
        let bad = |what, why| Err(AnonymityError::BadParameter { what, why });
        let s = &settings;
        if !(2..=MAX_CROWD).contains(&s.k) {
            return bad("k", "with fewer than two candidates the victim is named");
        }
        if s.c > MAX_CROWD {
            return bad("c", "no register has that many members");
        }
        if s.p_max == Ratio::ZERO || s.p_max >= Ratio::ONE {
            return bad("p_max", "it is a share above 0 and below 1, such as 1/4");
        }
        if s.rho == Ratio::ZERO || s.rho > Ratio::ONE {
            return bad("rho", "it is a share above 0 and up to 1, such as 1/3");
        }
        if !(1..=MAX_DAYS).contains(&s.window_days) || s.quarantine_days > MAX_DAYS {
            return bad("window_days", "it is a number of days from 1 to 36500");
        }
        Ok(Self(settings))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0
    }

    /// The canonical form, which is what the hub signs (RFC 8785).
    pub fn to_bytes(&self) -> Vec<u8> {
        let settings = serde_json::to_value(&self.0).unwrap_or_default();
        let document = Document { schema: Schema::One, settings };
        canonical_json(&serde_json::to_value(document).unwrap_or_default())
    }

    /// Reads what [`Parameters::to_bytes`] wrote, or the same by hand.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is no such document, else as [`Parameters::new`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AnonymityError> {
        let unreadable = |e: serde_json::Error| AnonymityError::Unreadable {
            what: "parameters",
            detail: e.to_string(),
        };
        let Document { schema: Schema::One, settings } =
            serde_json::from_slice(bytes).map_err(unreadable)?;
        Self::new(serde_json::from_value(settings).map_err(unreadable)?)
    }

    /// What a certificate cites.
    pub fn hash(&self) -> Hash {
        digest("noroshi/1/anonymity-parameters", [self.to_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_are_canonical() {
        let parameters = Parameters::default();
        let bytes = parameters.to_bytes();
        assert_eq!(Parameters::from_bytes(&bytes).unwrap(), parameters);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"c":1,"facets":"unbundle","k":5,"merge":{"order":[],"with":"nearest"},"p_max":"1/4","quarantine_days":60,"rho":"1/3","schema":"noroshi-anonymity-parameters/1","window_days":90}"#
        );
    }

    #[test]
    fn settings_that_promise_nothing_are_refused() {
        let set = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            Parameters::new(settings)
        };
        assert!(set(|s| s.k = 1).is_err());
        assert!(set(|s| s.p_max = Ratio::ONE).is_err());
        assert!(set(|s| s.p_max = Ratio::ZERO).is_err());
        assert!(set(|s| s.rho = Ratio::ZERO).is_err());
        assert!(set(|s| s.window_days = 0).is_err());
        assert!(set(|s| s.c = 0).is_ok());
    }
}
