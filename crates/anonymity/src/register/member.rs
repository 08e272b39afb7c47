//! One entry of the register.

use std::fmt;

use ipnet::IpNet;
use noroshi_stix::{DomainName, Timestamp};

use crate::{AnonymityError, Language};

/// Longest member id, in bytes.
pub(super) const MAX_ID_LEN: usize = 64;
/// Longest name or brand, in characters.
pub(super) const MAX_NAME_CHARS: usize = 200;

/// A member's identity. It is what the whole product hides, so it prints as `MemberId(..)`, has no
/// `Display` and cannot be serialised; [`MemberId::expose`] is the one, greppable way to the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(String);

impl MemberId {
    /// An id from the register's or the vault's text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the vault and the register only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn is_usable(&self) -> bool {
        (1..=MAX_ID_LEN).contains(&self.0.len())
            && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    }
}

impl fmt::Debug for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemberId(..)")
    }
}

/// What the public register says about one member.
#[derive(Clone)]
pub struct RegisterMember {
    /// Its identity.
    pub id: MemberId,
    /// The registered name first, then other names: Japanese, kana, English, former names.
    pub names: Vec<String>,
    /// From super-sector to sub-sector, such as `manufacturing`, `heavy`, `defence-shipbuilding`.
    pub label_path: Vec<String>,
    /// How likely an outsider holds it to be a victim before any release; at least 1.
    pub weight: u32,
    /// Since when it is a member.
    pub joined: Timestamp,
    /// Until when, if it left.
    pub left: Option<Timestamp>,
    /// Domains it owns; everything below them is its own too.
    pub domains: Vec<DomainName>,
    /// Addresses and prefixes it owns.
    pub networks: Vec<IpNet>,
    /// Words that point to it inside other names: brands, product lines, short forms.
    pub brands: Vec<String>,
}

impl RegisterMember {
    /// The first name that reads in `language`, else the registered name.
    pub fn name(&self, language: Language) -> &str {
        let reads = |n: &&String| match language {
            Language::Ja => !n.is_ascii(),
            Language::En => n.is_ascii(),
        };
        self.names.iter().find(reads).or(self.names.first()).map_or("", String::as_str)
    }

    /// Whether it is a member at `when`.
    pub fn is_active(&self, when: Timestamp) -> bool {
        self.joined <= when && self.left.is_none_or(|left| when < left)
    }

    pub(super) fn check(&self, position: usize) -> Result<(), AnonymityError> {
        if !self.id.is_usable() {
            return Err(AnonymityError::BadMemberId { position });
        }
        if self.names.is_empty() || self.names.iter().any(|n| n.trim().is_empty()) {
            return Err(AnonymityError::NoName { position });
        }
        for text in self.names.iter().chain(&self.brands) {
            let length = text.chars().filter(|c| c.is_alphanumeric()).count();
            if !(2..=MAX_NAME_CHARS).contains(&length) {
                return Err(AnonymityError::UnusableName { position, text: text.clone() });
            }
        }
        if self.label_path.is_empty() || self.label_path.iter().any(|s| s.trim().is_empty()) {
            return Err(AnonymityError::NoLabelPath { position });
        }
        if self.weight == 0 {
            return Err(AnonymityError::ZeroWeight { position });
        }
        if self.left.is_some_and(|left| left < self.joined) {
            return Err(AnonymityError::LeftBeforeJoined { position });
        }
        // A member that "owned" co.jp would swallow every Japanese company.
        if let Some(d) = self.domains.iter().find(|d| d.registrable().is_none()) {
            return Err(AnonymityError::BadDomain { position, text: d.as_str().to_owned() });
        }
        Ok(())
    }
}

impl fmt::Debug for RegisterMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterMember(..)")
    }
}
