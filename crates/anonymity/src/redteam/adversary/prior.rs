//! A-prior: bets on the heaviest firm without reading anything.

use super::{Adversary, membership, words};
use crate::Words;
use crate::redteam::view::{Needs, View};

/// What nobody can prevent: the baseline of every other adversary.
pub struct Prior;

impl Adversary for Prior {
    fn name(&self) -> &'static str {
        "A-prior"
    }

    fn describe(&self) -> Words {
        words("公開情報だけで最も重い組織を選ぶ", "bets on the heaviest member, reading nothing")
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        membership(view, release)
    }
}
