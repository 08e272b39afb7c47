//! A-coal: members who were not hit pool what they know of themselves.

use super::{Adversary, normal, words};
use crate::Words;
use crate::redteam::view::{Needs, Target, View};

/// Takes the colluding members out of what another adversary believes (m-privacy: Goryczka, Xiong
/// and Fung). Who colludes is chosen by the scorer, for each victim the worst.
pub struct Coalition<A>(pub A);

impl<A: Adversary> Adversary for Coalition<A> {
    fn name(&self) -> &'static str {
        "A-coal"
    }

    fn describe(&self) -> Words {
        words(
            "共謀する会員が自分を候補から除く(被害者ごとに最悪の会員)",
            "colluding members take themselves out; for each victim the worst choice of them",
        )
    }

    fn needs(&self) -> Needs {
        Needs { colluders: true, ..self.0.needs() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        self.0.likelihood(view, release)
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let mut belief = self.0.posterior(view, target);
        for colluder in view.colluders.map(|of| of(target)).unwrap_or_default() {
            if let Some(slot) = belief.get_mut(colluder) {
                *slot = 0.0;
            }
        }
        normal(belief)
    }
}
