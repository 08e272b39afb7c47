//! Questions of the desk on the pages of a report: asked here, answered there.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_anonymity::Words;

use super::small_form::SmallForm;
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::error::HubError;
use crate::mailbox;
use crate::mailbox::forms::{self, Effect, FREE};
use crate::vault::mailbox::QuestionRow;

/// A question, for those who ask and those who answer.
pub(crate) struct QuestionLine {
    pub(crate) id: String,
    pub(crate) text: String,
    /// What answering reveals and what it can change.
    pub(crate) reveals: String,
    /// Answers to choose from: id, words. Empty for free text.
    pub(crate) choices: Vec<(String, String)>,
    /// Where it was asked: on the report's page, or sealed to its words.
    pub(crate) way: String,
    pub(crate) answer: Option<String>,
}

/// A question the desk can ask: id, text, what answering reveals.
pub(crate) struct AskLine {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) reveals: String,
}

/// `POST /reports/{id}/questions/{question}`
pub(crate) async fn answer(
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        let text = form.get("answer").unwrap_or_default();
        mailbox::answer_signed_in(hub, &report.id, &question, text, actor).await?;
        Ok(Redirect::to(&format!("/reports/{}#questions", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// The questions about a report. `own_page` leaves out those that only its words open.
///
/// # Errors
/// When the vault cannot be read.
pub(super) async fn lines(
    visit: &Visit,
    report: &str,
    own_page: bool,
) -> Result<Vec<QuestionLine>, HubError> {
    let found = mailbox::about(&visit.app.hub, report, own_page).await?;
    found.iter().map(|row| line(visit, row)).collect()
}

/// Everything the desk can ask.
///
/// # Errors
/// When the built-in list cannot be read.
pub(super) fn list(visit: &Visit) -> Result<Vec<AskLine>, HubError> {
    let closed = forms::forms()?.iter().map(|(id, form)| AskLine {
        id: id.clone(),
        text: in_language(visit, &form.ja, &form.en),
        reveals: reveals(visit, form.effect),
    });
    Ok(closed.collect())
}

/// A question in the reader's words, before it is asked.
///
/// # Errors
/// When the built-in list cannot be read.
pub(super) fn question_words(visit: &Visit, form: &str, text: &str) -> Result<String, HubError> {
    let closed = forms::forms()?.get(form);
    Ok(closed.map_or_else(|| text.to_owned(), |f| in_language(visit, &f.ja, &f.en)))
}

fn line(visit: &Visit, row: &QuestionRow) -> Result<QuestionLine, HubError> {
    let form = forms::forms()?.get(&row.form);
    let choices = form.map_or(&[][..], |f| &f.answers);
    let answer = row.answer.as_ref().map(|a| {
        let Words { ja, en } = forms::words_of(&row.form, a);
        in_language(visit, &ja, &en)
    });
    Ok(QuestionLine {
        id: row.id.clone(),
        text: match form {
            Some(f) => in_language(visit, &f.ja, &f.en),
            None => row.text.clone().unwrap_or_default(),
        },
        reveals: match form {
            Some(f) => reveals(visit, f.effect),
            None if row.form == FREE => visit.t("question-reveals-free"),
            None => reveals(visit, Effect::None),
        },
        choices: choices.iter().map(|c| (c.id.clone(), in_language(visit, &c.ja, &c.en))).collect(),
        way: match row.item {
            Some(_) => visit.t("question-sealed"),
            None => visit.t("question-on-page"),
        },
        answer,
    })
}

fn reveals(visit: &Visit, effect: Effect) -> String {
    match effect {
        Effect::None => visit.t("question-reveals-none"),
        Effect::Context => visit.t("question-reveals-context"),
    }
}

fn in_language(visit: &Visit, ja: &str, en: &str) -> String {
    if visit.japanese() { ja.to_owned() } else { en.to_owned() }
}
