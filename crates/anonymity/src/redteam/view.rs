//! What an adversary sees: the public register, what was published, and what its kind of adversary
//! has besides. The truth stays with the scorer.

use std::ops::Range;

use super::world::{Firm, PRODUCTS, SECTORS, Sector, Size, World, is_visible};
use crate::policy::NodeId;

/// What the public register says about a firm.
#[derive(Clone, Debug)]
pub struct PublicFirm {
    sector: usize,
    /// Where it has its seat.
    pub region: usize,
    /// Size class.
    pub size: Size,
    /// Its weight in the register.
    pub weight: f64,
    since: f64,
    until: f64,
    /// The products that a scan shows at it, as bits.
    scanned: u32,
}

impl PublicFirm {
    fn of(firm: &Firm) -> Self {
        let visible = (0..PRODUCTS).filter(|j| is_visible(*j)).map(|j| 1_u32 << j).sum::<u32>();
        Self {
            sector: firm.sector,
            region: firm.region,
            size: firm.size,
            weight: firm.weight(),
            since: firm.since,
            until: firm.until,
            scanned: firm.products & visible,
        }
    }

    /// Its sub-sector, as an index of [`SECTORS`].
    pub fn sector_index(&self) -> usize {
        self.sector
    }

    /// Its place in the label tree.
    pub fn place(&self) -> Option<&'static Sector> {
        SECTORS.get(self.sector)
    }

    /// Whether it is a member on this day.
    pub fn is_member(&self, day: f64) -> bool {
        self.since <= day && day < self.until
    }

    /// Whether an outsider must think it may have the product.
    pub fn may_have(&self, product: usize) -> bool {
        !is_visible(product) || self.scanned >> product & 1 == 1
    }
}

/// The fields of a release that say something about its victim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// Super-sector.
    pub above: Option<&'static str>,
    /// Sector.
    pub sector: Option<&'static str>,
    /// Sub-sector.
    pub name: Option<&'static str>,
    /// Region.
    pub region: Option<usize>,
    /// Size class.
    pub size: Option<Size>,
    /// How many machines were reached.
    pub machines: Option<u32>,
    /// Through which product.
    pub product: Option<usize>,
    /// A certified label: which tree, which node.
    pub label: Option<(usize, NodeId)>,
}

/// One release, as everybody sees it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Which releases are about one case. Assumed known to adversaries, who can often tell.
    pub case: usize,
    /// Whether it says that it is the first report on its case.
    pub first: bool,
    /// The public time, in days.
    pub at: f64,
    /// How precise that is, in days.
    pub precision: f64,
    /// What it says.
    pub fields: Fields,
    /// How many candidates its certificate states, where it has one.
    pub stated_candidates: Option<usize>,
}

/// A published number: so many cases were reported by one sector in one week.
#[derive(Clone, Copy, Debug)]
pub struct Statistic {
    /// Week, counted from the first day.
    pub week: usize,
    /// Sub-sector, as an index; `None` for all members together.
    pub sector: Option<usize>,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
}

/// What kinds of knowledge an adversary has beyond register and releases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Every product of every firm.
    pub inventories: bool,
    /// The system's code.
    pub algorithm: bool,
    /// When something was to be noticed at each firm: traffic, outages, uploads.
    pub activity: bool,
    /// Published statistics.
    pub statistics: bool,
    /// The bytes of what was released.
    pub objects: bool,
    /// Members who tell what they know of themselves.
    pub colluders: bool,
}

/// What one adversary is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The victim of one release, on its own.
    Release(usize),
    /// The victim of a case, from all releases on it.
    Case(usize),
    /// Who was a victim at all, in this many-eth window of 90 days.
    Window(usize),
}

/// What the system would publish, as far as it is known.
pub trait Algorithm {
    /// Whether it takes earlier releases on a case into account.
    fn remembers(&self) -> bool;

    /// For the release at `index`, had it been about one of these products and had its victim been
    /// one of `known`: who would have got which fields. Firms that would have been held are left
    /// out.
    fn outputs(
        &self,
        view: &View<'_>,
        index: usize,
        known: &[bool],
        products: Range<usize>,
    ) -> Vec<Output>;
}

/// What some firms would have got, had the attack come through one product.
#[derive(Clone, Debug)]
pub struct Output {
    /// The product.
    pub product: usize,
    /// What would have been said.
    pub fields: Fields,
    /// Of whom.
    pub firms: Vec<usize>,
}

/// Released bytes and what is public about those who wrote them.
pub struct Objects<'a> {
    /// For each release the bytes of its objects; empty where none were made.
    pub released: &'a [Vec<u8>],
    /// The tool each firm writes its reports with; job advertisements tell.
    pub tool_of: &'a [usize],
    /// What a release looks like that was written with each tool. Every member can find out by
    /// reporting something.
    pub looks: &'a [String],
    /// Finds what firms are called and own.
    pub hunter: &'a super::adversary::TextHunter,
}

/// What is given to an adversary.
pub struct View<'a> {
    /// The public register.
    pub firms: &'a [PublicFirm],
    /// Everything published, in order.
    pub messages: &'a [Message],
    /// The code that publishes, for those who need it and where it is not a person.
    pub algorithm: Option<&'a dyn Algorithm>,
    /// All products of each firm, for those who need it.
    pub inventories: Option<&'a [u32]>,
    /// For each firm, the days on which something was to be noticed.
    pub activity: Option<&'a [Vec<f64>]>,
    /// Published statistics.
    pub statistics: Option<&'a [Statistic]>,
    /// What was released byte by byte, and what is known about who writes how.
    pub objects: Option<&'a Objects<'a>>,
    /// Whom the labels name: public trees.
    pub labels: Option<&'a dyn Fn(usize, NodeId) -> Vec<bool>>,
    /// For each target the members who collude.
    pub colluders: Option<&'a dyn Fn(Target) -> Vec<usize>>,
}

impl<'a> View<'a> {
    /// Register and releases alone.
    pub fn bare(firms: &'a [PublicFirm], messages: &'a [Message]) -> Self {
        Self {
            firms,
            messages,
            algorithm: None,
            inventories: None,
            activity: None,
            statistics: None,
            objects: None,
            labels: None,
            colluders: None,
        }
    }

    /// The releases on a case, in order.
    pub fn releases_of(&self, case: usize) -> impl Iterator<Item = usize> + '_ {
        self.messages.iter().enumerate().filter(move |(_, m)| m.case == case).map(|(i, _)| i)
    }
}

/// What is public about the firms of a world.
pub fn public_firms(world: &World) -> Vec<PublicFirm> {
    world.firms.iter().map(PublicFirm::of).collect()
}
