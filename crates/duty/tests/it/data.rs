//! What the built-in data holds.

use jiff::civil::date;
use noroshi_duty::{Anonymity, Trust, WorkingDay};

use crate::builtin;

#[test]
fn everything_is_there() {
    let reference = builtin();
    assert_eq!(reference.obligations().len(), 23);
    let stages: usize = reference.obligations().iter().map(|o| o.stages.len()).sum();
    // 43 in the file and the five that digital providers share with every NIS2 entity.
    assert_eq!(stages, 43 + 5);
    assert_eq!(reference.fields().len(), 106);
    assert_eq!(reference.sectors().len(), 69);
    assert_eq!(reference.authorities().len(), 13);
    assert_eq!(reference.clock_list().len(), 12);
}

#[test]
fn what_names_someone_is_never_released_as_given() {
    let reference = builtin();
    for id in ["org_name", "org_ids", "contact", "org_sectors", "org_country", "late_reason"] {
        let class = reference.field(id).unwrap().anonymity;
        assert!(!class.may_be_released_as_given(), "{id} is {}", class.name());
    }
    assert!(Anonymity::Identity > Anonymity::Quasi);
}

#[test]
fn holidays_are_known_by_name() {
    let reference = builtin();
    let calendar = reference.calendar();
    let name = |country: &str, day| match calendar.day(country, day) {
        WorkingDay::Holiday(name) => name.ja,
        other => format!("{other:?}"),
    };
    assert_eq!(name("JP", date(2026, 9, 22)), "国民の休日");
    assert_eq!(name("JP", date(2027, 3, 22)), "振替休日");
    assert_eq!(name("JP", date(2026, 12, 31)), "行政機関の年末年始の休日");
    assert_eq!(name("US", date(2026, 11, 26)), "感謝祭");
    assert_eq!(name("EU", date(2026, 4, 3)), "聖金曜日");
    assert_eq!(calendar.day("JP", date(2026, 11, 24)), WorkingDay::Yes);
    assert_eq!(calendar.day("JP", date(2026, 11, 22)), WorkingDay::Weekend);
    assert_eq!(calendar.day("JP", date(2029, 5, 7)), WorkingDay::Unknown);
    assert_eq!(calendar.trust("JP"), Some(Trust::Memory));
}
