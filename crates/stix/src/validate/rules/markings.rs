//! Markings of parts of an object.

use serde_json::{Map, Value};

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Every selector of a granular marking leads to something in the object, and nothing marks itself.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let own = subject.members.get("id");
    let itself = "a marking cannot mark itself";
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
        if own.is_some() && marking.get("marking_ref") == own {
            out.error("marks-itself", format!("granular_markings[{i}].marking_ref"), itself);
        }
    }
    let refs = subject.members.get("object_marking_refs").and_then(Value::as_array);
    if refs.into_iter().flatten().any(|r| Some(r) == own) {
        out.error("marks-itself", "object_marking_refs", itself);
    }
}

/// `name`, then `.name` or `.[0]`, any number of times (STIX 2.1, section 7.2.3.1).
fn leads_somewhere(selector: &str, members: &Map<String, Value>) -> bool {
    let mut steps = selector.split('.');
    let mut here = steps.next().and_then(|name| members.get(name));
    for step in steps {
        let index = step.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
        here = match (here, index) {
            (Some(Value::Array(items)), Some(index)) => position(index).and_then(|n| items.get(n)),
            (Some(Value::Object(inner)), None) => inner.get(step),
            _ => None,
        };
    }
    here.is_some()
}

fn position(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
