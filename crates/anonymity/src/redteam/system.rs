//! Ways to publish: models of what others do, and ours with its deliberate faults.

mod cut;
mod forward;
mod greedy;

pub use cut::{Cut, CutSetup, Fault};
pub use forward::{Forward, Forwarder};
pub use greedy::Greedy;

use super::view::{Algorithm, Message};
use super::world::{Incident, World};
use crate::policy::NodeId;

/// What a system published about one incident, with what only the scorer may see.
pub struct Published {
    /// What everybody sees.
    pub message: Message,
    /// Who is said to be possible, by firm.
    pub candidates: Option<Vec<usize>>,
    /// Bits of information about the victim's sector.
    pub sector_bits: Option<f64>,
    /// Share of the labelled cell that was published as victims, but for the root.
    pub cell_share: Option<f64>,
    /// How specific the label is.
    pub level: Option<Level>,
    /// Whether its certificate follows from public data; `None` where it was not checked.
    pub certificate_holds: Option<bool>,
}

impl Published {
    /// A message without a certificate.
    pub fn plain(message: Message) -> Self {
        Self {
            message,
            candidates: None,
            sector_bits: None,
            cell_share: None,
            level: None,
            certificate_holds: None,
        }
    }
}

/// How specific a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// "A member".
    Root,
    /// A super-sector, or several.
    Above,
    /// A sector, a sub-sector, or several.
    Cell,
}

/// Publishes about incidents in the order they are reported.
pub trait System {
    /// What is published about this incident; `None` where it is held.
    fn publish(&mut self, world: &World, incident: &Incident) -> Option<Published>;

    /// The code, where it is not a person who decides.
    fn algorithm(&self) -> Option<&dyn Algorithm> {
        None
    }

    /// Whom a label names, by firm.
    fn named(&self, _epoch: usize, _node: NodeId) -> Vec<bool> {
        Vec::new()
    }
}
