//! What can be noticed from outside, and the numbers a hub publishes.

use std::collections::BTreeMap;

use super::adversary::{NOTICED_AT_VICTIM, NOTICED_PER_DAY, SHORTLY};
use super::twister::Twister;
use super::view::{Message, Statistic};
use super::world::{DAYS, Incident, World};

/// For each firm, the days on which something was to be noticed: by chance, and at victims often
/// just before they report.
pub(super) fn activity(world: &World) -> Vec<Vec<f64>> {
    let mut chance = Twister::new(world.seed.wrapping_add(7_000));
    let mut noticed: Vec<Vec<f64>> = Vec::with_capacity(world.firms.len());
    for _ in &world.firms {
        let mut days = Vec::new();
        let mut day = chance.exponential(NOTICED_PER_DAY);
        while day < DAYS + 400.0 {
            days.push(day);
            day += chance.exponential(NOTICED_PER_DAY);
        }
        noticed.push(days);
    }
    for incident in &world.incidents {
        let (shows, before) = (chance.unit() < NOTICED_AT_VICTIM, chance.between(0.0, SHORTLY));
        if let Some(days) = noticed.get_mut(incident.victim).filter(|_| shows) {
            days.push(incident.day - before);
        }
    }
    noticed
}

/// Weekly numbers of published cases: per sector exactly, or one band over everybody.
pub(super) fn statistics(
    world: &World,
    messages: &[Message],
    told: &[&Incident],
    per_sector: bool,
) -> Vec<Statistic> {
    let mut counts: BTreeMap<(usize, Option<usize>), u32> = BTreeMap::new();
    for (message, incident) in messages.iter().zip(told) {
        let sector = world.firms.get(incident.victim).map(|f| f.sector).filter(|_| per_sector);
        *counts.entry((super::week(message.at), sector)).or_default() += 1;
    }
    let statistic = |((week, sector), count): ((usize, Option<usize>), u32)| {
        let (least, most) = if per_sector { (count, count) } else { band(count) };
        Statistic { week, sector, least, most }
    };
    let mut all: Vec<Statistic> = counts.into_iter().map(statistic).collect();
    if per_sector {
        fill(&mut all);
    }
    all
}

/// Fewer than five, 5 to 9, 10 to 19, 20 and more.
fn band(count: u32) -> (u32, u32) {
    match count {
        0..5 => (0, 4),
        5..10 => (5, 9),
        10..20 => (10, 19),
        _ => (20, u32::MAX),
    }
}

/// A counter that did not move is published as well.
fn fill(all: &mut Vec<Statistic>) {
    let weeks: std::collections::BTreeSet<usize> = all.iter().map(|s| s.week).collect();
    for week in weeks {
        for sector in 0..super::world::SECTORS.len() {
            if !all.iter().any(|s| s.week == week && s.sector == Some(sector)) {
                all.push(Statistic { week, sector: Some(sector), least: 0, most: 0 });
            }
        }
    }
}
