//! The harness on what a hub really published: exact checks on every release, and what adversaries
//! make of all of it. Needs no truth; with it, also how often they would have been right.

mod figures;
mod replay;
mod show;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use noroshi_anonymity::policy::Settings;
use noroshi_anonymity::redteam::{Breach, Score};
use noroshi_stix::Timestamp;
pub(super) use show::{json_line, report, table};

use crate::history::{History, Refusal};

/// Release ids and the public ids of the members they are about. The operator alone can know.
pub(super) type Truth = BTreeMap<String, String>;

/// What was found in a hub's history.
pub(super) struct Deployment {
    records: usize,
    /// The public times of the first and the last record.
    span: (Timestamp, Timestamp),
    /// The parameters in force last.
    settings: Settings,
    /// Releases; each version counts.
    releases: usize,
    /// Release ids; versions of one are about one case.
    cases: usize,
    /// Certificates that were recomputed in full, and as far as the label.
    recomputed: (usize, usize),
    /// What is refused, a sentence each.
    refused: Vec<Refusal>,
    scores: BTreeMap<&'static str, Score>,
    sector_bits: f64,
    worst_cell_share: f64,
    /// Releases outside the guarantee, and to how many recipients they went.
    direct: (usize, u64),
    breaches: Vec<Breach>,
    told: Option<Told>,
}

/// How far the truth covers the history.
struct Told {
    /// Cases whose victim it names.
    cases: usize,
    /// Releases whose label does not hold their victim.
    elsewhere: usize,
}

impl Deployment {
    /// Whether everything holds that must hold exactly.
    pub(super) fn is_kept(&self) -> bool {
        self.refused.is_empty() && self.breaches.is_empty()
    }
}

/// Reads a truth file: a JSON object from release ids to public member ids.
pub(super) fn read_truth(file: &Path) -> Result<Truth> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| {
        format!("{} is no JSON object of release ids and public member ids", file.display())
    })
}

/// Replays the history. What is refused on the way is part of the result, except where nothing can
/// be read further: a broken chain.
pub(super) fn attack(mut history: History, truth: Option<&Truth>) -> Result<Deployment> {
    let newest = history.newest_record()?;
    if newest == 0 {
        bail!("nothing has been published yet, or not to you: there is no record");
    }
    let replayed = replay::replay(&mut history, newest)?;
    if let Some(truth) = truth {
        let known = |id: &&String| replayed.releases.iter().any(|r| r.id == **id);
        if let Some(unknown) = truth.keys().find(|id| !known(id)) {
            bail!("the truth names {unknown}, which is not in this history: give the right file");
        }
    }
    Ok(figures::figures(replayed, truth))
}
