//! What a member sent, to the letter: with it, the receipt and its proof can be checked by anybody,
//! also for a report that was typed into a page.

use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::visit::Visit;
use crate::api::reports::own_report;
use crate::error::HubError;
use crate::intake::{Part, Submission};
use crate::vault::reports;

/// What of a report can be loaded.
enum Wanted {
    /// The bytes its receipt is about.
    Content,
    /// One file, counted from one.
    File(usize),
}

/// `GET /reports/{id}/sent/{file}`: `content`, or the number of a file.
pub(crate) async fn load(visit: Visit, Path((id, file)): Path<(String, String)>) -> Response {
    let result = async {
        let wanted = match file.as_str() {
            "content" => Wanted::Content,
            number => Wanted::File(number.parse().map_err(|_| HubError::not_found())?),
        };
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let of = report.id.clone();
        let vault = visit.app.hub.vault();
        let files = vault.read("reports.originals", move |tx| reports::originals(tx, &of)).await?;
        let (name, bytes) = match wanted {
            Wanted::Content => ("content".to_owned(), content_of(files)),
            Wanted::File(number) => {
                let place = number.checked_sub(1).ok_or_else(HubError::not_found)?;
                let (_, bytes) = files.into_iter().nth(place).ok_or_else(HubError::not_found)?;
                (number.to_string(), bytes)
            }
        };
        Ok(attachment(&format!("noroshi-{}-{name}", report.id), bytes))
    };
    visit.answer(result.await)
}

fn content_of(files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let parts = files.into_iter().map(|(name, bytes)| Part { name, media: String::new(), bytes });
    let (idempotency, continues, reporter) = (None, None, None);
    Submission { parts: parts.collect(), idempotency, continues, reporter }.receipt_content()
}

/// Bytes of strangers: saved, never shown, whatever a browser makes of them.
fn attachment(name: &str, bytes: Vec<u8>) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let mut response = (HEADERS, bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
