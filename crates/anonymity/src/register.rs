//! The register of members, which is assumed public.
//!
//! Everything in it (names, domains, prefixes, weights, places in the label tree) is treated as
//! known to every adversary. What is secret is only which member a report came from, so a
//! [`MemberId`] does not print.

mod load;
mod member;

use std::collections::{BTreeMap, BTreeSet};

pub use member::{MemberId, RegisterMember};

use crate::{AnonymityError, Language, Words};

/// A valid list of members, in the order given.
#[derive(Clone)]
pub struct Register {
    members: Vec<RegisterMember>,
    labels: BTreeMap<String, Words>,
    notes: Vec<RegisterNote>,
}

/// Something odd about a register that is allowed, worth showing to whoever maintains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterNote {
    /// Two members claim the same domain, or one below the other's.
    SharedDomain {
        /// The more specific domain.
        domain: String,
        /// Positions of both members, counted from 1.
        positions: (usize, usize),
    },
    /// Two members claim overlapping address space.
    SharedNetwork {
        /// The smaller network.
        network: String,
        /// Positions of both members, counted from 1.
        positions: (usize, usize),
    },
}

impl RegisterNote {
    /// One sentence for the maintainer.
    pub fn explain(&self, language: Language) -> String {
        let (what, (a, b)) = match self {
            Self::SharedDomain { domain, positions } => (domain, positions),
            Self::SharedNetwork { network, positions } => (network, positions),
        };
        match language {
            Language::Ja => format!("{a} 番目と {b} 番目の会員がともに {what} を届け出ています。"),
            Language::En => format!("Entries {a} and {b} both claim {what}."),
        }
    }
}

impl Register {
    /// Checks the members and keeps them.
    ///
    /// # Errors
    /// [`AnonymityError`] names the first entry that cannot be used and why. Overlapping domains
    /// and networks are allowed (subsidiaries share them) and listed by [`Register::notes`].
    pub fn new(members: Vec<RegisterMember>) -> Result<Self, AnonymityError> {
        Self::with_labels(members, BTreeMap::new())
    }

    /// As [`Register::new`], with the words for the steps of the label paths.
    ///
    /// # Errors
    /// As [`Register::new`].
    pub fn with_labels(
        members: Vec<RegisterMember>,
        labels: BTreeMap<String, Words>,
    ) -> Result<Self, AnonymityError> {
        let mut seen = BTreeSet::new();
        for (i, member) in members.iter().enumerate() {
            let position = i + 1;
            member.check(position)?;
            if !seen.insert(&member.id) {
                return Err(AnonymityError::DuplicateMember { position });
            }
        }
        let notes = overlaps(&members);
        Ok(Self { members, labels, notes })
    }

    /// Reads a register file; `reference/demo-register.toml` shows the shape.
    ///
    /// # Errors
    /// [`AnonymityError::Unreadable`] where it is not such a file, else as [`Register::new`].
    pub fn from_toml(text: &str) -> Result<Self, AnonymityError> {
        load::register(text)
    }

    /// Every member, also those that left: a former member's assets stay protected.
    pub fn members(&self) -> &[RegisterMember] {
        &self.members
    }

    /// The member with this id.
    pub fn member(&self, id: &MemberId) -> Option<&RegisterMember> {
        self.members.iter().find(|m| m.id == *id)
    }

    /// The words for one step of a label path, where the register gives them.
    pub fn label(&self, step: &str) -> Option<&Words> {
        self.labels.get(step)
    }

    /// The words for all steps, in the order of the steps.
    pub fn labels(&self) -> &BTreeMap<String, Words> {
        &self.labels
    }

    /// What is odd but allowed.
    pub fn notes(&self) -> &[RegisterNote] {
        &self.notes
    }
}

/// Domains and networks that more than one member claims, each pair once.
fn overlaps(members: &[RegisterMember]) -> Vec<RegisterNote> {
    let mut notes = Vec::new();
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, m) in members.iter().enumerate() {
        for d in &m.domains {
            match owners.get(d.as_str()) {
                Some(&other) if other != i => notes.push(RegisterNote::SharedDomain {
                    domain: d.as_str().to_owned(),
                    positions: (other + 1, i + 1),
                }),
                Some(_) => {}
                None => {
                    owners.insert(d.as_str(), i);
                }
            }
        }
    }
    for (name, &i) in &owners {
        let mut rest = *name;
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(&other) = owners.get(parent).filter(|o| **o != i) {
                notes.push(RegisterNote::SharedDomain {
                    domain: (*name).to_owned(),
                    positions: (other.min(i) + 1, other.max(i) + 1),
                });
            }
            rest = parent;
        }
    }
    let mut networks: Vec<(ipnet::IpNet, usize)> = members
        .iter()
        .enumerate()
        .flat_map(|(i, m)| m.networks.iter().map(move |n| (n.trunc(), i)))
        .collect();
    networks.sort();
    // Sorted prefixes nest: an enclosing one stands before everything inside it.
    let mut open: Vec<(ipnet::IpNet, usize)> = Vec::new();
    for (net, i) in networks {
        while open.last().is_some_and(|(outer, _)| !outer.contains(&net)) {
            open.pop();
        }
        if let Some((_, other)) = open.iter().find(|(_, other)| *other != i) {
            notes.push(RegisterNote::SharedNetwork {
                network: net.to_string(),
                positions: ((*other).min(i) + 1, (*other).max(i) + 1),
            });
        }
        open.push((net, i));
    }
    notes
}
