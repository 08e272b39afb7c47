//! Runs the check of this name in `crates/anonymity/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/anonymity/tests/it/fuzzed/anonymity_formats.rs"]
mod anonymity_formats;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| anonymity_formats::check(bytes));
