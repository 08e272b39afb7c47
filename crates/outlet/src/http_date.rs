//! Dates as HTTP headers write them (RFC 9110, section 5.6.7).

use axum::http::HeaderValue;

/// The instant `micros` after the epoch, such as `Sun, 06 Nov 1994 08:49:37 GMT`; `None` before
/// the epoch and after the year 9999.
pub(crate) fn http_date(micros: i64) -> Option<HeaderValue> {
    let seconds = micros.div_euclid(1_000_000);
    if !(0..MAX_SECONDS).contains(&seconds) {
        return None;
    }
    let days = seconds / 86_400;
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let (year, month, day) = civil(days);
    // 1 January 1970 was a Thursday.
    let weekday = WEEKDAYS.get(usize::try_from((days + 3) % 7).ok()?)?;
    let month = MONTHS.get(month)?;
    let text = format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT");
    HeaderValue::from_str(&text).ok()
}

/// Year, month (from 0) and day (from 1) of a day counted from the epoch.
fn civil(days: i64) -> (i64, usize, i64) {
    let (mut year, mut day) = (1970, days);
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if day < length {
            break;
        }
        day -= length;
        year += 1;
    }
    let mut month = 0;
    for length in [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    (year, month, day + 1)
}

const fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The first second of the year 10000.
const MAX_SECONDS: i64 = 253_402_300_800;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_example_of_the_standard() {
        let micros = 784_111_777_000_000;
        assert_eq!(http_date(micros).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(0).unwrap(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(951_782_400_000_000).unwrap(), "Tue, 29 Feb 2000 00:00:00 GMT");
        assert_eq!(http_date(253_402_300_799_000_000).unwrap(), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(http_date(253_402_300_800_000_000), None);
        assert_eq!(http_date(-1), None);
    }
}
