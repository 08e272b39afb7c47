//! Proving once more who one is, before what one signs in with is changed.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::own_session;
use crate::access::{self, Again, Password, Standing};
use crate::error::HubError;
use crate::web::frame::Frame;
use crate::web::next::Next;
use crate::web::sign_in::known_browser;
use crate::web::small_form::SmallForm;
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
        let known = known_browser(&visit, request.headers());
        let form = SmallForm::read(&visit, request).await?;
        let own = own_session(&visit)?;
        let next = Next::parse(form.get("next").unwrap_or_default());
        let password = Password::typed(form.get("password").unwrap_or_default());
        let code = form.get("code").unwrap_or_default();
        let hub = &visit.app.hub;
        let (status, problem, wait) =
            match access::prove_again(hub, own, password, code, known.as_deref()).await? {
                Again::Good => {
                    let place = next.as_ref().map_or("/account", Next::as_str);
                    return Ok(Redirect::to(place).into_response());
                }
                Again::Refused => (StatusCode::FORBIDDEN, visit.t("confirm-refused"), None),
                Again::Wait(seconds) => {
                    let problem = visit.say.with("sign-in-wait", &[("seconds", seconds.into())]);
                    (StatusCode::TOO_MANY_REQUESTS, problem, Some(seconds))
                }
            };
        let page = page(&visit, next, Some(problem)).await?;
        let mut response = visit.show(status, &page);
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
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
