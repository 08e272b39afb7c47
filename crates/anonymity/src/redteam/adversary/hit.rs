//! A-hit: does not ask who a release is about, but who was hit at all.

use std::collections::BTreeSet;

use super::{Adversary, words};
use crate::Words;
use crate::redteam::view::{Needs, Target, View};

/// Adds up, over all cases of a window, the chance that each firm is one of the victims. This is
/// what anonymity among `k` does not help against once all `k` were hit.
pub struct Hit<A>(pub A);

/// Length of a window, in days.
pub const WINDOW_DAYS: f64 = 90.0;

impl<A: Adversary> Adversary for Hit<A> {
    fn name(&self) -> &'static str {
        "A-hit"
    }

    fn describe(&self) -> Words {
        words(
            "90日間の公開情報すべてから、各会員がどれかの被害者である確率を求める",
            "from all releases of 90 days, the chance of each member to be some victim",
        )
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        self.0.likelihood(view, release)
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let Target::Window(number) = target else { return self.0.posterior(view, target) };
        let begin = crate::redteam::world::index(number) * WINDOW_DAYS;
        let inside = |at: f64| begin <= at && at < begin + WINDOW_DAYS;
        let cases: BTreeSet<usize> =
            view.messages.iter().filter(|m| inside(m.at)).map(|m| m.case).collect();
        let mut spared = vec![1.0; view.firms.len()];
        for case in cases {
            for (s, p) in spared.iter_mut().zip(self.0.posterior(view, Target::Case(case))) {
                *s *= 1.0 - p;
            }
        }
        spared.into_iter().map(|s| 1.0 - s).collect()
    }
}
