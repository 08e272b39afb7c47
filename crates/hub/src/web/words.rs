//! Words of a report, shown once, and its proof.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use noroshi_seal::{Receipt, WordList};
use zeroize::Zeroizing;

use super::frame::Frame;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::days;
use crate::error::HubError;
use crate::reporter::{self, NewReporter};
use crate::vault::reports::ReportRow;

/// A report that was just filed with words the hub made.
pub(super) struct Worded {
    pub(super) id: String,
    pub(super) receipt: String,
    pub(super) words: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "words.html")]
struct Page {
    frame: Frame,
    id: String,
    receipt: String,
    words: Zeroizing<String>,
}

/// Makes words in the reader's language.
///
/// # Errors
/// When the keys cannot be derived.
pub(super) async fn make(
    visit: &Visit,
    member: &str,
) -> Result<(NewReporter, Zeroizing<String>), HubError> {
    let list = if visit.japanese() { WordList::Japanese } else { WordList::English };
    reporter::make(&visit.app.hub, member, list).await
}

/// The only page that ever shows them: the answer to sending, kept by nothing.
pub(super) fn show(visit: &Visit, worded: Worded) -> Response {
    let Worded { id, receipt, words } = worded;
    let page = Page { frame: visit.frame(visit.t("words-title")), id, receipt, words };
    visit.show(StatusCode::OK, &page)
}

/// `GET /reports/{id}/proof`: a file to keep.
pub(crate) async fn proof(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let file = days::proof(&visit.app.hub, &report).await?;
        let name = format!("attachment; filename=\"noroshi-proof-{}.json\"", report.id);
        let mut response = ([(header::CONTENT_TYPE, "application/json")], file).into_response();
        if let Ok(name) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
        }
        Ok(response)
    };
    visit.answer(result.await)
}

/// From when on a report's proof can be had; `None` where it can.
pub(super) fn proof_at(visit: &Visit, report: &ReportRow) -> Option<Moment> {
    let at = days::ready_at(report.accepted);
    (at > visit.app.hub.now()).then(|| times::moment(at, visit))
}

/// Whether a report was filed with words.
pub(super) fn is_keyed(report: &ReportRow) -> bool {
    Receipt::parse(&report.receipt).is_ok_and(|receipt| receipt.report_key().is_some())
}
