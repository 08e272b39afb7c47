//! A member's own reports: the list, and one with its history and everything that is open about it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_anonymity::Group;
use noroshi_intake::Facts;

use super::draft::{self, DraftLine};
use super::timeline::{self, Step};
use crate::api::reports::own_report;
use crate::api::views;
use crate::case;
use crate::context::{self, Decision};
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::quarantine;
use crate::vault::contexts;
use crate::vault::direct as direct_rows;
use crate::vault::reports::{self as rows, ContextState, ReportRow};
use crate::web::direct::{self, DirectLine};
use crate::web::duties::{self, DutySection};
use crate::web::filings::{self, FilingSection};
use crate::web::frame::Frame;
use crate::web::look::{self, Dropped, Item, SHOWN};
use crate::web::mailbox::{self, QuestionLine};
use crate::web::outlook::{self, OutlookView};
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;
use crate::web::words;

/// Most reports in one list.
const LIST_LIMIT: i64 = 200;

#[derive(Template)]
#[template(path = "reports.html")]
struct ListPage {
    frame: Frame,
    reports: Vec<Line>,
    drafts: Vec<DraftLine>,
    csrf: String,
}

/// One report in a list.
struct Line {
    id: String,
    title: String,
    accepted: Moment,
    context: String,
    /// Whether the reporter is asked something.
    asked: bool,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    id: String,
    title: Option<String>,
    accepted: Moment,
    hold_until: Option<Moment>,
    /// What happened to it and its case so far.
    steps: Vec<Step>,
    receipt: String,
    /// How many files were sent.
    sent: i64,
    /// From when on the proof can be had; `None` where it is there.
    proof_at: Option<Moment>,
    /// Whether it was filed with words.
    keyed: bool,
    summary: String,
    items: Vec<Item>,
    more: usize,
    dropped: Vec<Dropped>,
    context: String,
    /// What would be said, while that is not decided.
    outlook: Option<OutlookView>,
    /// The exact words without a label, where nothing would be said now.
    words: Option<Words>,
    asked: bool,
    /// Whether it agreed and can still change its mind.
    agreed: bool,
    /// Where the certificate of what was said is, and whether it was taken back.
    certificate: Option<String>,
    revoked: bool,
    /// The report it adds to.
    continues: Option<String>,
    /// Questions of the desk that are shown here.
    questions: Vec<QuestionLine>,
    direct: Vec<DirectLine>,
    duties: DutySection,
    filings: FilingSection,
}

/// Title and text of a context release in both languages.
pub(crate) struct Words {
    pub(crate) ja: (String, String),
    pub(crate) en: (String, String),
}

/// `GET /reports`
pub(crate) async fn list(visit: Visit) -> Response {
    let result = async {
        let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
        let read = move |tx: &mut noroshi_store::Tx<'_>| rows::of_member(tx, &member, LIST_LIMIT);
        let reports = visit.app.hub.vault().read("web.own_reports", read).await?;
        let page = ListPage {
            frame: visit.frame(visit.t("reports-title")),
            reports: reports.iter().map(|r| line(&visit, r)).collect(),
            drafts: draft::lines(&visit, None).await?,
            csrf: visit.csrf(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `GET /reports/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let page = report_page(&visit, report).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /reports/{id}/context`: the reporter has the last word.
pub(crate) async fn decide(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let decision = decision(&form)?;
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        context::reporter_decides(hub, &report.id, actor, decision, form.get("wording")).await?;
        Ok(Redirect::to(&format!("/reports/{}", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// Which of the two buttons was pressed.
///
/// # Errors
/// 400 where neither was.
pub(in crate::web) fn decision(form: &SmallForm) -> Result<Decision, HubError> {
    match form.get("decision") {
        Some("approve") => Ok(Decision::Approve),
        Some("decline") => Ok(Decision::Decline),
        _ => Err(HubError::bad("broken-form", "Press one of the two buttons.")),
    }
}

/// The exact words a report's context would be released in, where it has any.
pub(in crate::web) fn public_words(visit: &Visit, report: &ReportRow) -> Option<Words> {
    words_of(&context::facts_of(&visit.app.hub.policy().vocabulary, report))
}

fn words_of(facts: &noroshi_anonymity::ContextFacts) -> Option<Words> {
    use noroshi_anonymity::Language;
    let words = || Words { ja: facts.preview(Language::Ja), en: facts.preview(Language::En) };
    (!facts.is_empty()).then(words)
}

async fn report_page(visit: &Visit, report: ReportRow) -> Result<ReportPage, HubError> {
    let id = report.id.clone();
    let case = report.case().to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        let release = contexts::of_case(tx, &case)?;
        Ok((
            rows::items(tx, &id)?,
            rows::drops(tx, &id)?,
            release,
            direct_rows::of_report(tx, &id)?,
            rows::sent_files(tx, &id)?,
        ))
    };
    let (mut items, drops, release, direct, sent) =
        visit.app.hub.vault().read("web.own_report", read).await?;
    let release = release.map(|r| views::release(&r));
    let prospect = context::prospect(&visit.app.hub, &report).await?;
    let known = case::load(&visit.app.hub, &report).await?;
    let duties = duties::section(visit, &known, &report.id)?;
    let filings = filings::section(visit, &known).await?;
    let steps = timeline::steps(visit, &report, &known).await?;
    let summary = summary(visit, &items);
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let facts = facts_from_json(&report.facts);
    Ok(ReportPage {
        frame: visit.frame(visit.t("report-one-title")),
        title: facts.title,
        accepted: times::moment(report.accepted, visit),
        hold_until: report.hold_until.map(|t| times::moment(t, visit)),
        steps,
        receipt: report.receipt.clone(),
        sent,
        summary,
        items: look::stored(visit, items).await?,
        more,
        dropped: drops
            .iter()
            .take(SHOWN)
            .map(|d| look::dropped(visit, &d.text, &d.reason, &d.origin))
            .collect(),
        context: look::context(report.context, &visit.say),
        outlook: prospect.map(|p| outlook::view(visit, &p)),
        words: public_words(visit, &report),
        proof_at: words::proof_at(visit, &report),
        keyed: words::is_keyed(&report),
        asked: report.context == ContextState::DeskApproved,
        agreed: report.context == ContextState::Approved,
        revoked: release.as_ref().is_some_and(|r| r.state != "out"),
        certificate: release.map(|r| r.certificate),
        continues: report.continues.clone(),
        questions: mailbox::lines(visit, &report.id, true).await?,
        direct: direct::lines(visit, &direct),
        duties,
        filings,
        id: report.id,
    })
}

/// How many go, wait and stay. What waits and can never go counts as staying.
pub(in crate::web) fn summary(visit: &Visit, items: &[rows::ItemRow]) -> String {
    use rows::ItemVerdict::{Cleared, Passed, Quarantined};
    let shared = items.iter().filter(|i| matches!(i.verdict, Passed | Cleared)).count();
    let waits = |i: &&rows::ItemRow| i.verdict == Quarantined && quarantine::releasable(i);
    let waiting = items.iter().filter(waits).count();
    visit.say.with(
        "report-summary",
        &[
            ("shared", shared.into()),
            ("waiting", waiting.into()),
            ("kept", (items.len() - shared - waiting).into()),
        ],
    )
}

fn line(visit: &Visit, report: &ReportRow) -> Line {
    let facts = facts_from_json(&report.facts);
    Line {
        title: title(visit, &facts),
        accepted: times::moment(report.accepted, visit),
        context: look::context(report.context, &visit.say),
        asked: report.context == ContextState::DeskApproved,
        id: report.id.clone(),
    }
}

/// What a report is called in a list: its title, or the kind of attack.
fn title(visit: &Visit, facts: &Facts) -> String {
    let policy = visit.app.hub.policy();
    let kind = || {
        let term = policy.vocabulary.term(Group::AttackType, facts.attack_type.as_deref()?)?;
        Some(term.text(visit.language()).to_owned())
    };
    facts.title.clone().or_else(kind).unwrap_or_else(|| visit.t("reports-untitled"))
}
