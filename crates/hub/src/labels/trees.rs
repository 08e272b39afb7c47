//! Label trees that were made already, and whom their labels named: making a tree takes milliseconds,
//! and every look needs all labels of the window.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use noroshi_anonymity::policy::{EarlierLabel, MemberSet, Parameters, Roster, Tree, TreeName};

/// Trees kept; a deployment makes two a year, so more are those of older registers in the window.
const KEPT_TREES: usize = 16;
/// Sets kept, 1.25 KB each for 10,000 members.
const KEPT_SETS: usize = 8_192;

/// A tree with the register it was made over.
pub(crate) struct Grown {
    pub(crate) roster: Roster,
    pub(crate) tree: Tree,
}

/// Tree, node and the register in whose terms the set is.
type Named = (TreeName, String, String);

/// The trees of this process.
#[derive(Default)]
pub(crate) struct Trees {
    grown: Mutex<BTreeMap<TreeName, Arc<Grown>>>,
    named: Mutex<BTreeMap<Named, MemberSet>>,
}

impl Trees {
    /// The tree of this name, made from what `parts` gives where it is not here yet.
    pub(crate) fn tree<E>(
        &self,
        name: &TreeName,
        parts: impl FnOnce() -> Result<(Roster, Parameters), E>,
    ) -> Result<Arc<Grown>, E> {
        if let Some(found) = lock(&self.grown).get(name) {
            return Ok(Arc::clone(found));
        }
        let (roster, parameters) = parts()?;
        let tree = Tree::make(&roster, &parameters, name.made);
        let grown = Arc::new(Grown { roster, tree });
        let mut trees = lock(&self.grown);
        if trees.len() >= KEPT_TREES {
            trees.pop_first();
        }
        trees.insert(name.clone(), Arc::clone(&grown));
        Ok(grown)
    }

    /// Whom a label named, as a set of the roster with this hash.
    pub(crate) fn named<E>(
        &self,
        label: &EarlierLabel,
        register: &str,
        find: impl FnOnce() -> Result<MemberSet, E>,
    ) -> Result<MemberSet, E> {
        let key = (label.tree.clone(), label.node.clone(), register.to_owned());
        if let Some(found) = lock(&self.named).get(&key) {
            return Ok(found.clone());
        }
        let members = find()?;
        let mut sets = lock(&self.named);
        if sets.len() >= KEPT_SETS {
            sets.clear();
        }
        sets.insert(key, members.clone());
        Ok(members)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
