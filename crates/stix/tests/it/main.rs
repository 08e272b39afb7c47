//! Integration tests of the public vocabulary.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

mod agreement;
mod documents;
mod emitted;
mod fuzzed;
mod markings;
mod matching;
mod packaging;
mod printing;
mod properties;
mod rules;
mod samples;
mod upgrading;
mod validation;
