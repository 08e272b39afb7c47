//! Buttons of a report: read, take, put aside; and who else looks at it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};

use super::conflict::{self, Again, Wanted};
use super::texts::named;
use super::{back, find};
use crate::desk_review::{self, Change};
use crate::error::HubError;
use crate::vault::desk_reports;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// `POST /desk/reports/{id}/act/{act}`
pub(crate) async fn change(
    visit: Visit,
    Path((id, act)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let wish = wish(&act, &form).ok_or_else(HubError::not_found)?;
        let place = back(&form, &format!("/desk/reports/{}", row.id)).to_owned();
        let actor = visit.who.actor();
        match desk_review::change(&visit.app.hub, &row.id, actor, wish.clone()).await {
            Ok(()) => Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() == "conflict" => {
                let typed = typed(&visit, &wish, &act);
                let again = again(&visit, &row.id, &act, &wish).await?;
                let action = wish.action();
                let wanted = Wanted { action, subject: &row.id, place, typed, again };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

/// What a form asks for; `None` for what is no act.
fn wish(act: &str, form: &SmallForm) -> Option<Change> {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let number = |name: &str| form.get(name).and_then(|n| n.parse().ok()).unwrap_or(0);
    Some(match act {
        "review" => Change::Review,
        "reopen" => Change::Reopen,
        "take" => Change::Take { from: text("from") },
        "release" => Change::Release { from: text("from") },
        "lift" => Change::Lift { from: number("from") },
        "hold" => Change::Hold {
            from: number("from"),
            reason: text("reason"),
            hours: number("hours"),
            note: text("note"),
        },
        _ => return None,
    })
}

fn typed(visit: &Visit, wish: &Change, act: &str) -> Vec<(String, String)> {
    let mut out = vec![(visit.t("conflict-yours"), named(visit, "act", act))];
    if let Change::Hold { reason, note, .. } = wish {
        out.push((visit.t("hold-reason"), named(visit, "hold", reason)));
        if !note.trim().is_empty() {
            out.push((visit.t("hold-note"), note.clone()));
        }
    }
    out
}

/// The same made from how things stand now, where that still makes sense.
async fn again(
    visit: &Visit,
    report: &str,
    act: &str,
    wish: &Change,
) -> Result<Option<Again>, HubError> {
    let id = report.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| desk_reports::one(tx, &id);
    let Some(now) = visit.app.hub.vault().read("web.desk_state", read).await? else {
        return Ok(None);
    };
    let assignee = now.assignee.clone().unwrap_or_default();
    let pause = now.hold.as_ref().map_or(0, |h| h.until.as_micros()).to_string();
    let fields = match wish {
        Change::Review | Change::Reopen | Change::Release { .. } => return Ok(None),
        Change::Take { .. } if assignee == visit.who.actor() => return Ok(None),
        Change::Take { .. } => vec![("from", assignee)],
        Change::Lift { .. } => vec![("from", pause)],
        Change::Hold { reason, hours, note, .. } => vec![
            ("from", pause),
            ("reason", reason.clone()),
            ("hours", hours.to_string()),
            ("note", note.clone()),
        ],
    };
    let action = format!("/desk/reports/{report}/act/{act}");
    Ok(Some(Again { action, fields, button: visit.t("conflict-again") }))
}

/// `POST /desk/reports/{id}/seen`: the answers were read.
pub(crate) async fn seen(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        desk_review::see_answers(&visit.app.hub, &row.id, visit.who.actor()).await?;
        let place = format!("/desk/reports/{}#questions", row.id);
        Ok(Redirect::to(back(&form, &place)).into_response())
    };
    visit.answer(result.await)
}

/// Who else looks at a report.
#[derive(Template)]
#[template(path = "desk_presence.html")]
pub(super) struct Presence {
    pub(super) id: String,
    pub(super) text: Option<String>,
    /// Which text this is, so that the same is not read out again.
    pub(super) is: String,
}

/// Notes that the visitor looks at a report, and says who else does.
///
/// # Errors
/// When the vault cannot be written.
pub(super) async fn look(visit: &Visit, report: &str) -> Result<Presence, HubError> {
    let names = match visit.who.session() {
        Some(s) => desk_review::look(&visit.app.hub, report, &s.account.id).await?,
        None => Vec::new(),
    };
    let list = names.join(if visit.japanese() { "、" } else { ", " });
    let text = visit.say.with("presence", &[("names", list.clone().into())]);
    Ok(Presence {
        id: report.to_owned(),
        text: (!names.is_empty()).then_some(text),
        is: data_encoding::HEXLOWER.encode(
            <sha2::Sha256 as sha2::Digest>::digest(list.as_bytes()).get(..6).unwrap_or_default(),
        ),
    })
}

/// `GET /desk/reports/{id}/presence`: asked for again and again by an open page.
pub(crate) async fn presence(visit: Visit, Path(id): Path<String>, uri: Uri) -> Response {
    let result = async {
        let row = find(&visit, &id).await?;
        let presence = look(&visit, &row.id).await?;
        if SmallForm::query(uri.query()).get("is") == Some(&presence.is) {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        Ok(visit.show(StatusCode::OK, &presence))
    };
    visit.answer(result.await)
}
