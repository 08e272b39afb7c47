//! Products and techniques that may stand beside a label, and who is believed to have them.

use std::collections::BTreeSet;

use noroshi_seal::Hash;

use super::digest;
use super::member_set::MemberSet;
use super::parameters::FacetRule;
use super::roster::Roster;
use crate::{AnonymityError, MemberId, Words};

/// Who an outsider may think has a product. It must hold everybody an adversary could know of:
/// an exposure that is too small breaks the promise.
#[derive(Clone, PartialEq, Eq)]
pub enum Exposure {
    /// Nobody knows who has it, so anybody may.
    Anybody,
    /// Public scans, press and tenders show it at these members.
    Members(BTreeSet<MemberId>),
}

/// One product class, or one technique that implies a product.
#[derive(Clone, PartialEq, Eq)]
pub struct Facet {
    /// The stable id, such as `vpn-gateway-x`.
    pub id: String,
    /// What people read.
    pub words: Words,
    /// Who may have it.
    pub exposure: Exposure,
}

/// Every facet that a report can have, for one roster.
#[derive(Clone)]
pub struct Facets {
    facets: Vec<(Facet, Option<MemberSet>)>,
    hash: Hash,
}

impl Facets {
    /// None: labels stand alone.
    pub fn none(roster: &Roster) -> Self {
        Self { facets: Vec::new(), hash: Self::hash_of(roster, &[]) }
    }

    /// Checks and keeps the facets.
    ///
    /// # Errors
    /// [`AnonymityError::DuplicateTerm`] where an id stands twice.
    pub fn new(roster: &Roster, mut facets: Vec<Facet>) -> Result<Self, AnonymityError> {
        facets.sort_by(|a, b| a.id.cmp(&b.id));
        if let Some([twice, _]) = facets.array_windows().find(|[a, b]| a.id == b.id) {
            return Err(AnonymityError::DuplicateTerm { id: twice.id.clone() });
        }
        let hash = Self::hash_of(roster, &facets);
        let with_set = |facet: Facet| {
            let set = match &facet.exposure {
                Exposure::Anybody => None,
                Exposure::Members(ids) => Some(roster.set(ids)),
            };
            (facet, set)
        };
        Ok(Self { facets: facets.into_iter().map(with_set).collect(), hash })
    }

    fn hash_of(roster: &Roster, facets: &[Facet]) -> Hash {
        let rows = facets.iter().map(|facet| {
            let who: Option<Vec<&str>> = match &facet.exposure {
                Exposure::Anybody => None,
                Exposure::Members(ids) => Some(ids.iter().map(MemberId::expose).collect()),
            };
            let words = (&facet.words.ja, &facet.words.en);
            serde_json::to_vec(&(&facet.id, words, who)).unwrap_or_default()
        });
        digest("noroshi/1/facets", std::iter::once(roster.hash().to_vec()).chain(rows))
    }

    /// The facet with this id.
    pub fn facet(&self, id: &str) -> Option<&Facet> {
        self.find(id).map(|(facet, _)| facet)
    }

    /// What certificates cite.
    pub(super) fn hash(&self) -> &Hash {
        &self.hash
    }

    pub(super) fn find(&self, id: &str) -> Option<(&Facet, Option<&MemberSet>)> {
        let at = self.facets.binary_search_by(|(facet, _)| facet.id.as_str().cmp(id)).ok()?;
        self.facets.get(at).map(|(facet, set)| (facet, set.as_ref()))
    }

    /// The exposures of all facets; `None` is anybody.
    pub(super) fn exposures(&self) -> impl Iterator<Item = Option<&MemberSet>> {
        self.facets.iter().map(|(_, set)| set.as_ref())
    }
}

impl FacetRule {
    /// Whether a facet with this exposure may stand beside a label.
    pub(super) fn allows(self, exposure: Option<&MemberSet>) -> bool {
        self == Self::Trust || exposure.is_some()
    }
}
