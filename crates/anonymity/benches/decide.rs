//! How long one decision takes, replay for every candidate included: 10,000 members, 200 nodes and
//! 50 facets (the goal is under 50 ms), 100,000 members, and beside them the same cut over plain
//! hash sets.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot start should say why")]

use std::collections::{BTreeMap, HashSet};
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use noroshi_anonymity::policy::{
    Decision, Exposure, Facet, FacetRule, Facets, Hit, MemberSet, Moment, NodeId, Origin,
    Parameters, PublicRecord, Roster, RosterRow, Settings, Tree, decide,
};
use noroshi_anonymity::{MemberId, Words};
use noroshi_stix::Timestamp;

struct Hub {
    roster: Roster,
    parameters: Parameters,
    tree: Tree,
    facets: Facets,
    hits: Vec<Hit>,
}

impl Hub {
    /// Members in 7 x 5 x 4 kinds; ten common facets and others that four members each have, so
    /// that the absence test cuts for every one of them. `full` closes all sectors, so that labels
    /// fall to the root and the decision is replayed for everybody.
    fn new(members: usize, facets: usize, full: bool) -> Self {
        let row = |i: usize| RosterRow {
            id: format!("m{i:06}"),
            path: vec![
                format!("s{}", i % 7),
                format!("t{}", i / 7 % 5),
                format!("u{}", i * 31 % 97 % 4),
            ],
            weight: [4, 2, 2, 1][i * 7 % 4],
            joined: Timestamp::default(),
            left: None,
        };
        let roster = Roster::from_rows((0..members).map(row), BTreeMap::new()).unwrap();
        let settings = Settings { facets: FacetRule::Trust, ..Settings::default() };
        let parameters = Parameters::new(settings).unwrap();
        let facet = |f: usize| {
            let common = (0..members).step_by(2 + f);
            let rare = (f * 4..f * 4 + 4).map(|i| i * 13);
            let owners: Vec<usize> = if f < 10 { common.collect() } else { rare.collect() };
            let owners = owners.into_iter().map(|i| format!("m{i:06}"));
            Facet {
                id: format!("f{f:02}"),
                words: Words { ja: "製品".into(), en: "product".into() },
                exposure: Exposure::Members(owners.map(MemberId::new).collect()),
            }
        };
        let facets = Facets::new(&roster, (0..facets).map(facet).collect()).unwrap();
        let tree = Tree::make(&roster, &parameters, Timestamp::default());
        let hit = |members: &MemberSet| Hit {
            at: Timestamp::default(),
            members: members.clone(),
            case: None,
        };
        let mut hits: Vec<Hit> =
            tree.nodes().skip(1).step_by(2).map(|(_, node)| hit(node.members())).collect();
        if full {
            let widest = tree.nodes().filter(|(_, n)| n.depth() == 1);
            for (_, node) in widest {
                hits.extend((0..node.members().len() / 3).map(|_| hit(node.members())));
            }
        }
        Self { roster, parameters, tree, facets, hits }
    }

    fn record(&self) -> PublicRecord<'_> {
        PublicRecord {
            roster: &self.roster,
            parameters: &self.parameters,
            tree: &self.tree,
            facets: &self.facets,
            hits: &self.hits,
            flags: &[],
            at: Timestamp::default(),
        }
    }

    /// A member that has a common facet and one of the rare ones: m000000 + 13 * 196.
    fn reporter(&self) -> usize {
        self.roster.position(&MemberId::new("m002548")).unwrap()
    }

    /// From the public record to the label.
    fn decide(&self, facet: &str) -> Decision {
        decide(&Moment::new(self.record()), None, Origin::Member(self.reporter()), Some(facet))
    }
}

/// The cut with hash sets and sorting, as one would write it first.
struct Plain<'a> {
    hub: &'a Hub,
    nodes: BTreeMap<NodeId, (HashSet<usize>, Vec<NodeId>)>,
    facets: Vec<HashSet<usize>>,
}

impl<'a> Plain<'a> {
    fn new(hub: &'a Hub, facets: usize) -> Self {
        let nodes = hub.tree.nodes();
        let nodes =
            nodes.map(|(id, n)| (id, (n.members().iter().collect(), n.children().to_vec())));
        let owners = |f: usize| match &hub.facets.facet(&format!("f{f:02}")).unwrap().exposure {
            Exposure::Members(ids) => {
                ids.iter().filter_map(|id| hub.roster.position(id)).collect::<HashSet<usize>>()
            }
            Exposure::Anybody => HashSet::new(),
        };
        Self { hub, nodes: nodes.collect(), facets: (0..facets).map(owners).collect() }
    }

    fn is_safe(&self, set: &[usize]) -> bool {
        let mut weights: Vec<u32> = set.iter().map(|i| self.hub.roster.weight(*i)).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let total: u32 = weights.iter().sum();
        weights.len() >= 6 && weights[0] * 4 <= total - weights[1]
    }

    fn cut(&self, node: NodeId, population: &HashSet<usize>) -> Option<Vec<Vec<usize>>> {
        let (members, children) = &self.nodes[&node];
        let set: Vec<usize> = members.intersection(population).copied().collect();
        if set.is_empty() {
            return Some(Vec::new());
        }
        if !self.is_safe(&set) {
            return None;
        }
        let parts: Option<Vec<_>> = children.iter().map(|c| self.cut(*c, population)).collect();
        match parts {
            Some(parts) if !children.is_empty() => Some(parts.concat()),
            _ => Some(vec![set]),
        }
    }

    /// One decision without replay: the absence test over all facets.
    fn decide(&self) -> usize {
        let dropped = self.facets.iter().filter(|f| self.cut(Tree::ROOT, f).is_none());
        let all: HashSet<usize> = dropped.flatten().copied().collect();
        self.cut(Tree::ROOT, &all).map_or(0, |parts| parts.len())
    }
}

fn decisions(c: &mut Criterion) {
    let mut group = c.benchmark_group("decide");
    group.sample_size(20);
    let hub = Hub::new(10_000, 50, false);
    println!("10,000 members: {} nodes, {} hits", hub.tree.nodes().count(), hub.hits.len());
    let full = Hub::new(10_000, 50, true);
    for (name, hub, facet) in [("kept", &hub, "f00"), ("rare", &hub, "f49"), ("full", &full, "f00")]
    {
        match hub.decide(facet) {
            Decision::Publish(label) => println!(
                "{name}: {} candidates, root {}, facet {}",
                label.candidates().len(),
                label.is_root(),
                label.facet().is_some()
            ),
            Decision::Hold(reason) => println!("{name}: held, {reason:?}"),
        }
    }
    for (name, facet) in [("kept", "f00"), ("rare", "f49")] {
        group.bench_function(BenchmarkId::new("10k-members-50-facets", name), |b| {
            b.iter(|| black_box(hub.decide(facet)));
        });
    }
    group.bench_function(BenchmarkId::new("10k-members-50-facets", "all-sectors-full"), |b| {
        b.iter(|| black_box(full.decide("f00")));
    });
    let plain = Plain::new(&hub, 50);
    group.bench_function(BenchmarkId::new("10k-members-50-facets", "hash-sets-no-replay"), |b| {
        b.iter(|| black_box(plain.decide()));
    });
    let large = Hub::new(100_000, 50, false);
    group.bench_function(BenchmarkId::new("100k-members-50-facets", "rare"), |b| {
        b.iter(|| black_box(large.decide("f49")));
    });
    group.bench_function("tree-of-10k", |b| {
        b.iter(|| black_box(Tree::make(&hub.roster, &hub.parameters, Timestamp::default())));
    });
    group.finish();
}

criterion_group!(benches, decisions);
criterion_main!(benches);
