//! Proving once more who one is, before what one signs in with is changed.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::own_session;
use crate::access::{self, Password, Standing};
use crate::error::HubError;
use crate::web::frame::Frame;
use crate::web::next::Next;
use crate::web::small_form::SmallForm;
use crate::web::trouble;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "account_confirm.html")]
struct Page {
    frame: Frame,
    csrf: String,
    next: String,
    /// `None` where the account has no password: then a new link proves it.
    login: Option<String>,
    problem: Option<String>,
}

/// `GET /account/confirm`
pub(crate) async fn form(visit: Visit) -> Response {
    let next = visit.next.clone();
    let page = page(&visit, next, None).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /account/confirm`
pub(crate) async fn send(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let own = own_session(&visit)?;
        let next = Next::parse(form.get("next").unwrap_or_default());
        let password = Password::typed(form.get("password").unwrap_or_default());
        let code = form.get("code").unwrap_or_default();
        let (status, problem, after) =
            match access::prove_again(&visit.app.hub, own, password, code).await {
                Ok(true) => {
                    let place = next.as_ref().map_or("/account", Next::as_str);
                    return Ok(Redirect::to(place).into_response());
                }
                Ok(false) => (StatusCode::FORBIDDEN, visit.t("confirm-refused"), None),
                Err(e) => {
                    let problem = e.problem();
                    if problem.status() != StatusCode::TOO_MANY_REQUESTS {
                        return Err(e);
                    }
                    (problem.status(), trouble::explain(&visit, &e), Some("900"))
                }
            };
        let page = page(&visit, next, Some(problem)).await?;
        let mut response = visit.show(status, &page);
        if let Some(after) = after {
            let value = axum::http::HeaderValue::from_static(after);
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        Ok(response)
    };
    visit.answer(result.await)
}

/// Sends somebody here who has to prove it first.
pub(super) fn first(place: &'static str) -> Response {
    let next = Next::parse(place).map_or_else(String::new, |n| n.to_query());
    Redirect::to(&format!("/account/confirm?{next}")).into_response()
}

async fn page(
    visit: &Visit,
    next: Option<Next>,
    problem: Option<String>,
) -> Result<Page, HubError> {
    let own = own_session(visit)?;
    let Standing { login, password, .. } =
        access::standing(&visit.app.hub, &own.account.id).await?;
    Ok(Page {
        frame: visit.frame(visit.t("confirm-title")),
        csrf: visit.csrf(),
        next: next.map_or_else(String::new, |n| n.as_str().to_owned()),
        login: login.filter(|_| password.is_some()),
        problem,
    })
}
