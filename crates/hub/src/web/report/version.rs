//! One version of a case's answers, as it was given: to read, not to change.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_duty::Answers;
use noroshi_store::Tx;

use crate::api::reports::own_report;
use crate::case;
use crate::error::HubError;
use crate::vault::cases;
use crate::web::duties;
use crate::web::frame::Frame;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "report_answers.html")]
struct Page {
    frame: Frame,
    id: String,
    title: String,
    at: Moment,
    /// Field, answer.
    answers: Vec<(String, String)>,
    before: Option<i64>,
    after: Option<i64>,
}

/// `GET /reports/{id}/answers/{version}`
pub(crate) async fn show(visit: Visit, Path((id, version)): Path<(String, String)>) -> Response {
    let result = async {
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let version: i64 = version.parse().map_err(|_| HubError::not_found())?;
        let known = case::load(&visit.app.hub, &report).await?;
        let case = known.id.clone();
        let read = move |tx: &mut Tx<'_>| cases::answers_of(tx, &case, version);
        let row = visit.app.hub.vault().read("web.answers_version", read).await?;
        let row = row.ok_or_else(HubError::not_found)?;
        let body = serde_json::from_str(&row.body).unwrap_or_default();
        let given = Answers::from_json(&known.reference, &body);
        let lang = duties::lang(&visit);
        let fields = known.reference.fields().iter();
        let answers = fields.filter_map(|field| {
            let answer = given.answer(&field.id)?;
            Some((field.name.lang(lang).to_owned(), answer.value.plain()))
        });
        let title = visit.say.with("answers-version", &[("version", version.into())]);
        let page = Page {
            frame: visit.frame(title.clone()),
            title,
            at: times::moment(row.at, &visit),
            answers: answers.collect(),
            before: (version > 1).then_some(version - 1),
            after: (version < known.version).then_some(version + 1),
            id: report.id,
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}
