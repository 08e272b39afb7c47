//! From files to typed, judged items: the same for a preview and for a report.

use noroshi_anonymity::{Language, Reason, Verdict};
use noroshi_intake::{Draft, Dropped, Facts, Hint, Limits, Problem, ReadObject, read_objects};
use noroshi_stix::Observable;

use super::Submission;
use crate::config::LimitsSection;
use crate::error::HubError;
use crate::register::Policy;
use crate::vault::reports::{ItemVerdict, Why};

/// One indicator of the report and what the gates say.
pub struct JudgedItem {
    /// As it was reported.
    pub observable: Observable,
    /// As others would see it; differs where a gate cut something off.
    pub shared_as: Option<Observable>,
    /// Where it stood.
    pub origin: String,
    /// Passed, quarantined or dropped.
    pub verdict: ItemVerdict,
    /// Why it is kept back.
    pub reasons: Vec<Reason>,
}

/// Everything understood of a submission.
pub struct Understanding {
    /// Indicators in the order of the report, each once.
    pub items: Vec<JudgedItem>,
    /// What is no indicator, and why.
    pub dropped: Vec<Dropped>,
    /// Errors of single objects; the rest was kept.
    pub problems: Vec<Problem>,
    /// The structured fields.
    pub facts: Facts,
}

impl Understanding {
    /// How many items have this verdict.
    pub fn count(&self, verdict: ItemVerdict) -> usize {
        self.items.iter().filter(|i| i.verdict == verdict).count()
    }
}

/// Reads every part and judges every indicator.
///
/// # Errors
/// When a part cannot be read at all, or there is nothing in the whole submission.
pub fn understand(
    policy: &Policy,
    limits: &LimitsSection,
    submission: &Submission,
) -> Result<Understanding, HubError> {
    let limits = of_config(limits);
    let mut draft: Option<Draft> = None;
    for part in &submission.parts {
        let hint = Hint { media_type: given(&part.media), file_name: given(&part.name) };
        let read = noroshi_intake::read(&part.bytes, hint, &limits)?;
        draft = Some(match draft {
            Some(d) => d.merge(read),
            None => read,
        });
    }
    let Some(draft) = draft else {
        return Err(HubError::bad(
            "empty",
            "The report is empty: attach a file or paste some text.",
        ));
    };
    Ok(judge(policy, draft))
}

/// Reads and judges STIX objects, each by itself: what of each was taken, beside the whole.
pub(crate) fn understand_objects<'a>(
    policy: &Policy,
    limits: &LimitsSection,
    objects: impl IntoIterator<Item = &'a [u8]>,
) -> (Understanding, Vec<ReadObject>) {
    let (draft, read) = read_objects(objects, &of_config(limits));
    (judge(policy, draft), read)
}

fn of_config(limits: &LimitsSection) -> Limits {
    Limits {
        max_bytes: limits.report_bytes,
        max_indicators: limits.report_indicators,
        ..Limits::default()
    }
}

/// What the gates say of each indicator; the order stays.
fn judge(policy: &Policy, draft: Draft) -> Understanding {
    let items = draft
        .found
        .into_iter()
        .map(|found| {
            let (verdict, shared_as, reasons) = match policy.gate.judge(&found.observable) {
                Verdict::Pass(shared) => (ItemVerdict::Passed, Some(shared), Vec::new()),
                Verdict::Quarantine(reasons) => (ItemVerdict::Quarantined, None, reasons),
                Verdict::Drop(reasons) => (ItemVerdict::Dropped, None, reasons),
            };
            JudgedItem {
                observable: found.observable,
                shared_as,
                origin: found.origin.to_string(),
                verdict,
                reasons,
            }
        })
        .collect();
    Understanding { items, dropped: draft.dropped, problems: draft.problems, facts: draft.facts }
}

/// A gate's reason in the words the reporter and the desk read.
pub fn why(reason: &Reason) -> Why {
    Why {
        code: reason.code().to_owned(),
        en: reason.explain(Language::En),
        ja: reason.explain(Language::Ja),
        releasable: reason.releasable_after_review(),
    }
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
