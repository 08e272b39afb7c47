//! Hashes: names of algorithms and lengths of digests.

use serde_json::Value;

use crate::table::{Form, TABLE};
use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Digits of the digests of the algorithms that have a fixed number of them.
const DIGITS: [(&str, usize); 6] = [
    ("MD5", 32),
    ("SHA-1", 40),
    ("SHA-256", 64),
    ("SHA-512", 128),
    ("SHA3-256", 64),
    ("SHA3-512", 128),
];

/// The name is in the vocabulary, and the digest as long as the algorithm makes it.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    for typed in &subject.values {
        let (Form::Hashes, Value::Object(hashes)) = (typed.form, typed.value) else { continue };
        if hashes.is_empty() {
            out.error("empty-hashes", typed.path.as_str(), "at least one hash is needed");
        }
        for (name, digest) in hashes {
            let path = format!("{}.{name}", typed.path);
            if !TABLE.vocabulary("hashing-algorithm").contains(name) {
                let message = "the name should be one of hash-algorithm-ov, such as SHA-256";
                out.warning("hash-algorithm", path.as_str(), message);
            }
            let Some(digest) = digest.as_str() else {
                out.error("bad-hash", path, "a hash is a text");
                continue;
            };
            let wanted = DIGITS.iter().find(|(known, _)| known == name);
            let Some((_, digits)) = wanted else { continue };
            if digest.len() != *digits || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
                let message = format!("a {name} hash has {digits} hexadecimal digits");
                out.error_naming(digits.to_string(), "bad-hash", path, message);
            }
        }
    }
}
