//! Runs the check of this name in `crates/intake/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/intake/tests/it/fuzzed/text_extract.rs"]
mod text_extract;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| text_extract::check(bytes));
