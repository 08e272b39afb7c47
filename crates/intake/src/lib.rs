//! From untrusted bytes to a draft report: format detection, text, mail, CSV, MISP, STIX and native reports.
//!
//! In scope: recognising what a reporter handed in, reading as much of it as is sound, saying what
//! was dropped and why, and never failing in a way that takes the caller down. Nothing here opens a
//! socket or a file, or reads a clock.
//!
//! Out of scope: whether an indicator may be released (the gate of `noroshi-anonymity` decides),
//! and lists of harmless names (the gate again).
//!
//! The way of the data: bytes, [`detect`], a reader per format, a [`Draft`]. Text is read by
//! [`text::extract`], which every other reader falls back to.

mod bundle;
mod charset;
mod detect;
mod draft;
mod error;
mod event;
mod facts;
mod json;
mod limits;
mod mail;
mod native;
mod objects;
mod read;
mod table;
pub mod text;

pub use detect::{Format, Hint, detect};
pub use draft::{Draft, DropReason, Dropped, Found, Origin, Place, Problem};
pub use error::IntakeError;
pub use facts::{Facts, Stage};
pub use limits::Limits;
pub use native::REPORT_FIELDS;
pub use objects::{ObjectYield, ReadObject, read_objects};
pub use read::{Legible, legible, plain_text, read};
