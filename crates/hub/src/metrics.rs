//! The hub's own counters. No label, so nothing of a member can be in one.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper ends of the waiting time histogram, in seconds.
const BUCKETS: [u64; 9] = [1, 2, 5, 10, 15, 20, 30, 60, 300];

/// What the hub counts.
#[derive(Default)]
pub struct HubMetrics {
    accepted: AtomicU64,
    waits: [AtomicU64; BUCKETS.len()],
    waited: AtomicU64,
    waited_micros: AtomicU64,
}

impl HubMetrics {
    /// A report was acknowledged.
    pub fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    /// A value went out `micros` microseconds after its first report was acknowledged.
    pub fn waited(&self, micros: i64) {
        let micros = u64::try_from(micros).unwrap_or(0);
        for (end, count) in BUCKETS.iter().zip(&self.waits) {
            if micros <= end * 1_000_000 {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.waited.fetch_add(1, Ordering::Relaxed);
        self.waited_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// OpenMetrics lines, without the closing `# EOF`.
    pub fn to_text(&self) -> String {
        let load = |c: &AtomicU64| c.load(Ordering::Relaxed);
        let mut out = format!(
            "# HELP noroshi_reports_accepted Reports acknowledged since the start.\n\
             # TYPE noroshi_reports_accepted counter\n\
             noroshi_reports_accepted_total {}\n\
             # HELP noroshi_accepted_to_released_seconds From acknowledgement to release.\n\
             # TYPE noroshi_accepted_to_released_seconds histogram\n",
            load(&self.accepted)
        );
        for (end, count) in BUCKETS.iter().zip(&self.waits) {
            out.push_str(&format!(
                "noroshi_accepted_to_released_seconds_bucket{{le=\"{end}\"}} {}\n",
                load(count)
            ));
        }
        let total = load(&self.waited);
        out.push_str(&format!(
            "noroshi_accepted_to_released_seconds_bucket{{le=\"+Inf\"}} {total}\n\
             noroshi_accepted_to_released_seconds_sum {}\n\
             noroshi_accepted_to_released_seconds_count {total}\n",
            load(&self.waited_micros) as f64 / 1e6
        ));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative() {
        let m = HubMetrics::default();
        m.waited(1_500_000);
        m.waited(-5);
        let text = m.to_text();
        assert!(text.contains("le=\"1\"} 1\n") && text.contains("le=\"2\"} 2\n"), "{text}");
        assert!(text.contains("seconds_count 2\n"), "{text}");
    }
}
