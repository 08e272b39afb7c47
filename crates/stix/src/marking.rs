//! The Traffic Light Protocol, version 2.0: how far a recipient may pass something on.
//!
//! Identifiers of the marking objects are fixed by their publishers; TLP 1 ids are read and mapped
//! to their TLP 2.0 successor, never written.

use std::fmt;

use serde_json::{Value, json};

/// A TLP 2.0 label. Ordered by restriction: a greater label may be passed on less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tlp {
    /// To the world.
    Clear,
    /// Within the community.
    Green,
    /// Within the organisation and its clients, on a need-to-know basis.
    Amber,
    /// Within the organisation only, on a need-to-know basis.
    AmberStrict,
    /// To the individual recipients only.
    Red,
}

impl Tlp {
    /// Every label, the freest first.
    pub const ALL: [Tlp; 5] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

    /// Restriction from 0 (clear) to 4 (red): the form stored in tables.
    pub const fn rank(self) -> u8 {
        match self {
            Tlp::Clear => 0,
            Tlp::Green => 1,
            Tlp::Amber => 2,
            Tlp::AmberStrict => 3,
            Tlp::Red => 4,
        }
    }

    /// The label of this rank.
    pub fn from_rank(rank: u8) -> Option<Tlp> {
        Tlp::ALL.into_iter().find(|t| t.rank() == rank)
    }

    /// The label as TLP writes it: in capitals, without spaces, never translated.
    pub const fn label(self) -> &'static str {
        match self {
            Tlp::Clear => "TLP:CLEAR",
            Tlp::Green => "TLP:GREEN",
            Tlp::Amber => "TLP:AMBER",
            Tlp::AmberStrict => "TLP:AMBER+STRICT",
            Tlp::Red => "TLP:RED",
        }
    }

    /// Reads a label in any case, with or without `TLP:`; `WHITE` of TLP 1 means clear.
    pub fn from_label(text: &str) -> Option<Tlp> {
        let text = text.trim();
        let name = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("tlp:") => text.get(4..)?,
            _ => text,
        };
        if name.eq_ignore_ascii_case("white") {
            return Some(Tlp::Clear);
        }
        Tlp::ALL.into_iter().find(|t| t.bare().eq_ignore_ascii_case(name))
    }

    /// The identifier of the TLP 2.0 marking definition.
    pub const fn stix_id(self) -> &'static str {
        match self {
            Tlp::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
            Tlp::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            Tlp::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
            Tlp::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
            Tlp::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        }
    }

    /// The identifier of the TLP 1 marking definition, where TLP 1 had this label.
    pub const fn stix_id_tlp1(self) -> Option<&'static str> {
        match self {
            Tlp::Clear => Some("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"),
            Tlp::Green => Some("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"),
            Tlp::Amber => Some("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
            Tlp::AmberStrict => None,
            Tlp::Red => Some("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
        }
    }

    /// The label whose TLP 2.0 or TLP 1 marking definition has this identifier.
    pub fn from_stix_id(id: &str) -> Option<Tlp> {
        Tlp::ALL.into_iter().find(|t| {
            t.stix_id().eq_ignore_ascii_case(id)
                || t.stix_id_tlp1().is_some_and(|old| old.eq_ignore_ascii_case(id))
        })
    }

    /// The colour FIRST gives the label's text on black, as `#RRGGBB`.
    pub const fn colour(self) -> &'static str {
        match self {
            Tlp::Clear => "#FFFFFF",
            Tlp::Green => "#33FF00",
            Tlp::Amber | Tlp::AmberStrict => "#FFC000",
            Tlp::Red => "#FF2B2B",
        }
    }

    fn bare(self) -> &'static str {
        self.label().trim_start_matches("TLP:")
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// The strictest TLP label among an object's `object_marking_refs`; `None` where it has none.
pub fn tlp_of(object: &Value) -> Option<Tlp> {
    let refs = object.get("object_marking_refs")?.as_array()?;
    refs.iter().filter_map(Value::as_str).filter_map(Tlp::from_stix_id).max()
}

/// The extension that carries TLP 2.0 in a marking definition.
pub(crate) const TLP_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The published TLP 2.0 marking definition of `tlp`, for servers and bundles to send along.
pub fn tlp_marking_definition(tlp: Tlp) -> Value {
    json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": tlp.stix_id(),
        "created": "2022-10-01T00:00:00.000Z",
        "name": tlp.label(),
        "extensions": {
            TLP_EXTENSION: {
                "extension_type": "property-extension",
                "tlp_2_0": tlp.bare().to_ascii_lowercase(),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_ids_and_ranks_lead_back() {
        for (i, tlp) in Tlp::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(tlp.rank()), i);
            assert_eq!(Tlp::from_rank(tlp.rank()), Some(tlp));
            assert_eq!(Tlp::from_label(tlp.label()), Some(tlp));
            assert_eq!(Tlp::from_label(&tlp.label().to_lowercase()), Some(tlp));
            assert_eq!(Tlp::from_stix_id(tlp.stix_id()), Some(tlp));
            assert!(tlp.stix_id().parse::<crate::StixId>().is_ok());
            if let Some(old) = tlp.stix_id_tlp1() {
                assert_eq!(Tlp::from_stix_id(old), Some(tlp));
            }
        }
        assert_eq!(Tlp::from_label("white"), Some(Tlp::Clear));
        assert_eq!(Tlp::from_label("tlp:amber+strict"), Some(Tlp::AmberStrict));
        assert_eq!(Tlp::from_label("TLP:PURPLE"), None);
        assert_eq!(Tlp::from_label("日本"), None);
        assert!(Tlp::AmberStrict > Tlp::Amber);
    }

    #[test]
    fn the_marking_object_names_its_label() {
        let v = tlp_marking_definition(Tlp::AmberStrict);
        assert_eq!(v["id"], Tlp::AmberStrict.stix_id());
        assert_eq!(v["name"], "TLP:AMBER+STRICT");
        assert_eq!(v["extensions"][TLP_EXTENSION]["tlp_2_0"], "amber+strict");
    }

    #[test]
    fn the_strictest_marking_counts() {
        let v = json!({"object_marking_refs": [
            Tlp::Green.stix_id(), "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]});
        assert_eq!(tlp_of(&v), Some(Tlp::Amber));
        assert_eq!(tlp_of(&json!({})), None);
    }
}
