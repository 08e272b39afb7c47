//! How much is read, whoever wrote it. Everything here is linear in the size of its input within
//! these limits; evaluating a pattern has limits of its own, in
//! [`EvaluationLimits`](crate::pattern::EvaluationLimits).

pub use crate::id::MAX_TYPE_LEN;
pub use crate::pattern::{MAX_PATTERN_DEPTH, MAX_PATTERN_LEN};

/// Longest document [`Document::read`](crate::Document::read) takes, in bytes. A document needs
/// some ten times its size in memory.
pub const MAX_DOCUMENT_LEN: usize = 256 << 20;

/// Deepest nesting of JSON read: the parser of `serde_json` allows 127 levels of lists and objects.
pub const MAX_JSON_DEPTH: usize = 127;

/// Most markings copied while the observables of one observed-data object become objects of their
/// own: each of them gets every marking of the whole. Beyond that they stay where they are.
pub const MAX_COPIED_MARKINGS: usize = 100_000;

/// Most findings told of one object.
pub const MAX_FINDINGS: usize = 100;
