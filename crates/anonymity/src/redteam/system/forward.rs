//! What is passed on today: tags stay, or industry and area, or what an analyst finds harmless.

use super::{Published, System};
use crate::redteam::twister::Twister;
use crate::redteam::view::{Fields, Message};
use crate::redteam::world::{Incident, World};

/// Which practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarder {
    /// Another organisation takes the event over; everything but the author stays. How often which
    /// tag is there is an assumption: sub-sector 60 %, else sector 75 %, region 30 %, count 50 %.
    MispDelegation,
    /// Author removed, no industry: the product alone.
    AisBare,
    /// Author removed, industry and administrative area kept in the marking.
    AisMarked,
    /// An analyst writes down sector and product, no numbers.
    Analyst,
}

/// Publishes by one of these practices.
pub struct Forward {
    kind: Forwarder,
    chance: Twister,
}

impl Forward {
    /// Goes on with the world's stream of chance.
    pub fn new(kind: Forwarder, world: &World) -> Self {
        Self { kind, chance: world.chance.clone() }
    }
}

impl System for Forward {
    fn publish(&mut self, world: &World, incident: &Incident) -> Option<Published> {
        let firm = world.firms.get(incident.victim).filter(|f| f.is_member(incident.day))?;
        let place = firm.place()?;
        let product = Some(incident.product);
        let fields = match self.kind {
            Forwarder::MispDelegation => {
                let tag = self.chance.unit();
                Fields {
                    name: (tag < 0.6).then_some(place.name),
                    sector: (tag < 0.9).then_some(place.sector),
                    region: (self.chance.unit() < 0.3).then_some(firm.region),
                    machines: (self.chance.unit() < 0.5).then_some(incident.machines),
                    product,
                    ..Fields::default()
                }
            }
            Forwarder::AisBare => Fields { product, ..Fields::default() },
            Forwarder::AisMarked => Fields {
                above: Some(place.above),
                region: Some(firm.region),
                product,
                ..Fields::default()
            },
            Forwarder::Analyst => {
                Fields { sector: Some(place.sector), product, ..Fields::default() }
            }
        };
        Some(Published::plain(Message {
            case: incident.case,
            first: incident.first,
            at: incident.day,
            precision: 0.0,
            fields,
            stated_candidates: None,
        }))
    }
}
