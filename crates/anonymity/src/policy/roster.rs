//! The public register as the policy sees it: who is a member when, where in the tree, how heavy.

use std::collections::{BTreeMap, HashMap};

use noroshi_seal::Hash;
use noroshi_stix::Timestamp;

use super::digest;
use super::member_set::MemberSet;
use crate::register::{MemberId, Register};
use crate::{AnonymityError, Words};

/// One row.
#[derive(Clone)]
pub(crate) struct RosterMember {
    pub(crate) id: MemberId,
    pub(crate) path: Vec<String>,
    pub(crate) weight: u32,
    joined: Timestamp,
    left: Option<Timestamp>,
}

/// The columns of one version of the register that decide about labels, heaviest member first.
#[derive(Clone)]
pub struct Roster {
    members: Vec<RosterMember>,
    positions: HashMap<MemberId, usize>,
    /// For each word of a set: the weight of its members where all weigh the same.
    even: Vec<Option<u32>>,
    labels: BTreeMap<String, Words>,
    hash: Hash,
}

impl Roster {
    /// Reads a register. Former members stay in it: candidates of past releases are among them.
    pub fn of(register: &Register) -> Self {
        let members = register.members().iter().map(|m| RosterMember {
            id: m.id.clone(),
            path: m.label_path.clone(),
            weight: m.weight,
            joined: m.joined,
            left: m.left,
        });
        Self::build(members.collect(), register.labels().clone())
    }

    /// Reads the published columns alone: id, label path, weight, joined, left.
    ///
    /// # Errors
    /// [`AnonymityError`] as a register would give.
    pub fn from_rows(
        rows: impl IntoIterator<Item = RosterRow>,
        labels: BTreeMap<String, Words>,
    ) -> Result<Self, AnonymityError> {
        let mut members: Vec<RosterMember> = Vec::new();
        for (i, row) in rows.into_iter().enumerate() {
            let position = i + 1;
            if row.weight == 0 {
                return Err(AnonymityError::ZeroWeight { position });
            }
            if row.path.is_empty() || row.path.iter().any(|s| s.trim().is_empty()) {
                return Err(AnonymityError::NoLabelPath { position });
            }
            let RosterRow { id, path, weight, joined, left } = row;
            members.push(RosterMember { id: MemberId::new(id), path, weight, joined, left });
        }
        let count = members.len();
        let roster = Self::build(members, labels);
        if roster.positions.len() < count {
            return Err(AnonymityError::DuplicateMember { position: count });
        }
        Ok(roster)
    }

    fn build(mut members: Vec<RosterMember>, labels: BTreeMap<String, Words>) -> Self {
        members.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.id.cmp(&b.id)));
        let rows = members.iter().map(|m| {
            let row = (m.id.expose(), &m.path, m.weight, m.joined, m.left);
            serde_json::to_vec(&row).unwrap_or_default()
        });
        let words = labels
            .iter()
            .map(|(step, w)| serde_json::to_vec(&(step, &w.ja, &w.en)).unwrap_or_default());
        let hash = digest("noroshi/1/register", rows.chain(words));
        let positions = members.iter().enumerate().map(|(i, m)| (m.id.clone(), i)).collect();
        let even = members
            .chunks(64)
            .map(|chunk| {
                let first = chunk.first().map(|m| m.weight);
                first.filter(|w| chunk.iter().all(|m| m.weight == *w))
            })
            .collect();
        Self { members, positions, even, labels, hash }
    }

    /// How many members it lists, former ones included.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it lists nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// What certificates cite: a hash of all rows and label words.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Where a member stands.
    pub fn position(&self, id: &MemberId) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// Who stands at a position.
    pub fn member(&self, position: usize) -> Option<&MemberId> {
        self.members.get(position).map(|m| &m.id)
    }

    /// The weight at a position, 0 outside the roster.
    pub fn weight(&self, position: usize) -> u32 {
        self.members.get(position).map_or(0, |m| m.weight)
    }

    /// Everybody who is a member at `at`.
    pub fn active(&self, at: Timestamp) -> MemberSet {
        let is_active = |m: &RosterMember| m.joined <= at && m.left.is_none_or(|left| at < left);
        let positions = self.members.iter().enumerate().filter(|(_, m)| is_active(m));
        MemberSet::of(self.len(), positions.map(|(i, _)| i))
    }

    /// The set of these members; ids the roster does not list are left out.
    pub fn set<'a>(&self, ids: impl IntoIterator<Item = &'a MemberId>) -> MemberSet {
        MemberSet::of(self.len(), ids.into_iter().filter_map(|id| self.position(id)))
    }

    /// Every row as it is published, heaviest first.
    pub fn rows(&self) -> impl Iterator<Item = RosterRow> + '_ {
        self.members.iter().map(|m| RosterRow {
            id: m.id.expose().to_owned(),
            path: m.path.clone(),
            weight: m.weight,
            joined: m.joined,
            left: m.left,
        })
    }

    /// The words for the steps of the label paths.
    pub fn labels(&self) -> &BTreeMap<String, Words> {
        &self.labels
    }

    pub(super) fn members(&self) -> &[RosterMember] {
        &self.members
    }

    /// The common weight of the 64 members of word `index`, if they have one.
    pub(super) fn even_weight(&self, index: usize) -> Option<u32> {
        self.even.get(index).copied().flatten()
    }

    /// The words for a step of a label path; without any the step itself.
    pub fn step_words(&self, step: &str) -> Words {
        self.labels.get(step).cloned().unwrap_or_else(|| {
            let plain = step.replace(['-', '_'], " ");
            Words { ja: plain.clone(), en: plain }
        })
    }
}

/// One published row of the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterRow {
    /// The member's id.
    pub id: String,
    /// From super-sector to sub-sector.
    pub path: Vec<String>,
    /// At least 1.
    pub weight: u32,
    /// Since when.
    pub joined: Timestamp,
    /// Until when, if it left.
    pub left: Option<Timestamp>,
}
