//! Drafts on the pages: saved as somebody types, files taken in one by one, lists to go on from.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_outlet::i18n::Speech;
use noroshi_stix::Timestamp;

use super::typed::{AttachedFile, HAPPENED, Kept, Typed, attached};
use super::{incoming, same_person};
use crate::drafts::{self, Change, DraftKey, KEEP_DAYS, Saved};
use crate::error::HubError;
use crate::vault::drafts::{DraftFile, DraftGlimpse};
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::trouble;
use crate::web::visit::Visit;

/// A draft in a list.
pub(crate) struct DraftLine {
    pub(crate) id: String,
    /// What happened, as far as it was said.
    pub(crate) title: String,
    /// How the pasted text begins.
    pub(crate) glimpse: String,
    pub(crate) saved: Moment,
    /// Until when it is kept.
    pub(crate) until: Moment,
}

/// What saving answers: the moment in words, and the revision for the next time.
#[derive(Template)]
#[template(path = "report_saved.html")]
struct SavedPart {
    saved: String,
    revision: i64,
}

/// The list of files in the draft.
#[derive(Template)]
#[template(path = "report_files.html")]
struct FilesPart {
    say: Speech,
    attached: Vec<AttachedFile>,
}

/// What went wrong, for the page that is already open.
#[derive(Template)]
#[template(path = "report_notice.html")]
struct Notice {
    text: String,
    /// Where to look instead: address, words.
    link: Option<(String, String)>,
    /// The revision to type over, where the person decides to.
    revision: Option<i64>,
    keep: String,
    /// Whether the form's token is of an earlier session.
    renew: bool,
    /// The words of a button that makes the form this person's.
    take: Option<String>,
}

/// `POST /report/draft`: saves what was typed; the answer is a few words.
pub(crate) async fn save(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let (typed, _) = read(&visit, request).await?;
        let key = DraftKey::of(&visit.who, &typed.idempotency)?;
        let change = Change { typed: Some(typed.for_draft()), ..Change::default() };
        let saved = drafts::save(&visit.app.hub, &key, change).await?;
        Ok(match saved {
            Saved::Kept(draft) => {
                let saved = saved_at(&visit, draft.row.saved);
                visit.show(StatusCode::OK, &SavedPart { saved, revision: draft.row.revision })
            }
            Saved::Nothing => {
                let saved = visit.t("draft-nothing");
                visit.show(StatusCode::OK, &SavedPart { saved, revision: 0 })
            }
            other => overtaken(&visit, &key, &other),
        })
    };
    part(&visit, result.await)
}

/// `POST /report/files`: takes files into the draft.
pub(crate) async fn add_files(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let (typed, kept) = read(&visit, request).await?;
        let key = DraftKey::of(&visit.who, &typed.idempotency)?;
        if !typed.too_large.is_empty() {
            return Err(incoming::too_large(visit.app.hub.config().limits.report_bytes));
        }
        change_files(&visit, &key, Change { add: kept.into_new(), ..Change::default() }).await
    };
    part(&visit, result.await)
}

/// `POST /report/files/{file}/remove`: takes one out again.
pub(crate) async fn remove_file(
    visit: Visit,
    Path(file): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let (typed, _) = read(&visit, request).await?;
        let key = DraftKey::of(&visit.who, &typed.idempotency)?;
        change_files(&visit, &key, Change { remove: vec![file], ..Change::default() }).await
    };
    part(&visit, result.await)
}

/// `POST /report/drafts/{draft}/delete`
pub(crate) async fn delete(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        drafts::delete(&visit.app.hub, &DraftKey::of(&visit.who, &id)?).await?;
        let back = if form.get("back") == Some("reports") { "/reports" } else { "/report" };
        Ok(Redirect::to(back).into_response())
    };
    visit.answer(result.await)
}

/// The drafts of whoever is signed in, without the one that is open.
pub(super) async fn lines(visit: &Visit, open: Option<&str>) -> Result<Vec<DraftLine>, HubError> {
    let Some(session) = visit.who.session() else { return Ok(Vec::new()) };
    let all = drafts::of_account(&visit.app.hub, &session.account.id).await?;
    let others = all.iter().filter(|d| Some(d.id.as_str()) != open);
    Ok(others.map(|d| line(visit, d)).collect())
}

/// When a draft was saved: "Saved 10:42".
pub(super) fn saved_at(visit: &Visit, at: Timestamp) -> String {
    visit.say.with("draft-saved", &[("at", times::clock(at, visit).into())])
}

/// A failure for a page that stays open: a few words with its status.
pub(super) fn notice(visit: &Visit, error: &HubError) -> Response {
    let page = Notice {
        text: trouble::explain(visit, error),
        renew: error.problem().code() == "forged-form",
        take: (error.problem().code() == "other-person").then(|| visit.t("notice-take-over")),
        link: None,
        revision: None,
        keep: String::new(),
    };
    visit.show(error.problem().status(), &page)
}

async fn read(visit: &Visit, request: Request<Body>) -> Result<(Typed, Kept), HubError> {
    let posted = incoming::read(request, visit.app.hub.config().limits.report_bytes).await?;
    let genuine = visit.who.check_form(posted.csrf.as_deref());
    let (typed, kept) = Typed::read(posted, String::new());
    // Before the token, which would be another one's, too: this is what there is to say.
    same_person(visit, &typed)?;
    genuine?;
    Ok((typed, kept))
}

async fn change_files(visit: &Visit, key: &DraftKey, change: Change) -> Result<Response, HubError> {
    Ok(match drafts::save(&visit.app.hub, key, change).await? {
        Saved::Kept(draft) => visit.show(StatusCode::OK, &files(visit, &draft.files)),
        Saved::Nothing => visit.show(StatusCode::OK, &files(visit, &[])),
        other => overtaken(visit, key, &other),
    })
}

fn files(visit: &Visit, files: &[DraftFile]) -> FilesPart {
    let attached = files.iter().map(attached).collect();
    FilesPart { say: visit.say.clone(), attached }
}

/// What to do about a draft that went on without this page.
fn overtaken(visit: &Visit, key: &DraftKey, saved: &Saved) -> Response {
    let page = match saved {
        Saved::Sent(report) => Notice {
            text: visit.t("draft-sent"),
            link: Some((format!("/reports/{report}"), visit.t("draft-sent-open"))),
            revision: None,
            keep: String::new(),
            renew: false,
            take: None,
        },
        Saved::Elsewhere(at, revision) => Notice {
            text: visit.say.with("draft-elsewhere", &[("at", times::clock(*at, visit).into())]),
            link: Some((format!("/report?draft={}", key.id), visit.t("draft-elsewhere-open"))),
            revision: Some(*revision),
            keep: visit.t("draft-elsewhere-keep"),
            renew: false,
            take: None,
        },
        Saved::Kept(_) | Saved::Nothing => return visit.refuse(&HubError::draft_elsewhere()),
    };
    visit.show(StatusCode::CONFLICT, &page)
}

fn part(visit: &Visit, result: Result<Response, HubError>) -> Response {
    result.unwrap_or_else(|e| notice(visit, &e))
}

fn line(visit: &Visit, draft: &DraftGlimpse) -> DraftLine {
    let happened = HAPPENED.iter().find(|h| h.id == draft.happened);
    let title = happened.map_or_else(|| visit.t("reports-untitled"), |h| visit.t(h.label));
    DraftLine {
        id: draft.id.clone(),
        title,
        glimpse: draft.glimpse.clone(),
        saved: times::minute(draft.saved, visit),
        until: times::minute(draft.saved.plus_days(i64::from(KEEP_DAYS)), visit),
    }
}
