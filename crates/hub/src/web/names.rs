//! A member's own names: what the gate looks for in everything that is to be released.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::frame::Frame;
use super::small_form::SmallForm;
use super::trouble;
use super::visit::Visit;
use crate::error::HubError;
use crate::own_names::{self, Change};

#[derive(Template)]
#[template(path = "names.html")]
struct Page {
    frame: Frame,
    csrf: String,
    error: Option<String>,
    /// Under which id the published register lists the member.
    public_id: String,
    registered: Vec<String>,
    used: Vec<Line>,
    unused: Vec<Line>,
    typed: String,
}

struct Line {
    text: String,
    from: String,
}

/// `GET /names`
pub(crate) async fn list(visit: Visit) -> Response {
    let page = page(&visit, None, String::new()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /names`
pub(crate) async fn change(visit: Visit, request: Request<Body>) -> Response {
    let form = match SmallForm::read(&visit, request).await {
        Ok(form) => form,
        Err(e) => return visit.refuse(&e),
    };
    let name = form.get("name").unwrap_or_default().to_owned();
    let change = match form.get("do") {
        Some("remove") => Change::Remove,
        _ => Change::Add,
    };
    let done = match visit.who.member() {
        Some(member) => {
            own_names::change(&visit.app.hub, member, visit.who.actor(), change, &name).await
        }
        None => Err(HubError::not_found()),
    };
    match done {
        Ok(()) => Redirect::to("/names").into_response(),
        Err(e) => {
            let (status, text) = (e.problem().status(), trouble::explain(&visit, &e));
            let page = page(&visit, Some(text), name).await;
            visit.answer(page.map(|page| visit.show(status, &page)))
        }
    }
}

async fn page(visit: &Visit, error: Option<String>, typed: String) -> Result<Page, HubError> {
    let member = visit.who.member().ok_or_else(HubError::not_found)?;
    let list = own_names::list(&visit.app.hub, member).await?;
    let line = |name: &own_names::OwnName| Line {
        text: name.text.clone(),
        from: match name.from {
            Some(from) => own_names::source_words(from, visit.language()).to_owned(),
            None => visit.t("names-added"),
        },
    };
    Ok(Page {
        frame: visit.frame(visit.t("names-title")),
        csrf: visit.csrf(),
        error,
        public_id: visit.app.hub.policy().standing.public_id(member).expose().to_owned(),
        registered: list.registered,
        used: list.names.iter().filter(|n| n.used).map(line).collect(),
        unused: list.names.iter().filter(|n| !n.used).map(line).collect(),
        typed,
    })
}
