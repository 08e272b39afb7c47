//! STIX patterns (STIX 2.1, part 9): writing one for an observable, parsing one into a tree, and
//! reading the observables out of it.
//!
//! In scope: the whole grammar (comparisons, boolean and observation operators, qualifiers), with
//! limits on length and nesting checked before any work is done. Out of scope here: deciding
//! whether a pattern matches observed data.
//!
//! The reader is a little wider than the grammar, because published feeds are: operators in any
//! case, hyphens in unquoted path steps (`file:hashes.SHA-256`), single backslashes in strings, and
//! plain strings as times. What [`pattern_of`] writes is strict.

pub mod ast;
mod error;
mod lexer;
mod parser;
mod walk;
mod write;

pub use error::PatternError;
pub use parser::{MAX_PATTERN_DEPTH, MAX_PATTERN_LEN};
pub use walk::{Found, observables_in_pattern};
pub use write::pattern_of;
