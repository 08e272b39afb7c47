//! By what a report is found beside its indicators: sender, subject, kind of attack, techniques.
//!
//! A trait is kept as text such as `technique:T1566.001`; a subject only as a hash of its plain form.

use data_encoding::HEXLOWER;
use noroshi_anonymity::{Group, Verdict, Vocabulary};
use noroshi_intake::Facts;
use noroshi_stix::{DomainName, Kind, Observable};
use sha2::{Digest, Sha256};

use crate::register::Policy;

/// Most traits of one sort kept of a report.
const MOST: usize = 40;

/// Something two reports may have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// A mail address on the sender's side.
    Sender(String),
    /// What the sender's organisation registered.
    SenderDomain(String),
    /// The subject of the mail, hashed.
    Subject(String),
    /// The kind of attack.
    AttackType(String),
    /// The way in.
    InitialAccess(String),
    /// An ATT&CK technique.
    Technique(String),
}

impl Trait {
    /// The text it is kept as.
    pub fn key(&self) -> String {
        let (sort, value) = match self {
            Self::Sender(v) => ("sender", v),
            Self::SenderDomain(v) => ("sender-domain", v),
            Self::Subject(v) => ("subject", v),
            Self::AttackType(v) => ("attack-type", v),
            Self::InitialAccess(v) => ("initial-access", v),
            Self::Technique(v) => ("technique", v),
        };
        format!("{sort}:{value}")
    }

    /// Reads what [`Trait::key`] wrote.
    pub fn from_key(key: &str) -> Option<Self> {
        let (sort, value) = key.split_once(':')?;
        let value = value.to_owned();
        Some(match sort {
            "sender" => Self::Sender(value),
            "sender-domain" => Self::SenderDomain(value),
            "subject" => Self::Subject(value),
            "attack-type" => Self::AttackType(value),
            "initial-access" => Self::InitialAccess(value),
            "technique" => Self::Technique(value),
            _ => return None,
        })
    }
}

/// The traits of a report.
pub(super) fn of<'a>(
    policy: &Policy,
    facts: &Facts,
    values: impl Iterator<Item = (Kind, &'a str, &'a str)>,
) -> Vec<Trait> {
    let mut out = Vec::new();
    for (_, value, origin) in values.filter(|(kind, ..)| *kind == Kind::Email).take(MOST) {
        if origin.starts_with("header ") {
            out.push(Trait::Sender(value.to_owned()));
        }
        out.extend(sender_domain(value).filter(|d| tells(policy, d)).map(Trait::SenderDomain));
    }
    out.extend(facts.mail_subject.as_deref().and_then(subject_print).map(Trait::Subject));
    out.extend(attack_type(&policy.vocabulary, facts).map(Trait::AttackType));
    let access = facts.initial_access.as_deref();
    let access = access.and_then(|a| policy.vocabulary.term(Group::InitialAccess, a));
    out.extend(access.map(|t| Trait::InitialAccess(t.id().to_owned())));
    let known = facts.techniques.iter().filter_map(|t| policy.vocabulary.technique(t));
    out.extend(known.take(MOST).map(|t| Trait::Technique(t.id().to_owned())));
    out.sort();
    out.dedup();
    out
}

/// The kind of attack, as a term of the vocabulary.
pub(super) fn attack_type(vocabulary: &Vocabulary, facts: &Facts) -> Option<String> {
    let term = vocabulary.term(Group::AttackType, facts.attack_type.as_deref()?)?;
    Some(term.id().to_owned())
}

/// What the owner of a mail address registered.
pub fn sender_domain(address: &str) -> Option<String> {
    let name = DomainName::parse(address.rsplit_once('@')?.1)?;
    name.registrable().map(str::to_owned)
}

/// Whether a domain says something: not one that everybody writes from, nor a member's.
fn tells(policy: &Policy, domain: &str) -> bool {
    let Ok(domain) = Observable::parse(Kind::Domain, domain) else { return false };
    matches!(policy.gate.judge(&domain), Verdict::Pass(_))
}

/// The hash of a subject without case, blanks and marks of answers; `None` where nothing is left.
pub fn subject_print(subject: &str) -> Option<String> {
    let mut plain = subject.to_lowercase();
    loop {
        let trimmed = plain.trim_start();
        let cut = ["re:", "fw:", "fwd:", "aw:", "re：", "fw：", "転送:", "返信:"]
            .iter()
            .find_map(|mark| trimmed.strip_prefix(mark));
        match cut {
            Some(rest) => plain = rest.to_owned(),
            None => break,
        }
    }
    let plain: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    // Two letters are in half of all subjects.
    (plain.chars().count() > 3)
        .then(|| HEXLOWER.encode(Sha256::digest(plain.as_bytes()).get(..16).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_known_again() {
        let one = subject_print("【至急】 請求書の件").unwrap();
        assert_eq!(subject_print("RE: Fw: 【至急】請求書の件"), Some(one.clone()));
        assert_ne!(subject_print("請求書の件です"), Some(one));
        assert_eq!(subject_print("Re: hi"), None);
    }

    #[test]
    fn every_trait_survives_its_key() {
        for t in [
            Trait::Sender("a:b@x.example".into()),
            Trait::SenderDomain("x.example".into()),
            Trait::Subject("ab".into()),
            Trait::AttackType("ransomware".into()),
            Trait::InitialAccess("mail".into()),
            Trait::Technique("T1566.001".into()),
        ] {
            assert_eq!(Trait::from_key(&t.key()), Some(t));
        }
        assert_eq!(Trait::from_key("else:1"), None);
        assert_eq!(sender_domain("a@mail.kaiun-post.co.jp"), Some("kaiun-post.co.jp".into()));
    }
}
