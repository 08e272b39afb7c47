//! Runs every practice in every world, on all processors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow};
use noroshi_anonymity::policy::Settings;
use noroshi_anonymity::redteam::{Breach, Extent, Outcome, Practice, Score, breaches};

/// What was measured.
pub(super) struct Run {
    pub(super) settings: Settings,
    pub(super) worlds: u32,
    pub(super) outcomes: Vec<(Practice, Outcome)>,
}

impl Run {
    /// What came of a practice.
    pub(super) fn of(&self, practice: Practice) -> Option<&Outcome> {
        self.outcomes.iter().find(|(p, _)| *p == practice).map(|(_, outcome)| outcome)
    }

    /// The score of an adversary who reads all releases on a case.
    pub(super) fn joined(&self, practice: Practice, adversary: &str) -> Option<&Score> {
        self.of(practice)?.joined.get(adversary)
    }

    /// The limits a practice exceeded.
    pub(super) fn breaches(&self, practice: Practice) -> Vec<Breach> {
        self.of(practice).map_or_else(Vec::new, |outcome| breaches(outcome, &self.settings))
    }
}

/// Adversaries whose beliefs the policy bounds exactly; the last one has a colluder.
pub(super) const BOUNDED: [&str; 4] = ["A-link", "A-min", "A-join", "A-coal"];

/// The worst single belief of adversaries that know register, code and releases.
pub(super) fn worst_posterior(outcome: &Outcome) -> f64 {
    let scores = [&outcome.alone, &outcome.joined].into_iter().flatten();
    let bounded = scores.filter(|(name, _)| BOUNDED.contains(name));
    bounded.map(|(_, score)| score.worst_posterior()).fold(0.0, f64::max)
}

/// Runs everything. The order of threads does not show in the result.
pub(super) fn run(
    practices: &[Practice],
    worlds: u32,
    settings: &Settings,
    extent: Extent,
) -> Result<Run> {
    let jobs: Vec<(Practice, u32)> =
        practices.iter().flat_map(|p| (1..=worlds).map(|seed| (*p, seed))).collect();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Outcome>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let failed = Mutex::new(None);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((i, (practice, seed))) = take(&next, &jobs) {
                    match practice.run(seed, settings, extent) {
                        Ok(outcome) => {
                            if let Ok(mut done) = done.lock()
                                && let Some(slot) = done.get_mut(i)
                            {
                                *slot = Some(outcome);
                            }
                        }
                        Err(error) => {
                            if let Ok(mut failed) = failed.lock() {
                                *failed = Some(error);
                            }
                        }
                    }
                }
            });
        }
    });
    let stopped = || anyhow!("a thread of the harness stopped");
    if let Some(error) = failed.into_inner().map_err(|_| stopped())? {
        return Err(error).context("a synthetic world cannot be attacked");
    }
    let mut outcomes: Vec<(Practice, Outcome)> =
        practices.iter().map(|p| (*p, Outcome::default())).collect();
    let done = done.into_inner().map_err(|_| stopped())?;
    for ((practice, _), outcome) in jobs.iter().zip(done) {
        let all = outcomes.iter_mut().find(|(p, _)| p == practice);
        let (all, outcome) = all.zip(outcome).ok_or_else(stopped)?;
        all.1.merge(outcome);
    }
    Ok(Run { settings: settings.clone(), worlds, outcomes })
}

fn take<'a, T>(next: &AtomicUsize, jobs: &'a [T]) -> Option<(usize, T)>
where
    T: Copy + 'a,
{
    let i = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(i).map(|job| (i, *job))
}
