//! The harness: it reproduces the design's figures, the policy passes it, and broken policies do not.

use noroshi_anonymity::policy::Settings;
use noroshi_anonymity::redteam::leakage::{self, Channel, Figure};
use noroshi_anonymity::redteam::system::{Fault, Forwarder};
use noroshi_anonymity::redteam::{Breach, Extent, Outcome, Practice, breaches};

type Names = &'static [&'static str];

/// Some adversaries, and none of the byte-wise part.
fn only(names: Names) -> Extent {
    Extent { specimens: 0, audit_every: 50, only: Some(names), ..Extent::default() }
}

fn run(practice: Practice, seeds: std::ops::RangeInclusive<u32>, extent: Extent) -> Outcome {
    let mut all = Outcome::default();
    for seed in seeds {
        all.merge(practice.run(seed, &Settings::default(), extent).unwrap());
    }
    all
}

/// In per cent with one digit, as the design quotes it.
fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

#[test]
fn the_designs_figures_come_out_again() {
    let outcome = run(Practice::Reference, 1..=4, only(&["A-join", "A-coal", "A-link+"]));
    let (alone, joined) = (&outcome.alone, &outcome.joined);
    assert_eq!((outcome.released, outcome.held), (1590, 33));
    assert_eq!(joined["A-min"].targets(), 1078);
    assert_eq!((outcome.replayed, outcome.mismatches), (46_529, 0));
    assert_eq!(percent(alone["A-min"].top1()), "7.7");
    assert_eq!(percent(joined["A-min"].top1()), "7.9");
    assert_eq!(percent(alone["A-coal"].top1()), "10.4");
    assert_eq!(percent(joined["A-coal"].top1()), "10.7");
    assert_eq!(format!("{:.3}", joined["A-join"].worst_posterior()), "0.222");
    assert_eq!(format!("{:.3}", joined["A-coal"].worst_posterior()), "0.250");
    assert_eq!(joined["A-coal"].unique(), 0.0);
    assert_eq!((joined["A-min"].candidates_at(5), joined["A-min"].candidates_at(50)), (10, 22));
    assert_eq!(format!("{:.2}", outcome.sector_bits / 1590.0), "2.88");
    assert_eq!(percent(joined["A-link+"].top1()), "26.9");
}

#[test]
fn what_others_do_scores_as_in_the_design() {
    for (practice, adversary, alone, joined) in [
        (Practice::Forward(Forwarder::MispDelegation), "A-link", "35.2", "43.6"),
        (Practice::Forward(Forwarder::AisBare), "A-link", "1.6", "2.0"),
        (Practice::Forward(Forwarder::AisMarked), "A-link", "32.0", "35.0"),
        (Practice::Forward(Forwarder::Analyst), "A-link", "23.2", "26.4"),
        (Practice::Forward(Forwarder::Analyst), "A-prior", "0.4", "0.4"),
        (Practice::PerRecord, "A-link", "22.5", "29.7"),
        (Practice::PerRecord, "A-min", "32.6", "39.3"),
        (Practice::ReferenceWithoutLedger, "A-min", "7.6", "12.2"),
    ] {
        let outcome = run(practice, 1..=4, only(&["A-prior", "A-link"]));
        let scores = (&outcome.alone[adversary], &outcome.joined[adversary]);
        let found = (percent(scores.0.top1()), percent(scores.1.top1()));
        assert_eq!(found, (alone.to_owned(), joined.to_owned()), "{practice:?} {adversary}");
    }
}

#[test]
fn the_policy_exceeds_no_limit() {
    let extent = Extent { specimens: 40, audit_every: 25, ..Extent::default() };
    let outcome = run(Practice::Noroshi, 1..=1, extent);
    let found = breaches(&outcome, &Settings::default());
    let texts: Vec<String> =
        found.iter().map(|b| b.explain(noroshi_anonymity::Language::En)).collect();
    assert!(found.is_empty(), "{texts:#?}");
    assert!(outcome.certificates.0 >= 10 && outcome.certificates.1 == 0);
    assert!(outcome.marks.0 >= 60, "{:?}", outcome.marks);
    assert_eq!(outcome.indicators.0, outcome.indicators.1);
}

#[test]
fn identifiers_are_kept_back_as_measured() {
    let percent = |gauges: &[leakage::Gauge]| percent(leakage::named(gauges));
    assert_eq!(percent(&leakage::UNFILTERED), "65.2");
    assert_eq!(percent(&leakage::REVIEWED), "37.3");
    assert_eq!(percent(&leakage::DESIGNED), "3.7");
    let gauges = leakage::measure(1, 60).unwrap();
    for gauge in &gauges {
        println!("{:10} {:?}", gauge.channel.as_str(), gauge.recall);
        match gauge.recall {
            Figure::Measured { planted, caught } => {
                assert!(planted >= 200 && caught * 100 >= planted * 97, "{gauge:?}");
            }
            Figure::Assumed(_) => assert_eq!(gauge.channel, Channel::Sample),
        }
    }
    println!("a release names its victim in {} % of cases", percent(&gauges));
    let at_most = leakage::named_at_most(&gauges);
    assert!(leakage::named(&gauges) < at_most && at_most < 0.03, "{at_most}");
    assert!(leakage::named(&gauges) < 0.037, "{}", percent(&gauges));
}

#[test]
fn counters_bytes_and_texts_give_away_what_is_passed_on() {
    let names: Names = &["A-join", "A-diff", "A-bytes", "A-text", "A-prior"];
    let extent = Extent { specimens: 400, ..only(names) };
    let outcome = run(Practice::Forward(Forwarder::MispDelegation), 1..=1, extent);
    let top1 = |name: &str| outcome.joined[name].top1();
    assert!(top1("A-diff") > top1("A-join"), "{} {}", top1("A-diff"), top1("A-join"));
    assert!(top1("A-bytes") > top1("A-join") + 0.05, "{}", top1("A-bytes"));
    assert!(top1("A-text") > 0.9, "{}", top1("A-text"));
    assert!(outcome.looks > 3 && outcome.marks.1 * 10 > outcome.released * 9, "{outcome:?}");
}

/// Which limits and adversaries show a broken policy.
fn shown(practice: Practice) -> Vec<(&'static str, &'static str)> {
    let names: Names = &["A-link", "A-join", "A-coal", "A-time"];
    let outcome = run(practice, 1..=1, only(names));
    let found = breaches(&outcome, &Settings::default());
    found.iter().map(|b: &Breach| (b.limit, b.adversary)).collect()
}

#[test]
fn a_missing_ledger_is_caught_by_joining() {
    let found = shown(Practice::Faulty(Fault::NoLedger));
    assert!(
        found.contains(&("bound", "A-join")) && found.contains(&("unique", "A-coal")),
        "{found:?}"
    );
}

#[test]
fn anonymity_per_record_is_caught_by_running_the_code() {
    let found = shown(Practice::PerRecord);
    assert!(found.contains(&("bound", "A-min")) && found.contains(&("replay", "")), "{found:?}");
}

#[test]
fn a_missing_absence_test_is_caught_by_running_the_code() {
    let found = shown(Practice::Faulty(Fault::NoAbsenceTest));
    assert!(found.contains(&("bound", "A-min")), "{found:?}");
    assert!(!found.contains(&("bound", "A-link")), "{found:?}");
}

#[test]
fn closing_by_unpublished_reports_is_caught_by_replay() {
    let found = shown(Practice::Faulty(Fault::ClosingByReports));
    assert!(found.contains(&("replay", "")), "{found:?}");
}

#[test]
fn a_leaking_tick_is_caught_by_time() {
    let found = shown(Practice::Faulty(Fault::LeakingTick));
    assert!(found.contains(&("top1", "A-time")), "{found:?}");
}
