//! Reports that may be of the attacker of one report, with what speaks for it.

use std::collections::BTreeMap;

use noroshi_store::{StoreError, Tx};

use super::score::{Link, Score, Strength, score};
use crate::desk_queue::{HOUR, Trait};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::campaigns::{self, CampaignRow};
use crate::vault::desk_reports;
use crate::vault::reports::{self, ReportRow};

/// Most values of the report looked at.
const VALUES: i64 = 300;
/// A value more reports than this name links nothing.
const COMMON: i64 = 200;
/// Most reports looked at for one trait.
const PER_TRAIT: i64 = 100;
/// Most reports told.
const SHOWN: usize = 20;
/// Most reports whose time is looked at.
const LIKELY: usize = 200;
/// Days around a report in which a kind of attack or a technique counts.
const NEAR_DAYS: i64 = 7;
/// Days around a report in which a sender or a subject counts.
const FAR_DAYS: i64 = 365;

/// Another report, and what speaks for it being of the same attacker. Attributed.
pub struct Related {
    /// The other report.
    pub report: ReportRow,
    /// What speaks for it.
    pub score: Score,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignRow>,
}

/// The most likely first, at most 20.
///
/// # Errors
/// When the vault cannot be read.
pub async fn related(hub: &Hub, report: &ReportRow) -> Result<Vec<Related>, HubError> {
    let report = report.clone();
    Ok(hub.vault().read("correlate.related", move |tx| read(tx, &report)).await?)
}

fn read(tx: &mut Tx<'_>, report: &ReportRow) -> Result<Vec<Related>, StoreError> {
    let mut links: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for (print, kind, value) in reports::linking(tx, &report.id, VALUES)? {
        let others = reports::naming(tx, &print, &report.id, COMMON)?;
        if others.len() >= usize::try_from(COMMON).unwrap_or(usize::MAX) {
            continue;
        }
        let count = others.len() + 1;
        for other in others {
            let (kind, value) = (kind.clone(), value.clone());
            links.entry(other).or_default().push(Link::Value { kind, value, reports: count });
        }
    }
    for key in desk_reports::traits(tx, &report.id)? {
        let Some((link, days)) = Trait::from_key(&key).map(link) else { continue };
        let between = (report.accepted.plus_days(-days), report.accepted.plus_days(days));
        for other in desk_reports::with_trait(tx, &key, between, &report.id, PER_TRAIT)? {
            links.entry(other).or_default().push(link.clone());
        }
    }
    let mut out = Vec::new();
    // Time adds the same to all that are near; what scores least without it is not worth a look.
    let mut likely: Vec<(u32, String, Vec<Link>)> =
        links.into_iter().map(|(id, l)| (score(l.clone(), i64::MAX).points, id, l)).collect();
    likely.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    likely.truncate(LIKELY);
    for (_, id, links) in likely {
        let Some(other) = reports::one(tx, &id)? else { continue };
        let hours = (other.accepted.as_micros() - report.accepted.as_micros()) / HOUR;
        let score = score(links, hours);
        if score.strength() > Strength::None {
            out.push(Related { report: other, score, campaign: None });
        }
    }
    out.sort_by(|a, b| {
        let newest = b.report.accepted.cmp(&a.report.accepted);
        b.score.points.cmp(&a.score.points).then(newest).then_with(|| a.report.id.cmp(&b.report.id))
    });
    out.truncate(SHOWN);
    for one in &mut out {
        one.campaign = campaigns::of_report(tx, &one.report.id)?;
    }
    Ok(out)
}

/// What a trait in common says, and for how many days around.
fn link(of: Trait) -> (Link, i64) {
    match of {
        Trait::Sender(v) => (Link::Sender(v), FAR_DAYS),
        Trait::SenderDomain(v) => (Link::SenderDomain(v), FAR_DAYS),
        Trait::Subject(_) => (Link::Subject, FAR_DAYS),
        Trait::AttackType(v) => (Link::AttackType(v), NEAR_DAYS),
        Trait::InitialAccess(v) => (Link::InitialAccess(v), NEAR_DAYS),
        Trait::Technique(v) => (Link::Technique(v), NEAR_DAYS),
    }
}
