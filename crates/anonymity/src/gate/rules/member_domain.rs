//! Names in a domain that a member owns.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use super::super::reason::{Confidence, Severity};
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};
use crate::AnonymityError;
use crate::register::{MemberId, Register};
use crate::text::decode;

/// Domains equal to or below one in the register, as indicators, as hosts of URLs, behind the `@`
/// of mail addresses, and written inside file names, paths and rules. Unicode and punycode forms
/// are one. A registrable domain above a registered host counts as owned too.
///
/// Such a name says who was hit, or would make every member block another member. Never
/// releasable.
pub(super) struct MemberDomain {
    owners: BTreeMap<String, BTreeSet<MemberId>>,
    written: AhoCorasick,
    /// By pattern of `written`: the domain it is a form of.
    written_domain: Vec<String>,
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
    pub(super) fn new(register: &Register) -> Result<Self, AnonymityError> {
        let mut owners: BTreeMap<String, BTreeSet<MemberId>> = BTreeMap::new();
        for member in register.members() {
            for domain in &member.domains {
                for name in [Some(domain.as_str()), domain.registrable()].into_iter().flatten() {
                    owners.entry(name.to_owned()).or_default().insert(member.id.clone());
                }
            }
        }
        let forms: Vec<(String, String)> = owners
            .keys()
            .flat_map(|d| {
                let unicode = Some(decode::unicode_host(d)).filter(|u| u != d);
                [Some((d.clone(), d.clone())), unicode.map(|u| (u, d.clone()))]
            })
            .flatten()
            .collect();
        let (texts, written_domain): (Vec<_>, Vec<_>) = forms.into_iter().unzip();
        let written = AhoCorasick::new(&texts)
            .map_err(|e| AnonymityError::TooManyNames { detail: e.to_string() })?;
        Ok(Self { owners, written, written_domain })
    }

    /// Owners of a name: those of the domain it is or lies below.
    fn of_name<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a MemberId> {
        std::iter::successors(Some(name), |n| n.split_once('.').map(|(_, parent)| parent))
            .filter_map(|suffix| self.owners.get(suffix))
            .flatten()
    }

    /// Owners of domains that stand in a text, whatever is glued to them but letters and digits.
    fn of_text(&self, text: &str, found: &mut BTreeSet<MemberId>) {
        let plain = text.to_lowercase().replace('。', ".");
        for m in self.written.find_overlapping_iter(&plain) {
            let before = plain.get(..m.start()).and_then(|s| s.chars().next_back());
            let after = plain.get(m.end()..).and_then(|s| s.chars().next());
            let glued = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let domain = self.written_domain.get(m.pattern().as_usize());
            if let Some(owners) = domain.and_then(|d| self.owners.get(d))
                && !glued(before)
                && !glued(after)
            {
                found.extend(owners.iter().cloned());
            }
        }
    }
}

impl GateRule for MemberDomain {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let mut found = BTreeSet::new();
        if let Some(name) = &subject.domain {
            found.extend(self.of_name(name.as_str()).cloned());
        }
        for text in &subject.texts {
            self.of_text(text, &mut found);
        }
        if !found.is_empty() {
            reasons.push(Reason::about(&TEXT, found.into_iter().collect()));
        }
    }
}
