//! Runs the check of this name in `crates/intake/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/intake/tests/it/fuzzed/intake_read.rs"]
mod intake_read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| intake_read::check(bytes));
