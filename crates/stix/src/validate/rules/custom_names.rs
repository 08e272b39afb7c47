//! Properties the specification does not define.

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Their names are well formed; without an extension that declares them they begin with `x_`.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let declared = subject.row.is_none()
        || subject.has_extension(|kind| kind == "toplevel-property-extension");
    for part in &subject.parts {
        for name in &part.custom {
            let path = format!("{}{name}", part.prefix);
            if !is_formed(name) {
                let message =
                    "a property name has 3 to 250 lower-case letters, digits and underscores";
                out.error("bad-property-name", path, message);
            } else if !declared && !name.starts_with("x_") {
                let message = "STIX 2.1 has no such property here; declare it by an extension";
                out.warning("unknown-property", path, message);
            }
        }
    }
}

/// Whether a property may have this name (STIX 2.1, section 3.1).
pub(super) fn is_formed(name: &str) -> bool {
    (3..=250).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
