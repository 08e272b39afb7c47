//! Runs the check of this name in `crates/stix/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/stix/tests/it/fuzzed/stix_document.rs"]
mod stix_document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stix_document::check(bytes));
