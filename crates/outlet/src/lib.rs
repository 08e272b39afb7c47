//! Serve releases: shelf, TAXII server, feeds, block lists, stream, public pages.
//!
//! The outlet holds what anyone who may read it may read, and nothing else: it does not depend on
//! the crates that know who reported what, so it cannot name a reporter. It serves only objects
//! that carry a valid signature of the hub.

pub mod i18n;
pub mod problem;

mod clock;

pub use clock::{Clock, ManualClock};
