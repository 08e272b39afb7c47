//! Campaigns: what the desk holds for the work of one attacker. Nothing of them leaves the desk.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_outlet::i18n;
use noroshi_stix::{Kind, Timestamp};

use super::conflict::{self, Wanted};
use super::hours::{self, Chart};
use super::related::named;
use super::rows::title_of;
use super::{back, find};
use crate::campaign;
use crate::correlate;
use crate::desk_queue::HOUR;
use crate::error::HubError;
use crate::vault::campaigns::{self, CampaignRow};
use crate::vault::reports::{self, ReportRow};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Most campaigns and most proposed groups on the page.
const SHOWN: usize = 50;
/// Most values of a campaign.
const VALUES: i64 = 200;
/// Most values told of a proposed group.
const SHARED: usize = 5;
/// Most bars of a timeline; a longer campaign gets a bar for several hours.
const BARS: i64 = 72;

#[derive(Template)]
#[template(path = "desk_campaigns.html")]
struct ListPage {
    frame: Frame,
    csrf: String,
    campaigns: Vec<Line>,
    proposed: Vec<Proposed>,
}

/// A campaign in the list.
struct Line {
    href: String,
    name: String,
    opened: Moment,
    reports: String,
    closed: bool,
}

/// Reports that name the same things and belong to no campaign.
struct Proposed {
    title: String,
    members: Vec<String>,
    reports: Vec<String>,
    shared: Vec<(String, String, String)>,
    more: usize,
    /// The campaign the others belong to: id, what the button says.
    into: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "desk_campaign.html")]
struct OnePage {
    frame: Frame,
    csrf: String,
    id: String,
    name: String,
    opened: Moment,
    closed: bool,
    members: Vec<String>,
    reports: Vec<ReportLine>,
    values: Vec<(String, String, String)>,
    chart: Chart,
}

struct ReportLine {
    id: String,
    member: String,
    title: String,
    accepted: Moment,
}

/// `GET /desk/campaigns`
pub(crate) async fn list(visit: Visit) -> Response {
    let result = async {
        let hub = &visit.app.hub;
        let limit = i64::try_from(SHOWN).unwrap_or(i64::MAX);
        let groups = correlate::groups(hub).await?;
        let read = move |tx: &mut noroshi_store::Tx<'_>| {
            let mut free = Vec::new();
            for group in &groups {
                let (mut loose, mut known) = (Vec::new(), None);
                for report in &group.reports {
                    match campaigns::of_report(tx, report)? {
                        Some(campaign) => known = Some(campaign).filter(|c| c.closed.is_none()),
                        None => loose.push(report.clone()),
                    }
                }
                // A group that is a campaign already, but for one report, is proposed for that one.
                if !loose.is_empty() {
                    free.push((group.clone(), loose, known));
                }
                if free.len() >= SHOWN {
                    break;
                }
            }
            Ok((campaigns::newest(tx, limit)?, free))
        };
        let (rows, free) = hub.vault().read("web.campaigns", read).await?;
        let page = ListPage {
            frame: visit.frame(visit.t("campaigns-title")),
            csrf: visit.csrf(),
            campaigns: rows.iter().map(|c| line(&visit, c)).collect(),
            proposed: free.into_iter().map(|(g, l, known)| proposed(&visit, g, l, known)).collect(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

fn line(visit: &Visit, row: &CampaignRow) -> Line {
    let (href, name) = named(visit, row);
    Line {
        href,
        name,
        opened: times::moment(row.opened, visit),
        reports: visit.count("campaign-reports", usize::try_from(row.reports).unwrap_or_default()),
        closed: row.closed.is_some(),
    }
}

fn proposed(
    visit: &Visit,
    group: correlate::Group,
    loose: Vec<String>,
    known: Option<CampaignRow>,
) -> Proposed {
    let members = if visit.japanese() { group.members_ja } else { group.members_en };
    let label = |kind: &str| {
        Kind::from_name(kind).map_or_else(|| kind.to_owned(), |k| i18n::kind_label(k, &visit.say))
    };
    let shared =
        group.shared.iter().take(SHARED).map(|s| {
            (label(&s.kind), s.value.clone(), visit.count("desk-group-shared-by", s.reports))
        });
    Proposed {
        title: visit.say.with(
            "desk-group",
            &[("reports", group.reports.len().into()), ("members", members.len().into())],
        ),
        more: group.shared.len().saturating_sub(SHARED),
        shared: shared.collect(),
        members,
        into: known.map(|c| {
            let name = campaign::name(c.number, visit.japanese());
            (c.id, visit.say.with("campaign-add", &[("name", name.into())]))
        }),
        reports: loose.into_iter().take(campaign::MAX_ADDED).collect(),
    }
}

/// `GET /desk/campaigns/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let read = move |tx: &mut noroshi_store::Tx<'_>| {
            let Some(row) = campaigns::one(tx, &id)? else { return Ok(None) };
            let mut rows = Vec::new();
            for report in campaigns::reports(tx, &id)? {
                rows.extend(reports::one(tx, &report)?);
            }
            let values = campaigns::values(tx, &id, VALUES)?;
            Ok(Some((row, rows, values)))
        };
        let found = visit.app.hub.vault().read("web.campaign", read).await?;
        let (row, mut rows, values) = found.ok_or_else(HubError::not_found)?;
        rows.sort_by(|a, b| (a.accepted, &a.id).cmp(&(b.accepted, &b.id)));
        let page = page(&visit, &row, &rows, values);
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

fn page(
    visit: &Visit,
    row: &CampaignRow,
    rows: &[ReportRow],
    values: Vec<(String, String, i64, String)>,
) -> OnePage {
    let policy = visit.app.hub.policy();
    let japanese = visit.japanese();
    let name = campaign::name(row.number, japanese);
    let mut members: Vec<String> =
        rows.iter().map(|r| policy.name_of(&r.member, japanese)).collect();
    members.sort();
    members.dedup();
    let label = |kind: &str| {
        Kind::from_name(kind).map_or_else(|| kind.to_owned(), |k| i18n::kind_label(k, &visit.say))
    };
    let values = values.into_iter().map(|(kind, value, reports, _)| {
        let count = usize::try_from(reports).unwrap_or_default();
        (label(&kind), value, visit.count("desk-group-shared-by", count))
    });
    OnePage {
        frame: visit.frame(name.clone()),
        csrf: visit.csrf(),
        id: row.id.clone(),
        name,
        opened: times::moment(row.opened, visit),
        closed: row.closed.is_some(),
        members,
        reports: rows
            .iter()
            .map(|r| ReportLine {
                id: r.id.clone(),
                member: policy.name_of(&r.member, japanese),
                title: title_of(visit, r),
                accepted: times::moment(r.accepted, visit),
            })
            .collect(),
        values: values.collect(),
        chart: timeline(visit, rows),
    }
}

/// Reports over time, from the first to the last.
fn timeline(visit: &Visit, rows: &[ReportRow]) -> Chart {
    let first = rows.iter().map(|r| r.accepted).min().unwrap_or_else(|| visit.app.hub.now());
    let last = rows.iter().map(|r| r.accepted).max().unwrap_or(first);
    let from = first.floor_to(HOUR);
    let hours = (last.as_micros() - from.as_micros()) / HOUR + 1;
    let step = (hours + BARS - 1) / BARS;
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows {
        let at = (row.accepted.as_micros() - from.as_micros()) / (HOUR * step);
        *counts.entry(at).or_default() += 1;
    }
    let bars = (hours + step - 1) / step;
    let counts: Vec<(i64, i64)> = counts.into_iter().collect();
    let title = visit.t("campaign-timeline");
    let at = |bar: i64| Timestamp::from_micros(from.as_micros() + bar * step * HOUR);
    hours::chart(visit, title, "reports", bars, &counts, &at)
}

/// `POST /desk/campaigns`: puts reports into a campaign, or into a new one.
pub(crate) async fn group(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let members: Vec<String> = form.all("report").map(str::to_owned).collect();
        let campaign = form.get("campaign").filter(|c| !c.is_empty());
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        let (row, _) = campaign::group(hub, campaign, &members, actor).await?;
        Ok(Redirect::to(&format!("/desk/campaigns/{}", row.id)).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/campaigns/{id}/remove`: takes a report out.
pub(crate) async fn part(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, form.get("report").unwrap_or_default()).await?;
        let place = format!("/desk/campaigns/{id}");
        match campaign::part(&visit.app.hub, &id, &row.id, visit.who.actor()).await {
            Ok(()) => Ok(Redirect::to(back(&form, &place)).into_response()),
            Err(e) if e.problem().code() == "conflict" => {
                let typed = vec![(visit.t("conflict-yours"), visit.t("campaign-part"))];
                let (action, subject) = ("campaign.remove", row.id.as_str());
                let wanted = Wanted { action, subject, place, typed, again: None };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

/// `POST /desk/campaigns/{id}/close`: closes it, or opens it again.
pub(crate) async fn close(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let closed = form.get("closed") == Some("yes");
        let place = format!("/desk/campaigns/{id}");
        match campaign::close(&visit.app.hub, &id, closed, visit.who.actor()).await {
            Ok(()) => Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() == "conflict" => {
                let key = if closed { "campaign-close" } else { "campaign-reopen" };
                let action = if closed { "campaign.close" } else { "campaign.reopen" };
                let typed = vec![(visit.t("conflict-yours"), visit.t(key))];
                let wanted = Wanted { action, subject: &id, place, typed, again: None };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}
