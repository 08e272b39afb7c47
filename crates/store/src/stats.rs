//! How often and how long: counters per named transaction, for metrics.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The counters of one named transaction since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallStats {
    /// The name given to [`crate::Store::write`] or [`crate::Store::read`].
    pub name: &'static str,
    /// Answered calls, successful or not.
    pub calls: u64,
    /// Calls that ended in [`crate::StoreError::Refused`].
    pub refused: u64,
    /// Calls that ended in any other error.
    pub errors: u64,
    /// Repetitions after a conflict or a lost connection.
    pub retries: u64,
    /// Microseconds from call to answer, all calls together; waiting in the queue included.
    pub micros: u64,
}

/// How a call ended.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    Done,
    Refused,
    Failed,
}

#[derive(Default)]
pub(crate) struct Stats {
    by_name: Mutex<BTreeMap<&'static str, CallStats>>,
    commits: AtomicU64,
}

impl Stats {
    pub(crate) fn ended(&self, name: &'static str, ending: Ending, took: Duration) {
        let mut by_name = self.lock();
        let counters = by_name.entry(name).or_default();
        counters.calls += 1;
        match ending {
            Ending::Done => {}
            Ending::Refused => counters.refused += 1,
            Ending::Failed => counters.errors += 1,
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        counters.micros = counters.micros.saturating_add(micros);
    }

    pub(crate) fn retried(&self, name: &'static str) {
        self.lock().entry(name).or_default().retries += 1;
    }

    pub(crate) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(crate) fn snapshot(&self) -> Vec<CallStats> {
        self.lock().iter().map(|(&name, counters)| CallStats { name, ..*counters }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, CallStats>> {
        // Counters stay meaningful after a panic elsewhere.
        self.by_name.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
