//! A-link and A-link+: looks every released field up in the register.

use super::{Adversary, membership, words};
use crate::Words;
use crate::redteam::view::{Fields, Needs, PublicFirm, View};
use crate::redteam::world::MACHINES_SPREAD;

/// Bayesian linkage: categories must agree, numbers have likelihoods.
pub struct Link {
    /// Whether it knows every product of every firm, not only what scans show.
    pub knows_inventories: bool,
}

impl Adversary for Link {
    fn name(&self) -> &'static str {
        if self.knows_inventories { "A-link+" } else { "A-link" }
    }

    fn describe(&self) -> Words {
        if self.knows_inventories {
            words(
                "会員名簿との照合に加え、全会員の全製品を知っている",
                "looks every field up in the register, and knows every product of every member",
            )
        } else {
            words(
                "公開された項目をすべて会員名簿と照合する",
                "looks every field up in the register",
            )
        }
    }

    fn needs(&self) -> Needs {
        Needs { inventories: self.knows_inventories, ..Needs::default() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let Some(message) = view.messages.get(release) else { return Vec::new() };
        let fields = &message.fields;
        let named = named(view, release);
        let mut likelihood = membership(view, release);
        for (i, (l, firm)) in likelihood.iter_mut().zip(view.firms).enumerate() {
            let has = match (fields.product, view.inventories) {
                (Some(p), Some(all)) => all.get(i).is_some_and(|products| products >> p & 1 == 1),
                (Some(p), None) => firm.may_have(p),
                (None, _) => true,
            };
            let in_label = named.as_ref().is_none_or(|set| set.get(i) == Some(&true));
            *l *= if has && in_label { agreement(firm, fields) } else { 0.0 };
        }
        likelihood
    }
}

/// Who the label of a release names, where it has one: everybody the code could give it to.
fn named(view: &View<'_>, release: usize) -> Option<Vec<bool>> {
    let (epoch, node) = view.messages.get(release)?.fields.label?;
    view.labels.map(|labels| labels(epoch, node))
}

fn agreement(firm: &PublicFirm, fields: &Fields) -> f64 {
    let Some(place) = firm.place() else { return 0.0 };
    let differs = fields.above.is_some_and(|x| x != place.above)
        || fields.sector.is_some_and(|x| x != place.sector)
        || fields.name.is_some_and(|x| x != place.name)
        || fields.region.is_some_and(|x| x != firm.region)
        || fields.size.is_some_and(|x| x != firm.size);
    match fields.machines {
        _ if differs => 0.0,
        None => 1.0,
        Some(count) => {
            let z = (f64::from(count).ln() - firm.size.machines()) / MACHINES_SPREAD;
            (-0.5 * z * z).exp()
        }
    }
}
