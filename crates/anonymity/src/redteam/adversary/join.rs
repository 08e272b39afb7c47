//! A-join: reads all releases on one case together, those that say so and those it believes in.

use super::{Adversary, normal, words};
use crate::Words;
use crate::redteam::view::{Needs, Target, View};

/// Intersects what another adversary found in each release of a case (the composition attack of
/// Ganta and others, 2008).
pub struct Join<A>(pub A);

impl<A: Adversary> Adversary for Join<A> {
    fn name(&self) -> &'static str {
        "A-join"
    }

    fn describe(&self) -> Words {
        words(
            "同じ事案に関する公開情報をすべて突き合わせる",
            "reads all releases on one case together",
        )
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        self.0.likelihood(view, release)
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let joined = match target {
            Target::Release(index) => view.messages.get(index).map(|m| Target::Case(m.case)),
            other => Some(other),
        };
        joined.map_or_else(Vec::new, |target| self.0.posterior(view, target))
    }
}

/// Also joins cases it believes to be one: published within a week, about the same product. It
/// finds a victim that reported under two keys, and errs where two firms were hit alike.
pub struct Believed<A>(pub A);

/// How far apart releases may be that it takes for one case, in days.
const SAME_WEEK: f64 = 7.0;

impl<A: Adversary> Adversary for Believed<A> {
    fn name(&self) -> &'static str {
        "A-join (believed)"
    }

    fn describe(&self) -> Words {
        words(
            "同じ週・同じ製品の公開情報も同一事案とみなして突き合わせる",
            "also joins cases of one week and product, believing them to be one",
        )
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        self.0.likelihood(view, release)
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let Target::Case(case) = target else { return self.0.posterior(view, target) };
        let own: Vec<usize> = view.releases_of(case).collect();
        let alike = |index: usize| {
            own.iter().filter_map(|i| view.messages.get(*i)).any(|mine| {
                view.messages.get(index).is_some_and(|other| {
                    (other.at - mine.at).abs() <= SAME_WEEK
                        && mine.fields.product.is_some()
                        && other.fields.product == mine.fields.product
                })
            })
        };
        let mut belief = self.0.posterior(view, target);
        for index in (0..view.messages.len()).filter(|i| !own.contains(i) && alike(*i)) {
            let likelihood = self.0.likelihood(view, index);
            let both: Vec<f64> = belief.iter().zip(&likelihood).map(|(b, l)| b * l).collect();
            // Where nobody fits both, they were two cases after all.
            if both.iter().any(|b| *b > 0.0) {
                belief = both;
            }
        }
        normal(belief)
    }
}
