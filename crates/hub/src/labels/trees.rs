//! Label trees that were made already: making one takes milliseconds, and every look needs some.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use noroshi_anonymity::policy::{Parameters, Roster, Tree, TreeName};

/// Trees kept; a deployment makes two a year, so more are previews of changed registers.
const KEPT: usize = 16;

/// A tree with the register it was made over.
pub(crate) struct Grown {
    pub(crate) roster: Roster,
    pub(crate) tree: Tree,
}

/// The trees of this process.
#[derive(Default)]
pub(crate) struct Trees(Mutex<BTreeMap<TreeName, Arc<Grown>>>);

impl Trees {
    /// The tree of this name, made from what `parts` gives where it is not here yet.
    pub(crate) fn tree<E>(
        &self,
        name: &TreeName,
        parts: impl FnOnce() -> Result<(Roster, Parameters), E>,
    ) -> Result<Arc<Grown>, E> {
        if let Some(found) = self.lock().get(name) {
            return Ok(Arc::clone(found));
        }
        let (roster, parameters) = parts()?;
        let tree = Tree::make(&roster, &parameters, name.made);
        let grown = Arc::new(Grown { roster, tree });
        let mut trees = self.lock();
        if trees.len() >= KEPT {
            trees.clear();
        }
        trees.insert(name.clone(), Arc::clone(&grown));
        Ok(grown)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<TreeName, Arc<Grown>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
