//! Every release of a history, decided again from what was public at its time.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use noroshi_anonymity::MemberId;
use noroshi_anonymity::policy::{
    Certificate, Checked, MemberSet, Record, RecordedLabel, Settings, SignedCertificate, Tree,
};
use noroshi_stix::Timestamp;
use serde::Deserialize;

use crate::history::{History, Refusal, Weights};

/// What was published, as far as it can be read.
pub(super) struct Replayed {
    pub(super) records: usize,
    pub(super) span: (Timestamp, Timestamp),
    pub(super) settings: Settings,
    pub(super) releases: Vec<Told>,
    pub(super) recomputed: (usize, usize),
    pub(super) refused: Vec<Refusal>,
    /// For each record the largest share of a labelled cell that was shown as victims, and the
    /// largest that was allowed.
    pub(super) shares: Vec<(f64, f64)>,
    pub(super) direct: (usize, u64),
}

/// One release, as everybody sees it.
pub(super) struct Told {
    pub(super) id: String,
    pub(super) at: Timestamp,
    /// Everybody its label names.
    pub(super) named: Vec<MemberId>,
    /// Those of them who could be spoken of, with their weights.
    pub(super) who: Weights,
    /// Everybody it could have been about, with their weights.
    pub(super) everybody: Weights,
    /// The parameters in force.
    pub(super) settings: Settings,
}

/// Reads and checks everything up to this record.
pub(super) fn replay(history: &mut History, newest: u32) -> Result<Replayed> {
    let chain = history.chain(1, newest)?;
    let mut certificates = certificates(history)?;
    let (mut releases, mut shares) = (Vec::new(), Vec::new());
    let (mut refused, mut recomputed) = (std::mem::take(&mut certificates.refused), (0, 0));
    let mut settings = Settings::default();
    for record in &chain.records {
        history.prepare(record)?;
        keep(&mut refused, history.check_earlier(&chain, record))?;
        let (_, parameters, _) = history.tree(&record.tree).context("a tree cannot be made")?;
        settings = parameters.settings().clone();
        for release in &record.releases {
            let key = (release.release_id.clone(), record.number);
            let Some(certificate) = certificates.by_release.remove(&key) else {
                refused.push(Refusal::new("uncertified", &release.release_id));
                continue;
            };
            match keep(&mut refused, history.check(&certificate, record))? {
                Some(Checked::Everything) => recomputed.0 += 1,
                Some(Checked::LabelOnly) => recomputed.1 += 1,
                None => {}
            }
        }
        releases.extend(told(history, record)?);
        shares.push(share(history, record, &releases)?);
    }
    for (id, _) in certificates.by_release.into_keys() {
        refused.push(Refusal::new("unrecorded", id));
    }
    let at = |record: Option<&Record>| record.map(|r| r.at).context("there is no record");
    let span = (at(chain.records.first())?, at(chain.records.last())?);
    let direct = direct(history, &mut refused)?;
    let records = chain.records.len();
    Ok(Replayed { records, span, settings, releases, recomputed, refused, shares, direct })
}

/// A result, or `None` where it was refused and noted.
fn keep<T>(refused: &mut Vec<Refusal>, result: Result<T>) -> Result<Option<T>> {
    match result.map_err(anyhow::Error::downcast::<Refusal>) {
        Ok(value) => Ok(Some(value)),
        Err(Ok(refusal)) => {
            refused.push(refusal);
            Ok(None)
        }
        Err(Err(error)) => Err(error),
    }
}

#[derive(Default)]
struct Certificates {
    by_release: BTreeMap<(String, u32), Certificate>,
    refused: Vec<Refusal>,
}

/// Every certificate whose signatures are good, by its release and record.
fn certificates(history: &History) -> Result<Certificates> {
    let mut all = Certificates::default();
    let names = history.source().names()?;
    for name in names.iter().filter(|name| name.starts_with("certificates/")) {
        let Some(document) = keep(&mut all.refused, history.document(name))? else { continue };
        let Ok(signed) = SignedCertificate::from_bytes(&document.body) else {
            all.refused.push(Refusal::new("unreadable", name));
            continue;
        };
        let good = history.keys().iter().find_map(|key| signed.verify(key).ok());
        match good {
            Some(certificate) => {
                let key = (certificate.release_id.clone(), certificate.record);
                all.by_release.insert(key, certificate.clone());
            }
            None => all.refused.push(Refusal::new("certificate-signature", name)),
        }
    }
    Ok(all)
}

/// Whom the labels of a record name, among those that could be spoken of.
fn told(history: &History, record: &Record) -> Result<Vec<Told>> {
    let (_, parameters, _) = history.tree(&record.tree).context("a tree cannot be made")?;
    let everybody = history.population(record)?;
    let one = |release: &RecordedLabel| {
        Ok(Told {
            id: release.release_id.clone(),
            at: record.at,
            named: history.named(record, &release.node)?,
            who: history.candidates(record, &release.node)?,
            everybody: everybody.clone(),
            settings: parameters.settings().clone(),
        })
    };
    record.releases.iter().map(one).collect()
}

/// The largest share of a cell labelled in this record that stands there as victims after it: cases
/// of the window with a label inside the cell, counted as the policy counts them.
fn share(history: &History, record: &Record, releases: &[Told]) -> Result<(f64, f64)> {
    let (roster, parameters, tree) = history.tree(&record.tree).context("a tree cannot be made")?;
    let settings = parameters.settings();
    let begin = record.at.plus_days(-i64::from(settings.window_days));
    let recent: Vec<(&str, MemberSet)> = releases
        .iter()
        .filter(|told| begin < told.at)
        .map(|told| (told.id.as_str(), roster.set(&told.named).and(tree.members())))
        .collect();
    let mut worst = 0.0_f64;
    for release in &record.releases {
        let Some((id, cell)) = tree.node_called(&release.node) else { continue };
        if id == Tree::ROOT {
            continue;
        }
        let inside = |who: &MemberSet| !who.is_empty() && who.is_subset_of(cell.members());
        let victims: BTreeSet<&str> =
            recent.iter().filter(|(_, who)| inside(who)).map(|(id, _)| *id).collect();
        worst = worst.max(float(victims.len()) / float(cell.members().len().max(1)));
    }
    Ok((worst, settings.rho.to_f64()))
}

/// Whom all versions of each release leave: what A-join finds out.
pub(super) fn joined<'a>(releases: impl Iterator<Item = &'a Told>) -> BTreeMap<&'a str, Weights> {
    let mut cases: BTreeMap<&str, Weights> = BTreeMap::new();
    for told in releases {
        cases
            .entry(&told.id)
            .and_modify(|left| left.retain(|id, _| told.who.contains_key(id)))
            .or_insert_with(|| told.who.clone());
    }
    cases
}

/// How many direct warnings were sent, and to how many recipients, by the log that everybody reads.
fn direct(history: &History, refused: &mut Vec<Refusal>) -> Result<(usize, u64)> {
    #[derive(Deserialize)]
    struct Line {
        number: u32,
        #[serde(default)]
        recipients: u64,
    }
    let names = history.source().names()?;
    let newest: Option<u32> =
        names.iter().filter_map(|name| name.strip_prefix("direct/")?.parse().ok()).max();
    let latest = names.iter().any(|name| name == "direct/latest").then(|| "latest".to_owned());
    let (mut count, mut recipients) = (0, 0);
    for part in (1..=newest.unwrap_or(0)).map(|n| n.to_string()).chain(latest) {
        let name = format!("direct/{part}");
        let Some(document) = keep(refused, history.document(&name))? else { continue };
        let Ok(line) = serde_json::from_slice::<Line>(&document.body) else {
            refused.push(Refusal::new("unreadable", name));
            continue;
        };
        if part.parse().ok().or(newest) != Some(line.number) {
            refused.push(Refusal::new("other", name));
        }
        if part != "latest" {
            count += 1;
            recipients += line.recipients;
        }
    }
    Ok((count, recipients))
}

#[expect(clippy::cast_precision_loss, reason = "counts of members")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}
