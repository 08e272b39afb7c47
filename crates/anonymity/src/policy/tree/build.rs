//! Merging groups until each is safe on its own.

use std::collections::BTreeMap;

use super::super::member_set::MemberSet;
use super::super::parameters::{Neighbour, Parameters, Settings};
use super::super::roster::Roster;
use super::super::safe::Crowd;

/// A node before it has a place.
pub(super) struct Drawn {
    pub(super) members: MemberSet,
    pub(super) children: Vec<Drawn>,
    pub(super) parts: Vec<Vec<String>>,
}

/// The step of members whose path ends where that of others goes on.
pub(super) const OTHERS: &str = "*";

/// The tree over `present`, its root first.
pub(super) fn draw(roster: &Roster, parameters: &Parameters, present: &MemberSet) -> Drawn {
    let builder = Builder { roster, settings: parameters.settings() };
    builder.node(Vec::new(), present.iter().collect())
}

struct Builder<'a> {
    roster: &'a Roster,
    settings: &'a Settings,
}

impl Builder<'_> {
    /// The node of everybody below `path`, with as many children as can stand on their own.
    fn node(&self, path: Vec<String>, members: Vec<usize>) -> Drawn {
        let set = MemberSet::of(self.roster.len(), members.iter().copied());
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut deeper = false;
        for member in members {
            let row = self.roster.members().get(member);
            let step = row.and_then(|m| m.path.get(path.len())).map(String::as_str);
            deeper |= step.is_some();
            groups.entry(step.unwrap_or(OTHERS)).or_default().push(member);
        }
        let mut children = Vec::new();
        if deeper {
            let mut sorted: Vec<(&str, Vec<usize>)> = groups.into_iter().collect();
            sorted.sort_by_key(|(step, _)| (self.rank(step), *step));
            let below = |(step, members): (&str, Vec<usize>)| {
                let path: Vec<String> = path.iter().cloned().chain([step.to_owned()]).collect();
                if step == OTHERS { self.leaf(path, members) } else { self.node(path, members) }
            };
            children = self.merge(sorted.into_iter().map(below).collect());
            // One child says what its parent says.
            if let [_] = children.as_slice() {
                children = children.pop().map(|only| only.children).unwrap_or_default();
            }
        }
        Drawn { members: set, children, parts: vec![path] }
    }

    fn leaf(&self, path: Vec<String>, members: Vec<usize>) -> Drawn {
        let members = MemberSet::of(self.roster.len(), members);
        Drawn { members, children: Vec::new(), parts: vec![path] }
    }

    fn rank(&self, step: &str) -> usize {
        let order = &self.settings.merge.order;
        order.iter().position(|s| s == step).unwrap_or(order.len() + usize::from(step == OTHERS))
    }

    /// Merges the smallest group that is not safe with a sibling, until all are or one is left.
    fn merge(&self, mut groups: Vec<Drawn>) -> Vec<Drawn> {
        while groups.len() > 1 {
            let unsafe_ones = groups.iter().enumerate().filter(|(_, g)| !self.is_safe(g));
            let Some((smallest, _)) = unsafe_ones.min_by_key(|(_, g)| g.members.len()) else {
                break;
            };
            let small = groups.remove(smallest);
            let partner = self.partner(&groups, smallest);
            let other = groups.remove(partner);
            // The later of the two moves to where the earlier stood; without an order, to the end.
            let (at, first, second) = match self.settings.merge.with {
                Neighbour::Smallest => (groups.len(), small, other),
                Neighbour::Nearest if partner < smallest => (partner, other, small),
                Neighbour::Nearest => (smallest, small, other),
            };
            let members = first.members.or(&second.members);
            let parts = first.parts.into_iter().chain(second.parts).collect();
            groups.insert(at.min(groups.len()), Drawn { members, children: Vec::new(), parts });
        }
        groups
    }

    /// With which of the others the group that stood at `hole` is merged.
    fn partner(&self, groups: &[Drawn], hole: usize) -> usize {
        let size = |i: &usize| groups.get(*i).map_or(usize::MAX, |g| g.members.len());
        let candidates = match self.settings.merge.with {
            Neighbour::Smallest => 0..groups.len(),
            Neighbour::Nearest => hole.saturating_sub(1)..(hole + 1).min(groups.len()),
        };
        candidates.min_by_key(size).unwrap_or(0)
    }

    fn is_safe(&self, group: &Drawn) -> bool {
        let (members, c) = (&group.members, self.settings.c);
        Crowd::of_both(self.roster, members, members, c).is_safe(self.settings)
    }
}
