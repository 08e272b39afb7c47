//! What holds for every obligation, moment and zone.

use jiff::civil::time;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};
use noroshi_duty::{
    Anchor, CalendarKind, Clocks, Obligation, Period, Reference, Stage, StageDeadline, WorkingDay,
    deadlines,
};
use proptest::prelude::*;

use crate::builtin;

const ZONES: [&str; 9] = [
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Cairo",
];

/// Sets the clock a stage waits for.
fn start(clocks: Clocks, stage: &Stage, at: Zoned) -> Clocks {
    match &stage.anchor {
        Anchor::Clock(clock) => clocks.with(clock, at),
        Anchor::PriorStage(Some(before)) => clocks.with_filed(before, at),
        Anchor::PriorStage(None) => clocks,
    }
}

fn due(reference: &Reference, o: &Obligation, stage: &Stage, clocks: &Clocks) -> StageDeadline {
    let mut all = deadlines(o, clocks, reference.calendar());
    let at = all.iter().position(|d| d.stage == stage.id).unwrap();
    all.swap_remove(at)
}

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

/// Seconds from 2026 to 2028, where holidays are known, and around clock changes and year ends.
fn moment() -> impl Strategy<Value = i64> {
    let spots = proptest::sample::select(vec![
        "2026-03-08T07:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-11-01T06:00:00Z",
        "2026-12-31T15:00:00Z",
        "2027-12-31T23:59:59Z",
        "2028-02-29T00:00:00Z",
        "2026-05-01T15:00:00Z",
    ]);
    let near = (spots, -200_000i64..200_000)
        .prop_map(|(s, d)| s.parse::<Timestamp>().unwrap().as_second() + d);
    prop_oneof![1_767_225_600i64..1_861_000_000, near]
}

fn at(second: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_second(second).unwrap().to_zoned(zone.clone())
}

#[test]
fn a_stage_without_a_number_never_gets_a_deadline() {
    let reference = builtin();
    let when = at(1_790_000_000, &zone("Asia/Tokyo"));
    let mut clocks = Clocks::new("Asia/Tokyo").unwrap();
    for clock in reference.clock_list() {
        clocks = clocks.with(&clock.id, when.clone());
    }
    for obligation in reference.obligations() {
        for stage in &obligation.stages {
            clocks = clocks.with_filed(&stage.id, when.clone());
        }
    }
    for obligation in reference.obligations() {
        let all = deadlines(obligation, &clocks, reference.calendar());
        for (stage, found) in obligation.stages.iter().zip(all) {
            assert_eq!(found.due.is_some(), stage.has_number(), "{}", found.rule.en);
            assert!(found.projection.is_none());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_later_clock_never_gives_an_earlier_deadline(
        first in moment(), later in 0i64..9_000_000, cap in proptest::option::of(-300_000i64..300_000),
        z in 0..ZONES.len(),
    ) {
        let reference = builtin();
        let zone = zone(ZONES[z]);
        for obligation in reference.obligations() {
            for stage in obligation.stages.iter().filter(|s| s.has_number()) {
                let base = Clocks::new(ZONES[z]).unwrap();
                let base = match (&stage.cap, cap) {
                    (Some(c), Some(offset)) => base.with(&c.clock, at(first + offset, &zone)),
                    _ => base,
                };
                let a = due(reference, obligation, stage, &start(base.clone(), stage, at(first, &zone)));
                let b = due(reference, obligation, stage, &start(base, stage, at(first + later, &zone)));
                prop_assert!(a.due.unwrap() <= b.due.unwrap(), "{}/{}", obligation.id, stage.id);
                prop_assert!(a.due.unwrap() >= at(first, &zone).timestamp() || stage.cap.is_some());
            }
        }
    }

    #[test]
    fn periods_end_where_they_must(second in moment(), z in 0..ZONES.len()) {
        let reference = builtin();
        let own = zone(ZONES[z]);
        let when = at(second, &own);
        for obligation in reference.obligations() {
            for stage in &obligation.stages {
                let Some(period) = stage.deadline else { continue };
                let clocks = start(Clocks::new(ZONES[z]).unwrap(), stage, when.clone());
                let found = due(reference, obligation, stage, &clocks);
                let end = found.due.unwrap();
                let label = format!("{}/{} {when}", obligation.id, stage.id);
                let there = obligation.jurisdiction.zone.clone().unwrap_or_else(|| own.clone());
                let (from, to) = (when.with_time_zone(there.clone()), end.to_zoned(there));
                let certain = stage.rollover.as_ref().is_some_and(|r| r.is_certain());
                match (period, stage.calendar) {
                    (Period::Hours(n), _) => {
                        prop_assert_eq!(end.as_second() - second, i64::from(n) * 3600, "{}", label);
                    }
                    (Period::Days(n), CalendarKind::BusinessDays) => {
                        let holidays = obligation.jurisdiction.holidays.clone().unwrap();
                        let mut day = from.date();
                        let mut count = 0;
                        while day < to.date() {
                            day = day.tomorrow().unwrap();
                            let kind = reference.calendar().day(&holidays, day);
                            count += u16::from(matches!(kind, WorkingDay::Yes | WorkingDay::Unknown));
                        }
                        prop_assert_eq!(count, n, "{}", label);
                    }
                    (Period::Days(n), _) if !certain => {
                        let days = to.date().since(from.date()).unwrap().get_days();
                        prop_assert!(days == i32::from(n) || days == i32::from(n) - 1, "{}", label);
                    }
                    (Period::Months(n), _) if !certain => {
                        let months = i32::from(to.month()) + 12 * i32::from(to.year())
                            - i32::from(from.month()) - 12 * i32::from(from.year());
                        prop_assert!(months == i32::from(n), "{}", label);
                    }
                    _ => {}
                }
                if !matches!(period, Period::Hours(_)) && !certain && stage.due_time.is_none() {
                    prop_assert_eq!(to.time(), time(23, 59, 59, 0), "{}", label);
                }
                if let Some(extension) = &found.extension {
                    prop_assert!(extension.due > end, "{}", label);
                }
                if certain || found.extension.is_some() {
                    let holidays = obligation.jurisdiction.holidays.clone().unwrap();
                    let last = found.extension.as_ref().map_or(end, |e| e.due);
                    let day = reference.calendar().day(&holidays, last.to_zoned(to.time_zone().clone()).date());
                    prop_assert!(!matches!(day, WorkingDay::Weekend | WorkingDay::Holiday(_)), "{}", label);
                }
            }
        }
    }

    #[test]
    fn the_zone_of_a_moment_does_not_matter_to_hours(second in moment(), z in 0..ZONES.len()) {
        let reference = builtin();
        let obligation = reference.obligation("eu-nis2").unwrap();
        let stage = obligation.stage("notification").unwrap();
        let in_zone = |name: &str| {
            let clocks = Clocks::new(name).unwrap().with("awareness", at(second, &zone(name)));
            due(reference, obligation, stage, &clocks).due
        };
        prop_assert_eq!(in_zone(ZONES[z]), in_zone("UTC"));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", name in "[a-z:=-]{0,20}") {
        let reference = builtin();
        let _ = reference.clocks("Asia/Tokyo", [format!("{name}={text}").as_str()]);
        let _ = reference.clocks(&text, []);
        let _ = text.parse::<Period>();
    }
}
