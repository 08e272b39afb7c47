//! A-min: knows the code, runs it for everybody, and keeps whom it would have spoken of like this.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Adversary, Link, membership, words};
use crate::Words;
use crate::redteam::view::{Needs, View};
use crate::redteam::world::PRODUCTS;

/// The minimality attack (Wong, Fu, Wang and Pei, VLDB 2007), on what is said and on what is left
/// out: a missing product may be any that the code would leave out.
///
/// With all inventories it is A-link+: it knows every product of every firm.
#[derive(Default)]
pub struct Minimality {
    /// The same without inventories: what the code's own ledger holds.
    as_the_code_knows: Option<Box<Minimality>>,
    /// One answer per release: later releases on a case ask for those before.
    memory: RefCell<HashMap<usize, Vec<f64>>>,
}

impl Adversary for Minimality {
    fn name(&self) -> &'static str {
        if self.as_the_code_knows.is_some() { "A-link+" } else { "A-min" }
    }

    fn describe(&self) -> Words {
        if self.as_the_code_knows.is_some() {
            return words(
                "全会員の全製品を知ったうえで、照合と再実行を行う",
                "looks fields up and runs the code, knowing every product of every member",
            );
        }
        words(
            "公開アルゴリズムを全会員について再実行し、同じ出力になる会員だけを残す",
            "runs the public code for every member and keeps those with the same output",
        )
    }

    fn needs(&self) -> Needs {
        Needs { algorithm: true, inventories: self.as_the_code_knows.is_some(), ..Needs::default() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        if let Some(known) = self.memory.borrow().get(&release) {
            return known.clone();
        }
        let found = self.replay(view, release);
        self.memory.borrow_mut().insert(release, found.clone());
        found
    }
}

impl Minimality {
    /// One that knows every product of every firm.
    pub fn with_inventories() -> Self {
        Self { as_the_code_knows: Some(Box::default()), ..Self::default() }
    }

    fn replay(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let Some(algorithm) = view.algorithm else {
            // A person publishes: nothing to run, so it looks fields up.
            let knows_inventories = self.as_the_code_knows.is_some();
            return Link { knows_inventories }.likelihood(view, release);
        };
        let Some(message) = view.messages.get(release) else { return Vec::new() };
        let mut known: Vec<bool> = membership(view, release).into_iter().map(|m| m > 0.0).collect();
        let keeper = self.as_the_code_knows.as_deref().unwrap_or(self);
        let earlier = view.releases_of(message.case).take_while(|i| *i < release);
        for earlier in earlier.filter(|_| algorithm.remembers()) {
            for (k, l) in known.iter_mut().zip(keeper.likelihood(view, earlier)) {
                *k &= l > 0.0;
            }
        }
        let products = match message.fields.product {
            Some(product) => product..product + 1,
            None => 0..PRODUCTS,
        };
        let mut support = vec![0.0; view.firms.len()];
        let outputs = algorithm.outputs(view, release, &known, products);
        let inventories = view.inventories.filter(|_| self.as_the_code_knows.is_some());
        for output in outputs.into_iter().filter(|o| o.fields == message.fields) {
            for firm in output.firms {
                let may = match inventories.and_then(|all| all.get(firm)) {
                    Some(products) => products >> output.product & 1 == 1,
                    None => view.firms.get(firm).is_some_and(|f| f.may_have(output.product)),
                };
                if may && let Some(slot) = support.get_mut(firm) {
                    *slot = 1.0;
                }
            }
        }
        support
    }
}
