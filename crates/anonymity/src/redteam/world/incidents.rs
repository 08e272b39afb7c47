//! Attacks: campaigns that hit firms with one product, often of one or two sectors.

use std::collections::BTreeSet;

use super::table_order::table_order;
use super::{DAYS, Firm, MACHINES_SPREAD, PRODUCTS, SECTORS, popularity};
use crate::redteam::twister::Twister;

/// One report about one attack: the truth, which no adversary sees.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The case: all reports with one number are about one victim and one attack.
    pub case: usize,
    /// The campaign it belongs to.
    pub campaign: usize,
    /// Who was hit, as an index of firms.
    pub victim: usize,
    /// When the report was made, in days with fractions.
    pub day: f64,
    /// Through which product.
    pub product: usize,
    /// How many machines.
    pub machines: u32,
    /// Whether it is the first report on the case.
    pub first: bool,
}

/// How many firms a campaign hits, and how often.
const VICTIMS: [(usize, f64); 5] = [(1, 0.45), (2, 0.25), (3, 0.15), (4, 0.1), (6, 0.05)];

pub(super) fn happen(firms: &[Firm], chance: &mut Twister, campaigns: usize) -> Vec<Incident> {
    let sectors: Vec<&str> =
        SECTORS.iter().map(|s| s.sector).collect::<BTreeSet<_>>().into_iter().collect();
    let popularity: Vec<f64> = popularity().into_iter().map(|x| x.powf(0.5)).collect();
    let victim_shares = VICTIMS.map(|(_, share)| share);
    let mut incidents: Vec<Incident> = Vec::new();
    let mut case = 0;
    for campaign in 0..campaigns {
        let day = chance.between(0.0, DAYS - 1.0);
        let product = chance.weighted(&popularity);
        let focus: Vec<&str> = if chance.unit() < 0.6 {
            let two = chance.two_of(sectors.len());
            two.iter().filter_map(|i| sectors.get(*i).copied()).collect()
        } else {
            sectors.clone()
        };
        let is_target = |f: &Firm| {
            let sector = f.place().map_or("", |p| p.sector);
            f.is_member(day) && f.has(product) && focus.contains(&sector)
        };
        let targets: Vec<usize> =
            firms.iter().enumerate().filter(|(_, f)| is_target(f)).map(|(i, _)| i).collect();
        let weights: Vec<f64> =
            targets.iter().filter_map(|i| firms.get(*i)).map(Firm::weight).collect();
        let wanted = VICTIMS.get(chance.weighted(&victim_shares)).map_or(1, |(n, _)| *n);
        let wanted = wanted.min(targets.len());
        let mut victims: Vec<usize> = Vec::new();
        while victims.len() < wanted {
            let victim = targets.get(chance.weighted(&weights)).copied().unwrap_or(0);
            if !victims.contains(&victim) {
                victims.push(victim);
            }
        }
        for victim in table_order(&victims) {
            let Some(firm) = firms.get(victim) else { continue };
            let day = day + chance.exponential(1.0 / 5.0);
            let machines = machines(chance.gauss(firm.size.machines(), MACHINES_SPREAD).exp());
            let first = Incident { case, campaign, victim, day, product, machines, first: true };
            case += 1;
            incidents.push(first.clone());
            if chance.unit() < 0.5 {
                let product = another_product(firm, product, chance);
                let day = day + chance.between(5.0, 300.0);
                incidents.push(Incident { day, product, first: false, ..first });
            }
        }
    }
    incidents.sort_by(|a, b| a.day.total_cmp(&b.day));
    incidents
}

/// A later report is as often about another of the firm's products.
fn another_product(firm: &Firm, product: usize, chance: &mut Twister) -> usize {
    if chance.unit() < 0.5 || firm.products.count_ones() < 2 {
        return product;
    }
    let all: Vec<usize> = (0..PRODUCTS).filter(|j| firm.has(*j)).collect();
    all.get(chance.below(all.len())).copied().unwrap_or(product)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive count of machines, cut to a whole number"
)]
fn machines(x: f64) -> u32 {
    (x as u32).max(1)
}
