//! Runs the check of this name in `crates/seal/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/seal/tests/it/fuzzed/seal_formats.rs"]
mod seal_formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seal_formats::check(bytes));
