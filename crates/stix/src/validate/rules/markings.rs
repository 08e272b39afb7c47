//! Markings of parts of an object.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Every selector of a granular marking leads to something in the object.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let markings = subject.members.get("granular_markings").and_then(Value::as_array);
    for (i, marking) in markings.into_iter().flatten().enumerate() {
        let selectors = marking.get("selectors").and_then(Value::as_array);
        for (j, selector) in selectors.into_iter().flatten().enumerate() {
            let Some(selector) = selector.as_str() else { continue };
            if !leads_somewhere(selector, subject.members) {
                let path = format!("granular_markings[{i}].selectors[{j}]");
                out.error("bad-selector", path, "the selector leads to nothing in this object");
            }
        }
    }
    let own = subject.members.get("id");
    let refs = subject.members.get("object_marking_refs").and_then(Value::as_array);
    if refs.into_iter().flatten().any(|r| Some(r) == own) {
        out.error("marks-itself", "object_marking_refs", "a marking cannot mark itself");
    }
}

/// `name`, then `.name` or `.[0]`, any number of times.
fn leads_somewhere(selector: &str, members: &serde_json::Map<String, Value>) -> bool {
    let mut steps = selector.split('.');
    let mut here = steps.next().and_then(|name| members.get(name));
    for step in steps {
        let index = step.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
        here = match (here, index) {
            (Some(value), Some(index)) => index.parse::<usize>().ok().and_then(|n| value.get(n)),
            (Some(value), None) => value.get(step),
            (None, _) => None,
        };
    }
    here.is_some()
}
