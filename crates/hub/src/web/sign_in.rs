//! Signing in with a one-time link, signing out, and where to go from there.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_seal::Token;

use super::frame::Frame;
use super::small_form::SmallForm;
use super::visit::Visit;
use crate::access::{Role, end_session, link_holds, session_token, use_link};
use crate::error::HubError;

/// Seconds the browser keeps the cookie: as long as the session holds.
const COOKIE_SECONDS: i64 = 12 * 3600;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct AskPage {
    frame: Frame,
    /// Whether the link can be used; otherwise the page says how to get another.
    holds: bool,
    action: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
}

/// `GET /sign-in/{token}`: one button. Looking does not use the link up: mail scanners look.
pub(crate) async fn ask(visit: Visit, Path(link): Path<String>) -> Response {
    let result = async {
        let holds = match Token::parse(&link) {
            Ok(token) => link_holds(&visit.app.hub, &token).await?,
            Err(_) => false,
        };
        Ok(if holds { ask_page(&visit, &link) } else { gone(&visit) })
    };
    visit.answer(result.await)
}

/// `POST /sign-in/{token}`: uses the link up.
pub(crate) async fn enter(
    visit: Visit,
    Path(link): Path<String>,
    headers: HeaderMap,
    request: Request<Body>,
) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        let Ok(token) = Token::parse(&link) else { return Ok(gone(&visit)) };
        let Some(session) = use_link(&visit.app.hub, &token).await? else {
            return Ok(gone(&visit));
        };
        // Whoever sat here before is signed out.
        if let Some(old) = session_token(&visit.app.hub, &headers) {
            end_session(&visit.app.hub, &old).await?;
        }
        with_cookie(&visit.cookie(&session.token.expose(), COOKIE_SECONDS))
    };
    visit.answer(result.await)
}

/// `POST /sign-out`
pub(crate) async fn leave(visit: Visit, headers: HeaderMap, request: Request<Body>) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        if let Some(token) = session_token(&visit.app.hub, &headers) {
            end_session(&visit.app.hub, &token).await?;
        }
        with_cookie(&visit.cookie("", 0))
    };
    visit.answer(result.await)
}

/// `GET /home`: where each role works.
pub(crate) async fn home(visit: Visit) -> Response {
    let place = match visit.who.role() {
        Role::Member => "/report",
        Role::Desk => "/desk",
        Role::Authority => "/authority",
        Role::Operator => "/operator",
        Role::Anonymous | Role::Partner => {
            let page = HomePage { frame: visit.frame(visit.t("home-title")) };
            return visit.show(StatusCode::OK, &page);
        }
    };
    Redirect::to(place).into_response()
}

fn ask_page(visit: &Visit, link: &str) -> Response {
    let page = AskPage {
        frame: visit.frame(visit.t("sign-in-title")),
        holds: true,
        action: format!("/sign-in/{link}"),
        csrf: visit.csrf(),
    };
    visit.show(StatusCode::OK, &page)
}

/// The one answer to a link that is wrong, used, too old or never was.
fn gone(visit: &Visit) -> Response {
    let page = AskPage {
        frame: visit.frame(visit.t("sign-in-gone-title")),
        holds: false,
        action: String::new(),
        csrf: String::new(),
    };
    visit.show(StatusCode::GONE, &page)
}

fn with_cookie(cookie: &str) -> Result<Response, HubError> {
    let cookie = HeaderValue::from_str(cookie)
        .map_err(|_| HubError::bad("bad-cookie", "The session could not be kept. Try again."))?;
    let mut response = Redirect::to("/home").into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
