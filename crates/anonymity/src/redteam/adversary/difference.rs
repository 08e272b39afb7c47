//! A-diff: subtracts published numbers from each other.

use super::{Adversary, words};
use crate::Words;
use crate::redteam::view::{Needs, View};
use crate::redteam::world::SECTORS;

/// A counter per sector that went up by one in the week of a release says whose sector it was.
/// Bands over all members say nothing.
pub struct Difference<A>(pub A);

impl<A: Adversary> Adversary for Difference<A> {
    fn name(&self) -> &'static str {
        "A-diff"
    }

    fn describe(&self) -> Words {
        words(
            "公開統計の週ごとの差分から、どの区分で増えたかを読み取る",
            "subtracts last week's published numbers from this week's",
        )
    }

    fn needs(&self) -> Needs {
        Needs { statistics: true, ..self.0.needs() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let mut likelihood = self.0.likelihood(view, release);
        let (Some(message), Some(all)) = (view.messages.get(release), view.statistics) else {
            return likelihood;
        };
        let week = crate::redteam::week(message.at);
        let of_week: Vec<_> = all.iter().filter(|s| s.week == week).collect();
        let mut weight_of = vec![0.0; SECTORS.len()];
        for firm in view.firms.iter().filter(|f| f.is_member(message.at)) {
            if let Some(weight) = weight_of.get_mut(firm.sector_index()) {
                *weight += firm.weight;
            }
        }
        let informed: Vec<f64> = likelihood
            .iter()
            .zip(view.firms)
            .map(|(l, firm)| {
                let sector = firm.sector_index();
                let weight: f64 = weight_of.get(sector).copied().unwrap_or(1.0);
                let own = of_week.iter().filter(|s| s.sector == Some(sector));
                own.fold(*l, |l, s| l * f64::from(s.least + s.most) / 2.0 / weight.max(1.0))
            })
            .collect();
        if informed.iter().any(|l| *l > 0.0) {
            likelihood = informed;
        }
        likelihood
    }
}
