//! The hub: it receives reports, judges, reviews, decides and releases.
//!
//! A report enters through [`intake`], also as objects that a TAXII client posts to the inbox, lives in the [`vault`], leaves as signed objects on the
//! [`tick`] and by the [`context`] lane, and is never itself forwarded. The desk works through
//! [`quarantine`] and [`correlate`]; the operator through [`admin`]. [`app`] puts all of it on HTTP,
//! one table of routes, each with the action that [`access`] must allow.

pub mod access;
pub mod admin;
pub mod api;
pub mod app;
mod batch;
pub mod campaign;
pub mod case;
pub mod config;
pub mod context;
pub mod correlate;
pub mod days;
pub mod desk_queue;
pub mod desk_review;
pub mod direct;
pub mod drafts;
mod error;
mod hub;
mod ids;
mod inbox;
pub mod intake;
pub mod jobs;
pub mod labels;
pub mod mailbox;
mod metrics;
mod outlet_side;
pub mod own_names;
mod own_warnings;
pub mod quarantine;
pub mod register;
pub mod reminders;
mod reporter;
pub mod situation;
pub mod tick;
pub mod vault;
pub mod web;

pub use error::HubError;
pub use hub::Hub;
pub use metrics::HubMetrics;
pub use reporter::NewReporter;
pub use web::HUB_TEXTS;
