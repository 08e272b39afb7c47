//! Runs the check of this name in `crates/stix/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/stix/tests/it/fuzzed/observable.rs"]
mod observable;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| observable::check(bytes));
