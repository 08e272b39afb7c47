//! Decisions on what a report's context says, on questions, and on direct releases.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};

use super::conflict::{self, Again, Wanted};
use super::find;
use crate::context::{self, Decision, Seen};
use crate::desk_review::{self, Change};
use crate::direct::{self, Answerer, Ground, Proposal};
use crate::error::HubError;
use crate::mailbox;
use crate::vault::desk_reports;
use crate::vault::direct as direct_rows;
use crate::vault::reports::{ContextState, ReportRow};
use crate::web::mailbox::question_words;
use crate::web::report::decision;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// `POST /desk/reports/{id}/context`: the desk approves or declines first.
pub(crate) async fn decide_context(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let decision = decision(&form)?;
        let place = format!("/desk/reports/{}#context", row.id);
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        // A form that does not say what it was made from is taken at its word.
        let said = |name: &str| form.get(name).map(str::to_owned);
        let seen = Seen { state: said("from"), wording: said("wording") };
        match context::desk_decides(hub, &row.id, actor, decision, seen).await {
            Ok(()) => {
                lift(&visit, &row.id).await?;
                return Ok(Redirect::to(&place).into_response());
            }
            Err(e) if !["conflict", "wording-changed"].contains(&e.problem().code()) => {
                return Err(e);
            }
            Err(_) => {}
        }
        let now = find(&visit, &row.id).await?;
        let (action, words) = match decision {
            Decision::Approve => ("context.desk-approved", visit.t("desk-context-approve")),
            Decision::Decline => ("context.declined", visit.t("desk-context-decline")),
        };
        let again = again(&visit, &now, decision, &words);
        let typed = vec![(visit.t("conflict-yours"), words)];
        let wanted = Wanted { action, subject: &row.id, place, typed, again };
        conflict::answer(&visit, wanted).await
    };
    visit.answer(result.await)
}

/// A no is possible until the batch, also after a colleague's yes. A yes needs the words first.
fn again(visit: &Visit, row: &ReportRow, decision: Decision, words: &str) -> Option<Again> {
    use ContextState::{Approved, DeskApproved, Proposed};
    let open = [Proposed, DeskApproved, Approved].contains(&row.context);
    (decision == Decision::Decline && open).then(|| Again {
        action: format!("/desk/reports/{}/context", row.id),
        fields: vec![("decision", "decline".to_owned()), ("from", row.context.as_str().to_owned())],
        button: visit.say.with("conflict-still", &[("deed", words.to_owned().into())]),
    })
}

/// Whoever decides takes up what was put aside.
async fn lift(visit: &Visit, report: &str) -> Result<(), HubError> {
    let id = report.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| desk_reports::one(tx, &id);
    let state = visit.app.hub.vault().read("web.desk_state", read).await?;
    let Some(hold) = state.and_then(|s| s.hold) else { return Ok(()) };
    let change = Change::Lift { from: hold.until.as_micros() };
    match desk_review::change(&visit.app.hub, report, visit.who.actor(), change).await {
        Err(e) if e.problem().code() != "conflict" => Err(e),
        _ => Ok(()),
    }
}

/// `POST /desk/reports/{id}/context/revoke`: takes a context release back with the next batch.
pub(crate) async fn revoke_context(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let place = format!("/desk/reports/{}#context", row.id);
        match context::revoke(&visit.app.hub, &row.id, visit.who.actor()).await {
            Ok(()) => Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() == "conflict" => {
                let typed = vec![(visit.t("conflict-yours"), visit.t("desk-context-revoke"))];
                let (action, subject) = ("context.revoke", row.id.as_str());
                let wanted = Wanted { action, subject, place, typed, again: None };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

/// `POST /desk/reports/{id}/questions`: asks the reporter.
pub(crate) async fn ask(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let question = form.get("form").unwrap_or_default();
        let text = form.get("text").unwrap_or_default();
        let place = format!("/desk/reports/{}#questions", row.id);
        let asked = mailbox::about(&visit.app.hub, &row.id, false).await?;
        if form.get("from").is_some_and(|from| from != asked.len().to_string()) {
            let newest = asked.iter().max_by_key(|q| q.asked);
            let same = newest.is_some_and(|q| {
                q.form == question && q.text.as_deref().unwrap_or_default() == text.trim()
            });
            // Only the same question from the same person is a second click.
            let action = if same { "question.ask" } else { "question." };
            let words = question_words(&visit, question, text)?;
            let typed = vec![(visit.t("conflict-question"), words)];
            let again = Some(Again {
                action: format!("/desk/reports/{}/questions", row.id),
                fields: vec![
                    ("form", question.to_owned()),
                    ("text", text.to_owned()),
                    ("from", asked.len().to_string()),
                ],
                button: visit.t("conflict-ask"),
            });
            let wanted = Wanted { action, subject: &row.id, place, typed, again };
            return conflict::answer(&visit, wanted).await;
        }
        mailbox::ask(&visit.app.hub, &row.id, question, Some(text), visit.who.actor()).await?;
        Ok(Redirect::to(&place).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/reports/{id}/direct`: an officer proposes.
pub(crate) async fn propose(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let place = format!("/desk/reports/{}#direct", row.id);
        let of = row.id.clone();
        let read = move |tx: &mut noroshi_store::Tx<'_>| direct_rows::of_report(tx, &of);
        let made = visit.app.hub.vault().read("web.direct", read).await?;
        let recipients: Vec<String> = form.all("recipient").map(str::to_owned).collect();
        let basis = form.get("basis").unwrap_or_default();
        if form.get("from").is_some_and(|from| from != made.len().to_string()) {
            let policy = visit.app.hub.policy();
            let names: Vec<String> =
                recipients.iter().map(|m| policy.name_of(m, visit.japanese())).collect();
            let mut typed = vec![(visit.t("direct-recipients"), names.join(", "))];
            if !basis.is_empty() {
                typed.push((visit.t("direct-basis"), basis.to_owned()));
            }
            let mut fields = vec![
                ("from", made.len().to_string()),
                ("ground", form.get("ground").unwrap_or_default().to_owned()),
                ("basis", basis.to_owned()),
            ];
            fields.extend(recipients.into_iter().map(|r| ("recipient", r)));
            let again = Some(Again {
                action: format!("/desk/reports/{}/direct", row.id),
                fields,
                button: visit.t("conflict-again"),
            });
            let subject = row.id.as_str();
            let wanted = Wanted { action: "direct.propose", subject, place, typed, again };
            return conflict::answer(&visit, wanted).await;
        }
        let ground = form.get("ground").and_then(Ground::from_name).unwrap_or(Ground::Consent);
        let proposal =
            Proposal { report: row.id.clone(), recipients, ground, basis: basis.to_owned() };
        direct::propose(&visit.app.hub, proposal, visit.who.actor()).await?;
        Ok(Redirect::to(&place).into_response())
    };
    visit.answer(result.await)
}

/// `POST /desk/reports/{id}/direct/{proposal}`: the second officer agrees, or an officer calls it off.
pub(crate) async fn second(
    visit: Visit,
    Path((id, proposal)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let agrees = form.get("agrees") == Some("yes");
        let answerer = Answerer::Officer(visit.who.actor());
        let place = format!("/desk/reports/{id}#direct");
        match direct::settle(&visit.app.hub, &proposal, answerer, agrees).await {
            Ok(()) => Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() == "conflict" => {
                let key = if agrees { "direct-second" } else { "direct-call-off" };
                let typed = vec![(visit.t("conflict-yours"), visit.t(key))];
                let action = if agrees { "direct.send" } else { "direct.refuse" };
                let subject = id.as_str();
                let wanted = Wanted { action, subject, place, typed, again: None };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}
