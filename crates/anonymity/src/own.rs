//! What a member owns and is called, kept on its own machine: found in a report before it leaves.
//!
//! The hub knows a member's registered names and domains. Its host names, private addresses,
//! projects and people it must never learn; this list is theirs.

mod load;

use std::ops::Range;

use ipnet::IpNet;
use noroshi_stix::{DomainName, Observable};
use regex_automata::meta::Regex;

use crate::text::names::NameIndex;
use crate::text::{addresses, decode};
use crate::{AnonymityError, Words};

/// The list, ready to search with.
pub struct OwnAssets {
    domains: Vec<DomainName>,
    networks: Vec<IpNet>,
    hosts: Vec<Regex>,
    names: NameIndex,
    /// By number of a name in `names`.
    kinds: Vec<OwnKind>,
}

/// What kind of asset was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnKind {
    /// An own domain or a host below it.
    Domain,
    /// An address of an own network.
    Network,
    /// A host name of the own pattern.
    Host,
    /// A person.
    Person,
    /// A project.
    Project,
    /// A brand, product or company name.
    Brand,
}

/// An own asset in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHit {
    /// Where, in bytes of the text; hits do not overlap.
    pub place: Range<usize>,
    /// What it is.
    pub kind: OwnKind,
}

impl OwnKind {
    /// The reason, for the person who sends the report.
    pub fn explain(self) -> Words {
        let (ja, en) = match self {
            Self::Domain => ("自社のドメイン", "own domain"),
            Self::Network => ("自社のアドレス", "own address"),
            Self::Host => ("自社のホスト名", "own host name"),
            Self::Person => ("自社の人名", "own person"),
            Self::Project => ("自社の案件名", "own project"),
            Self::Brand => ("自社の名称", "own name"),
        };
        Words { ja: ja.to_owned(), en: en.to_owned() }
    }
}

/// Characters of which host names, addresses and what is encoded consist, `[.]` for a dot included.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || ".-_:+/=%@[]".contains(c)
}

impl OwnAssets {
    /// Reads the list; `reference/own-assets-example.toml` shows the shape.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is not such a file or an entry cannot be used.
    pub fn from_toml(text: &str) -> Result<Self, AnonymityError> {
        load::own_assets(text)
    }

    /// Every own asset in the text, in order, however it is written or encoded.
    pub fn find(&self, text: &str) -> Vec<OwnHit> {
        let mut hits: Vec<OwnHit> = self.plain_hits(text);
        for (start, word) in words(text, |c| !c.is_whitespace()) {
            let is_known =
                |at: &OwnHit| at.place.start < start + word.len() && start < at.place.end;
            if let Some(kind) = self.hidden_in(word).filter(|_| !hits.iter().any(is_known)) {
                hits.push(OwnHit { place: start..start + word.len(), kind });
            }
        }
        merged(hits)
    }

    /// What of the own assets an indicator holds, each kind once.
    pub fn kinds_in(&self, observable: &Observable) -> Vec<OwnKind> {
        let mut kinds: Vec<OwnKind> =
            self.find(&observable.value()).into_iter().map(|hit| hit.kind).collect();
        let network = match observable {
            Observable::Ipv4(net) => Some(IpNet::from(*net)),
            Observable::Ipv6(net) => Some(IpNet::from(*net)),
            _ => None,
        };
        if network.is_some_and(|net| self.owns(&net)) {
            kinds.push(OwnKind::Network);
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Assets that stand in the text as they are read.
    fn plain_hits(&self, text: &str) -> Vec<OwnHit> {
        let names = self.names.places(text).into_iter().filter_map(|(place, hit)| {
            let kind = *usize::try_from(hit.owner).ok().and_then(|i| self.kinds.get(i))?;
            Some(OwnHit { place, kind })
        });
        let mut hits: Vec<OwnHit> = names.collect();
        for (start, word) in words(text, is_word_char) {
            if let Some(kind) = self.kind_of_word(word) {
                hits.push(OwnHit { place: start..start + word.len(), kind });
            }
        }
        hits
    }

    /// Host names, domains and addresses.
    fn kind_of_word(&self, word: &str) -> Option<OwnKind> {
        let word = word.to_lowercase().replace("[.]", ".").replace("[:]", ":");
        let mut addresses = addresses::written_in(&word).into_iter().map(IpNet::from);
        if addresses.any(|address| self.owns(&address)) {
            return Some(OwnKind::Network);
        }
        let is_host_char = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let mut kind = None;
        for (_, host) in words(&word, is_host_char) {
            let host = host.trim_matches(['.', '-', '_']);
            let name = DomainName::parse(host);
            let name = name.as_ref().map_or(host, DomainName::as_str);
            if self.domains.iter().any(|own| holds_domain(name, own.as_str())) {
                return Some(OwnKind::Domain);
            }
            // A pattern may mean the whole name or one label of it.
            let labels = host.split(['.', '_']).chain([host]);
            if labels.filter(|l| !l.is_empty()).any(|l| self.hosts.iter().any(|p| p.is_match(l))) {
                kind = Some(OwnKind::Host);
            }
        }
        kind
    }

    /// What a word holds in percent, hexadecimal, base64, punycode or a wrong character set.
    fn hidden_in(&self, word: &str) -> Option<OwnKind> {
        let mut readings = decode::misread(word);
        let percent = decode::percent_japanese(word);
        readings.extend([decode::unicode_host(&percent)].into_iter().filter(|text| text != word));
        for hidden in decode::hidden(&percent) {
            readings.extend(decode::hidden(&hidden));
            readings.push(hidden);
        }
        readings.iter().find_map(|text| merged(self.plain_hits(text)).first().map(|hit| hit.kind))
    }

    /// Whether the two share an address.
    fn owns(&self, net: &IpNet) -> bool {
        self.networks.iter().any(|own| own.contains(net) || net.contains(own))
    }
}

/// Whether the domain stands in the name between dots and the like: also as the beginning of
/// another name, which then was made to look like it.
fn holds_domain(name: &str, own: &str) -> bool {
    name.match_indices(own).any(|(at, _)| {
        let before = name.get(..at).and_then(|s| s.chars().next_back());
        let after = name.get(at + own.len()..).and_then(|s| s.chars().next());
        before.is_none_or(|c| matches!(c, '.' | '_')) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}

/// The runs of characters of a kind, with their places.
fn words(text: &str, is_in: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        match (start, at < text.len() && is_in(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.extend(text.get(from..at).map(|word| (from, word)));
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Overlapping hits as one, which counts as what began first.
fn merged(mut hits: Vec<OwnHit>) -> Vec<OwnHit> {
    hits.sort_unstable_by_key(|hit| (hit.place.start, std::cmp::Reverse(hit.place.end)));
    let mut merged: Vec<OwnHit> = Vec::new();
    for hit in hits {
        match merged.last_mut().filter(|last| hit.place.start < last.place.end) {
            Some(last) => last.place.end = last.place.end.max(hit.place.end),
            None => merged.push(hit),
        }
    }
    merged
}
