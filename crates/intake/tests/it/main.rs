//! Integration tests of the intake: documents as people really send them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod formats;
mod fuzzed;
mod hostile;
mod legible;
mod mail;
mod native;
mod objects;
mod planted;
mod samples;
