//! STIX patterns (STIX 2.1, part 9): writing one for an observable, and reading the observables out
//! of one.

mod write;

pub use write::pattern_of;
