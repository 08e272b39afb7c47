//! Values on a warning list.

use std::sync::Arc;

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};
use crate::warning::{WarningLists, WarningMatch};

/// Everything on the [`WarningLists`]: public resolvers, well-known services, shared hosting,
/// certificate authorities, update servers, reserved names, hashes of nothing, names every machine
/// has.
///
/// Releasing one blocks something everybody needs, or matches everywhere.
pub(super) struct WarningList {
    lists: WarningLists,
}

static TEXT: RuleText = RuleText {
    code: "warning-list",
    severity: Severity::Medium,
    confidence: Confidence::High,
    releasable: true,
    ja: "注意リストに載っている値です({what})。",
    en: "It is on a warning list ({what}).",
};

impl WarningList {
    pub(super) fn new(lists: WarningLists) -> Self {
        Self { lists }
    }

    pub(super) fn lists(&self, observable: &Observable) -> Vec<Arc<WarningMatch>> {
        self.lists.find(observable)
    }
}

impl GateRule for WarningList {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        reasons
            .extend(self.lists(subject.observable).into_iter().map(|l| Reason::listed(&TEXT, l)));
    }
}
