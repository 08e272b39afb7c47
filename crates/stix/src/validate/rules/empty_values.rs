//! Nothing is written as null, or as a list of nothing.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Properties without a value are left out, at any depth.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for (name, value) in subject.members {
        look(&Place { outer: None, step: Step::Name(name) }, value, out);
    }
}

/// Where a value stands. Written out only for a finding: names may be as long as the document.
struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

/// Most characters of a name that are shown.
const SHOWN: usize = 250;

impl Place<'_> {
    fn path(&self) -> String {
        let mut path = self.outer.map(Place::path).unwrap_or_default();
        match self.step {
            Step::Name(name) => {
                path.push_str(if path.is_empty() { "" } else { "." });
                path.extend(name.chars().take(SHOWN));
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
        path
    }
}

fn look(place: &Place<'_>, value: &Value, out: &mut Findings) {
    if out.is_full() {
        return;
    }
    match value {
        Value::Null => {
            out.error("null-value", place.path(), "null is no value; leave the property out");
        }
        Value::Array(items) if items.is_empty() => {
            let message = "a list has at least one item; leave the property out";
            out.error("empty-list", place.path(), message);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(&Place { outer: Some(place), step: Step::Index(index) }, item, out);
            }
        }
        // An empty object is a value: an extension may say nothing but its name.
        Value::Object(members) => {
            for (name, inner) in members {
                look(&Place { outer: Some(place), step: Step::Name(name) }, inner, out);
            }
        }
        _ => (),
    }
}
