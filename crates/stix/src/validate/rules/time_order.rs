//! Times that come one after the other.

use crate::Timestamp;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Every order the table has for the type.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let time = |name: &str| subject.members.get(name)?.as_str()?.parse::<Timestamp>().ok();
    for (earlier, sign, later) in subject.row.iter().flat_map(|row| &row.order) {
        let (Some(first), Some(second)) = (time(earlier), time(later)) else { continue };
        if first < second || first == second && sign == "<=" {
            continue;
        }
        let how = if sign == "<" { "after" } else { "not before" };
        let message = format!("{later} has to be {how} {earlier}");
        out.error_naming(earlier, "time-order", later.as_str(), message);
    }
}
