//! What members are called, inside other names.

use std::collections::BTreeSet;

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};
use crate::AnonymityError;
use crate::register::{MemberId, Register};
use crate::text::names::{self, Closeness, NameIndex};

/// Names, brands and owned domain labels of every member, inside domains, hosts, URLs, mail
/// addresses, file names, mutexes, registry keys and rules: in any case and width, in kana or
/// Latin letters, with look-alike characters, with one letter wrong in long names.
///
/// A lure such as `mhi-vpn-login.example` is the attacker's, yet it tells who was to be hit. The
/// desk decides; the brand's owner may be told.
pub(super) struct MemberName {
    index: NameIndex,
    members: Vec<MemberId>,
}

static TEXT: RuleText = RuleText {
    code: "member-name",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "会員の名称またはブランドに見える語が含まれています。標的となった組織が推測されるおそれがあるため、デスクが確認します。",
    en: "It holds a word that looks like a member's name or brand: it could tell who was targeted, so the desk decides.",
};

impl MemberName {
    pub(super) fn new(register: &Register) -> Result<Self, AnonymityError> {
        let (index, members) = names::of_register(register)?;
        Ok(Self { index, members })
    }
}

impl GateRule for MemberName {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let mut found = BTreeSet::new();
        let mut surest = Closeness::OneEdit;
        for text in subject.host_text.iter().chain(&subject.texts) {
            for hit in self.index.find(text) {
                // One wrong letter in a whole rule's text is chance, not a name.
                let chance = matches!(subject.observable, Observable::Rule(_));
                if chance && hit.closeness == Closeness::OneEdit {
                    continue;
                }
                surest = surest.max(hit.closeness);
                found.extend(usize::try_from(hit.owner).ok().and_then(|i| self.members.get(i)));
            }
        }
        if !found.is_empty() {
            let confidence = match surest {
                Closeness::Exact => Confidence::Medium,
                Closeness::OneEdit => Confidence::Low,
            };
            let owners = found.into_iter().cloned().collect();
            reasons.push(Reason::about(&TEXT, owners).with_confidence(confidence));
        }
    }
}
