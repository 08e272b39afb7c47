//! The promises, for whatever register and history: G1 by trying every coalition, G2 by asking for
//! every candidate, G3 by counting; and certificates that follow from public data.

use std::collections::{BTreeMap, BTreeSet};

use noroshi_anonymity::MemberId;
use noroshi_anonymity::Words;
use noroshi_anonymity::policy::{
    Attestation, Candidates, Certificate, Checked, Decision, Exposure, Facet, FacetRule, Facets,
    Flag, Hit, Ledger, MergeOrder, Moment, Neighbour, Origin, Parameters, PublicRecord, Ratio,
    Roster, RosterRow, Settings, Tree, decide, preview, verify_certificate,
};
use noroshi_stix::Timestamp;
use proptest::prelude::*;

fn day(n: u32) -> Timestamp {
    Timestamp::default().plus_days(i64::from(n))
}

prop_compose! {
    /// A member: where, how heavy, since when, until when.
    fn row()(
        path in prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4),
        weight in prop_oneof![4 => 1_u32..5, 1 => 1_u32..200],
        joined in prop_oneof![6 => Just(0_u32), 1 => 0_u32..300],
        left in prop_oneof![6 => Just(None), 1 => (1_u32..400).prop_map(Some)],
    ) -> (Vec<String>, u32, u32, Option<u32>) {
        (path.into_iter().map(str::to_owned).collect(), weight, joined, left)
    }
}

fn roster(rows: &[(Vec<String>, u32, u32, Option<u32>)]) -> Roster {
    let rows = rows.iter().enumerate().map(|(i, (path, weight, joined, left))| RosterRow {
        id: format!("m{i:03}"),
        path: path.clone(),
        weight: *weight,
        joined: day(*joined),
        left: left.map(|l| day(joined + l)),
    });
    Roster::from_rows(rows, BTreeMap::new()).unwrap()
}

prop_compose! {
    fn settings()(
        k in 2_u32..6,
        c in 0_u32..3,
        p_max in prop::sample::select(vec![(1, 2), (1, 3), (1, 4), (3, 20)]),
        rho in prop::sample::select(vec![(1, 2), (1, 3), (1, 10)]),
        trust in any::<bool>(),
        nearest in any::<bool>(),
    ) -> Settings {
        let ratio = |(a, b)| Ratio::new(a, b).unwrap();
        Settings {
            k,
            c,
            p_max: ratio(p_max),
            rho: ratio(rho),
            facets: if trust { FacetRule::Trust } else { FacetRule::Unbundle },
            merge: MergeOrder {
                with: if nearest { Neighbour::Nearest } else { Neighbour::Smallest },
                order: vec!["b".into()],
            },
            ..Settings::default()
        }
    }
}

/// A report: which case, whose first member, which facet, how many days after the one before.
type Event = (usize, usize, Option<usize>, u32);

fn events() -> impl Strategy<Value = Vec<Event>> {
    let facet = prop_oneof![Just(None), (0_usize..5).prop_map(Some)];
    prop::collection::vec((0_usize..12, any::<prop::sample::Index>(), facet, 0_u32..40), 1..40)
        .prop_map(|all| {
            all.into_iter().map(|(case, victim, f, d)| (case, victim.index(1000), f, d)).collect()
        })
}

/// Four facets: two of known owners, one of nobody, one of which nobody knows the owners; a report
/// may also name a fifth that is not listed.
fn facets(roster: &Roster, owners: u64) -> Facets {
    let exposed = |shift: usize| {
        let has = |i: &usize| owners >> ((i + shift) % 64) & 1 == 1;
        Exposure::Members(
            (0..roster.len()).filter(has).filter_map(|i| roster.member(i).cloned()).collect(),
        )
    };
    let exposures =
        [exposed(0), exposed(17), Exposure::Members(BTreeSet::new()), Exposure::Anybody];
    let facet = |(i, exposure)| Facet {
        id: format!("f{i}"),
        words: Words { ja: format!("製品{i}"), en: format!("product {i}") },
        exposure,
    };
    Facets::new(roster, exposures.into_iter().enumerate().map(facet).collect()).unwrap()
}

/// Every set of at most `c` of `members` (which has few enough).
fn coalitions(members: &[usize], c: u32) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..c {
        let longer = all.iter().flat_map(|k| {
            let after =
                k.last().map_or(0, |last| members.iter().position(|m| m == last).unwrap() + 1);
            members[after..].iter().map(move |m| k.iter().copied().chain([*m]).collect())
        });
        let longer: Vec<Vec<usize>> = longer.collect();
        all.extend(longer);
    }
    all
}

fn holds_g1(
    roster: &Roster,
    settings: &Settings,
    candidates: &[usize],
) -> Result<(), TestCaseError> {
    for coalition in coalitions(candidates, settings.c) {
        let rest: Vec<u64> = candidates
            .iter()
            .filter(|m| !coalition.contains(m))
            .map(|m| u64::from(roster.weight(*m)))
            .collect();
        prop_assert!(rest.len() >= settings.k as usize);
        let worst = Ratio::new(*rest.iter().max().unwrap(), rest.iter().sum()).unwrap();
        prop_assert!(worst <= settings.p_max, "{worst} of {}", rest.len());
    }
    Ok(())
}

fn attestation() -> Attestation {
    Attestation {
        release_id: "report--1".into(),
        record: 1,
        gate_version: "1".into(),
        harness_run_id: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_release_keeps_every_promise(
        rows in prop::collection::vec(row(), 1..45),
        settings in settings(),
        owners in any::<u64>(),
        flagged in prop::collection::vec((0_usize..45, 0_u32..400), 0..2),
        events in events(),
    ) {
        let parameters = Parameters::new(settings.clone()).unwrap();
        let roster = roster(&rows);
        let facets = facets(&roster, owners);
        let flags: Vec<Flag> = flagged
            .iter()
            .filter_map(|(m, since)| Some(Flag { member: roster.member(*m)?.clone(), since: day(*since) }))
            .collect();
        let mut hits: Vec<Hit> = Vec::new();
        let mut ledger: Ledger<usize> = Ledger::new();
        let mut victims: BTreeMap<usize, usize> = BTreeMap::new();
        let mut today = 0;
        for (case, victim, facet, days) in events {
            today += days;
            let victim = *victims.entry(case).or_insert(victim % roster.len());
            // A new tree twice a year.
            let tree = Tree::make(&roster, &parameters, day(today / 180 * 180));
            let moment = Moment::new(PublicRecord {
                roster: &roster,
                parameters: &parameters,
                tree: &tree,
                facets: &facets,
                hits: &hits,
                flags: &flags,
                at: day(today),
            });
            let facet = facet.map(|f| format!("f{f}"));
            let known = ledger.candidates(&case);
            let decided = decide(&moment, known, Origin::Member(victim), facet.as_deref());
            let Decision::Publish(label) = decided else { continue };
            let set = label.candidates().in_roster(&roster);
            let candidates: Vec<usize> = set.iter().collect();
            prop_assert!(set.contains(victim));
            if let Some(known) = known {
                prop_assert!(set.is_subset_of(&known.in_roster(&roster)));
            }
            prop_assert!(!set.meets(moment.quarantined()));
            holds_g1(&roster, &settings, &candidates)?;

            // G2: whoever of them had reported.
            for other in &candidates {
                let origins = [Origin::Member(*other), Origin::Cell(tree.cell(*other).unwrap())];
                for origin in origins {
                    let again = decide(&moment, known, origin, facet.as_deref());
                    let Decision::Publish(again) = again else { panic!("held for a candidate") };
                    prop_assert_eq!(again.words(), label.words());
                    prop_assert_eq!(again.facet(), label.facet());
                    prop_assert!(again.candidates() == label.candidates());
                }
            }

            // The certificate follows from the public record alone.
            let certificate = Certificate::of(&label, attestation());
            let checked = verify_certificate(moment.record(), &certificate).unwrap();
            let expected = if known.is_none() { Checked::Everything } else { Checked::LabelOnly };
            prop_assert_eq!(checked, expected);

            // G3: in the cell that is named, and in every cell around it.
            hits.push(label.hit(u64::try_from(case).ok()));
            let begin = day(today).plus_days(-i64::from(settings.window_days));
            let named = tree.node(label.node()).unwrap().members();
            for (id, node) in tree.nodes() {
                if id == Tree::ROOT || !named.is_subset_of(node.members()) {
                    continue;
                }
                let shown: BTreeSet<u64> = hits
                    .iter()
                    .filter(|h| h.at > begin && h.members.is_subset_of(node.members()))
                    .filter_map(|h| h.case)
                    .collect();
                let size = node.members().len() as u64;
                prop_assert!(!settings.rho.is_exceeded_by(shown.len() as u64, size));
            }
            ledger.note(case, &label);
        }
    }

    #[test]
    fn what_a_reporter_sees_before_is_what_comes_out(
        rows in prop::collection::vec(row(), 5..45),
        victim in any::<prop::sample::Index>(),
    ) {
        let parameters = Parameters::default();
        let roster = roster(&rows);
        let victim = victim.index(roster.len());
        let tree = Tree::make(&roster, &parameters, day(0));
        let facets = Facets::none(&roster);
        let moment = Moment::new(PublicRecord {
            roster: &roster, parameters: &parameters, tree: &tree, facets: &facets,
            hits: &[], flags: &[], at: day(0),
        });
        let shown = preview(&moment, None, victim, None);
        match (shown.decision, decide(&moment, None, Origin::Member(victim), None)) {
            (Decision::Publish(a), Decision::Publish(b)) => {
                prop_assert_eq!(a.words(), b.words());
                let own = shown.own_share.unwrap();
                prop_assert!(own <= b.best_guess() && b.best_guess() <= b.worst_posterior());
            }
            (Decision::Hold(a), Decision::Hold(b)) => prop_assert_eq!(a, b),
            _ => prop_assert!(false),
        }
    }
}

#[test]
fn candidates_outlive_a_register() {
    let before = roster(&vec![(vec!["a".into()], 2, 0, None); 8]);
    let ids = [before.member(3).unwrap().clone(), before.member(5).unwrap().clone()];
    let candidates = Candidates::from_ids(ids.clone());
    let mut rows = vec![(vec!["a".to_owned()], 9, 0, None); 12];
    rows[0].1 = 1;
    let after = roster(&rows);
    let found: Vec<&MemberId> =
        candidates.in_roster(&after).iter().map(|i| after.member(i).unwrap()).collect();
    assert_eq!(found.len(), 2);
    assert!(ids.iter().all(|id| found.contains(&id)));
}
