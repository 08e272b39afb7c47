//! The Permissible Actions Protocol: what a recipient may do with something, as TLP says how far it
//! may be passed on.
//!
//! STIX itself has no PAP marking; the ids are those of the marking definitions published for the
//! PAP extension of the OASIS collection of common objects.

use std::fmt;

use serde_json::{Value, json};

/// A PAP label. Ordered by restriction: a greater label allows less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pap {
    /// Every use.
    Clear,
    /// Active actions: blocking, pinging the target.
    Green,
    /// Passive checks, also through third parties.
    Amber,
    /// Nothing that can be noticed from outside.
    Red,
}

impl Pap {
    /// Every label, the freest first.
    pub const ALL: [Pap; 4] = [Pap::Clear, Pap::Green, Pap::Amber, Pap::Red];

    /// Restriction from 0 (clear) to 3 (red).
    pub const fn rank(self) -> u8 {
        match self {
            Pap::Clear => 0,
            Pap::Green => 1,
            Pap::Amber => 2,
            Pap::Red => 3,
        }
    }

    /// The label as PAP writes it.
    pub const fn label(self) -> &'static str {
        match self {
            Pap::Clear => "PAP:CLEAR",
            Pap::Green => "PAP:GREEN",
            Pap::Amber => "PAP:AMBER",
            Pap::Red => "PAP:RED",
        }
    }

    /// Reads a label in any case, with or without `PAP:`; `WHITE` is the former name of clear.
    pub fn from_label(text: &str) -> Option<Pap> {
        let text = text.trim();
        let name = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("pap:") => text.get(4..)?,
            _ => text,
        };
        if name.eq_ignore_ascii_case("white") {
            return Some(Pap::Clear);
        }
        Pap::ALL.into_iter().find(|p| p.bare().eq_ignore_ascii_case(name))
    }

    /// The identifier of the marking definition.
    pub const fn stix_id(self) -> &'static str {
        match self {
            Pap::Clear => "marking-definition--ad15a0cd-55b6-4588-a14c-a66105329b92",
            Pap::Green => "marking-definition--c43594d1-4b11-4c59-93ab-1c9b14d53ce9",
            Pap::Amber => "marking-definition--60f8932b-e51e-4458-b265-a2e8be9a80ab",
            Pap::Red => "marking-definition--740d36e5-7714-4c30-961a-3ae632ceee0e",
        }
    }

    /// The label whose marking definition has this identifier.
    pub fn from_stix_id(id: &str) -> Option<Pap> {
        if id.eq_ignore_ascii_case(WHITE) {
            return Some(Pap::Clear);
        }
        Pap::ALL.into_iter().find(|p| p.stix_id().eq_ignore_ascii_case(id))
    }

    fn bare(self) -> &'static str {
        self.label().trim_start_matches("PAP:")
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// The strictest PAP label among an object's `object_marking_refs`; `None` where it has none.
pub fn pap_of(object: &Value) -> Option<Pap> {
    let refs = object.get("object_marking_refs")?.as_array()?;
    refs.iter().filter_map(Value::as_str).filter_map(Pap::from_stix_id).max()
}

/// The published marking definition of `pap`, for servers and bundles to send along.
pub fn pap_marking_definition(pap: Pap) -> Value {
    let created = match pap {
        Pap::Clear => "2022-10-01T00:00:00.000Z",
        Pap::Green => "2022-10-09T00:00:00.000Z",
        Pap::Amber => "2022-10-02T00:00:00.000Z",
        Pap::Red => "2022-10-06T00:00:00.000Z",
    };
    json!({
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": pap.stix_id(),
        "created": created,
        "name": pap.label(),
        "extensions": {
            PAP_EXTENSION: {
                "extension_type": "property-extension",
                "pap": pap.bare().to_ascii_lowercase(),
            }
        }
    })
}

/// The extension that carries PAP in a marking definition.
const PAP_EXTENSION: &str = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b";

/// The marking definition of the former name of clear: read, never written.
const WHITE: &str = "marking-definition--a3bea94c-b469-41dc-9cfe-d6e7daba7730";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::validate_value;

    #[test]
    fn labels_and_ids_lead_back() {
        for (i, pap) in Pap::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(pap.rank()), i);
            assert_eq!(Pap::from_label(pap.label()), Some(pap));
            assert_eq!(Pap::from_label(pap.bare()), Some(pap));
            assert_eq!(Pap::from_stix_id(pap.stix_id()), Some(pap));
            assert_eq!(validate_value(&pap_marking_definition(pap)), []);
        }
        assert_eq!(Pap::from_label("pap:white"), Some(Pap::Clear));
        assert_eq!(Pap::from_label("PAP:AMBER+STRICT"), None);
        let both =
            json!({"object_marking_refs": [Pap::Green.stix_id(), Pap::Amber.stix_id(), WHITE]});
        assert_eq!(pap_of(&both), Some(Pap::Amber));
        assert_eq!(pap_of(&json!({})), None);
    }
}
