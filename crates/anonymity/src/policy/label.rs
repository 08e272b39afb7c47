//! A label that was decided on, with what its certificate will say.

use noroshi_seal::Hash;
use noroshi_stix::Timestamp;

use super::cut::{Origin, Part};
use super::history::Hit;
use super::ledger::Candidates;
use super::member_set::MemberSet;
use super::moment::Moment;
use super::ratio::Ratio;
use super::tree::{NodeHash, NodeId, Tree};
use super::{decide, flag};
use crate::Words;

/// How a decision came out when it was made again for every candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// For how many candidates.
    pub replayed: u64,
    /// How many would have got something else; 0 in everything published.
    pub mismatches: u64,
}

/// What a context release may say about its victim. It only comes out of [`decide()`]:
///
/// ```compile_fail,E0451
/// # use noroshi_anonymity::policy::CertifiedLabel;
/// # fn words() -> noroshi_anonymity::Words { unimplemented!() }
/// let label = CertifiedLabel { words: words() };
/// ```
#[derive(Clone)]
pub struct CertifiedLabel {
    node: NodeId,
    node_hash: NodeHash,
    words: Words,
    members: MemberSet,
    facet: Option<(String, Words)>,
    candidates: Candidates,
    worst: Ratio,
    best_guess: Ratio,
    first: bool,
    replay: Replay,
    public: PublicHashes,
    at: Timestamp,
}

/// The public record a label was decided on, as hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicHashes {
    pub(super) register: Hash,
    pub(super) parameters: Hash,
    pub(super) tree: Hash,
    pub(super) facets: Hash,
    pub(super) closed: Hash,
    pub(super) quarantine: Hash,
}

impl PublicHashes {
    pub(super) fn of(moment: &Moment<'_>) -> Self {
        let record = moment.record();
        Self {
            register: *record.roster.hash(),
            parameters: record.parameters.hash(),
            tree: *record.tree.hash(),
            facets: *record.facets.hash(),
            closed: moment.closed().hash(record.tree),
            quarantine: flag::hash(record.roster, moment.quarantined()),
        }
    }
}

impl CertifiedLabel {
    pub(super) fn of(
        moment: &Moment<'_>,
        first: bool,
        facet: Option<&str>,
        part: &Part,
        replay: Replay,
    ) -> Option<Self> {
        let record = moment.record();
        let node = record.tree.node(part.node)?;
        let facet = facet.and_then(|id| record.facets.facet(id));
        let total = weight(moment, &part.candidates);
        // Positions are in order of weight.
        let heaviest = part.candidates.iter().next().map_or(0, |i| record.roster.weight(i));
        Some(Self {
            node: part.node,
            node_hash: node.hash(),
            words: node.words().clone(),
            members: node.members().clone(),
            facet: facet.map(|f| (f.id.clone(), f.words.clone())),
            candidates: Candidates::of(record.roster, &part.candidates),
            worst: part.worst,
            best_guess: Ratio::new(u64::from(heaviest), total).unwrap_or(Ratio::ONE),
            first,
            replay,
            public: PublicHashes::of(moment),
            at: record.at,
        })
    }

    /// What the victim is called.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Whether it says no more than "a member".
    pub fn is_root(&self) -> bool {
        self.node == Tree::ROOT
    }

    /// The node of the tree it names.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The public name of that node.
    pub fn node_hash(&self) -> NodeHash {
        self.node_hash
    }

    /// The facet that stands beside it: id and words.
    pub fn facet(&self) -> Option<(&str, &Words)> {
        self.facet.as_ref().map(|(id, words)| (id.as_str(), words))
    }

    /// Who may still be the victim, for the ledger.
    pub fn candidates(&self) -> &Candidates {
        &self.candidates
    }

    /// The best guess after the worst coalition of colluding members.
    pub fn worst_posterior(&self) -> Ratio {
        self.worst
    }

    /// What somebody outside can guess at best.
    pub fn best_guess(&self) -> Ratio {
        self.best_guess
    }

    /// Whether it is the first about its case, so that anybody can recompute it.
    pub fn is_first(&self) -> bool {
        self.first
    }

    /// The public time it was decided for.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What it adds to the public record once it is published.
    pub fn hit(&self, case: Option<u64>) -> Hit {
        Hit { at: self.at, members: self.members.clone(), case }
    }

    /// How the replay came out.
    pub fn replay(&self) -> Replay {
        self.replay
    }

    pub(super) fn public(&self) -> &PublicHashes {
        &self.public
    }
}

impl std::fmt::Debug for CertifiedLabel {
    /// Nothing: before its release even the label is private.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CertifiedLabel(..)")
    }
}

/// What a reporter sees before anything is sent.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The label that would be published now, or why none.
    pub decision: decide::Decision,
    /// The reporter's own share of the candidates' weight: what an outsider who knows of nobody
    /// else's case would bet on it. `None` where nothing would be published.
    pub own_share: Option<Ratio>,
}

/// Decides as if the report were released now, for its reporter's eyes.
pub fn preview(
    moment: &Moment<'_>,
    known: Option<&Candidates>,
    position: usize,
    facet: Option<&str>,
) -> Preview {
    let decision = decide::decide(moment, known, Origin::Member(position), facet);
    let own_share = match &decision {
        decide::Decision::Publish(label) => {
            let roster = moment.record().roster;
            let set = label.candidates().in_roster(roster);
            Ratio::new(u64::from(roster.weight(position)), weight(moment, &set))
        }
        decide::Decision::Hold(_) => None,
    };
    Preview { decision, own_share }
}

fn weight(moment: &Moment<'_>, set: &MemberSet) -> u64 {
    let roster = moment.record().roster;
    set.iter().map(|i| u64::from(roster.weight(i))).sum()
}
