//! The public side of a synthetic world: its register, products and trees, as the policy reads them.

use std::collections::{BTreeMap, BTreeSet};

use noroshi_stix::Timestamp;

use super::world::{DAYS, EPOCH_DAYS, Firm, PRODUCTS, SECTORS, World, is_visible};
use crate::policy::{
    Exposure, Facet, Facets, MergeOrder, Neighbour, Parameters, Roster, RosterRow, Tree,
};
use crate::{AnonymityError, MemberId, Words};

/// What the hub knows about who has which product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposures {
    /// What anybody can scan for; of the rest nobody knows.
    Scans,
    /// Everything, from inventories the members gave.
    Inventories,
}

/// Register, products and label trees of a world.
pub struct PublicWorld {
    /// The register.
    pub roster: Roster,
    /// The products.
    pub facets: Facets,
    /// One tree per half year.
    pub trees: Vec<Tree>,
    /// Position in the roster of each firm.
    pub position_of: Vec<usize>,
    /// Firm at each position of the roster.
    pub firm_at: Vec<usize>,
}

/// Microseconds of a day.
const DAY_MICROS: f64 = 86_400_000_000.0;

/// A day of the world as an instant.
#[expect(clippy::cast_possible_truncation, reason = "a few years in microseconds")]
pub fn instant(day: f64) -> Timestamp {
    Timestamp::from_micros((day * DAY_MICROS).round_ties_even() as i64)
}

/// Which tree is in force on a day.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a day of the world is neither negative nor large"
)]
pub fn epoch(day: f64) -> usize {
    (day.max(0.0) / EPOCH_DAYS) as usize
}

/// The id of a firm.
fn id(firm: usize) -> String {
    format!("f{firm:04}")
}

/// The id of a product.
pub fn product_id(product: usize) -> String {
    format!("p{product:02}")
}

/// The order of steps in which the reference model lists them.
pub fn merge_order(with: Neighbour) -> MergeOrder {
    let steps = SECTORS.iter().flat_map(|s| [s.above, s.sector, s.name]);
    let mut order: Vec<String> = Vec::new();
    for step in steps {
        if !order.iter().any(|s| s == step) {
            order.push(step.to_owned());
        }
    }
    MergeOrder { with, order }
}

impl PublicWorld {
    /// What is public of a world under these parameters.
    ///
    /// # Errors
    /// None for a world that was made; a register that cannot be read otherwise.
    pub fn of(
        world: &World,
        parameters: &Parameters,
        exposures: Exposures,
    ) -> Result<Self, AnonymityError> {
        let rows = world.firms.iter().enumerate().map(|(i, firm)| row(i, firm));
        let roster = Roster::from_rows(rows, step_words())?;
        let facets = Facets::new(&roster, products(world, exposures))?;
        let mut trees = Vec::new();
        // Follow-ups come up to 300 days after the last campaign.
        for n in 0..=epoch(DAYS + 400.0) {
            let begin = super::world::index(n) * EPOCH_DAYS;
            trees.push(Tree::make(&roster, parameters, instant(begin)));
        }
        let place = |i: usize| roster.position(&MemberId::new(id(i))).unwrap_or(usize::MAX);
        let position_of: Vec<usize> = (0..world.firms.len()).map(place).collect();
        let mut firm_at = vec![0; position_of.len()];
        for (firm, &position) in position_of.iter().enumerate() {
            if let Some(slot) = firm_at.get_mut(position) {
                *slot = firm;
            }
        }
        Ok(Self { roster, facets, trees, position_of, firm_at })
    }

    /// The tree in force on a day.
    pub fn tree(&self, day: f64) -> Option<&Tree> {
        self.trees.get(epoch(day)).or(self.trees.last())
    }
}

fn row(i: usize, firm: &Firm) -> RosterRow {
    let path = firm.place().map(|s| vec![s.above.into(), s.sector.into(), s.name.into()]);
    RosterRow {
        id: id(i),
        path: path.unwrap_or_default(),
        weight: firm.size.weight(),
        joined: instant(firm.since),
        left: firm.until.is_finite().then(|| instant(firm.until)),
    }
}

fn products(world: &World, exposures: Exposures) -> Vec<Facet> {
    let owners = |product: usize| -> BTreeSet<MemberId> {
        let firms = world.firms.iter().enumerate().filter(|(_, f)| f.has(product));
        firms.map(|(i, _)| MemberId::new(id(i))).collect()
    };
    (0..PRODUCTS)
        .map(|product| Facet {
            id: product_id(product),
            words: Words {
                ja: format!("製品{}", product + 1),
                en: format!("product {}", product + 1),
            },
            exposure: if is_visible(product) || exposures == Exposures::Inventories {
                Exposure::Members(owners(product))
            } else {
                Exposure::Anybody
            },
        })
        .collect()
}

fn step_words() -> BTreeMap<String, Words> {
    let words = super::world::STEP_WORDS.iter();
    words
        .map(|(step, ja, en)| ((*step).to_owned(), Words { ja: (*ja).into(), en: (*en).into() }))
        .collect()
}
