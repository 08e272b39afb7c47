//! Detection rules are read by a person.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// YARA, Sigma and Suricata rules, always: they are text, written by the reporter, and anything
/// may stand in a comment, a string or a name.
pub(super) struct DetectionRule;

static TEXT: RuleText = RuleText {
    code: "needs-review",
    severity: Severity::Medium,
    confidence: Confidence::High,
    releasable: true,
    ja: "検知ルールは自由記述を含むため、デスクが内容を確認してから共有します。",
    en: "Detection rules are free text, so the desk reads them before they are shared.",
};

impl GateRule for DetectionRule {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        if matches!(subject.observable, Observable::Rule(_)) {
            reasons.push(Reason::new(&TEXT));
        }
    }
}
