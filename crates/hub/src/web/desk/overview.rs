//! The desk at a glance: groups first, then what waits, then what is new.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_outlet::i18n;
use noroshi_stix::Kind;

use crate::correlate;
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::vault::reports::{self as rows, ContextState, ItemVerdict, ReportRow};
use crate::web::frame::Frame;
use crate::web::look::{self, Item};
use crate::web::report::{Words, public_words};
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Most quarantined items on the page.
const QUEUE_LIMIT: i64 = 100;
/// Most contexts on the page.
const CONTEXT_LIMIT: i64 = 50;
/// Most reports on the page.
const REPORT_LIMIT: i64 = 50;
/// Most groups on the page.
const GROUP_LIMIT: usize = 20;
/// Most shared values shown of a group.
const SHARED_LIMIT: usize = 8;

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    frame: Frame,
    csrf: String,
    groups: Vec<Group>,
    queue: Vec<(Item, String)>,
    contexts: Vec<(Line, Option<Words>)>,
    reports: Vec<Line>,
}

/// Reports that belong together.
struct Group {
    title: String,
    members: Vec<String>,
    reports: Vec<String>,
    shared: Vec<(String, String, String)>,
    more: usize,
}

/// One report in a list.
struct Line {
    id: String,
    member: String,
    title: String,
    accepted: Moment,
    context: String,
}

/// `GET /desk`
pub(crate) async fn overview(visit: Visit) -> Response {
    visit.answer(page(&visit).await.map(|page| visit.show(StatusCode::OK, &page)))
}

async fn page(visit: &Visit) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let (queue, contexts, reports, owners) = hub
        .vault()
        .read("web.desk", |tx| {
            let queue = rows::with_verdict(tx, ItemVerdict::Quarantined, QUEUE_LIMIT)?;
            let contexts = rows::in_context_state(tx, ContextState::Proposed, CONTEXT_LIMIT)?;
            let reports = rows::recent(tx, REPORT_LIMIT)?;
            let mut owners = HashMap::new();
            for item in &queue {
                if !owners.contains_key(&item.report)
                    && let Some(report) = rows::one(tx, &item.report)?
                {
                    owners.insert(item.report.clone(), report.member);
                }
            }
            Ok((queue, contexts, reports, owners))
        })
        .await?;
    let groups = correlate::groups(hub).await?;
    let policy = hub.policy();
    let owner = |report: &str| {
        owners.get(report).map(|m| policy.name_of(m, visit.japanese())).unwrap_or_default()
    };
    let mut queue: Vec<(Item, String)> = look::stored(visit, queue)
        .await?
        .into_iter()
        .map(|item| {
            let owner = owner(&item.report);
            (item, owner)
        })
        .collect();
    // What can still help others comes first.
    queue.sort_by_key(|(item, _)| !item.releasable);
    Ok(Page {
        frame: visit.frame(visit.t("desk-title")),
        csrf: visit.csrf(),
        groups: groups.into_iter().take(GROUP_LIMIT).map(|g| group(visit, g)).collect(),
        queue,
        contexts: contexts.iter().map(|r| (line(visit, r), public_words(visit, r))).collect(),
        reports: reports.iter().map(|r| line(visit, r)).collect(),
    })
}

fn group(visit: &Visit, group: correlate::Group) -> Group {
    let members = if visit.japanese() { group.members_ja } else { group.members_en };
    let label = |kind: &str| {
        Kind::from_name(kind).map_or_else(|| kind.to_owned(), |k| i18n::kind_label(k, &visit.say))
    };
    Group {
        title: visit.say.with(
            "desk-group",
            &[("reports", group.reports.len().into()), ("members", members.len().into())],
        ),
        more: group.shared.len().saturating_sub(SHARED_LIMIT),
        shared: group
            .shared
            .iter()
            .take(SHARED_LIMIT)
            .map(|s| {
                (label(&s.kind), s.value.clone(), visit.count("desk-group-shared-by", s.reports))
            })
            .collect(),
        members,
        reports: group.reports,
    }
}

fn line(visit: &Visit, report: &ReportRow) -> Line {
    let facts = facts_from_json(&report.facts);
    Line {
        id: report.id.clone(),
        member: visit.app.hub.policy().name_of(&report.member, visit.japanese()),
        title: facts.title.unwrap_or_default(),
        accepted: times::moment(report.accepted, visit.japanese()),
        context: look::context(report.context, &visit.say),
    }
}
