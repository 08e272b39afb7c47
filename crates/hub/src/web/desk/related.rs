//! Reports that may be of the same attacker, with what speaks for each.

use noroshi_anonymity::Group;
use noroshi_outlet::i18n;
use noroshi_stix::Kind;

use super::rows::title_of;
use crate::campaign;
use crate::correlate::score::{Link, Strength};
use crate::correlate::{self, Related};
use crate::error::HubError;
use crate::vault::campaigns::{self, CampaignRow};
use crate::vault::reports::ReportRow;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Most links told of one report.
const LINKS: usize = 6;
/// Most campaigns to choose from.
const CAMPAIGNS: i64 = 30;

/// The panel of a report.
pub(super) struct Panel {
    pub(super) lines: Vec<Line>,
    /// The campaign of the report: address, name.
    pub(super) campaign: Option<(String, String)>,
    /// Open campaigns to choose from: id, name.
    pub(super) open: Vec<(String, String)>,
}

/// Another report.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) member: String,
    pub(super) title: String,
    pub(super) accepted: Moment,
    pub(super) strength: String,
    pub(super) class: &'static str,
    /// What speaks for it, with its points.
    pub(super) parts: Vec<(String, u32)>,
    pub(super) more: usize,
    pub(super) campaign: Option<(String, String)>,
}

/// The panel of a report.
///
/// # Errors
/// When the vault cannot be read.
pub(super) async fn panel(visit: &Visit, report: &ReportRow) -> Result<Panel, HubError> {
    let hub = &visit.app.hub;
    let related = correlate::related(hub, report).await?;
    let id = report.id.clone();
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        Ok((campaigns::of_report(tx, &id)?, campaigns::newest(tx, CAMPAIGNS)?))
    };
    let (own, newest) = hub.vault().read("web.campaigns_of", read).await?;
    let open = newest.iter().filter(|c| c.closed.is_none());
    Ok(Panel {
        lines: related.iter().map(|r| line(visit, r)).collect(),
        campaign: own.as_ref().map(|c| named(visit, c)),
        open: open.map(|c| (c.id.clone(), campaign::name(c.number, visit.japanese()))).collect(),
    })
}

/// Address and name of a campaign.
pub(super) fn named(visit: &Visit, row: &CampaignRow) -> (String, String) {
    let name = campaign::name(row.number, visit.japanese());
    (format!("/desk/campaigns/{}", row.id), name)
}

fn line(visit: &Visit, related: &Related) -> Line {
    let (class, key) = match related.score.strength() {
        Strength::Strong => ("strong", "related-strong"),
        Strength::Medium => ("medium", "related-medium"),
        Strength::Weak | Strength::None => ("weak", "related-weak"),
    };
    let report = &related.report;
    let parts = related.score.parts.iter().take(LINKS);
    let points = usize::try_from(related.score.points).unwrap_or_default();
    Line {
        id: report.id.clone(),
        member: visit.app.hub.policy().name_of(&report.member, visit.japanese()),
        title: title_of(visit, report),
        accepted: times::moment(report.accepted, visit),
        strength: visit.count(key, points),
        class,
        parts: parts.map(|(link, points)| (words(visit, link), *points)).collect(),
        more: related.score.parts.len().saturating_sub(LINKS),
        campaign: related.campaign.as_ref().map(|c| named(visit, c)),
    }
}

fn words(visit: &Visit, link: &Link) -> String {
    let policy = visit.app.hub.policy();
    let with = |key: &str, value: String| visit.say.with(key, &[("value", value.into())]);
    let term = |group, id: &String| {
        let term = policy.vocabulary.term(group, id);
        term.map_or_else(|| id.clone(), |t| t.text(visit.language()).to_owned())
    };
    match link {
        Link::Value { kind, value, reports } => {
            let kind = Kind::from_name(kind);
            let kind = kind.map(|k| i18n::kind_label(k, &visit.say)).unwrap_or_default();
            visit.say.with(
                "link-value",
                &[
                    ("kind", kind.into()),
                    ("value", value.clone().into()),
                    ("reports", (*reports).into()),
                ],
            )
        }
        Link::Sender(v) => with("link-sender", v.clone()),
        Link::SenderDomain(v) => with("link-sender-domain", v.clone()),
        Link::Subject => visit.t("link-subject"),
        Link::Technique(id) => {
            let known = policy.vocabulary.technique(id);
            let name = known.map(|t| format!("{id} {}", t.name(visit.language())));
            with("link-technique", name.unwrap_or_else(|| id.clone()))
        }
        Link::AttackType(id) => with("link-attack-type", term(Group::AttackType, id)),
        Link::InitialAccess(id) => with("link-initial-access", term(Group::InitialAccess, id)),
        Link::Time(hours) => visit.count("link-time", usize::try_from(*hours).unwrap_or_default()),
    }
}
