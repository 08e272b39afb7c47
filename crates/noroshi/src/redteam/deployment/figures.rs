//! What adversaries make of a history.

use std::collections::{BTreeMap, BTreeSet};

use noroshi_anonymity::policy::Settings;
use noroshi_anonymity::redteam::{Breach, Score};

use super::replay::{Replayed, Told as Release, float, joined};
use super::{Deployment, Told, Truth};
use crate::history::{Refusal, Weights};

/// The figures of a replayed history.
pub(super) fn figures(replayed: Replayed, truth: Option<&Truth>) -> Deployment {
    let Replayed { records, span, settings, releases, recomputed, refused, shares, direct } =
        replayed;
    let mut crowd = Crowd::of(&releases, truth);
    for release in &releases {
        let victim = crowd.victim(&release.id);
        crowd.add("A-link", &release.who, victim);
    }
    let cases = joined(releases.iter());
    let mut found = Found { refused, breaches: Vec::new() };
    for (id, left) in &cases {
        let victim = crowd.victim(id);
        let (first, last) = ends(&releases, id);
        if let Some(first) = first {
            crowd.add("A-prior", &first.everybody, victim);
        }
        crowd.add("A-join", left, victim);
        let Some(settings) = last.map(|release| &release.settings) else { continue };
        crowd.add("A-coal", &without_colluders(left, settings.c, victim), victim);
        found.bound(id, left, settings);
    }
    crowd.windows(&releases, settings.window_days);
    let worst_cell_share = shares.iter().map(|(share, _)| *share).fold(0.0, f64::max);
    for (measured, allowed) in shares {
        if measured > allowed + ROUNDING {
            found.breaches.push(Breach { limit: "cells", adversary: "", measured, allowed });
        }
    }
    let bits = |r: &Release| (float(r.everybody.len()) / float(r.who.len().max(1))).log2();
    let told = truth.map(|truth| Told {
        cases: cases.keys().filter(|id| truth.contains_key(**id)).count(),
        elsewhere: releases
            .iter()
            .filter(|r| truth.get(&r.id).is_some_and(|victim| !r.who.contains_key(victim)))
            .count(),
    });
    Deployment {
        records,
        span,
        settings,
        cases: cases.len(),
        recomputed,
        refused: found.refused,
        scores: crowd.scores,
        sector_bits: releases.iter().map(bits).sum::<f64>() / float(releases.len().max(1)),
        releases: releases.len(),
        worst_cell_share,
        direct,
        breaches: found.breaches,
        told,
    }
}

/// What must hold and does not.
struct Found {
    refused: Vec<Refusal>,
    breaches: Vec<Breach>,
}

impl Found {
    /// The promise itself, on what all versions of a release leave (ANONYMITY, G1).
    fn bound(&mut self, id: &str, left: &Weights, settings: &Settings) {
        let least = u64::from(settings.k) + u64::from(settings.c);
        if (left.len() as u64) < least {
            self.refused.push(Refusal::new("too-few", id));
        }
        let rest = without_colluders(left, settings.c, None);
        let total: f64 = rest.values().map(|w| f64::from(*w)).sum();
        let most = rest.values().copied().max().map_or(1.0, |w| f64::from(w) / total);
        let allowed = settings.p_max.to_f64();
        if most > allowed + ROUNDING {
            let adversary = "A-coal";
            self.breaches.push(Breach { limit: "bound", adversary, measured: most, allowed });
        }
    }
}

/// Everybody there ever was, and what adversaries believe of them.
struct Crowd<'t> {
    members: Vec<String>,
    truth: Option<&'t Truth>,
    scores: BTreeMap<&'static str, Score>,
}

impl<'t> Crowd<'t> {
    fn of(releases: &[Release], truth: Option<&'t Truth>) -> Self {
        let all = releases.iter().flat_map(|r| r.everybody.keys().chain(r.who.keys()));
        let members: BTreeSet<&String> = all.collect();
        let members = members.into_iter().cloned().collect();
        Self { members, truth, scores: BTreeMap::new() }
    }

    /// The victim of a release, where the truth names it.
    fn victim(&self, id: &str) -> Option<&'t str> {
        self.truth?.get(id).map(String::as_str)
    }

    /// Adds what an adversary believes who weighs these members. With a truth, only what it covers
    /// is scored.
    fn add(&mut self, name: &'static str, who: &Weights, victim: Option<&str>) {
        if self.truth.is_some() && victim.is_none() {
            return;
        }
        let belief = self.belief(who);
        let members = &self.members;
        let is_victim = |i: usize| victim.is_some() && members.get(i).map(String::as_str) == victim;
        self.scores.entry(name).or_default().add(&belief, is_victim);
    }

    /// A-hit: in windows that follow each other, the chance of each member to be some victim.
    fn windows(&mut self, releases: &[Release], days: u32) {
        let Some(first) = releases.first().map(|r| r.at) else { return };
        let (mut begin, mut end) = (first, first.plus_days(i64::from(days)));
        while releases.last().is_some_and(|last| begin <= last.at) {
            let inside: Vec<&Release> =
                releases.iter().filter(|r| begin <= r.at && r.at < end).collect();
            let cases = joined(inside.iter().copied());
            let mut spared = vec![1.0; self.members.len()];
            for left in cases.values() {
                for (s, p) in spared.iter_mut().zip(self.belief(left)) {
                    *s *= 1.0 - p;
                }
            }
            let hit: Vec<f64> = spared.into_iter().map(|s| 1.0 - s).collect();
            let victims: BTreeSet<&str> = cases.keys().filter_map(|id| self.victim(id)).collect();
            let covered = self.truth.is_none() || !victims.is_empty();
            let members = &self.members;
            let is_victim = |i: usize| members.get(i).is_some_and(|m| victims.contains(m.as_str()));
            if covered && !inside.is_empty() {
                self.scores.entry("A-hit").or_default().add(&hit, is_victim);
            }
            (begin, end) = (end, end.plus_days(i64::from(days)));
        }
    }

    /// Shares of weight, in the order of `members`.
    fn belief(&self, who: &Weights) -> Vec<f64> {
        let total: f64 = who.values().map(|w| f64::from(*w)).sum();
        let share = |id: &String| who.get(id).map_or(0.0, |w| f64::from(*w) / total);
        self.members.iter().map(share).collect()
    }
}

/// The worst coalition: the heaviest others, but the guess (or the victim, where it is known) is
/// none of them.
fn without_colluders(who: &Weights, c: u32, victim: Option<&str>) -> Weights {
    let mut order: Vec<(&String, &u32)> = who.iter().collect();
    order.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let spared = victim.filter(|v| who.contains_key(*v)).map(str::to_owned);
    let spared = spared.or_else(|| order.first().map(|(id, _)| (*id).clone()));
    let others = order.iter().filter(|(id, _)| Some(*id) != spared.as_ref());
    let gone: BTreeSet<&String> =
        others.take(usize::try_from(c).unwrap_or(usize::MAX)).map(|(id, _)| *id).collect();
    who.iter().filter(|(id, _)| !gone.contains(id)).map(|(id, w)| (id.clone(), *w)).collect()
}

/// The first and the last version of a release.
fn ends<'r>(releases: &'r [Release], id: &str) -> (Option<&'r Release>, Option<&'r Release>) {
    let mut versions = releases.iter().filter(|r| r.id == id);
    let first = versions.next();
    (first, versions.next_back().or(first))
}

/// Shares are quotients of whole numbers; what differs by less is equal.
const ROUNDING: f64 = 1e-9;
