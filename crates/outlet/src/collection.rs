//! The collections on the shelf. Their ids are part of the interface and never change.

/// A TAXII collection whose objects are on the shelf, under the hub's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collection {
    /// The signal lane: machine indicators without any victim field.
    Signals,
    /// The context lane: reviewed techniques and countermeasures under a generalised label.
    Context,
    /// Open intelligence of partner CERTs and the desk, kept by value. No member's report.
    Partners,
}

/// The collection that only takes: what members' machines post there becomes an attributed report.
/// Nothing of it is on the shelf, so it is no [`Collection`].
pub(crate) const INBOX_ID: &str = "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a03";
/// The name that may stand for [`INBOX_ID`].
pub(crate) const INBOX_ALIAS: &str = "inbox";

impl Collection {
    /// Every collection, in the order they are listed.
    pub const ALL: [Collection; 3] =
        [Collection::Signals, Collection::Context, Collection::Partners];

    /// The fixed UUID.
    pub const fn id(self) -> &'static str {
        match self {
            Collection::Signals => "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01",
            Collection::Context => "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a02",
            Collection::Partners => "8a1c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a04",
        }
    }

    /// The name that may stand for the id in paths, and that batch heads carry.
    pub const fn alias(self) -> &'static str {
        match self {
            Collection::Signals => "signals",
            Collection::Context => "context",
            Collection::Partners => "partners",
        }
    }

    /// The title that TAXII clients show.
    pub const fn title(self) -> &'static str {
        match self {
            Collection::Signals => "Signals",
            Collection::Context => "Context",
            Collection::Partners => "Partners",
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
            Collection::Partners => {
                "Open intelligence that partner CERTs and the desk bring, kept by value."
            }
        }
    }

    /// The collection with this id or alias.
    pub fn find(name: &str) -> Option<Collection> {
        Collection::ALL.into_iter().find(|c| c.alias() == name || c.id().eq_ignore_ascii_case(name))
    }

    /// Whether it holds what the hub itself released. Block lists, the stream and the page show
    /// releases only.
    pub const fn is_released(self) -> bool {
        matches!(self, Collection::Signals | Collection::Context)
    }

    /// Its place in [`Collection::ALL`].
    pub(crate) const fn index(self) -> usize {
        match self {
            Collection::Signals => 0,
            Collection::Context => 1,
            Collection::Partners => 2,
        }
    }
}
