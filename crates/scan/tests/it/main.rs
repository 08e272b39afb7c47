//! Tests of the matcher: cases people can read, then a naive oracle over random text.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its input must fail")]

mod cases;
mod oracle;
mod stream;

use noroshi_stix::{Kind, Observable};

/// An indicator, which must be valid.
fn observable(kind: Kind, text: &str) -> Observable {
    Observable::parse(kind, text).unwrap()
}
