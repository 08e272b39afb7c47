//! "What others will see", before anything is stored.

use crate::intake::Understanding;
use crate::labels::outlook::Prospect;
use crate::vault::reports::ItemVerdict;
use crate::web::look::{self, Dropped, Item};
use crate::web::outlook::{self, OutlookView};
use crate::web::visit::Visit;

/// What would leave, what would not, and why.
pub(crate) struct Preview {
    pub(crate) count: usize,
    pub(crate) summary: String,
    pub(crate) tlp: &'static str,
    pub(crate) tlp_class: &'static str,
    pub(crate) shared: Vec<Item>,
    pub(crate) shared_more: usize,
    pub(crate) kept: Vec<Item>,
    pub(crate) kept_more: usize,
    pub(crate) dropped: Vec<Dropped>,
    pub(crate) dropped_count: usize,
    pub(crate) problems: Vec<(String, String)>,
    /// What could be said about the attack later, after two approvals.
    pub(crate) outlook: Option<OutlookView>,
}

/// The preview of what was understood, at most `most` lines of each list.
pub(super) fn of(
    visit: &Visit,
    understood: &Understanding,
    prospect: Option<&Prospect>,
    most: usize,
) -> Preview {
    let hub = &visit.app.hub;
    let count = understood.count(ItemVerdict::Passed);
    let held = understood.items.len() - count;
    let pick = |shared: bool| -> Vec<Item> {
        let items = understood.items.iter();
        let of_list = items.filter(|i| (i.verdict == ItemVerdict::Passed) == shared);
        of_list.take(most).map(|i| look::judged(visit, i)).collect()
    };
    let (shared, kept) = (pick(true), pick(false));
    Preview {
        count,
        summary: visit
            .say
            .with("preview-summary", &[("shared", count.into()), ("kept", held.into())]),
        tlp: hub.signal_tlp().label(),
        tlp_class: look::tlp_class(hub.signal_tlp()),
        shared_more: count - shared.len(),
        kept_more: held - kept.len(),
        shared,
        kept,
        dropped_count: understood.dropped.len(),
        dropped: understood
            .dropped
            .iter()
            .take(most)
            .map(|d| look::dropped(visit, &d.text, d.reason.code(), &d.origin.to_string()))
            .collect(),
        problems: understood
            .problems
            .iter()
            .take(most)
            .map(|p| (p.path.clone(), p.message.clone()))
            .collect(),
        outlook: prospect.map(|p| outlook::view(visit, p)),
    }
}
