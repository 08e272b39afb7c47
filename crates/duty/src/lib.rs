//! One report, every duty: which reports are owed to whom by when, what each asks, and the filings.
//!
//! The way of a case: [`applies`] says which obligations hold, [`Answers`] keeps what the reporter
//! said with where it came from, [`next_questions`] asks only what the next stage needs,
//! [`deadlines`] runs the clocks, [`Filing`] fills the authority's form, [`Incident`] remembers what
//! happened. Clauses of contracts are obligations too ([`Reference::with_contracts`]).
//!
//! The duties themselves are data (`reference/*.toml`), each fact with how far it was verified. This
//! crate reads them strictly ([`Reference`]), computes deadlines ([`deadlines`]) and explains both
//! in Japanese and English. It reads no clock, no file and no zone database of the machine: moments
//! and texts are arguments, the zones are compiled in.
//!
//! A law that gives no number ("promptly") never gets one here: such a stage has no deadline, only
//! its words. Where it is doubtful whether a later deadline applies, the earlier one is *the*
//! deadline and the later one is shown beside it as an extension.

mod answers;
mod ask;
mod calendar;
mod clocks;
mod deadline;
mod decide;
mod explain;
mod fields;
mod filing;
mod forms;
mod incident;
mod load;
mod model;
mod moment_text;
mod period;
mod reference;
mod sectors;
mod show;
mod source_text;
mod timeline;

pub use answers::{
    Answer, Answers, FieldId, Occasion, Problem, Provenance, Scalar, Value, ValueType,
};
pub use ask::{Question, missing_for, next_questions};
pub use calendar::{Calendar, WorkingDay};
pub use clocks::{ClockError, Clocks, Contradiction};
pub use deadline::{Extension, Projection, StageDeadline, Standing, deadlines};
pub use decide::{
    Decisions, Fact, FactType, Facts, FactsError, Finding, MemberQuestion, Verdict, applies,
};
pub use explain::{Lang, Text, explain, explain_stage};
pub use fields::{Anonymity, Cardinality, Enumeration, Field, FieldStage, FormSource, MapEntry};
pub use filing::{Change, Draft, Filing, FilingDiff, FilingError, FilingItem};
pub use forms::{FilingForm, FormItem};
pub use incident::{CaseStanding, CaseState, Event, Incident, StageState};
pub use model::{
    Anchor, CalendarKind, Cap, Clock, Comparison, Confidence, CountFrom, DeadlineKind, Form,
    Instead, Jurisdiction, Limit, MonthRule, Obligation, Retention, Rollover, Source, Stage,
    Status, Threshold, Trust,
};
pub use period::Period;
pub use reference::{Files, Reference};
pub use sectors::{Authority, Sector, SectorList};
pub use show::{
    show_deadline, show_filing, show_finding, show_question, show_state, show_timeline,
};
pub use source_text::LoadError;
pub use timeline::timeline;
