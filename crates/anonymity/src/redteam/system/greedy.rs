//! The usual way to make one record k-anonymous: generalise it until k firms match.

use std::collections::HashMap;
use std::ops::Range;

use super::{Published, System};
use crate::redteam::view::{Algorithm, Fields, Message, Output, PublicFirm, View, public_firms};
use crate::redteam::world::{Incident, Size, World};

/// The least generalisation of sector, region and size that k members match, for each record anew.
pub struct Greedy {
    k: usize,
    firms: Vec<PublicFirm>,
}

impl Greedy {
    /// For groups of `k`.
    pub fn new(k: usize, world: &World) -> Self {
        Self { k, firms: public_firms(world) }
    }

    /// What is said about this firm, given how many firms match each combination of fields.
    fn generalise(&self, victim: &PublicFirm, product: usize, matching: &Matching) -> Fields {
        for level in LEVELS {
            if matching.get(&key(victim, level)).is_some_and(|n| *n >= self.k) {
                return fields(victim, level, product);
            }
        }
        Fields { product: Some(product), ..Fields::default() }
    }

    /// How many members match each combination and may have the product.
    fn matching(&self, day: f64, product: usize) -> Matching {
        let mut counts = Matching::new();
        for firm in self.present(day).into_iter().filter(|f| f.may_have(product)) {
            for level in LEVELS {
                *counts.entry(key(firm, level)).or_default() += 1;
            }
        }
        counts
    }

    fn present(&self, day: f64) -> Vec<&PublicFirm> {
        self.firms.iter().filter(|f| f.is_member(day)).collect()
    }
}

type Level = (usize, bool, bool);
type Key = (&'static str, Option<usize>, Option<Size>, usize);
type Matching = HashMap<Key, usize>;

/// One combination of fields. A step names its place on its own at its depth.
fn key(f: &PublicFirm, (depth, region, size): Level) -> Key {
    let step = f.place().map_or("", |p| match depth {
        0 => "",
        1 => p.above,
        2 => p.sector,
        _ => p.name,
    });
    (step, region.then_some(f.region), size.then_some(f.size), depth)
}

/// Depth of the sector, region kept, size kept: the most specific first, sectors before the rest.
const LEVELS: [Level; 16] = [
    (3, true, true),
    (3, true, false),
    (3, false, true),
    (3, false, false),
    (2, true, true),
    (2, true, false),
    (2, false, true),
    (2, false, false),
    (1, true, true),
    (1, true, false),
    (1, false, true),
    (1, false, false),
    (0, true, true),
    (0, true, false),
    (0, false, true),
    (0, false, false),
];

fn fields(f: &PublicFirm, (depth, region, size): Level, product: usize) -> Fields {
    let place = f.place();
    Fields {
        above: place.filter(|_| depth >= 1).map(|p| p.above),
        sector: place.filter(|_| depth >= 2).map(|p| p.sector),
        name: place.filter(|_| depth >= 3).map(|p| p.name),
        region: region.then_some(f.region),
        size: size.then_some(f.size),
        product: Some(product),
        ..Fields::default()
    }
}

fn matches(f: &PublicFirm, fields: &Fields) -> bool {
    let Some(place) = f.place() else { return false };
    fields.above.is_none_or(|x| x == place.above)
        && fields.sector.is_none_or(|x| x == place.sector)
        && fields.name.is_none_or(|x| x == place.name)
        && fields.region.is_none_or(|x| x == f.region)
        && fields.size.is_none_or(|x| x == f.size)
}

impl System for Greedy {
    fn publish(&mut self, _world: &World, incident: &Incident) -> Option<Published> {
        let matching = self.matching(incident.day, incident.product);
        let victim = self.firms.get(incident.victim).filter(|f| f.is_member(incident.day))?;
        let fields = self.generalise(victim, incident.product, &matching);
        let claimed = self.firms.iter().enumerate().filter(|(_, f)| {
            f.is_member(incident.day) && f.may_have(incident.product) && matches(f, &fields)
        });
        let claimed: Vec<usize> = claimed.map(|(i, _)| i).collect();
        let message = Message {
            case: incident.case,
            first: incident.first,
            at: incident.day,
            precision: 0.0,
            fields,
            stated_candidates: Some(claimed.len()),
        };
        Some(Published { candidates: Some(claimed), ..Published::plain(message) })
    }

    fn algorithm(&self) -> Option<&dyn Algorithm> {
        Some(self)
    }
}

impl Algorithm for Greedy {
    fn remembers(&self) -> bool {
        false
    }

    fn outputs(
        &self,
        view: &View<'_>,
        index: usize,
        known: &[bool],
        products: Range<usize>,
    ) -> Vec<Output> {
        let day = view.messages.get(index).map_or(0.0, |m| m.at);
        let mut outputs: Vec<Output> = Vec::new();
        for product in products {
            let matching = self.matching(day, product);
            for (i, firm) in self.firms.iter().enumerate() {
                if known.get(i) != Some(&true) || !firm.is_member(day) || !firm.may_have(product) {
                    continue;
                }
                let fields = self.generalise(firm, product, &matching);
                match outputs.iter_mut().find(|o| o.fields == fields) {
                    Some(output) => output.firms.push(i),
                    None => outputs.push(Output { product, fields, firms: vec![i] }),
                }
            }
        }
        outputs
    }
}
