//! What else a member may be called: a list made from its registered names and domains, for the
//! member to edit.
//!
//! The gate looks for every spelling of a name by itself (width, case, kana and Latin letters,
//! look-alikes, one letter wrong). This list is about *other* names: the short form without
//! 株式会社, the group's name, the name without the word for its trade, initials, the name of the
//! domain. A hub stores only a member's [`AliasEdits`], so that a better derivation reaches
//! everybody.

mod words;

use std::collections::BTreeMap;

use noroshi_stix::{DomainName, Observable};
use serde::{Deserialize, Serialize};

use crate::WarningLists;
use crate::text::{Folded, kana, names, plain};

/// Fewest Latin letters of a name that a member may add.
const LEAST_LETTERS: usize = 4;
/// Fewest initials that are a name: two letters are in every text.
const LEAST_INITIALS: usize = 3;
/// Initials of fewer letters say nothing by themselves; a domain of that name vouches for them.
const SURE_INITIALS: usize = 4;

/// A name the register does not give but a reader would know the member by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DerivedAlias {
    /// The name; the gate finds its other spellings by itself.
    pub text: String,
    /// How it was made.
    pub from: AliasSource,
    /// Whether it is taken unless the member objects.
    pub strength: Strength,
}

/// How an alias was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AliasSource {
    /// Without the legal form: 北星製鋼株式会社 is 北星製鋼.
    LegalForm,
    /// As a group: 北星ホールディングス is 北星HD, 北星グループ and 北星.
    Group,
    /// Without the word for the trade: 北星製鋼 is 北星.
    Trade,
    /// Kana in Latin letters: ホクセイ is Hokusei.
    Romaji,
    /// First letters: Hokusei Heavy Industries is HHI.
    Initials,
    /// The owned part of a domain: hokusei-steel.co.jp is hokusei steel.
    Domain,
}

/// Whether an alias is taken by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// A common word or a guess: proposed, used only where the member adds it.
    Weak,
    /// Points to the member: used unless the member removes it.
    Strong,
}

/// What a member changed in its derived list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AliasEdits {
    /// Names to look for besides, weak ones that the member wants among them.
    #[serde(default)]
    pub added: Vec<String>,
    /// Derived names not to look for.
    #[serde(default)]
    pub removed: Vec<String>,
}

impl AliasEdits {
    /// The names to look for: strong ones that were not removed, then those added, each spelling
    /// once. What was both added and removed is looked for: protecting too much is the safe error.
    pub fn apply(&self, derived: &[DerivedAlias]) -> Vec<String> {
        let is_in = |list: &[String], text: &str| list.iter().any(|other| is_same(other, text));
        let kept = derived
            .iter()
            .filter(|d| d.strength == Strength::Strong && !is_in(&self.removed, &d.text))
            .map(|d| d.text.clone());
        let mut names: Vec<String> = Vec::new();
        for name in kept.chain(self.added.iter().map(|a| a.trim().to_owned())) {
            if !name.is_empty() && !is_in(&names, &name) {
                names.push(name);
            }
        }
        names
    }
}

/// Whether a name stands in ordinary addresses and texts, so that looking for it would hold back what
/// has nothing to do with a member: words of everyday use or of lures, public suffixes, names of what
/// everybody uses, and what is shorter than four Latin letters.
pub fn is_everyday(name: &str, lists: &WarningLists) -> bool {
    let name = plain(name).to_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let joined = words.concat();
    if joined.is_ascii() && joined.len() < LEAST_LETTERS {
        return true;
    }
    let is_suffix = |word: &str| {
        let below = DomainName::parse(&format!("a.b.{word}"));
        below.is_some_and(|d| {
            d.has_known_suffix() && d.registrable() == Some(format!("b.{word}").as_str())
        })
    };
    if words.iter().all(|w| words::is_common(w) || words::is_lure(w) || is_suffix(w)) {
        return true;
    }
    ["com", "net", "org", "jp", "co.jp"].iter().any(|suffix| {
        let domain = DomainName::parse(&format!("{joined}.{suffix}"));
        domain.is_some_and(|d| !lists.find(&Observable::Domain(d)).is_empty())
    })
}

/// Other names of a member, without those given, in alphabetical order. Each can be looked for
/// ([`crate::RegisterMember::names`]); short ones the gate takes as whole words only.
pub fn derive(given: &[String], domains: &[DomainName]) -> Vec<DerivedAlias> {
    let mut found = Found::default();
    let labels: Vec<&str> = domains
        .iter()
        .filter_map(|d| d.registrable().and_then(|d| d.split('.').next()))
        .filter(|label| !label.starts_with("xn--"))
        .collect();
    for name in given {
        let name = plain(name).trim().to_owned();
        let legal = names::without_legal_form(&name).unwrap_or_else(|| name.clone());
        let short = names::without_company_forms(&name).unwrap_or_else(|| legal.clone());
        if legal != name {
            found.add(&legal, AliasSource::LegalForm, Strength::Strong);
        }
        if short != legal {
            groups(&short, &mut found);
        }
        let core = words::without_trade(&short);
        if let Some(core) = &core {
            // One character, or two letters, is no name.
            let is_long = core.chars().count() >= if core.is_ascii() { 4 } else { 2 };
            let strength = if is_long { Strength::Strong } else { Strength::Weak };
            found.add(core, AliasSource::Trade, strength);
        }
        for kana_name in [Some(&short), core.as_ref()].into_iter().flatten() {
            if kana::has_kana(kana_name) {
                let latin = kana::hepburn(kana_name);
                let strength = if latin.is_ascii() { Strength::Strong } else { Strength::Weak };
                found.add(&capitalised(&latin), AliasSource::Romaji, strength);
            }
        }
        if let Some(letters) = initials(&legal) {
            let is_vouched = labels.iter().any(|l| l.eq_ignore_ascii_case(&letters));
            let is_sure = is_vouched || letters.len() >= SURE_INITIALS;
            let strength = if is_sure { Strength::Strong } else { Strength::Weak };
            found.add(&letters, AliasSource::Initials, strength);
        }
    }
    for label in labels {
        // A hyphen parts words: hokusei-steel is Hokusei Steel.
        found.add(&label.replace('-', " "), AliasSource::Domain, Strength::Strong);
    }
    found.without(given)
}

/// Aliases by their spelling; the stronger of two equal ones stays.
#[derive(Default)]
struct Found(BTreeMap<String, DerivedAlias>);

impl Found {
    fn add(&mut self, text: &str, from: AliasSource, strength: Strength) {
        let text = text.trim();
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < 2 {
            return;
        }
        let is_weak = words::is_common(text) || (letters == 2 && text.is_ascii());
        let strength = if is_weak { Strength::Weak } else { strength };
        let new = DerivedAlias { text: text.to_owned(), from, strength };
        let known = self.0.entry(text.to_lowercase()).or_insert_with(|| new.clone());
        if new.strength > known.strength {
            *known = new;
        }
    }

    fn without(self, given: &[String]) -> Vec<DerivedAlias> {
        let is_new = |alias: &DerivedAlias| !given.iter().any(|g| g.trim() == alias.text);
        let mut aliases: Vec<DerivedAlias> = self.0.into_values().filter(is_new).collect();
        aliases.sort();
        aliases
    }
}

/// 北星ホールディングス株式会社 is also 北星, 北星HD and 北星グループ.
fn groups(short: &str, found: &mut Found) {
    found.add(short, AliasSource::Group, Strength::Strong);
    let forms: &[&str] = if short.is_ascii() {
        &[" HD", " Holdings", " Group"]
    } else {
        &["HD", "ホールディングス", "グループ"]
    };
    for form in forms {
        found.add(&format!("{short}{form}"), AliasSource::Group, Strength::Strong);
    }
}

/// Mitsubishi Heavy Industries is MHI.
fn initials(name: &str) -> Option<String> {
    if !name.is_ascii() {
        return None;
    }
    let words = name.split([' ', '-', '&']).filter(|w| !words::is_small(w));
    let letters: String = words.filter_map(|w| w.chars().find(char::is_ascii_alphabetic)).collect();
    (letters.len() >= LEAST_INITIALS).then(|| letters.to_uppercase())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// Whether two names are one to the gate.
fn is_same(a: &str, b: &str) -> bool {
    Folded::new(a).bytes() == Folded::new(b).bytes()
}
