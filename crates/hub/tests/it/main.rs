//! The hub from outside: its routes merged with the outlet's, on both engines, with a clock that
//! only the tests move.
#![cfg(test)]

mod agreement;
mod answer_pages;
mod bad_input;
mod browser;
mod browser_desk;
mod browser_feed;
mod browser_report;
mod browser_walkthroughs;
mod canary;
mod case_pages;
mod cases;
mod certificates;
mod consent;
mod context_lane;
mod days;
mod desk_pages;
mod desk_work;
mod direct_lane;
mod disclosure;
mod drafts;
mod duty_pages;
mod end_to_end;
mod filings;
mod idempotency;
mod inbox;
mod inbox_random;
mod keys;
mod labels;
mod labels_edge;
mod mail_server;
mod mailbox;
mod marks;
mod oracle;
mod partners;
mod place;
mod planted;
mod quarantine;
mod random_input;
mod reminder_calls;
mod reminder_queue;
mod reminders;
mod report_page;
mod review;
mod rights;
mod schema;
mod sign_in;
mod situation;
mod source_rules;
mod useful;
mod web;
mod web_account;
mod web_labels;
mod web_operator;
mod web_world;
mod world;

/// Runs each named `async fn(&Place)` of the calling module once for each engine.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { crate::place::run(Some(crate::place::sqlite()), super::$name); })*
        }
        mod postgresql {
            $(#[test] fn $name() { crate::place::run(crate::place::postgresql(), super::$name); })*
        }
    };
}
pub(crate) use on_both_engines;
