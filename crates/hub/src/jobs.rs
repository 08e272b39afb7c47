//! What the hub does by itself, and how it went since it was started: for the operator's page.
//!
//! Kept in memory. A job's error says what failed, never what was reported.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use noroshi_stix::Timestamp;

/// A job of the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// The beat of the signal lane.
    Tick,
    /// Batches put on the shelf.
    Delivery,
    /// Signed documents put on the shelf.
    Documents,
    /// Trees of receipts, one a day.
    Days,
    /// The signed list of sealed questions.
    Mailbox,
    /// The beat of the context lane.
    Context,
    /// Copies of both databases, asked for on the operator's page.
    Backup,
}

impl Job {
    /// Every job.
    pub const ALL: [Job; 7] = [
        Job::Tick,
        Job::Delivery,
        Job::Documents,
        Job::Days,
        Job::Mailbox,
        Job::Context,
        Job::Backup,
    ];

    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Job::Tick => "tick",
            Job::Delivery => "delivery",
            Job::Documents => "documents",
            Job::Days => "days",
            Job::Mailbox => "mailbox",
            Job::Context => "context",
            Job::Backup => "backup",
        }
    }
}

/// How a job went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobState {
    /// When it last ran.
    pub last: Option<Timestamp>,
    /// When it last failed, and why.
    pub failed: Option<(Timestamp, String)>,
    /// Whether the last run failed.
    pub failing: bool,
    /// How often it ran.
    pub runs: u64,
    /// How often it failed.
    pub failures: u64,
}

/// How every job went.
#[derive(Default)]
pub struct Jobs(Mutex<[JobState; Job::ALL.len()]>);

impl Jobs {
    /// Notes a run.
    pub fn ran<T, E: Display>(&self, job: Job, at: Timestamp, result: &Result<T, E>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(state) = all.get_mut(job as usize) else { return };
        state.last = Some(at);
        state.runs += 1;
        state.failing = result.is_err();
        if let Err(error) = result {
            state.failures += 1;
            state.failed = Some((at, error.to_string()));
        }
    }

    /// How a job went.
    pub fn state(&self, job: Job) -> JobState {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(job as usize).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stays_known_after_the_next_good_run() {
        let jobs = Jobs::default();
        let at = Timestamp::from_micros;
        jobs.ran(Job::Days, at(1), &Ok::<_, String>(()));
        jobs.ran(Job::Days, at(2), &Err::<(), _>("no disk"));
        assert!(jobs.state(Job::Days).failing);
        jobs.ran(Job::Days, at(3), &Ok::<_, String>(()));
        let state = jobs.state(Job::Days);
        assert_eq!((state.failing, state.runs, state.failures), (false, 3, 1));
        assert_eq!(state.failed, Some((at(2), "no disk".to_owned())));
        assert_eq!(jobs.state(Job::Tick), JobState::default());
    }
}
