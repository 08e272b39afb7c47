//! Runs the check of this name in `crates/seal/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/seal/tests/it/fuzzed/envelope_formats.rs"]
mod envelope_formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| envelope_formats::check(bytes));
