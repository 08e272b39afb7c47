//! A page that asks once more before something that is out is taken back.

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use noroshi_outlet::i18n;
use noroshi_stix::Kind;

use super::find;
use crate::error::HubError;
use crate::vault::reports::ItemRow;
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "desk_confirm.html")]
struct Page {
    frame: Frame,
    csrf: String,
    title: String,
    /// What it is about: heading, words.
    about: Vec<(String, String)>,
    note: String,
    action: String,
    fields: Vec<(&'static str, String)>,
    button: String,
    back: String,
}

/// Where the page about an item is.
pub(super) fn address(item: &ItemRow) -> String {
    address_of(&item.report, item.kind.as_str(), &item.value)
}

/// Where the page about a released value is.
pub(crate) fn address_of(report: &str, kind: &str, value: &str) -> String {
    format!("/desk/revoke?report={report}&kind={kind}&value={}", encoded(value))
}

/// A value for a query, byte by byte.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

/// `GET /desk/revoke`
pub(crate) async fn indicator(visit: Visit, uri: Uri) -> Response {
    let result = async {
        let form = SmallForm::query(uri.query());
        let kind = form.get("kind").and_then(Kind::from_name).ok_or_else(HubError::not_found)?;
        let row = find(&visit, form.get("report").unwrap_or_default()).await?;
        let value = form.get("value").unwrap_or_default().to_owned();
        let page = Page {
            frame: visit.frame(visit.t("confirm-indicator")),
            csrf: visit.csrf(),
            title: visit.t("confirm-indicator"),
            about: vec![(i18n::kind_label(kind, &visit.say), value.clone())],
            note: visit.t("confirm-indicator-note"),
            action: "/desk/revoke".to_owned(),
            fields: vec![
                ("report", row.id.clone()),
                ("kind", kind.as_str().to_owned()),
                ("value", value),
            ],
            button: visit.t("confirm-yes"),
            back: format!("/desk/reports/{}#indicators", row.id),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `GET /desk/reports/{id}/context/revoke`
pub(crate) async fn context(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let row = find(&visit, &id).await?;
        let words = crate::web::report::public_words(&visit, &row);
        let words = words.map(|w| if visit.japanese() { w.ja } else { w.en });
        let page = Page {
            frame: visit.frame(visit.t("confirm-context")),
            csrf: visit.csrf(),
            title: visit.t("confirm-context"),
            about: words.into_iter().collect(),
            note: visit.t("confirm-context-note"),
            action: format!("/desk/reports/{}/context/revoke", row.id),
            fields: Vec::new(),
            button: visit.t("confirm-yes"),
            back: format!("/desk/reports/{}#context", row.id),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}
