//! What was published, and which cells can bear no more of it.

use noroshi_seal::Hash;
use noroshi_stix::Timestamp;

use super::digest;
use super::member_set::MemberSet;
use super::parameters::Parameters;
use super::tree::{NodeId, Tree};

/// One published label: part of the public record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The public time of the release.
    pub at: Timestamp,
    /// Everybody its label names.
    pub members: MemberSet,
    /// The number of the case, where the hub publishes which releases are about one case. Without
    /// it every release counts as a victim of its own.
    pub case: Option<u64>,
}

/// The nodes that may not carry one more victim. It depends on what was published and on nothing
/// else: closing by anything that is not public would publish it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    nodes: Vec<bool>,
}

impl Closed {
    /// Counts the victims that the record shows in each node within the window before `at`.
    pub fn of(parameters: &Parameters, tree: &Tree, hits: &[Hit], at: Timestamp) -> Self {
        let settings = parameters.settings();
        let begin = at.plus_days(-i64::from(settings.window_days));
        let recent: Vec<(&Hit, MemberSet)> = hits
            .iter()
            .filter(|hit| begin < hit.at && hit.at <= at)
            // Who left since cannot be spoken of any more, and must not make a hit vanish.
            .map(|hit| (hit, hit.members.and(tree.members())))
            .collect();
        let is_full = |id: NodeId, members: &MemberSet| {
            if id == Tree::ROOT {
                return false;
            }
            let inside =
                recent.iter().filter(|(_, who)| !who.is_empty() && who.is_subset_of(members));
            let count = victims(inside.map(|(hit, _)| *hit));
            settings.rho.is_exceeded_by(count + 1, members.len() as u64)
        };
        Self { nodes: tree.nodes().map(|(id, node)| is_full(id, node.members())).collect() }
    }

    /// Whether a node is closed.
    pub fn contains(&self, node: NodeId) -> bool {
        self.nodes.get(node.index()).copied().unwrap_or(false)
    }

    /// What certificates cite.
    pub(super) fn hash(&self, tree: &Tree) -> Hash {
        let closed = tree.nodes().zip(&self.nodes).filter(|(_, closed)| **closed);
        let mut names: Vec<String> = closed.map(|((_, node), _)| node.hash().to_string()).collect();
        names.sort_unstable();
        digest("noroshi/1/closed", names)
    }
}

/// How many victims these releases show: cases that are numbered count once.
pub(super) fn victims<'a>(hits: impl Iterator<Item = &'a Hit>) -> u64 {
    let mut cases = std::collections::BTreeSet::new();
    let mut count = 0;
    for hit in hits {
        if hit.case.is_none_or(|case| cases.insert(case)) {
            count += 1;
        }
    }
    count
}
