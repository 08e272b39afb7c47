//! What the API answers. These views are for the reporter itself and for the desk; nothing here is
//! ever released.

use noroshi_anonymity::Language;
use noroshi_intake::{DropReason, Dropped, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::intake::{JudgedItem, Understanding, why};
use crate::labels::outlook::Prospect;
use crate::labels::publish::certificate_name;
use crate::vault::contexts::{ContextRow, ReleaseState};
use crate::vault::reports::{DropRow, ItemRow, ReportRow, Why};

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub struct Bilingual {
    /// Stable code.
    pub code: String,
    /// English sentence.
    pub en: String,
    /// Japanese sentence.
    pub ja: String,
}

impl Bilingual {
    /// The sentences of a gate's reason.
    pub fn of_reason(why: &Why) -> Self {
        Self { code: why.code.clone(), en: why.en.clone(), ja: why.ja.clone() }
    }

    /// The sentences of an intake's reason.
    pub fn of_drop(code: &str) -> Self {
        let reason = DropReason::ALL.into_iter().find(|r| r.code() == code);
        Self {
            code: code.to_owned(),
            en: reason.map_or(code, |r| r.english()).to_owned(),
            ja: reason.map_or(code, |r| r.japanese()).to_owned(),
        }
    }
}

/// One indicator of a report.
#[derive(Serialize, ToSchema)]
pub struct ItemView {
    /// Id of the item; empty in a preview.
    pub id: String,
    /// Kind, such as `domain`.
    pub kind: String,
    /// Value as reported, normalised.
    pub value: String,
    /// What others will see, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_as: Option<String>,
    /// Where in the input it stood.
    pub origin: String,
    /// `passed`, `quarantined`, `dropped`, `cleared` or `refused`.
    pub verdict: String,
    /// Why it is kept back.
    pub reasons: Vec<Bilingual>,
}

/// Something that is no indicator.
#[derive(Serialize, ToSchema)]
pub struct DropView {
    /// The text, at most 120 characters.
    pub text: String,
    /// Why.
    pub reason: Bilingual,
    /// Where in the input it stood.
    pub origin: String,
}

/// An error of a single object; the rest was kept.
#[derive(Serialize, ToSchema)]
pub struct ProblemView {
    /// Where.
    pub path: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// What was understood of a submission, before anything is stored.
#[derive(Serialize, ToSchema)]
pub struct PreviewView {
    /// What would be said about the attack and about whom, were it released now; missing where the
    /// report says nothing in the closed vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ProspectView>,
    /// The indicators.
    pub indicators: Vec<ItemView>,
    /// What is no indicator.
    pub dropped: Vec<DropView>,
    /// Errors of single objects.
    pub problems: Vec<ProblemView>,
}

/// What a context release would say now, or why there would be none.
#[derive(Serialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum ProspectView {
    /// It would be published so, in the next batch.
    Published {
        /// What the victim would be called.
        label: LabelView,
        /// How many members the label fits.
        candidates: u32,
        /// This member's own share of the suspicion, such as `1/16`.
        own_share: String,
        /// What an outsider could guess at best, of any member.
        best_guess: String,
        /// The same after the worst coalition of colluding members.
        worst_posterior_after_coalition: String,
        /// The wording in Japanese: title, text.
        ja: [String; 2],
        /// The wording in English: title, text.
        en: [String; 2],
        /// To be sent with a yes.
        wording: String,
    },
    /// It would be held. Nobody else learns that anything is held.
    Held {
        /// Why.
        reason: Bilingual,
        /// To be sent with a yes.
        wording: String,
    },
}

/// Words in both languages.
#[derive(Serialize, ToSchema)]
pub struct LabelView {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// A context release that went out.
#[derive(Serialize, ToSchema)]
pub struct ReleaseView {
    /// Id of the STIX report object.
    pub release_id: String,
    /// Path of the certificate of its newest version.
    pub certificate: String,
    /// `out`, `revoking` or `revoked`.
    pub state: String,
}

/// An acknowledged report.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// Id of the report.
    pub id: String,
    /// When it was acknowledged, RFC 3339.
    pub accepted: String,
    /// Before this moment nothing of it goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<String>,
    /// The receipt: keep it.
    pub receipt: String,
    /// Where its context stands.
    pub context: String,
    /// The report it adds to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continues: Option<String>,
    /// What would be said about the attack, while that is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prospect: Option<ProspectView>,
    /// What was said about the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseView>,
    /// The indicators and what became of them.
    pub indicators: Vec<ItemView>,
    /// What is no indicator.
    pub dropped: Vec<DropView>,
    /// Errors of single objects, in the answer to the submission only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemView>,
}

/// What would be said.
pub fn prospect(prospect: &Prospect) -> ProspectView {
    match prospect {
        Prospect::Published(o) => ProspectView::Published {
            label: LabelView { ja: o.label.ja.clone(), en: o.label.en.clone() },
            candidates: o.candidates,
            own_share: o.own_share.to_string(),
            best_guess: o.best_guess.to_string(),
            worst_posterior_after_coalition: o.worst.to_string(),
            ja: [o.ja.0.clone(), o.ja.1.clone()],
            en: [o.en.0.clone(), o.en.1.clone()],
            wording: prospect.wording(),
        },
        Prospect::Held { reason, .. } => ProspectView::Held {
            wording: prospect.wording(),
            reason: Bilingual {
                code: reason.code().to_owned(),
                en: reason.explain(Language::En).to_owned(),
                ja: reason.explain(Language::Ja).to_owned(),
            },
        },
    }
}

/// What was said.
pub fn release(row: &ContextRow) -> ReleaseView {
    let state = match row.state {
        ReleaseState::Out => "out",
        ReleaseState::Revoking => "revoking",
        ReleaseState::Revoked => "revoked",
    };
    let certificate = certificate_name(&row.release_id, row.versions);
    ReleaseView {
        release_id: row.release_id.clone(),
        certificate: format!("/anonymity/{certificate}"),
        state: state.to_owned(),
    }
}

/// The preview of a submission.
pub fn preview(u: &Understanding, context: Option<&Prospect>) -> PreviewView {
    PreviewView {
        context: context.map(prospect),
        indicators: u.items.iter().map(judged).collect(),
        dropped: u.dropped.iter().map(dropped).collect(),
        problems: problems(&u.problems),
    }
}

/// The answer to a submission: the stored report, and what was understood of it.
pub fn filed(report: &ReportRow, u: &Understanding) -> ReportView {
    ReportView {
        indicators: u.items.iter().map(judged).collect(),
        dropped: u.dropped.iter().map(dropped).collect(),
        problems: problems(&u.problems),
        ..head(report)
    }
}

/// A stored report, read again.
pub fn stored(report: &ReportRow, items: &[ItemRow], drops: &[DropRow]) -> ReportView {
    ReportView {
        indicators: items.iter().map(item).collect(),
        dropped: drops
            .iter()
            .map(|d| DropView {
                text: d.text.clone(),
                reason: Bilingual::of_drop(&d.reason),
                origin: d.origin.clone(),
            })
            .collect(),
        ..head(report)
    }
}

/// A report without its items, for lists.
pub fn head(report: &ReportRow) -> ReportView {
    ReportView {
        id: report.id.clone(),
        accepted: report.accepted.to_string(),
        hold_until: report.hold_until.map(|t| t.to_string()),
        receipt: report.receipt.clone(),
        context: report.context.as_str().to_owned(),
        continues: report.continues.clone(),
        prospect: None,
        release: None,
        indicators: Vec::new(),
        dropped: Vec::new(),
        problems: Vec::new(),
    }
}

/// One stored item.
pub fn item(row: &ItemRow) -> ItemView {
    ItemView {
        id: row.id.clone(),
        kind: row.kind.to_string(),
        value: row.value.clone(),
        shared_as: None,
        origin: row.origin.clone(),
        verdict: row.verdict.as_str().to_owned(),
        reasons: row.reasons.iter().map(Bilingual::of_reason).collect(),
    }
}

fn judged(j: &JudgedItem) -> ItemView {
    let value = j.observable.value();
    ItemView {
        id: String::new(),
        kind: j.observable.kind().to_string(),
        shared_as: j.shared_as.as_ref().map(|o| o.value()).filter(|v| *v != value),
        value,
        origin: j.origin.clone(),
        verdict: j.verdict.as_str().to_owned(),
        reasons: j.reasons.iter().map(|r| Bilingual::of_reason(&why(r))).collect(),
    }
}

fn dropped(d: &Dropped) -> DropView {
    DropView {
        text: d.text.clone(),
        reason: Bilingual::of_drop(d.reason.code()),
        origin: d.origin.to_string(),
    }
}

fn problems(list: &[Problem]) -> Vec<ProblemView> {
    list.iter()
        .map(|p| ProblemView {
            path: p.path.clone(),
            code: p.code.to_owned(),
            message: p.message.clone(),
        })
        .collect()
}
