//! Warning lists: values that are harmless, shared by everybody or meaningless as indicators.
//!
//! Blocking `8.8.8.8`, `windowsupdate.com` or the hash of the empty file hurts every member and
//! tells nothing about an attack. The lists are data files with a header; a deployment adds its
//! own.

mod parse;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use noroshi_stix::{DomainName, Observable};
use unicode_normalization::UnicodeNormalization;

use crate::Words;

const BUILTIN: [&str; 12] = [
    include_str!("../../../reference/warning-lists/public-resolvers.txt"),
    include_str!("../../../reference/warning-lists/shared-addresses.txt"),
    include_str!("../../../reference/warning-lists/top-domains.txt"),
    include_str!("../../../reference/warning-lists/shared-hosting.txt"),
    include_str!("../../../reference/warning-lists/public-mail.txt"),
    include_str!("../../../reference/warning-lists/certificate-authorities.txt"),
    include_str!("../../../reference/warning-lists/update-servers.txt"),
    include_str!("../../../reference/warning-lists/reserved-names.txt"),
    include_str!("../../../reference/warning-lists/security-publishers.txt"),
    include_str!("../../../reference/warning-lists/known-hashes.txt"),
    include_str!("../../../reference/warning-lists/common-file-names.txt"),
    include_str!("../../../reference/warning-lists/common-mutexes.txt"),
];

/// All warning lists a gate looks at.
#[derive(Clone, Default)]
pub struct WarningLists {
    lists: Vec<Arc<WarningMatch>>,
    networks: Vec<(IpNet, usize)>,
    names: HashMap<String, Vec<usize>>,
    words: HashMap<String, Vec<usize>>,
    rejected: Vec<String>,
}

/// Which list an indicator is on, and how that list is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningMatch {
    /// The list's name, such as `public-resolvers`.
    pub list: String,
    /// What the list holds, in both languages.
    pub what: Words,
    /// How its entries match.
    pub(crate) matching: Matching,
    /// Whether the desk may release a hit after review.
    pub(crate) releasable: bool,
}

/// How the entries of a list are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matching {
    /// Addresses and prefixes: a hit where the two overlap.
    Address,
    /// Names: the entry itself or anything below it; a URL only where it has no path.
    NameWithin,
    /// Names: the entry itself, or `www.` before it; a URL only where it has no path. For hosts
    /// whose sub-names belong to strangers.
    NameItself,
    /// Names: the entry or anything below it, wherever it stands: in URLs and mail addresses too.
    NameAnywhere,
    /// Hash digests.
    Hash,
    /// File names, without case.
    FileName,
    /// Mutex names, without case.
    Mutex,
}

impl WarningLists {
    /// The lists in `reference/warning-lists/`.
    pub fn builtin() -> Self {
        let mut lists = Self::default();
        for text in BUILTIN {
            lists.add(text);
        }
        lists
    }

    /// Adds a list in the same form as the built-in files. Lines that cannot be read are skipped
    /// and kept for [`WarningLists::rejected`]: one bad line must not disable a whole list.
    pub fn add(&mut self, text: &str) {
        match parse::list(text) {
            Err(problem) => self.rejected.push(problem),
            Ok(list) => {
                let index = self.lists.len();
                let matching = list.about.matching;
                self.rejected.extend(list.rejected);
                for entry in list.entries {
                    match entry {
                        parse::Entry::Network(net) => self.networks.push((net, index)),
                        parse::Entry::Name(name) => self.names.entry(name).or_default().push(index),
                        parse::Entry::Word(word) => {
                            self.words.entry(key(matching, &word)).or_default().push(index);
                        }
                    }
                }
                self.lists.push(Arc::new(list.about));
            }
        }
    }

    /// How many entries all lists have together.
    pub fn len(&self) -> usize {
        self.networks.len() + self.names.len() + self.words.len()
    }

    /// Whether there is no entry at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lists and lines that could not be read, with the reason.
    pub fn rejected(&self) -> &[String] {
        &self.rejected
    }

    /// Every list the indicator is on.
    pub fn find(&self, observable: &Observable) -> Vec<Arc<WarningMatch>> {
        let mut found = HashSet::new();
        match observable {
            Observable::Ipv4(n) => self.find_network((*n).into(), &mut found),
            Observable::Ipv6(n) => self.find_network((*n).into(), &mut found),
            Observable::Domain(d) => self.find_name(d, Place::Name, &mut found),
            Observable::Email(e) => {
                if let Some(d) = e.domain() {
                    self.find_name(&d, Place::Inside, &mut found);
                }
            }
            Observable::Url(u) => {
                let url = u.as_url();
                let bare = url.path() == "/" && url.query().is_none();
                if let Some(d) = u.domain() {
                    self.find_name(&d, if bare { Place::Name } else { Place::Inside }, &mut found);
                } else if let Ok(a) = u.host_str().trim_matches(['[', ']']).parse::<IpAddr>() {
                    self.find_network(a.into(), &mut found);
                }
            }
            Observable::Hash(h) => self.find_word(Matching::Hash, h.as_str(), &mut found),
            Observable::FileName(n) => self.find_word(Matching::FileName, n, &mut found),
            Observable::Mutex(n) => self.find_word(Matching::Mutex, n, &mut found),
            Observable::RegistryKey(_)
            | Observable::Ja3(_)
            | Observable::Ja4(_)
            | Observable::Cve(_)
            | Observable::Rule(_) => {}
        }
        let mut found: Vec<usize> = found.into_iter().collect();
        found.sort_unstable();
        found.into_iter().filter_map(|i| self.lists.get(i).cloned()).collect()
    }

    fn find_network(&self, net: IpNet, found: &mut HashSet<usize>) {
        let hits = self.networks.iter().filter(|(n, _)| n.contains(&net) || net.contains(n));
        found.extend(hits.map(|(_, list)| *list));
    }

    fn find_name(&self, name: &DomainName, place: Place, found: &mut HashSet<usize>) {
        let name = name.as_str();
        let mut rest = Some(name);
        while let Some(suffix) = rest {
            for &list in self.names.get(suffix).into_iter().flatten() {
                let itself = suffix == name || name.strip_prefix("www.") == Some(suffix);
                let hit = match self.lists.get(list).map(|l| l.matching) {
                    Some(Matching::NameAnywhere) => true,
                    Some(Matching::NameWithin) => place == Place::Name,
                    Some(Matching::NameItself) => place == Place::Name && itself,
                    _ => false,
                };
                if hit {
                    found.insert(list);
                }
            }
            rest = suffix.split_once('.').map(|(_, parent)| parent);
        }
    }

    fn find_word(&self, matching: Matching, word: &str, found: &mut HashSet<usize>) {
        found.extend(self.words.get(&key(matching, word)).into_iter().flatten());
    }
}

/// Where a name stood.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the whole indicator.
    Name,
    /// It is part of a URL with a path, or of a mail address.
    Inside,
}

/// The form words are compared in; the prefix keeps a hash apart from a file of that name.
fn key(matching: Matching, word: &str) -> String {
    let plain: String = word.nfkc().collect::<String>().to_lowercase();
    let prefix = match matching {
        Matching::Hash => 'h',
        Matching::FileName => 'f',
        _ => 'm',
    };
    format!("{prefix}:{plain}")
}
