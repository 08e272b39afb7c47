//! Runs the check of this name in `crates/outlet/tests/it/fuzzed` on whatever the engine thinks of.

#![no_main]
// The check needs a part of what the outlet's tests have.
#![allow(dead_code, unused_imports, reason = "actors and places are shared with the tests")]

#[path = "../../crates/outlet/tests/it/actor.rs"]
mod actor;
#[path = "../../crates/outlet/tests/it/partners/tool.rs"]
mod partners;
#[path = "../../crates/outlet/tests/it/place.rs"]
mod place;
#[path = "../../crates/outlet/tests/it/fuzzed/taxii_request.rs"]
mod taxii_request;
#[path = "../../crates/outlet/tests/it/world.rs"]
mod world;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| taxii_request::check(bytes));
