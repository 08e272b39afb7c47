//! Runs the check of this name in `crates/stix/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/stix/tests/it/fuzzed/stix_repeated.rs"]
mod stix_repeated;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stix_repeated::check(bytes));
