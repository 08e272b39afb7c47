//! Signing in with a password or a one-time link, signing out, and where to go from there.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_outlet::i18n::Locale;
use noroshi_seal::Token;
use noroshi_store::Tx;

use super::frame::Frame;
use super::next::Next;
use super::small_form::SmallForm;
use super::visit::Visit;
use crate::access::{
    self, Attempt, Password, Role, SESSION_MICROS, Tries, end_session, link_holds, session_cookie,
    session_token, use_link,
};
use crate::error::HubError;
use crate::vault::accounts::{self, Preferences};

/// Seconds the browser keeps the cookie: as long as the session holds.
const COOKIE_SECONDS: i64 = SESSION_MICROS / 1_000_000;
/// What comes after the name of the session's cookie in that of a known browser.
const KNOWN: &str = "-known";
/// Seconds a browser stays known: half a year.
const KNOWN_SECONDS: i64 = 182 * 86_400;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct AskPage {
    frame: Frame,
    /// Whether the link can be used; otherwise the page says how to get another.
    holds: bool,
    action: String,
    next: String,
    csrf: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    title: String,
    form: SignInForm,
}

/// What stands in the form for people with a password.
pub(super) struct SignInForm {
    pub(super) next: String,
    pub(super) login: String,
    pub(super) problem: Option<String>,
}

impl SignInForm {
    /// Nothing typed yet.
    pub(super) fn empty(visit: &Visit) -> Self {
        Self { next: next_of(visit), login: String::new(), problem: None }
    }
}

/// The cookie of a browser in which somebody signed in with a password before.
pub(super) fn known_browser(visit: &Visit, headers: &HeaderMap) -> Option<String> {
    let name = format!("{}{KNOWN}", session_cookie(&visit.app.hub));
    access::cookie(headers, &name).map(str::to_owned)
}

fn next_of(visit: &Visit) -> String {
    visit.next.as_ref().map_or_else(String::new, |n| n.as_str().to_owned())
}

/// `GET /sign-in`
pub(crate) async fn form(visit: Visit) -> Response {
    if visit.who.session().is_some() {
        return Redirect::to(visit.next.as_ref().map_or("/home", Next::as_str)).into_response();
    }
    let form = SignInForm::empty(&visit);
    form_page(&visit, StatusCode::OK, visit.t("sign-in-title"), form)
}

/// `POST /sign-in`: whatever is wrong, the answer is the same.
pub(crate) async fn with_password(
    visit: Visit,
    headers: HeaderMap,
    request: Request<Body>,
) -> Response {
    if visit.who.session().is_some() {
        return Redirect::to("/home").into_response();
    }
    let form = match SmallForm::read(&visit, request).await {
        Ok(form) => form,
        Err(e) => return visit.refuse(&e),
    };
    let known = known_browser(&visit, &headers);
    let attempt = Attempt {
        login: form.get("login").unwrap_or_default(),
        password: Password::typed(form.get("password").unwrap_or_default()),
        code: form.get("code").unwrap_or_default(),
        browser: known.as_deref(),
    };
    let next = Next::parse(form.get("next").unwrap_or_default());
    let again = |problem: String| SignInForm {
        next: next.as_ref().map_or_else(String::new, |n| n.as_str().to_owned()),
        login: attempt.login.chars().take(access::MAX_LOGIN).collect(),
        problem: Some(problem),
    };
    match access::sign_in(&visit.app.hub, &attempt).await {
        Ok(Tries::Good { session, browser, preferences }) => {
            let mut cookies = vec![
                visit.cookie(&session.token.expose(), COOKIE_SECONDS),
                visit.cookie_named(KNOWN, &browser, KNOWN_SECONDS),
            ];
            cookies.extend(language_cookie(&preferences));
            visit.answer(redirect(next.as_ref().map_or("/home", Next::as_str), &cookies))
        }
        Ok(Tries::Refused) => {
            let form = again(visit.t("sign-in-refused"));
            form_page(&visit, StatusCode::FORBIDDEN, visit.t("sign-in-title"), form)
        }
        Ok(Tries::Wait(seconds)) => {
            let wait = [("seconds", seconds.into())];
            let form = again(visit.say.with("sign-in-wait", &wait));
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut page = form_page(&visit, status, visit.t("sign-in-title"), form);
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            page
        }
        Err(e) => visit.refuse(&e),
    }
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
        let form = SmallForm::read(&visit, request).await?;
        let Ok(token) = Token::parse(&link) else { return Ok(gone(&visit)) };
        let Some(session) = use_link(&visit.app.hub, &token).await? else {
            return Ok(gone(&visit));
        };
        // Whoever sat here before is signed out.
        if let Some(old) = session_token(&visit.app.hub, &headers) {
            end_session(&visit.app.hub, &old).await?;
        }
        let next = Next::parse(form.get("next").unwrap_or_default());
        let id = session.account.id.clone();
        let read = move |tx: &mut Tx<'_>| accounts::preferences(tx, &id);
        let preferences = visit.app.hub.vault().read("sign_in.preferences", read).await?;
        let mut cookies = vec![visit.cookie(&session.token.expose(), COOKIE_SECONDS)];
        cookies.extend(language_cookie(&preferences));
        redirect(next.as_ref().map_or("/home", Next::as_str), &cookies)
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
        redirect("/home", &[visit.cookie("", 0)])
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
            let form = SignInForm::empty(&visit);
            return form_page(&visit, StatusCode::OK, visit.t("home-title"), form);
        }
    };
    Redirect::to(place).into_response()
}

fn form_page(visit: &Visit, status: StatusCode, title: String, form: SignInForm) -> Response {
    let page = HomePage { frame: visit.frame(title.clone()), title, form };
    visit.show(status, &page)
}

fn ask_page(visit: &Visit, link: &str) -> Response {
    let page = AskPage {
        frame: visit.frame(visit.t("sign-in-title")),
        holds: true,
        action: format!("/sign-in/{link}"),
        next: next_of(visit),
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
        next: String::new(),
        csrf: String::new(),
    };
    visit.show(StatusCode::GONE, &page)
}

/// The language somebody chose, for the browser they signed in with.
fn language_cookie(preferences: &Preferences) -> Option<String> {
    preferences.language.as_deref().and_then(Locale::from_tag).map(Locale::set_cookie)
}

/// Sends the browser on, with cookies.
pub(super) fn redirect(place: &str, cookies: &[String]) -> Result<Response, HubError> {
    let mut response = Redirect::to(place).into_response();
    for cookie in cookies {
        let value = HeaderValue::from_str(cookie).map_err(|_| {
            HubError::bad("bad-cookie", "The session could not be kept. Try again.")
        })?;
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
