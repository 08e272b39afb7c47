//! A synthetic world: firms, their products, two years of attacks on them.
//!
//! Sizes of sectors, frequencies of products and the incident model are assumptions; what the
//! attacks find in such a world shows the order of systems and whether a bound is exact, not the
//! rates of the real one. The same seed gives the same world everywhere, and the same as the
//! reference model's.

mod incidents;
mod places;
mod table_order;

pub use incidents::Incident;
pub use places::{REGIONS, SECTORS, STEP_WORDS, Sector};

use super::twister::Twister;

/// How many products there are. Every second one faces the network, so that anybody can scan for
/// who has it.
pub const PRODUCTS: usize = 24;
/// How long the world lasts.
pub const DAYS: f64 = 720.0;
/// How long one label tree is in force.
pub const EPOCH_DAYS: f64 = 180.0;

/// Size class of a firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// Weight 4.
    Large,
    /// Weight 2.
    Middle,
    /// Weight 1.
    Small,
}

impl Size {
    const ALL: [Self; 3] = [Self::Large, Self::Middle, Self::Small];

    /// The public weight of its class.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Large => 4,
            Self::Middle => 2,
            Self::Small => 1,
        }
    }

    /// Mean of the logarithm of the number of machines an attack reaches.
    pub const fn machines(self) -> f64 {
        match self {
            Self::Large => 4.2,
            Self::Middle => 3.2,
            Self::Small => 2.2,
        }
    }
}

/// Spread of the logarithm of the number of machines.
pub const MACHINES_SPREAD: f64 = 0.8;

/// One firm of the register.
#[derive(Clone, Debug)]
pub struct Firm {
    /// Index into [`SECTORS`].
    pub sector: usize,
    /// Index into [`REGIONS`].
    pub region: usize,
    /// Size class, which is public.
    pub size: Size,
    /// The products it has, as bits. Those that do not face the network only it knows.
    pub products: u32,
    /// Day it became a member.
    pub since: f64,
    /// Day it left; infinite for most.
    pub until: f64,
}

impl Firm {
    /// Whether it is a member on this day.
    pub fn is_member(&self, day: f64) -> bool {
        self.since <= day && day < self.until
    }

    /// Whether it has the product.
    pub fn has(&self, product: usize) -> bool {
        self.products >> product & 1 == 1
    }

    /// Super-sector, sector, sub-sector.
    pub fn place(&self) -> Option<&'static Sector> {
        SECTORS.get(self.sector)
    }

    /// Its public weight.
    pub fn weight(&self) -> f64 {
        f64::from(self.size.weight())
    }
}

/// Whether anybody can scan for who has the product.
pub const fn is_visible(product: usize) -> bool {
    product.is_multiple_of(2)
}

/// Share of firms that have each product.
pub(super) fn popularity() -> Vec<f64> {
    (0..PRODUCTS).map(|j| (0.6 * 0.86_f64.powf(index(j))).max(0.02)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
pub(super) const fn index(n: usize) -> f64 {
    n as f64
}

/// Everything that happened, the truth included.
pub struct World {
    /// The seed it came from.
    pub seed: u32,
    /// Every firm that was ever a member.
    pub firms: Vec<Firm>,
    /// How many of them are there from the first day.
    pub founders: usize,
    /// Every attack that was reported, in order of time.
    pub incidents: Vec<Incident>,
    /// The stream of chance after the world was made.
    pub chance: Twister,
}

impl World {
    /// The world of a seed, with this many campaigns (the reference has 150).
    pub fn make(seed: u32, campaigns: usize) -> Self {
        let mut chance = Twister::new(seed);
        let mut firms = found(&mut chance);
        let founders = firms.len();
        churn(&mut firms, &mut chance);
        let incidents = incidents::happen(&firms, &mut chance, campaigns);
        Self { seed, firms, founders, incidents, chance }
    }
}

const REGION_SHARES: [f64; 8] = [0.45, 0.18, 0.13, 0.08, 0.06, 0.05, 0.03, 0.02];
const SIZE_SHARES: [f64; 3] = [0.25, 0.45, 0.30];

/// Draws a region and a size.
fn draw(chance: &mut Twister) -> (usize, Size) {
    let region = chance.weighted(&REGION_SHARES);
    let size = Size::ALL.get(chance.weighted(&SIZE_SHARES)).copied().unwrap_or(Size::Small);
    (region, size)
}

fn found(chance: &mut Twister) -> Vec<Firm> {
    let popularity = popularity();
    let mut firms = Vec::new();
    for (sector, place) in SECTORS.iter().enumerate() {
        for _ in 0..place.firms {
            let (region, size) = draw(chance);
            let has = |(j, share): (usize, &f64)| u32::from(chance.unit() < *share) << j;
            let products = popularity.iter().enumerate().map(has).sum();
            firms.push(Firm { sector, region, size, products, since: 0.0, until: f64::INFINITY });
        }
    }
    firms
}

/// Every half year some members leave and others of the same kinds join.
fn churn(firms: &mut Vec<Firm>, chance: &mut Twister) {
    let founders = firms.len();
    let mut day = EPOCH_DAYS;
    while day < DAYS {
        for firm in firms.iter_mut().take(founders) {
            if firm.until > day && chance.unit() < 0.04 {
                firm.until = day + chance.between(0.0, EPOCH_DAYS);
            }
        }
        for _ in 0..founders / 20 {
            let Some(like) = firms.get(chance.below(founders)).cloned() else { continue };
            let (region, size) = draw(chance);
            let since = day + chance.between(0.0, EPOCH_DAYS);
            firms.push(Firm { region, size, since, until: f64::INFINITY, ..like });
        }
        day += EPOCH_DAYS;
    }
}
