//! The collections of releases. Their ids are part of the interface and never change.

/// A TAXII collection that holds what the hub released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collection {
    /// The signal lane: machine indicators without any victim field.
    Signals,
    /// The context lane: reviewed techniques and countermeasures under a generalised label.
    Context,
}

impl Collection {
    /// Every collection, in the order they are listed.
    pub const ALL: [Collection; 2] = [Collection::Signals, Collection::Context];

    /// The fixed UUID.
    pub const fn id(self) -> &'static str {
        match self {
            Collection::Signals => "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01",
            Collection::Context => "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a02",
        }
    }

    /// The name that may stand for the id in paths, and that batch heads carry.
    pub const fn alias(self) -> &'static str {
        match self {
            Collection::Signals => "signals",
            Collection::Context => "context",
        }
    }

    /// The title that TAXII clients show.
    pub const fn title(self) -> &'static str {
        match self {
            Collection::Signals => "Signals",
            Collection::Context => "Context",
        }
    }

    /// What the collection holds, for people.
    pub const fn description(self) -> &'static str {
        match self {
            Collection::Signals => {
                "Machine indicators of attacks on members, released every tick. No victim field."
            }
            Collection::Context => {
                "Reviewed context: techniques and countermeasures, with a generalised victim label."
            }
        }
    }

    /// The collection with this id or alias.
    pub fn find(name: &str) -> Option<Collection> {
        Collection::ALL.into_iter().find(|c| c.alias() == name || c.id().eq_ignore_ascii_case(name))
    }

    /// A small number for compact tables in memory.
    pub(crate) const fn index(self) -> u8 {
        match self {
            Collection::Signals => 0,
            Collection::Context => 1,
        }
    }
}
