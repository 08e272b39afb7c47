//! Times that come one after the other.

use crate::Timestamp;
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Every order the table has for the type; that of versions for types it does not know.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let time = |name: &str| subject.members.get(name)?.as_str()?.parse::<Timestamp>().ok();
    let known = subject.row.iter().flat_map(|row| &row.order);
    let known =
        known.map(|(earlier, sign, later)| (earlier.as_str(), sign.as_str(), later.as_str()));
    let versions = subject.row.is_none().then_some(("created", "<=", "modified"));
    for (earlier, sign, later) in known.chain(versions) {
        let (Some(first), Some(second)) = (time(earlier), time(later)) else { continue };
        if first < second || first == second && sign == "<=" {
            continue;
        }
        let how = if sign == "<" { "after" } else { "not before" };
        let message = format!("{later} has to be {how} {earlier}");
        out.error_naming(earlier, "time-order", later, message);
    }
}
