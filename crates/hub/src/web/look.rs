//! How indicators, verdicts and reasons look to people.

use noroshi_anonymity::Verdict;
use noroshi_intake::DropReason;
use noroshi_outlet::i18n::{self, Speech};
use noroshi_stix::{Observable, Tlp};

use super::times::{self, Moment};
use super::visit::Visit;
use crate::error::HubError;
use crate::ids;
use crate::intake::{JudgedItem, why};
use crate::quarantine;
use crate::vault::indicators::{self, Offered};
use crate::vault::reports::{ContextState, ItemRow, ItemVerdict, Why};

/// Most rows of one list on a page.
pub(super) const SHOWN: usize = 300;

/// One indicator on a page.
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) report: String,
    /// Stable name of its kind, for forms.
    pub(crate) kind: &'static str,
    pub(crate) kind_label: String,
    pub(crate) value: String,
    /// What others see, where that differs.
    pub(crate) shared_as: Option<String>,
    pub(crate) origin: String,
    pub(crate) verdict: ItemVerdict,
    /// What became of it.
    pub(crate) fate: String,
    pub(crate) reasons: Vec<String>,
    /// When it first went out.
    pub(crate) since: Option<Moment>,
    /// Whether the desk may still rule on it.
    pub(crate) waiting: bool,
    /// Whether the desk may let it go.
    pub(crate) releasable: bool,
    /// The released value, where it can be taken back.
    pub(crate) out: Option<String>,
}

impl Item {
    /// Whether others see it, now or soon.
    pub(crate) fn shared(&self) -> bool {
        matches!(self.verdict, ItemVerdict::Passed | ItemVerdict::Cleared)
    }

    /// Class of its line.
    pub(crate) fn class(&self) -> &'static str {
        match self.verdict {
            ItemVerdict::Passed | ItemVerdict::Cleared => "goes",
            ItemVerdict::Quarantined if self.releasable => "waits",
            ItemVerdict::Quarantined | ItemVerdict::Dropped | ItemVerdict::Refused => "stays",
        }
    }
}

/// Something that is no indicator.
pub(crate) struct Dropped {
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) origin: String,
}

/// An indicator that is not stored yet.
pub(super) fn judged(visit: &Visit, item: &JudgedItem) -> Item {
    let value = item.observable.value();
    let reasons: Vec<Why> = item.reasons.iter().map(why).collect();
    let fate = match item.verdict {
        ItemVerdict::Passed => visit.t("fate-would-go"),
        ItemVerdict::Quarantined if reasons.iter().all(|r| r.releasable) => {
            visit.t("fate-would-wait")
        }
        _ => visit.t("fate-would-stay"),
    };
    Item {
        id: String::new(),
        report: String::new(),
        kind: item.observable.kind().as_str(),
        kind_label: i18n::kind_label(item.observable.kind(), &visit.say),
        shared_as: item.shared_as.as_ref().map(Observable::value).filter(|v| *v != value),
        value,
        origin: origin(&item.origin, &visit.say),
        verdict: item.verdict,
        fate,
        reasons: reasons.iter().map(|r| sentence(visit, r)).collect(),
        since: None,
        waiting: false,
        releasable: reasons.iter().all(|r| r.releasable),
        out: None,
    }
}

/// Stored indicators, with where their values stand on the way out.
pub(super) async fn stored(visit: &Visit, rows: Vec<ItemRow>) -> Result<Vec<Item>, HubError> {
    let policy = visit.app.hub.policy();
    let shared: Vec<Option<Observable>> = rows
        .iter()
        .map(|row| {
            let observable = Observable::parse(row.kind, &row.value).ok()?;
            let verdict = match row.verdict {
                ItemVerdict::Passed => policy.gate.judge(&observable),
                ItemVerdict::Cleared => policy.gate.judge_reviewed(&observable),
                _ => return None,
            };
            match verdict {
                Verdict::Pass(shared) => Some(shared),
                // The register changed since; the value may be out all the same.
                Verdict::Quarantine(_) | Verdict::Drop(_) => Some(observable),
            }
        })
        .collect();
    let prints: Vec<_> = shared.iter().map(|o| o.as_ref().map(ids::fingerprint)).collect();
    let offered = visit
        .app
        .hub
        .vault()
        .read("web.standing", move |tx| {
            prints.iter().map(|p| p.as_ref().map_or(Ok(None), |p| indicators::one(tx, p))).collect()
        })
        .await?;
    let offered: Vec<Option<Offered>> = offered;
    let lines = rows.iter().zip(shared).zip(offered);
    Ok(lines.map(|((row, shared), offered)| line(visit, row, shared, offered)).collect())
}

fn line(visit: &Visit, row: &ItemRow, shared: Option<Observable>, at: Option<Offered>) -> Item {
    let state = at.as_ref().map_or("", |o| o.state.as_str());
    let fate = match (row.verdict, state) {
        (ItemVerdict::Passed | ItemVerdict::Cleared, "released") => visit.t("fate-out"),
        (ItemVerdict::Passed | ItemVerdict::Cleared, "revoking") => visit.t("fate-revoking"),
        (ItemVerdict::Passed | ItemVerdict::Cleared, "revoked") => visit.t("fate-revoked"),
        (ItemVerdict::Passed | ItemVerdict::Cleared, "held") => visit.t("fate-held"),
        (ItemVerdict::Passed | ItemVerdict::Cleared, _) => visit.t("fate-next"),
        (ItemVerdict::Quarantined, _) if quarantine::releasable(row) => visit.t("fate-waits"),
        (ItemVerdict::Quarantined, _) => visit.t("fate-dropped"),
        (ItemVerdict::Dropped, _) => visit.t("fate-dropped"),
        (ItemVerdict::Refused, _) => visit.t("fate-refused"),
    };
    let shared = shared.map(|o| o.value());
    let out = at.as_ref().filter(|o| o.state == "released").map(|o| o.value.clone());
    Item {
        id: row.id.clone(),
        report: row.report.clone(),
        kind: row.kind.as_str(),
        kind_label: i18n::kind_label(row.kind, &visit.say),
        value: row.value.clone(),
        shared_as: shared.filter(|v| *v != row.value),
        origin: origin(&row.origin, &visit.say),
        verdict: row.verdict,
        fate,
        reasons: row.reasons.iter().map(|r| sentence(visit, r)).collect(),
        since: at.and_then(|o| o.created_tick).map(|t| times::moment(t, visit)),
        waiting: row.verdict == ItemVerdict::Quarantined,
        releasable: quarantine::releasable(row),
        out,
    }
}

/// What is no indicator, by its reason's code.
pub(super) fn dropped(visit: &Visit, text: &str, code: &str, place: &str) -> Dropped {
    let reason = DropReason::ALL.into_iter().find(|r| r.code() == code);
    let sentence = reason.map(|r| if visit.japanese() { r.japanese() } else { r.english() });
    Dropped {
        text: text.to_owned(),
        reason: sentence.unwrap_or(code).to_owned(),
        origin: origin(place, &visit.say),
    }
}

fn sentence(visit: &Visit, why: &Why) -> String {
    if visit.japanese() { why.ja.clone() } else { why.en.clone() }
}

/// Where a report's context stands.
pub(super) fn context(state: ContextState, say: &Speech) -> String {
    match state {
        ContextState::Nothing => say.t("context-nothing"),
        ContextState::Proposed => say.t("context-proposed"),
        ContextState::DeskApproved => say.t("context-desk-approved"),
        ContextState::Approved => say.t("context-approved"),
        ContextState::Released => say.t("context-released"),
        ContextState::Declined => say.t("context-declined"),
    }
}

/// The marking's class, for FIRST's colours.
pub(super) fn tlp_class(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "tlp clear",
        Tlp::Green => "tlp green",
        Tlp::Amber | Tlp::AmberStrict => "tlp amber",
        Tlp::Red => "tlp red",
    }
}

/// The place in the input, which the intake writes in English.
fn origin(place: &str, say: &Speech) -> String {
    let (place, defanged) = match place.strip_suffix(" (defanged)") {
        Some(place) => (place, true),
        None => (place, false),
    };
    let at = |key: &str, value: &str| say.with(key, &[("at", value.into())]);
    let shown = if let Some(n) = place.strip_prefix("line ") {
        at("origin-line", n)
    } else if let Some(n) = place.strip_prefix("body, line ") {
        at("origin-body", n)
    } else if let Some(name) = place.strip_prefix("header ") {
        at("origin-header", name)
    } else if let Some(n) = place.strip_prefix("attachment ") {
        at("origin-attachment", n)
    } else {
        place.to_owned()
    };
    if defanged { at("origin-defanged", &shown) } else { shown }
}
