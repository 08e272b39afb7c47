//! Tests of the duty crate: the data itself, refusals, golden deadlines, properties, texts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that lacks its input must fail")]

mod answers;
mod cases;
mod contracts;
mod data;
mod decide;
mod disclosure;
mod filings;
mod golden;
mod history;
mod properties;
mod refusals;
mod texts;

use std::sync::OnceLock;

use noroshi_duty::Reference;

/// The data noroshi is built with.
fn builtin() -> &'static Reference {
    static BUILTIN: OnceLock<Reference> = OnceLock::new();
    BUILTIN.get_or_init(|| Reference::builtin().unwrap())
}
