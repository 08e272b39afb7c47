//! Obligations, clocks, forms: which reports are owed to whom by when.
//!
//! The duties themselves are data (`reference/*.toml`), each fact with how far it was verified. This
//! crate reads them strictly ([`Reference`]), computes deadlines ([`deadlines`]) and explains both
//! in Japanese and English. It reads no clock, no file and no zone database of the machine: moments
//! and texts are arguments, the zones are compiled in.
//!
//! A law that gives no number ("promptly") never gets one here: such a stage has no deadline, only
//! its words. Where it is doubtful whether a later deadline applies, the earlier one is *the*
//! deadline and the later one is shown beside it as an extension.

mod calendar;
mod clocks;
mod deadline;
mod explain;
mod fields;
mod load;
mod model;
mod period;
mod reference;
mod sectors;
mod source_text;

pub use calendar::{Calendar, WorkingDay};
pub use clocks::{ClockError, Clocks, Contradiction};
pub use deadline::{Extension, Projection, StageDeadline, Standing, deadlines};
pub use explain::{Lang, Text, explain, explain_stage};
pub use fields::{Anonymity, Cardinality, Enumeration, Field, FieldStage, FormSource, MapEntry};
pub use model::{
    Anchor, CalendarKind, Cap, Clock, Comparison, Confidence, CountFrom, DeadlineKind, Form,
    Jurisdiction, Limit, MonthRule, Obligation, Retention, Rollover, Source, Stage, Status,
    Threshold, Trust,
};
pub use period::Period;
pub use reference::{Files, Reference};
pub use sectors::{Authority, Sector, SectorList};
pub use source_text::LoadError;
