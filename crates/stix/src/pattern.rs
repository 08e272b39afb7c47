//! STIX patterns (STIX 2.1, part 9): writing one for an observable, parsing one into a tree, and
//! reading the observables out of it.
//!
//! In scope: the whole grammar (comparisons, boolean and observation operators, qualifiers), with
//! limits on length and nesting checked before any work is done; printing a tree in one canonical
//! form; deciding whether a pattern matches [`Observed`] data, with a limit on the work.
//!
//! The reader is a little wider than the grammar, because published feeds are: operators in any
//! case, hyphens in unquoted path steps (`file:hashes.SHA-256`), single backslashes in strings, and
//! plain strings as times. What [`pattern_of`] writes is strict.

pub mod ast;
mod compare;
mod error;
mod evaluate;
mod expression;
mod lexer;
mod observed;
mod parser;
mod print;
mod search;
mod walk;
mod write;

pub use error::{EvaluationError, PatternError};
pub use evaluate::EvaluationLimits;
pub use observed::{BadObserved, Observed};
pub use parser::{MAX_PATTERN_DEPTH, MAX_PATTERN_LEN};
pub use walk::{Found, observables_in_pattern};
pub use write::pattern_of;
