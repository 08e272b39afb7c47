//! What everybody may know of the situation: attacks by kind, sector and week, whether essential
//! services work, and how fast warnings spread.
//!
//! Attacks are counted from released reports and the published register alone, so nothing is said
//! here that a reader of releases could not count; small numbers are kept back all the same
//! ([`suppress`]), because more people see this page than read releases.

pub mod attacks;
pub mod services;
pub mod suppress;
