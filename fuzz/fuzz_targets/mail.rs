//! Runs the check of this name in `crates/intake/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]

#[path = "../../crates/intake/tests/it/fuzzed/mail.rs"]
mod mail;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mail::check(bytes));
