//! The cut: which labels a whole population gets at once.
//!
//! A node is split only if *all* its parts can be published. So which label comes out depends on
//! the cell and never on the firm in it, and who knows the algorithm learns nothing from it.

use super::member_set::MemberSet;
use super::moment::Moment;
use super::ratio::Ratio;
use super::safe::Crowd;
use super::tree::{NodeId, Tree};

/// One label with everybody who would get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The node that is named.
    pub node: NodeId,
    /// Who an outsider must think of.
    pub candidates: MemberSet,
    /// The best guess after the worst coalition.
    pub worst: Ratio,
}

/// What everybody would get: the same for every reporter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whether the facet stands beside the label.
    pub keeps_facet: bool,
    /// Disjoint parts of the population.
    pub parts: Vec<Part>,
}

impl Plan {
    /// The labels for a case whose candidates so far are `known` (everybody, for a new case), with
    /// this facet or none. `None` where nothing can be published.
    ///
    /// Where the facet cannot be kept, its absence speaks: "it is one of those that cannot be
    /// named now". So the cut is made among those who may have one of them.
    pub fn draw(
        moment: &Moment<'_>,
        known: Option<&MemberSet>,
        facet: Option<&str>,
    ) -> Option<Self> {
        let record = moment.record();
        let population = population(moment, known);
        let Some((_, exposure)) = facet.and_then(|id| record.facets.find(id)) else {
            // No facet was given, or one that has no words: it can be anybody's.
            return Some(Self { keeps_facet: false, parts: cut(moment, &population)? });
        };
        if record.parameters.settings().facets.allows(exposure)
            && let Some(parts) = cut(moment, &exposed(&population, exposure))
        {
            return Some(Self { keeps_facet: true, parts });
        }
        Self::draw_dropped(moment, known)
    }

    /// The labels for a case with a facet that cannot be named now.
    pub(super) fn draw_dropped(moment: &Moment<'_>, known: Option<&MemberSet>) -> Option<Self> {
        let record = moment.record();
        let rule = record.parameters.settings().facets;
        let population = population(moment, known);
        let is_dropped = |exposure: &Option<&MemberSet>| {
            !rule.allows(*exposure) || cut(moment, &exposed(&population, *exposure)).is_none()
        };
        // Those nobody knows the owners of first: one of them, and it can be anybody.
        let (owned, anybody): (Vec<_>, Vec<_>) =
            record.facets.exposures().partition(Option::is_some);
        let speechless = if anybody.first().is_some_and(is_dropped) {
            population
        } else {
            let dropped = owned.into_iter().filter(is_dropped).flatten();
            let all = dropped.fold(MemberSet::empty(record.roster.len()), |all, e| all.or(e));
            all.and(&population)
        };
        Some(Self { keeps_facet: false, parts: cut(moment, &speechless)? })
    }

    /// The part a reporter of this cell or at this position is in.
    pub fn part_of(&self, moment: &Moment<'_>, origin: Origin) -> Option<&Part> {
        let tree = moment.record().tree;
        self.parts.iter().find(|part| match origin {
            Origin::Member(position) => part.candidates.contains(position),
            Origin::Cell(cell) => {
                let (node, cell) = (tree.node(part.node), tree.node(cell));
                node.zip(cell).is_some_and(|(node, cell)| {
                    cell.members().is_subset_of(node.members())
                        && part.candidates.meets(cell.members())
                })
            }
        })
    }
}

/// Who may be the victim of a case before the release that is decided on.
fn population(moment: &Moment<'_>, known: Option<&MemberSet>) -> MemberSet {
    known.map_or_else(|| moment.population().clone(), |known| known.and(moment.population()))
}

fn exposed(population: &MemberSet, exposure: Option<&MemberSet>) -> MemberSet {
    exposure.map_or_else(|| population.clone(), |members| population.and(members))
}

/// What the hub knows of a reporter when it decides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A named member, by its position in the roster.
    Member(usize),
    /// A base cell of the tree in force: all that an anonymous token says.
    Cell(NodeId),
}

/// The parts of `population`, or nothing if even all of them together are not safe.
pub(super) fn cut(moment: &Moment<'_>, population: &MemberSet) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    Cutter { moment, population }.cut(Tree::ROOT, &mut parts).then_some(parts)
}

struct Cutter<'a> {
    moment: &'a Moment<'a>,
    population: &'a MemberSet,
}

impl Cutter<'_> {
    /// Appends the parts below `id`; whether there are any that may be published.
    fn cut(&self, id: NodeId, parts: &mut Vec<Part>) -> bool {
        let record = self.moment.record();
        let settings = record.parameters.settings();
        let Some(node) = record.tree.node(id) else { return false };
        let crowd = Crowd::of_both(record.roster, node.members(), self.population, settings.c);
        if crowd.count == 0 {
            return true;
        }
        if self.moment.closed().contains(id) || !crowd.is_safe(settings) {
            return false;
        }
        let before = parts.len();
        if !node.children().is_empty() {
            if node.children().iter().all(|child| self.cut(*child, parts)) {
                return true;
            }
            parts.truncate(before);
        }
        let candidates = node.members().and(self.population);
        parts.push(Part { node: id, candidates, worst: crowd.worst_posterior() });
        true
    }
}
