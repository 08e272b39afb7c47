//! The hub's own counters. No label, so nothing of a member can be in one.
//!
//! Anyone may read them, so they must not tell when a report came in: a wait counted at a tick is
//! the arrival time, counted backwards. What is shown moves only after every tenth tick that
//! released something, by one wait of each: which wait belongs to which tick stays inside.

use std::sync::{Mutex, PoisonError};

/// Upper ends of the waiting time histogram, in seconds.
pub(crate) const WAIT_SECONDS: [u64; 9] = [1, 2, 5, 10, 15, 20, 30, 60, 300];

/// Ticks that are shown together.
const TOGETHER: usize = 10;

/// What the hub counts.
#[derive(Default)]
pub struct HubMetrics(Mutex<Counters>);

#[derive(Default)]
struct Counters {
    shown: Shown,
    accepted: u64,
    /// The longest wait of each tick that is not shown yet, in microseconds.
    waits: Vec<u64>,
}

#[derive(Default, Clone, Copy)]
struct Shown {
    accepted: u64,
    waits: [u64; WAIT_SECONDS.len()],
    waited: u64,
    waited_seconds: u64,
}

impl HubMetrics {
    /// A report was acknowledged.
    pub fn accepted(&self) {
        self.counters().accepted += 1;
    }

    /// A tick released values that had waited this many microseconds.
    pub fn waited(&self, micros: &[i64]) {
        let Some(longest) = micros.iter().max() else { return };
        let mut counters = self.counters();
        counters.waits.push(u64::try_from(*longest).unwrap_or(0));
        if counters.waits.len() >= TOGETHER {
            counters.show();
        }
    }

    /// How long released values had waited, the longest of each tick: each class alone, with the
    /// ends of [`WAIT_SECONDS`]; the last class is for what took longer.
    pub fn waits(&self) -> [u64; WAIT_SECONDS.len() + 1] {
        let shown = self.counters().shown;
        let mut classes = [0; WAIT_SECONDS.len() + 1];
        let mut below = 0;
        for (class, until) in classes.iter_mut().zip(shown.waits) {
            *class = until.saturating_sub(below);
            below = until;
        }
        if let Some(last) = classes.last_mut() {
            *last = shown.waited.saturating_sub(below);
        }
        classes
    }

    fn counters(&self) -> std::sync::MutexGuard<'_, Counters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// OpenMetrics lines, without the closing `# EOF`.
    pub fn to_text(&self) -> String {
        let shown = self.counters().shown;
        let mut out = format!(
            "# HELP noroshi_reports_accepted Reports acknowledged since the start, as of the last ten ticks with releases.\n\
             # TYPE noroshi_reports_accepted counter\n\
             noroshi_reports_accepted_total {}\n\
             # HELP noroshi_accepted_to_released_seconds From acknowledgement to release, the longest of each tick.\n\
             # TYPE noroshi_accepted_to_released_seconds histogram\n",
            shown.accepted
        );
        for (end, count) in WAIT_SECONDS.iter().zip(&shown.waits) {
            out.push_str(&format!(
                "noroshi_accepted_to_released_seconds_bucket{{le=\"{end}\"}} {}\n",
                count
            ));
        }
        let total = shown.waited;
        out.push_str(&format!(
            "noroshi_accepted_to_released_seconds_bucket{{le=\"+Inf\"}} {total}\n\
             noroshi_accepted_to_released_seconds_sum {}\n\
             noroshi_accepted_to_released_seconds_count {total}\n",
            shown.waited_seconds
        ));
        out
    }
}

impl Counters {
    fn show(&mut self) {
        self.shown.accepted = self.accepted;
        for micros in self.waits.drain(..) {
            for (end, count) in WAIT_SECONDS.iter().zip(&mut self.shown.waits) {
                *count += u64::from(micros <= end * 1_000_000);
            }
            self.shown.waited += 1;
            self.shown.waited_seconds += micros.div_ceil(1_000_000);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_move_together() {
        let m = HubMetrics::default();
        let before = m.to_text();
        m.accepted();
        for _ in 1..TOGETHER {
            m.waited(&[1_500_000, 3]);
            m.waited(&[]);
            assert_eq!(m.to_text(), before, "a single tick shows");
        }
        m.waited(&[-5]);
        let text = m.to_text();
        assert!(text.contains("le=\"1\"} 1\n") && text.contains("le=\"2\"} 10\n"), "{text}");
        assert!(text.contains("seconds_count 10\n") && text.contains("sum 18\n"), "{text}");
        assert!(text.contains("accepted_total 1\n"), "{text}");
        assert_eq!(m.waits(), [1, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
