//! The policy beside the reference model: the same register, the same incidents, the same labels.
//!
//! `tests/model/decisions.txt` was written by `tests/model/export.py`, which runs the model as it
//! is. Worlds are compared by a checksum over every firm and incident; decisions of one run line by
//! line, those of 31 more by checksums.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use noroshi_anonymity::policy::{
    Candidates, Decision, FacetRule, Hit, HoldReason, Moment, Neighbour, Origin, Parameters,
    PublicRecord, Settings, Tree, decide,
};
use noroshi_anonymity::redteam::register::{
    Exposures, PublicWorld, epoch, instant, merge_order, product_id,
};
use noroshi_anonymity::redteam::world::{SECTORS, Size, World};

const EXPECTED: &str = include_str!("../model/decisions.txt");

#[test]
fn worlds_are_those_of_the_model() {
    for seed in 1..=4 {
        let world = World::make(seed, 150);
        let mut rows = Vec::new();
        for f in &world.firms {
            let size = match f.size {
                Size::Large => 'L',
                Size::Middle => 'M',
                Size::Small => 'S',
            };
            let until = if f.until.is_finite() { instant(f.until).as_micros() } else { -1 };
            let since = instant(f.since).as_micros();
            rows.push(format!("{} {} {size} {} {since} {until}", f.sector, f.region, f.products));
        }
        for i in &world.incidents {
            let (day, kind) =
                (instant(i.day).as_micros(), if i.first { "first" } else { "follow" });
            rows.push(format!(
                "{} {} {} {day} {} {} {kind}",
                i.case, i.campaign, i.victim, i.product, i.machines
            ));
        }
        let line = format!(
            "world {seed} {} {} {:08x}",
            world.firms.len(),
            world.incidents.len(),
            crc32(rows.join("\n").as_bytes())
        );
        assert!(EXPECTED.lines().any(|l| l == line), "{line}");
    }
}

#[test]
fn every_decision_is_the_models() {
    let mut lines = EXPECTED.lines().filter(|l| !l.starts_with("world")).peekable();
    let mut runs = 0;
    while let Some(head) = lines.next() {
        let words: Vec<&str> = head.split(' ').collect();
        let ours = decisions(&words);
        if head.starts_with("run") {
            let theirs: Vec<&str> =
                std::iter::from_fn(|| lines.next_if(|l| !l.starts_with("sum"))).collect();
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert_eq!(ours, theirs);
            }
        } else {
            let ours = differing_by_design(head, ours);
            let holds = ours.iter().filter(|l| l.ends_with(" hold")).count();
            let text = ours.join("\n");
            let sum = format!("{} {holds} {:08x}", ours.len(), crc32(text.as_bytes()));
            assert!(head.ends_with(&sum), "{head}: ours {sum}");
        }
        runs += 1;
    }
    assert_eq!(runs, 33);
}

/// Where we follow the design's text and the model does not. The text makes a missing product say
/// "one of those that cannot be named now"; the model leaves the products that nobody can scan for
/// out of these. Where the candidates are so few that even those must be dropped, it publishes
/// among the owners of the others, and we hold: one report of world 3, under two settings.
const BY_DESIGN: [(&str, &str, &str); 2] = [
    ("sum 3 scan 5 2 0.25", "204 hold", "204 - isp 9 2efb556a"),
    ("sum 3 scan 8 1 0.2", "204 hold", "204 - isp 9 2efb556a"),
];

fn differing_by_design(head: &str, mut ours: Vec<String>) -> Vec<String> {
    for (_, own, models) in BY_DESIGN.iter().filter(|(run, ..)| head.starts_with(run)) {
        let line = ours.iter_mut().find(|line| line == own).unwrap();
        *line = (*models).to_owned();
    }
    ours
}

/// The lines the model would write for a run: `run SEED MODE K C PMAX`.
fn decisions(head: &[&str]) -> Vec<String> {
    let [_, seed, mode, k, c, p_max, ..] = head else { panic!("{head:?}") };
    let parameters = Parameters::new(Settings {
        k: k.parse().unwrap(),
        c: c.parse().unwrap(),
        p_max: p_max.parse().unwrap(),
        facets: if *mode == "unbundle" { FacetRule::Unbundle } else { FacetRule::Trust },
        merge: merge_order(Neighbour::Smallest),
        ..Settings::default()
    })
    .unwrap();
    let exposures = if *mode == "counts" { Exposures::Inventories } else { Exposures::Scans };
    let world = World::make(seed.parse().unwrap(), 150);
    let public = PublicWorld::of(&world, &parameters, exposures).unwrap();
    let mut hits: Vec<Hit> = Vec::new();
    let mut ledger: BTreeMap<usize, Candidates> = BTreeMap::new();
    let mut lines = Vec::new();
    for incident in &world.incidents {
        let tree = &public.trees[epoch(incident.day)];
        // The model forgets hits whose label named somebody who left before the tree was made.
        let remembered: Vec<Hit> =
            hits.iter().filter(|h| h.members.is_subset_of(tree.members())).cloned().collect();
        let moment = Moment::new(PublicRecord {
            roster: &public.roster,
            parameters: &parameters,
            tree,
            facets: &public.facets,
            hits: &remembered,
            flags: &[],
            at: instant(incident.day),
        });
        let origin = Origin::Member(public.position_of[incident.victim]);
        let product = product_id(incident.product);
        let case = incident.case;
        match decide(&moment, ledger.get(&case), origin, Some(&product)) {
            // The model does not ask in these cases.
            Decision::Hold(HoldReason::NotInTree | HoldReason::NotACandidate) => {}
            Decision::Hold(_) => lines.push(format!("{case} hold")),
            Decision::Publish(label) => {
                let set = label.candidates().in_roster(&public.roster);
                let mut who: Vec<usize> = set.iter().map(|i| public.firm_at[i]).collect();
                who.sort_unstable();
                let who: Vec<String> = who.iter().map(ToString::to_string).collect();
                let mut line =
                    format!("{case} {} ", if label.facet().is_some() { '+' } else { '-' });
                let sum = crc32(who.join(",").as_bytes());
                write!(line, "{} {} {sum:08x}", name(tree, &label), who.len()).unwrap();
                lines.push(line);
                if incident.first {
                    hits.push(label.hit(None));
                }
                ledger.insert(case, label.candidates().clone());
            }
        }
    }
    lines
}

/// What the model calls the node.
fn name(tree: &Tree, label: &noroshi_anonymity::policy::CertifiedLabel) -> String {
    let node = tree.node(label.node()).unwrap();
    let last = |path: &Vec<String>| path.last().cloned().unwrap_or_else(|| "ALL".into());
    let names: Vec<String> = node.parts().iter().map(last).collect();
    assert!(names.iter().all(|n| n == "ALL" || known(n)), "{names:?}");
    names.join("+")
}

fn known(step: &str) -> bool {
    SECTORS.iter().any(|s| [s.above, s.sector, s.name].contains(&step))
}

/// CRC-32 of ISO 3309, as zlib computes it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
