//! The properties of a row, in the order in which the specification lists them.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Property;

/// Names and types. A row has at most some thirty, so a name is found by looking at each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties(Vec<(String, Property)>);

impl Properties {
    /// The property of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Property> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, property)| property)
    }

    /// Every property, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Property)> {
        self.0.iter().map(|(name, property)| (name.as_str(), property))
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("properties and their types")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut list = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    list.push(entry);
                }
                Ok(Properties(list))
            }
        }
        d.deserialize_map(InOrder)
    }
}
