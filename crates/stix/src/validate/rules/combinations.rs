//! Properties that stand together, or not together.

use serde_json::Value;

use crate::table::Combination;
use crate::validate::finding::Findings;
use crate::validate::subject::Part;
use crate::validate::subject::Subject;

/// Every combination the table has for the object and its parts.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for part in &subject.parts {
        for combination in part.row.iter().flat_map(|row| &row.combinations) {
            look(part, combination, out);
        }
    }
}

fn look(part: &Part<'_>, combination: &Combination, out: &mut Findings) {
    let has = |name: &String| part.members.contains_key(name);
    let place = part.prefix.trim_end_matches('.');
    let Combination { at_least_one, exactly_one, when, equals, all, none } = combination;
    if !at_least_one.is_empty() && !at_least_one.iter().any(has) {
        let shown: Vec<&str> = at_least_one.iter().take(8).map(String::as_str).collect();
        let message = format!("at least one of {} is needed", shown.join(", "));
        out.error_naming(shown.join(", "), "property-needed", place, message);
    }
    if !exactly_one.is_empty() && exactly_one.iter().filter(|name| has(name)).count() != 1 {
        let message = format!("exactly one of {} is needed", exactly_one.join(", "));
        out.error_naming(exactly_one.join(", "), "one-property-needed", place, message);
    }
    let Some(when) = when else { return };
    let applies = match (part.members.get(when), equals) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(value), Some(wanted)) => *value == Value::Bool(*wanted),
    };
    if !applies {
        return;
    }
    let state = equals.map_or("present", |wanted| if wanted { "true" } else { "false" });
    for name in all.iter().filter(|name| !has(name)) {
        let message = format!("where {when} is {state}, {name} is required");
        let path = format!("{}{name}", part.prefix);
        out.error_naming(when, "property-needed", path, message);
    }
    for name in none.iter().filter(|name| has(name)) {
        let message = format!("where {when} is {state}, {name} is not allowed");
        let path = format!("{}{name}", part.prefix);
        out.error_naming(when, "property-excluded", path, message);
    }
}
