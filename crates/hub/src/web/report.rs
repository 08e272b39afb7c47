//! Reporting an attack: the form, what others would see of it, and sending it exactly once.

pub(crate) mod draft;
mod incoming;
mod kept;
pub(crate) mod own;
pub(crate) mod panel;
mod preview;
mod timeline;
mod typed;
pub(crate) mod version;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_anonymity::Group;
use noroshi_seal::Token;

use super::frame::Frame;
use super::readers::signed_until;
use super::trouble;
use super::visit::Visit;
use super::words::{self, Worded};
use crate::drafts::{self, Change, Draft, DraftKey, Saved, Seen};
use crate::error::HubError;
use crate::intake::{accept_draft, check_idempotency};
use crate::vault::drafts::DraftContent;
use crate::vault::reports as rows;
use draft::DraftLine;
use panel::Panel;
use typed::{HAPPENED, Happened, Kept, Pressed, Typed};

pub(crate) use kept::without_session;
pub(crate) use own::{Words, decide, list, one};
pub(super) use own::{decision, public_words, summary};
pub(super) use typed::size;

#[derive(Template)]
#[template(path = "report_form.html")]
struct FormPage {
    frame: Frame,
    typed: Typed,
    csrf: String,
    /// One sentence about what went wrong.
    error: Option<String>,
    panel: Panel,
    happened: Vec<Choice>,
    attack: Vec<Choice>,
    access: Vec<Choice>,
    impact: Vec<Choice>,
    /// Whether the fields beyond the first three are shown.
    open: bool,
    /// Whether the member's agreement holds.
    signed: bool,
    /// Other drafts of this person.
    drafts: Vec<DraftLine>,
    /// When this draft was saved, in words.
    saved: Option<String>,
    /// Most bytes of a report.
    limit: usize,
    too_large: String,
}

/// One option of a closed choice.
struct Choice {
    id: String,
    label: String,
    hint: String,
    chosen: bool,
}

/// `GET /report`: an empty form, or the draft that `draft` names.
pub(crate) async fn form(visit: Visit, uri: Uri) -> Response {
    let result = async {
        let asked = |name: &str| {
            let mut pairs = uri.query().unwrap_or_default().split('&');
            pairs.find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).filter(|v| !v.is_empty())
        };
        let mut saved = None;
        let typed = match asked("draft") {
            Some(id) => {
                let key = DraftKey::of(&visit.who, id).map_err(|_| HubError::not_found())?;
                let Some(draft) = drafts::one(&visit.app.hub, &key).await? else {
                    // Back from the page of the report it became.
                    return already_sent(&visit, key).await;
                };
                saved = Some(draft::saved_at(&visit, draft.row.saved));
                Typed::of_draft(&visit, &draft)
            }
            None => {
                let mut typed = Typed::fresh(&visit, fresh_key(&visit));
                typed.fields.continues = asked("continues").map(str::to_owned);
                typed
            }
        };
        let panel = panel::live(&visit, &typed, Kept::default()).await?;
        let page = form_page(&visit, typed, None, panel, saved).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// The page of the report that a draft became.
///
/// # Errors
/// 404 where it became none.
async fn already_sent(visit: &Visit, key: DraftKey) -> Result<Response, HubError> {
    let read = move |tx: &mut noroshi_store::Tx<'_>| rows::by_idempotency(tx, &key.member, &key.id);
    let report = visit.app.hub.vault().read("web.already_sent", read).await?;
    let report = report.ok_or_else(HubError::not_found)?;
    Ok(Redirect::to(&format!("/reports/{}", report.id)).into_response())
}

/// `POST /report`: checks, saves or sends. What was typed comes back whenever it was not filed.
pub(crate) async fn send(visit: Visit, request: Request<Body>) -> Response {
    let limit = visit.app.hub.config().limits.report_bytes;
    let posted = match incoming::read(request, limit).await {
        Ok(posted) => posted,
        Err(e) => return visit.refuse(&e),
    };
    let genuine = visit.who.check_form(posted.csrf.as_deref());
    let (mut typed, kept) = Typed::read(posted, fresh_key(&visit));
    let outcome = match genuine {
        // What is shown next is renewed, and sent by another press of the button.
        _ if typed.pressed == Pressed::GoOn => {
            panel::live(&visit, &typed, kept).await.map(|panel| Outcome::Shown(Box::new(panel)))
        }
        Ok(()) => act(&visit, &mut typed, kept).await,
        Err(e) => Err(e),
    };
    let result = answer(&visit, typed, outcome).await;
    visit.answer(result)
}

async fn answer(
    visit: &Visit,
    mut typed: Typed,
    outcome: Result<Outcome, HubError>,
) -> Result<Response, HubError> {
    let (status, mut error, panel) = match outcome {
        Ok(Outcome::Worded(page)) => return Ok(words::show(visit, *page)),
        Ok(Outcome::Filed(id)) => {
            return Ok(Redirect::to(&format!("/reports/{id}")).into_response());
        }
        Ok(Outcome::Saved(id)) => {
            return Ok(Redirect::to(&format!("/report?draft={id}")).into_response());
        }
        Ok(Outcome::Shown(panel)) => (StatusCode::OK, None, *panel),
        Err(e) => {
            let text = match e.problem().code() {
                "conflict" => visit.t("error-sent-before"),
                _ => trouble::explain(visit, &e),
            };
            (e.problem().status(), Some(text), Panel::default())
        }
    };
    let panel = match error {
        Some(_) => panel::live(visit, &typed, Kept::default()).await?,
        None => panel,
    };
    // The sizes of files in the draft are not in the form.
    let named = std::mem::take(&mut typed.attached);
    if let Some(draft) = stored(visit, &typed).await? {
        typed.attached = draft.files.iter().map(typed::attached).collect();
        typed.revision = draft.row.revision;
    }
    let there = |f: &typed::AttachedFile| typed.attached.iter().any(|a| a.id == f.id);
    let gone: Vec<String> = named.iter().filter(|f| !there(f)).map(|f| f.name.clone()).collect();
    typed.lost.extend(gone);
    // Whichever way the form came to another person, it says so before it becomes theirs.
    if let Err(e) = same_person(visit, &typed) {
        error = Some(trouble::explain(visit, &e));
    }
    typed.person = typed::person(visit);
    let page = form_page(visit, typed, error, panel, None).await?;
    Ok(visit.show(status, &page))
}

enum Outcome {
    Filed(String),
    /// Filed with words, which are shown once.
    Worded(Box<Worded>),
    /// Saved as this draft.
    Saved(String),
    /// The form again.
    Shown(Box<Panel>),
}

async fn act(visit: &Visit, typed: &mut Typed, kept: Kept) -> Result<Outcome, HubError> {
    same_person(visit, typed)?;
    if !typed.too_large.is_empty() {
        return Err(incoming::too_large(visit.app.hub.config().limits.report_bytes));
    }
    match typed.pressed.clone() {
        Pressed::Send => file(visit, typed, kept).await,
        Pressed::Save => save(visit, typed, kept, Vec::new()).await,
        Pressed::Remove(file) => save(visit, typed, kept, vec![file]).await,
        Pressed::Check | Pressed::GoOn => {
            Ok(Outcome::Shown(Box::new(panel::checked(visit, typed, kept).await?)))
        }
    }
}

/// Whether the form was shown to whoever is signed in now.
///
/// # Errors
/// 409 `other-person`.
pub(super) fn same_person(visit: &Visit, typed: &Typed) -> Result<(), HubError> {
    if typed.person.is_empty() || typed.person == typed::person(visit) {
        return Ok(());
    }
    Err(HubError::Request {
        status: StatusCode::CONFLICT,
        code: "other-person",
        detail: "Somebody else is signed in now than when this form was opened.".to_owned(),
    })
}

async fn save(
    visit: &Visit,
    typed: &Typed,
    kept: Kept,
    remove: Vec<String>,
) -> Result<Outcome, HubError> {
    let key = DraftKey::of(&visit.who, &typed.idempotency)?;
    let change = Change { typed: Some(typed.for_draft()), add: kept.into_new(), remove };
    match drafts::save(&visit.app.hub, &key, change).await? {
        Saved::Kept(draft) => Ok(Outcome::Saved(draft.row.id)),
        Saved::Sent(report) => Ok(Outcome::Filed(report)),
        Saved::Elsewhere(_, _) => Err(HubError::draft_elsewhere()),
        Saved::Nothing => Err(HubError::bad("empty", "There is nothing to save.")),
    }
}

/// Files the report. Whatever ends the connection in between, sending again ends at the same page.
async fn file(visit: &Visit, typed: &mut Typed, kept: Kept) -> Result<Outcome, HubError> {
    let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
    check_idempotency(Some(&typed.idempotency))?;
    if let Some(id) = filed_before(visit, &member, typed, &kept).await? {
        return Ok(Outcome::Filed(id));
    }
    match file_now(visit, &member, typed, kept.clone()).await {
        // Pressed twice: the other press was quicker, and ended the draft.
        Err(e) if matches!(e.problem().code(), "conflict" | "draft-elsewhere" | "files-gone") => {
            match filed_before(visit, &member, typed, &kept).await? {
                Some(id) => Ok(Outcome::Filed(id)),
                None => Err(e),
            }
        }
        other => other,
    }
}

/// Files the report as it is with its draft, if there is one and the person knows all of it.
async fn file_now(
    visit: &Visit,
    member: &str,
    typed: &Typed,
    kept: Kept,
) -> Result<Outcome, HubError> {
    let limit = visit.app.hub.config().limits.report_bytes;
    let (mut seen, mut stored) = (None, Vec::new());
    if let Ok(key) = DraftKey::of(&visit.who, &typed.idempotency) {
        let draft = drafts::whole(&visit.app.hub, &key).await?;
        same_files(typed, &draft.files)?;
        if draft.row.is_some_and(|row| row.revision != typed.revision) {
            return Err(HubError::draft_elsewhere());
        }
        (seen, stored) = (Some(draft.seen), draft.files);
    }
    let files = kept.after(stored);
    if files.bytes() > limit {
        return Err(incoming::too_large(limit));
    }
    accepted(visit, member, typed, files, seen).await
}

/// Whether the form named the files that are in the draft.
///
/// # Errors
/// 409 `files-gone` where one is not there any more, `draft-elsewhere` where one was added unseen.
fn same_files(typed: &Typed, files: &[DraftContent]) -> Result<(), HubError> {
    if typed.attached.iter().any(|a| files.iter().all(|f| f.id != a.id)) {
        return Err(HubError::Request {
            status: StatusCode::CONFLICT,
            code: "files-gone",
            detail: "Files of this form are not in the draft any more.".to_owned(),
        });
    }
    if files.iter().any(|f| typed.attached.iter().all(|a| a.id != f.id)) {
        return Err(HubError::draft_elsewhere());
    }
    Ok(())
}

/// The report that was filed under this form's key, if it says the same.
///
/// # Errors
/// 409 where it says something else; the form has a new key then.
async fn filed_before(
    visit: &Visit,
    member: &str,
    typed: &mut Typed,
    files: &Kept,
) -> Result<Option<String>, HubError> {
    let hub = &visit.app.hub;
    let (member, key) = (member.to_owned(), typed.idempotency.clone());
    let earlier = hub
        .vault()
        .read("web.filed_before", move |tx| {
            let Some(report) = rows::by_idempotency(tx, &member, &key)? else { return Ok(None) };
            Ok(Some((rows::originals(tx, &report.id)?, report)))
        })
        .await?;
    let Some((originals, report)) = earlier else { return Ok(None) };
    // A hold that has passed meanwhile is no reason to file it again: judged as of then.
    let again = [false, true].iter().any(|story| {
        let made = typed.submission(files.clone(), report.accepted, *story);
        made.is_ok_and(|s| typed::is_again(&s, &originals))
    });
    if again {
        return Ok(Some(report.id));
    }
    typed.idempotency = fresh_key(visit);
    typed.revision = 0;
    Err(HubError::conflict("This form was sent before with other content."))
}

async fn accepted(
    visit: &Visit,
    member: &str,
    typed: &Typed,
    files: Kept,
    draft: Option<Seen>,
) -> Result<Outcome, HubError> {
    let (hub, actor) = (&visit.app.hub, visit.who.actor());
    let mut submission = typed.submission(files.clone(), hub.now(), false)?;
    let made = if typed.fields.words { Some(words::make(visit, member).await?) } else { None };
    let (reporter, shown) = made.unzip();
    submission.reporter = reporter.clone();
    let filed = match accept_draft(hub, member, actor, submission, draft.clone()).await {
        // Words without any indicator are a report too: the desk reads them.
        Err(e)
            if e.problem().code() == "nothing-understood"
                && !typed.fields.text.trim().is_empty() =>
        {
            let mut submission = typed.submission(files, hub.now(), true)?;
            submission.reporter = reporter;
            accept_draft(hub, member, actor, submission, draft).await
        }
        other => other,
    };
    let (accepted, _) = filed?;
    Ok(match shown {
        // Sent twice: the words of the first time are the report's, not these.
        Some(words) if !accepted.repeated => {
            let (id, receipt) = (accepted.report.id, accepted.report.receipt);
            Outcome::Worded(Box::new(Worded { id, receipt, words }))
        }
        _ => Outcome::Filed(accepted.report.id),
    })
}

/// The draft behind a form, if it was ever saved.
async fn stored(visit: &Visit, typed: &Typed) -> Result<Option<Draft>, HubError> {
    match DraftKey::of(&visit.who, &typed.idempotency) {
        Ok(key) => drafts::one(&visit.app.hub, &key).await,
        Err(_) => Ok(None),
    }
}

/// The files of the draft behind a form.
async fn contents(visit: &Visit, typed: &Typed) -> Result<Vec<DraftContent>, HubError> {
    match DraftKey::of(&visit.who, &typed.idempotency) {
        Ok(key) => drafts::contents(&visit.app.hub, &key).await,
        Err(_) => Ok(Vec::new()),
    }
}

async fn form_page(
    visit: &Visit,
    typed: Typed,
    error: Option<String>,
    panel: Panel,
    saved: Option<String>,
) -> Result<FormPage, HubError> {
    let policy = visit.app.hub.policy();
    let language = visit.language();
    let choices = |group: Group, chosen: &str| -> Vec<Choice> {
        let terms = policy.vocabulary.terms(group);
        terms
            .map(|t| Choice {
                id: t.id().to_owned(),
                label: t.text(language).to_owned(),
                hint: String::new(),
                chosen: t.id() == chosen,
            })
            .collect()
    };
    let plain = |h: Happened| Choice {
        id: h.id.to_owned(),
        label: visit.t(h.label),
        hint: visit.t(h.hint),
        chosen: h.id == typed.fields.happened,
    };
    let signed = match visit.who.member() {
        Some(member) => signed_until(&visit.app, member).await?.is_some(),
        None => false,
    };
    let limit = visit.app.hub.config().limits.report_bytes;
    let mut frame = visit.frame(visit.t("report-title"));
    if typed.revision > 0 {
        // Another language shows the same draft.
        for l in &mut frame.languages {
            l.href = format!("/report?draft={}&lang={}", typed.idempotency, l.tag);
        }
    }
    let f = &typed.fields;
    let further = [&f.attack_type, &f.initial_access, &f.impact, &f.hold_until];
    Ok(FormPage {
        frame,
        happened: HAPPENED.map(plain).into(),
        attack: choices(Group::AttackType, &f.attack_type),
        access: choices(Group::InitialAccess, &f.initial_access),
        impact: choices(Group::Impact, &f.impact),
        open: f.words || further.iter().any(|v| !v.is_empty()),
        drafts: draft::lines(visit, Some(&typed.idempotency)).await?,
        csrf: visit.csrf(),
        error,
        panel,
        signed,
        saved,
        limit,
        too_large: visit.say.with("error-too-large", &[("mebibytes", (limit / 1_048_576).into())]),
        typed,
    })
}

/// What makes a second press of the button harmless, and the name of the draft.
fn fresh_key(visit: &Visit) -> String {
    Token::generate(visit.app.hub.entropy()).expose().to_string()
}
