//! Calendar dates for days counted from 1970-01-01, in the proleptic Gregorian calendar.
//!
//! Receipts show a day to people; that alone is no reason to depend on a calendar library.

/// 9999-12-31.
const LAST_DAY: i64 = 2_932_896;
/// Days of 400 years.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01. Years that start in March end with the leap day.
const SHIFT: i64 = 719_468;

/// `YYYY-MM-DD`; `None` before 1970 and after 9999.
pub(crate) fn format_day(day: i64) -> Option<String> {
    if !(0..=LAST_DAY).contains(&day) {
        return None;
    }
    let shifted = day + SHIFT;
    let (era, day_of_era) = (shifted / ERA, shifted % ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months counted from March: their lengths repeat every five months, 153 days.
    let march_month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{date:02}"))
}

/// Reads [`format_day`]; `None` for anything else, also for days that do not exist.
pub(crate) fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok().map(i64::from));
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let march_year = year - i64::from(month <= 2);
    let march_month = (month + 9) % 12;
    let year_of_era = march_year % 400;
    let day_of_year = (153 * march_month + 2) / 5 + date - 1;
    let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let day = march_year / 400 * ERA + day_of_era - SHIFT;
    // Writing it out again catches 30 February, signs and missing zeros.
    (format_day(day)? == text).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::{LAST_DAY, format_day, parse_day};

    #[test]
    fn known_days() {
        for (day, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_780, "2026-11-23"),
            (LAST_DAY, "9999-12-31"),
        ] {
            assert_eq!(format_day(day).as_deref(), Some(text));
            assert_eq!(parse_day(text), Some(day));
        }
    }

    #[test]
    fn every_day_of_four_centuries_reads_back_and_follows_the_one_before() {
        let mut before = String::new();
        for day in 0..=146_097 {
            let text = format_day(day).unwrap();
            assert_eq!(parse_day(&text), Some(day));
            assert!(text > before, "{text} does not follow {before}");
            before = text;
        }
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in
            ["", "2026-02-30", "2026-2-3", "2026-13-01", "+026-01-01", "1969-12-31", "2026-01-00"]
        {
            assert_eq!(parse_day(text), None, "{text}");
        }
        assert_eq!(format_day(-1), None);
        assert_eq!(format_day(LAST_DAY + 1), None);
    }
}
