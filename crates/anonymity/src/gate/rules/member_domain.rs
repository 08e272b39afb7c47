//! Names in a domain that a member owns.

use std::collections::{BTreeSet, HashMap};

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};
use crate::register::{MemberId, Register};

/// Domains equal to or below one in the register, as indicators, as hosts of URLs, behind the `@`
/// of mail addresses, and written inside file names, paths and rules. Unicode and punycode forms
/// are one, because names are compared in punycode. A registrable domain above a registered host
/// counts as owned too.
///
/// Such a name says who was hit, or would make every member block another member. Never
/// releasable.
pub(super) struct MemberDomain {
    owners: HashMap<String, BTreeSet<MemberId>>,
}

static TEXT: RuleText = RuleText {
    code: "member-domain",
    severity: Severity::High,
    confidence: Confidence::High,
    releasable: false,
    ja: "会員が所有するドメインです。被害組織が特定されるおそれがあるため共有されません。",
    en: "The domain belongs to a member: it could tell who was hit, so it is never shared.",
};

impl MemberDomain {
    pub(super) fn new(register: &Register) -> Self {
        let mut owners: HashMap<String, BTreeSet<MemberId>> = HashMap::new();
        for member in register.members() {
            for domain in &member.domains {
                for name in [Some(domain.as_str()), domain.registrable()].into_iter().flatten() {
                    owners.entry(name.to_owned()).or_default().insert(member.id.clone());
                }
            }
        }
        Self { owners }
    }
}

impl GateRule for MemberDomain {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let mut found = BTreeSet::new();
        for name in subject.domain.iter().chain(&subject.inner_domains) {
            let mut rest = Some(name.as_str());
            while let Some(suffix) = rest {
                if let Some(owners) = self.owners.get(suffix) {
                    found.extend(owners.iter().cloned());
                }
                rest = suffix.split_once('.').map(|(_, parent)| parent);
            }
        }
        if !found.is_empty() {
            reasons.push(Reason::about(&TEXT, found.into_iter().collect()));
        }
    }
}
