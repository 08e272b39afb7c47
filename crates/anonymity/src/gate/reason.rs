//! Why an indicator was kept back.

use std::sync::Arc;

use crate::warning::WarningMatch;
use crate::{Language, MemberId};

/// How bad it would be to release the indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It would waste people's time.
    Low,
    /// It would disturb members or say more than intended.
    Medium,
    /// It would point to a member.
    High,
}

/// How often the rule is right when it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Look-alikes and guesses.
    Low,
    /// Usually.
    Medium,
    /// By definition.
    High,
}

/// The fixed part of a rule: what it is called and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RuleText {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    /// Whether the desk may release the indicator after reading it.
    pub(crate) releasable: bool,
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
}

/// One rule's objection to one indicator. The texts name no member: which register entries it
/// concerns is in [`Reason::owners`], for the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    rule: &'static RuleText,
    confidence: Confidence,
    owners: Vec<MemberId>,
    list: Option<Arc<WarningMatch>>,
}

impl Reason {
    pub(crate) fn new(rule: &'static RuleText) -> Self {
        Self { rule, confidence: rule.confidence, owners: Vec::new(), list: None }
    }

    pub(crate) fn about(rule: &'static RuleText, owners: Vec<MemberId>) -> Self {
        Self { owners, ..Self::new(rule) }
    }

    pub(crate) fn listed(rule: &'static RuleText, list: Arc<WarningMatch>) -> Self {
        Self { list: Some(list), ..Self::new(rule) }
    }

    pub(crate) fn with_confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    pub(crate) fn nothing_left() -> Self {
        Self::new(&NOTHING_LEFT)
    }

    pub(crate) fn member_in_cut_part(found: &[Reason]) -> Self {
        let mut owners: Vec<MemberId> = found.iter().flat_map(|r| r.owners.clone()).collect();
        owners.sort();
        owners.dedup();
        Self::about(&MEMBER_IN_CUT_PART, owners)
    }

    /// The rule's stable name, such as `member-domain`.
    pub fn code(&self) -> &'static str {
        self.rule.code
    }

    /// How bad a release would be.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }

    /// How sure the rule is here.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The register entries concerned, for the desk's eyes: a lure's brand owner may be told.
    pub fn owners(&self) -> &[MemberId] {
        &self.owners
    }

    /// The warning list concerned, where it was one.
    pub fn list(&self) -> Option<&str> {
        self.list.as_ref().map(|l| l.list.as_str())
    }

    /// Whether the desk may release the indicator after reading it. What a member owns and what
    /// has no meaning outside a network is never released.
    pub fn releasable_after_review(&self) -> bool {
        self.rule.releasable && self.list.as_ref().is_none_or(|l| l.releasable)
    }

    /// The reason in one or two sentences, for the reporter.
    pub fn explain(&self, language: Language) -> String {
        let text = match language {
            Language::Ja => self.rule.ja,
            Language::En => self.rule.en,
        };
        let what = self.list.as_ref().map_or("", |l| l.what.get(language));
        text.replace("{what}", what)
    }
}

static NOTHING_LEFT: RuleText = RuleText {
    code: "nothing-left",
    severity: Severity::Low,
    confidence: Confidence::High,
    releasable: false,
    ja: "固有の識別子を取り除くと、共有できる情報が残りません。",
    en: "Without the parts that may identify a victim, nothing is left to share.",
};

static MEMBER_IN_CUT_PART: RuleText = RuleText {
    code: "member-in-cut-part",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "パスやパラメータに会員の名称、ドメイン、アドレス等が含まれています。確認後、その部分を除いた形でのみ共有されます。",
    en: "The path or query holds a member's name, domain or address. After review only the form without that part may be shared.",
};
