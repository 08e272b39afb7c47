//! Integration tests of the public vocabulary.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

mod emitted;
mod fuzzed;
mod matching;
mod printing;
mod properties;
mod samples;
mod upgrading;
mod validation;
