//! Reporting an attack, and following one's own reports.

mod preview;
mod typed;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_anonymity::Group;
use noroshi_seal::Token;

use super::direct::{self, DirectLine};
use super::duties::{self, DutySection};
use super::filings::{self, FilingSection};
use super::frame::Frame;
use super::look::{self, Dropped, Item, SHOWN};
use super::mailbox::{self, QuestionLine};
use super::outlook::{self, OutlookView};
use super::readers::signed_until;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::trouble;
use super::visit::Visit;
use super::words::{self, Worded};
use crate::api::read_submission;
use crate::api::reports::own_report;
use crate::api::views;
use crate::case;
use crate::context::{self, Decision};
use crate::error::HubError;
use crate::intake::{accept, facts_from_json, understand};
use crate::quarantine;
use crate::vault::contexts;
use crate::vault::direct as direct_rows;
use crate::vault::reports::{self as rows, ContextState, ReportRow};
use preview::Preview;
use typed::{Kept, Typed};

pub(super) use typed::size;

/// Most reports in one list.
const LIST_LIMIT: i64 = 200;

#[derive(Template)]
#[template(path = "report_form.html")]
struct FormPage {
    frame: Frame,
    typed: Typed,
    csrf: String,
    /// One sentence about what went wrong.
    error: Option<String>,
    preview: Option<Preview>,
    attack: Vec<Choice>,
    access: Vec<Choice>,
    impact: Vec<Choice>,
    /// Whether the member's agreement holds.
    signed: bool,
}

/// One option of a closed choice.
struct Choice {
    id: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ListPage {
    frame: Frame,
    reports: Vec<Line>,
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
    receipt: String,
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

/// `GET /report`
pub(crate) async fn form(visit: Visit, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let continued = query.split('&').find_map(|p| p.strip_prefix("continues=")).map(str::to_owned);
    let mut typed = Typed::fresh(&visit, fresh_key(&visit));
    typed.continues = continued.filter(|id| !id.is_empty());
    let page = form_page(&visit, typed, None, None).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /report`: checks or sends. What was typed comes back whenever it was not filed.
pub(crate) async fn send(visit: Visit, request: Request<Body>) -> Response {
    let limit = visit.app.hub.config().limits.report_bytes;
    let incoming = match read_submission(request, limit).await {
        Ok(incoming) => incoming,
        Err(e) => return visit.refuse(&e),
    };
    let genuine = visit.who.check_form(incoming.csrf.as_deref());
    let (mut typed, kept) = Typed::read(incoming, fresh_key(&visit));
    let result = match genuine {
        Err(e) => Err(e),
        Ok(()) if typed.send => file(&visit, &mut typed, kept).await,
        Ok(()) => check(&visit, &typed, kept).await,
    };
    let (status, error, preview) = match result {
        Ok(Outcome::Worded(page)) => return words::show(&visit, *page),
        Ok(Outcome::Filed(id)) => return Redirect::to(&format!("/reports/{id}")).into_response(),
        Ok(Outcome::Checked(preview)) => (StatusCode::OK, None, Some(*preview)),
        Err(e) => {
            let text = match e.problem().code() {
                "conflict" => visit.t("error-sent-before"),
                _ => trouble::explain(&visit, &e),
            };
            (e.problem().status(), Some(text), None)
        }
    };
    let page = form_page(&visit, typed, error, preview).await;
    visit.answer(page.map(|page| visit.show(status, &page)))
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
pub(super) fn decision(form: &SmallForm) -> Result<Decision, HubError> {
    match form.get("decision") {
        Some("approve") => Ok(Decision::Approve),
        Some("decline") => Ok(Decision::Decline),
        _ => Err(HubError::bad("broken-form", "Press one of the two buttons.")),
    }
}

/// The exact words a report's context would be released in, where it has any.
pub(super) fn public_words(visit: &Visit, report: &ReportRow) -> Option<Words> {
    words_of(&context::facts_of(&visit.app.hub.policy().vocabulary, report))
}

fn words_of(facts: &noroshi_anonymity::ContextFacts) -> Option<Words> {
    use noroshi_anonymity::Language;
    let words = || Words { ja: facts.preview(Language::Ja), en: facts.preview(Language::En) };
    (!facts.is_empty()).then(words)
}

enum Outcome {
    Filed(String),
    /// Filed with words, which are shown once.
    Worded(Box<Worded>),
    Checked(Box<Preview>),
}

async fn check(visit: &Visit, typed: &Typed, kept: Kept) -> Result<Outcome, HubError> {
    let submission = typed.submission(kept, visit.app.hub.now(), false)?;
    let hub = &visit.app.hub;
    let understood = understand(&hub.policy(), &hub.config().limits, &submission)?;
    let member = visit.who.member().ok_or_else(HubError::not_found)?;
    let continues = typed.continues.as_deref();
    let prospect = context::prospect_of(hub, member, continues, &understood.facts).await?;
    Ok(Outcome::Checked(Box::new(preview::of(visit, &understood, prospect.as_ref()))))
}

async fn file(visit: &Visit, typed: &mut Typed, kept: Kept) -> Result<Outcome, HubError> {
    let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
    let (hub, actor) = (&visit.app.hub, visit.who.actor());
    let mut submission = typed.submission(kept.clone(), hub.now(), false)?;
    let made = if typed.words { Some(words::make(visit, &member).await?) } else { None };
    let (reporter, shown) = made.unzip();
    submission.reporter = reporter.clone();
    let filed = match accept(hub, &member, actor, submission).await {
        // Words without any indicator are a report too: the desk reads them.
        Err(e) if e.problem().code() == "nothing-understood" && !typed.text.trim().is_empty() => {
            let mut submission = typed.submission(kept, hub.now(), true)?;
            submission.reporter = reporter;
            accept(hub, &member, actor, submission).await
        }
        other => other,
    };
    match filed {
        Ok((accepted, _)) => Ok(match shown {
            // Sent twice: the words of the first time are the report's, not these.
            Some(words) if !accepted.repeated => {
                let (id, receipt) = (accepted.report.id, accepted.report.receipt);
                Outcome::Worded(Box::new(Worded { id, receipt, words }))
            }
            _ => Outcome::Filed(accepted.report.id),
        }),
        Err(e) => {
            if e.problem().code() == "conflict" {
                // The form was sent before with other content; the next try is another report.
                typed.idempotency = fresh_key(visit);
            }
            Err(e)
        }
    }
}

async fn form_page(
    visit: &Visit,
    typed: Typed,
    error: Option<String>,
    preview: Option<Preview>,
) -> Result<FormPage, HubError> {
    let policy = visit.app.hub.policy();
    let language = visit.language();
    let choices = |group: Group, chosen: &str| -> Vec<Choice> {
        let terms = policy.vocabulary.terms(group);
        terms
            .map(|t| Choice {
                id: t.id().to_owned(),
                label: t.text(language).to_owned(),
                chosen: t.id() == chosen,
            })
            .collect()
    };
    let signed = match visit.who.member() {
        Some(member) => signed_until(&visit.app, member).await?.is_some(),
        None => false,
    };
    Ok(FormPage {
        frame: visit.frame(visit.t("report-title")),
        attack: choices(Group::AttackType, &typed.attack_type),
        access: choices(Group::InitialAccess, &typed.initial_access),
        impact: choices(Group::Impact, &typed.impact),
        typed,
        csrf: visit.csrf(),
        error,
        preview,
        signed,
    })
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
        ))
    };
    let (mut items, drops, release, direct) =
        visit.app.hub.vault().read("web.own_report", read).await?;
    let release = release.map(|r| views::release(&r));
    let prospect = context::prospect(&visit.app.hub, &report).await?;
    let known = case::load(&visit.app.hub, &report).await?;
    let duties = duties::section(visit, &known, &report.id)?;
    let filings = filings::section(visit, &known).await?;
    let summary = summary(visit, &items);
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let facts = facts_from_json(&report.facts);
    let japanese = visit.japanese();
    Ok(ReportPage {
        frame: visit.frame(visit.t("report-one-title")),
        title: facts.title,
        accepted: times::moment(report.accepted, japanese),
        hold_until: report.hold_until.map(|t| times::moment(t, japanese)),
        receipt: report.receipt.clone(),
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
pub(super) fn summary(visit: &Visit, items: &[rows::ItemRow]) -> String {
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
        title: facts.title.unwrap_or_else(|| visit.t("reports-untitled")),
        accepted: times::moment(report.accepted, visit.japanese()),
        context: look::context(report.context, &visit.say),
        asked: report.context == ContextState::DeskApproved,
        id: report.id.clone(),
    }
}

/// What makes a second press of the button harmless.
fn fresh_key(visit: &Visit) -> String {
    Token::generate(visit.app.hub.entropy()).expose().to_string()
}
