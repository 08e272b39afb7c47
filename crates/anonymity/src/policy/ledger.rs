//! Who may still be the victim of a case, after all that was said about it.

use std::collections::{BTreeMap, BTreeSet};

use super::member_set::MemberSet;
use super::roster::Roster;
use crate::MemberId;

/// The candidates of one case. Part of the sealed case store: it is the one thing of the policy
/// that is not public, so it does not print.
///
/// It holds ids, not positions, so that it outlives the register it was made with: members that
/// join later are never candidates of an old case, members that left stop being some.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidates(BTreeSet<MemberId>);

impl Candidates {
    /// As read from the case store.
    pub fn from_ids(ids: impl IntoIterator<Item = MemberId>) -> Self {
        Self(ids.into_iter().collect())
    }

    pub(super) fn of(roster: &Roster, set: &MemberSet) -> Self {
        Self(set.iter().filter_map(|i| roster.member(i).cloned()).collect())
    }

    /// To be written to the case store.
    pub fn ids(&self) -> impl Iterator<Item = &MemberId> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are in this roster.
    pub fn in_roster(&self, roster: &Roster) -> MemberSet {
        roster.set(&self.0)
    }
}

impl std::fmt::Debug for Candidates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Candidates(..)")
    }
}

/// The candidates of every open case, by the case's key.
#[derive(Clone, Debug, Default)]
pub struct Ledger<K: Ord>(BTreeMap<K, Candidates>);

impl<K: Ord> Ledger<K> {
    /// Without any case.
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The candidates of a case; `None` before its first release.
    pub fn candidates(&self, case: &K) -> Option<&Candidates> {
        self.0.get(case)
    }

    /// Notes what is left after a release.
    pub fn note(&mut self, case: K, label: &super::CertifiedLabel) {
        self.0.insert(case, label.candidates().clone());
    }
}
