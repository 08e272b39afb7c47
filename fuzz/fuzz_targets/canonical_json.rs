//! Runs the check of this name in `crates/stix/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/stix/tests/it/fuzzed/canonical_json.rs"]
mod canonical_json;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| canonical_json::check(bytes));
