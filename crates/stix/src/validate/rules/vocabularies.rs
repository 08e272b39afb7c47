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
            let message = format!("the word has to be one of {name}-enum");
            out.error_naming(format!("{name}-enum"), "not-in-enumeration", path, message);
        } else {
            let message = format!("the word should be one of {name}-ov");
            out.warning_naming(format!("{name}-ov"), "not-in-vocabulary", path, message);
        }
    }
}
