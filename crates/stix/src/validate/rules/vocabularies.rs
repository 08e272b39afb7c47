//! Words from vocabularies.

use crate::table::{Form, TABLE};
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// A closed vocabulary has to be kept to, an open one should be.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        let (name, closed) = match typed.form {
            Form::Open(name) => (name, false),
            Form::Closed(name) => (name, true),
            _ => continue,
        };
        let Some(word) = typed.value.as_str() else { continue };
        if TABLE.vocabulary(name).iter().any(|known| known == word) {
            continue;
        }
        let path = typed.path.as_str();
        if closed {
            out.error("not-in-enumeration", path, format!("the word has to be one of {name}-enum"));
        } else {
            let message = format!("the word should be one of {name}-ov");
            out.warning("not-in-vocabulary", path, message);
        }
    }
}
