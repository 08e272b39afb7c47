//! One report as the desk sees it: who, what, the originals, what else names the same things.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_anonymity::Group;
use noroshi_intake::Facts;

use crate::api::views;
use crate::context;
use crate::correlate;
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::vault::contexts;
use crate::vault::direct as direct_rows;
use crate::vault::reports::{self as rows, ContextState, ReportRow};
use crate::web::direct::{self, DirectLine};
use crate::web::frame::Frame;
use crate::web::look::{self, Dropped, Item, SHOWN};
use crate::web::mailbox::{self, AskLine, QuestionLine};
use crate::web::outlook::{self, OutlookView};
use crate::web::report::{Words, public_words, size, summary};
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Bytes of an original that are shown.
const ORIGINAL_BYTES: usize = 20_000;

#[derive(Template)]
#[template(path = "desk_report.html")]
struct Page {
    frame: Frame,
    csrf: String,
    id: String,
    member: String,
    accepted: Moment,
    hold_until: Option<Moment>,
    summary: String,
    facts: Vec<(String, String)>,
    items: Vec<Item>,
    more: usize,
    dropped: Vec<Dropped>,
    originals: Vec<Original>,
    related: Vec<Related>,
    context: String,
    outlook: Option<OutlookView>,
    words: Option<Words>,
    proposed: bool,
    certificate: Option<String>,
    /// Whether a release of the case is out and can be taken back.
    out: bool,
    questions: Vec<QuestionLine>,
    /// What can be asked.
    asks: Vec<AskLine>,
    direct: Vec<DirectLine>,
    /// Whether there is anything a direct release could say.
    can_direct: bool,
    /// Members that may receive one: id, name.
    recipients: Vec<(String, String)>,
}

/// One submitted file.
struct Original {
    name: String,
    size: String,
    text: String,
    cut: bool,
}

/// Another report that names the same things.
struct Related {
    id: String,
    member: String,
    accepted: Moment,
}

/// `GET /desk/reports/{id}`
pub(crate) async fn report(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let row = find(&visit, &id).await?;
        let page = page(&visit, row).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// The report of this id, whoever filed it.
///
/// # Errors
/// 404 where there is none.
pub(super) async fn find(visit: &Visit, id: &str) -> Result<ReportRow, HubError> {
    let id = id.to_owned();
    let found = visit.app.hub.vault().read("web.desk_report", move |tx| rows::one(tx, &id)).await?;
    found.ok_or_else(HubError::not_found)
}

async fn page(visit: &Visit, row: ReportRow) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let id = row.id.clone();
    let case = row.case().to_owned();
    let (mut items, drops, originals, release, direct) = hub
        .vault()
        .read("web.desk_items", move |tx| {
            let (items, drops) = (rows::items(tx, &id)?, rows::drops(tx, &id)?);
            let release = contexts::of_case(tx, &case)?;
            let direct = direct_rows::of_report(tx, &id)?;
            Ok((items, drops, rows::originals(tx, &id)?, release, direct))
        })
        .await?;
    let release = release.map(|r| views::release(&r));
    let prospect = context::prospect(hub, &row).await?;
    let summary = summary(visit, &items);
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let japanese = visit.japanese();
    Ok(Page {
        frame: visit.frame(visit.t("desk-report-title")),
        csrf: visit.csrf(),
        member: hub.policy().name_of(&row.member, japanese),
        accepted: times::moment(row.accepted, japanese),
        hold_until: row.hold_until.map(|t| times::moment(t, japanese)),
        summary,
        facts: facts(visit, &facts_from_json(&row.facts)),
        items: look::stored(visit, items).await?,
        more,
        dropped: drops
            .iter()
            .take(SHOWN)
            .map(|d| look::dropped(visit, &d.text, &d.reason, &d.origin))
            .collect(),
        originals: originals.iter().map(|(name, bytes)| original(visit, name, bytes)).collect(),
        related: related(visit, &row.id).await?,
        context: look::context(row.context, &visit.say),
        outlook: prospect.map(|p| outlook::view(visit, &p)),
        words: public_words(visit, &row),
        out: release.as_ref().is_some_and(|r| r.state == "out"),
        certificate: release.map(|r| r.certificate),
        questions: mailbox::lines(visit, &row.id, false).await?,
        asks: mailbox::list(visit)?,
        direct: direct::lines(visit, &direct),
        can_direct: crate::direct::wording(&hub.policy(), &row).is_some(),
        recipients: recipients(visit, &row),
        proposed: row.context == ContextState::Proposed,
        id: row.id,
    })
}

/// Everybody but the reporter, by name.
fn recipients(visit: &Visit, row: &ReportRow) -> Vec<(String, String)> {
    let policy = visit.app.hub.policy();
    let others = policy.members.values().filter(|m| m.left.is_none() && m.id != row.member);
    let named = others.map(|m| (m.id.clone(), m.name(visit.japanese()).to_owned()));
    let mut all: Vec<(String, String)> = named.collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// The filled fields, each with its name; terms of the vocabulary in the reader's words.
fn facts(visit: &Visit, facts: &Facts) -> Vec<(String, String)> {
    let policy = visit.app.hub.policy();
    let term = |group: Group, id: &Option<String>| {
        let id = id.as_ref()?;
        let known = policy.vocabulary.term(group, id);
        Some(known.map_or_else(|| id.clone(), |t| t.text(visit.language()).to_owned()))
    };
    let time =
        |at: Option<noroshi_stix::Timestamp>| at.map(|t| times::moment(t, visit.japanese()).people);
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(", "));
    let all = [
        (visit.t("fact-title"), facts.title.clone()),
        (visit.t("fact-narrative"), facts.narrative.clone()),
        (visit.t("fact-attack-type"), term(Group::AttackType, &facts.attack_type)),
        (visit.t("fact-initial-access"), term(Group::InitialAccess, &facts.initial_access)),
        (visit.t("fact-impact"), term(Group::Impact, &facts.impact)),
        (visit.t("fact-course-of-action"), term(Group::CourseOfAction, &facts.course_of_action)),
        (visit.t("fact-techniques"), list(&facts.techniques)),
        (visit.t("fact-affected-hosts"), facts.affected_hosts.map(|n| n.to_string())),
        (visit.t("fact-product"), facts.product.clone()),
        (visit.t("fact-occurred"), time(facts.occurred_at)),
        (visit.t("fact-detected"), time(facts.detected_at)),
        (visit.t("fact-mail-subject"), facts.mail_subject.clone()),
        (visit.t("fact-mail-recipients"), list(&facts.mail_recipients)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn original(visit: &Visit, name: &str, bytes: &[u8]) -> Original {
    let shown = bytes.get(..ORIGINAL_BYTES).unwrap_or(bytes);
    Original {
        name: if name.is_empty() { visit.t("desk-original-text") } else { name.to_owned() },
        size: size(bytes.len()),
        text: String::from_utf8_lossy(shown).into_owned(),
        cut: shown.len() < bytes.len(),
    }
}

/// The other reports of its group.
async fn related(visit: &Visit, id: &str) -> Result<Vec<Related>, HubError> {
    let hub = &visit.app.hub;
    let groups = correlate::groups(hub).await?;
    let Some(group) = groups.into_iter().find(|g| g.reports.iter().any(|r| r == id)) else {
        return Ok(Vec::new());
    };
    let others: Vec<String> = group.reports.into_iter().filter(|r| r != id).take(50).collect();
    let found = hub
        .vault()
        .read("web.related", move |tx| {
            others.iter().map(|id| rows::one(tx, id)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let policy = hub.policy();
    Ok(found
        .into_iter()
        .flatten()
        .map(|r| Related {
            member: policy.name_of(&r.member, visit.japanese()),
            accepted: times::moment(r.accepted, visit.japanese()),
            id: r.id,
        })
        .collect())
}
