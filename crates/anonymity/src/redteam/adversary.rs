//! The adversaries, one file each, behind one trait.

mod bytes;
mod coalition;
mod difference;
mod hit;
mod join;
mod link;
mod minimality;
mod prior;
mod text;
mod time;

pub use bytes::{Bytes, fingerprint};
pub use coalition::Coalition;
pub use difference::Difference;
pub use hit::{Hit, WINDOW_DAYS};
pub use join::{Believed, Join};
pub use link::Link;
pub use minimality::Minimality;
pub use prior::Prior;
pub use text::{Text, TextHunter};
pub use time::{NOTICED_AT_VICTIM, NOTICED_PER_DAY, SHORTLY, Time};

use super::view::{Needs, Target, View};
use crate::Words;

/// Somebody who wants to know who was hit.
pub trait Adversary {
    /// Its name in tables, such as `A-link`.
    fn name(&self) -> &'static str;

    /// What it does, in one sentence.
    fn describe(&self) -> Words;

    /// What it must be given.
    fn needs(&self) -> Needs;

    /// For each firm, how well it being the victim explains the release: a likelihood without the
    /// prior, 0 where it is impossible.
    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64>;

    /// For each firm, how much the adversary believes it is the victim: sums to 1, or is all 0
    /// where everybody is excluded. For a window: the chance to be among its victims.
    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        let releases: Vec<usize> = match target {
            Target::Release(index) => vec![index],
            Target::Case(case) => view.releases_of(case).collect(),
            Target::Window(_) => Vec::new(),
        };
        let mut belief: Vec<f64> = view.firms.iter().map(|f| f.weight).collect();
        for release in releases {
            for (b, l) in belief.iter_mut().zip(self.likelihood(view, release)) {
                *b *= l;
            }
        }
        normal(belief)
    }
}

impl<A: Adversary + ?Sized> Adversary for &A {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn describe(&self) -> Words {
        (**self).describe()
    }

    fn needs(&self) -> Needs {
        (**self).needs()
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        (**self).likelihood(view, release)
    }

    fn posterior(&self, view: &View<'_>, target: Target) -> Vec<f64> {
        (**self).posterior(view, target)
    }
}

/// Scaled to the sum of 1; all 0 stays.
pub(super) fn normal(mut belief: Vec<f64>) -> Vec<f64> {
    let sum: f64 = belief.iter().sum();
    if sum > 0.0 {
        belief.iter_mut().for_each(|b| *b /= sum);
    }
    belief
}

/// 1 for members on the day of the release, else 0: all that is known of everybody.
pub(super) fn membership(view: &View<'_>, release: usize) -> Vec<f64> {
    let day = view.messages.get(release).map_or(0.0, |m| m.at);
    view.firms.iter().map(|f| f64::from(u8::from(f.is_member(day)))).collect()
}

fn words(ja: &str, en: &str) -> Words {
    Words { ja: ja.into(), en: en.into() }
}
