//! Setting and changing password, phone and recovery codes. What is secret is shown once.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use zeroize::Zeroizing;

use super::confirm;
use super::own_session;
use crate::access::{
    self, Change, Enrolment, Login, MIN_PASSWORD, Password, Standing, begin_enrolment, is_fresh,
};
use crate::error::HubError;
use crate::vault::sessions::Session;
use crate::web::frame::Frame;
use crate::web::qr;
use crate::web::small_form::SmallForm;
use crate::web::trouble;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "account_secret.html")]
struct Page {
    frame: Frame,
    csrf: String,
    title: String,
    lead: String,
    action: &'static str,
    problem: Option<String>,
    /// The sign-in name there is.
    login: Option<String>,
    /// The name somebody typed, where there is none yet.
    typed: String,
    asks_password: bool,
    minimum: usize,
    /// The phone that is being set up.
    phone: Option<Phone>,
}

struct Phone {
    secret: Zeroizing<String>,
    uri: Zeroizing<String>,
    drawing: Option<qr::Drawing>,
}

#[derive(Template)]
#[template(path = "account_done.html")]
struct DonePage {
    frame: Frame,
    /// Recovery codes, shown this once.
    codes: Vec<Zeroizing<String>>,
    login: String,
}

/// Which page it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The first password, with a phone.
    First,
    Password,
    Phone,
}

impl Which {
    const fn place(self) -> &'static str {
        match self {
            Self::First | Self::Password => "/account/password",
            Self::Phone => "/account/phone",
        }
    }
}

/// `GET /account/password`
pub(crate) async fn password(visit: Visit) -> Response {
    visit.answer(shown(&visit, Which::Password).await)
}

/// `GET /account/phone`
pub(crate) async fn phone(visit: Visit) -> Response {
    visit.answer(shown(&visit, Which::Phone).await)
}

/// `POST /account/password`
pub(crate) async fn set_password(visit: Visit, request: Request<Body>) -> Response {
    visit.answer(sent(&visit, Which::Password, request).await)
}

/// `POST /account/phone`
pub(crate) async fn set_phone(visit: Visit, request: Request<Body>) -> Response {
    visit.answer(sent(&visit, Which::Phone, request).await)
}

/// `POST /account/codes`: new recovery codes.
pub(crate) async fn codes(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        let own = own_session(&visit)?;
        if !is_fresh(own, visit.app.hub.now()) {
            return Ok(confirm::first("/account"));
        }
        let codes = access::change(&visit.app.hub, own, Change::Codes).await?;
        done(&visit, own, codes).await
    };
    visit.answer(result.await)
}

async fn shown(visit: &Visit, wanted: Which) -> Result<Response, HubError> {
    let own = own_session(visit)?;
    if !is_fresh(own, visit.app.hub.now()) {
        return Ok(confirm::first(wanted.place()));
    }
    let standing = access::standing(&visit.app.hub, &own.account.id).await?;
    let Some(which) = which(wanted, &standing) else {
        return Ok(Redirect::to("/account/password").into_response());
    };
    let page = page(visit, own, which, &standing, String::new(), None).await?;
    Ok(visit.show(StatusCode::OK, &page))
}

/// Without a password there is only the first one, and it comes with a phone.
fn which(wanted: Which, standing: &Standing) -> Option<Which> {
    match (wanted, standing.password.is_some()) {
        (wanted, true) => Some(wanted),
        (Which::Phone, false) => None,
        (_, false) => Some(Which::First),
    }
}

async fn sent(visit: &Visit, wanted: Which, request: Request<Body>) -> Result<Response, HubError> {
    let form = SmallForm::read(visit, request).await?;
    let own = own_session(visit)?;
    if !is_fresh(own, visit.app.hub.now()) {
        return Ok(confirm::first(wanted.place()));
    }
    let standing = access::standing(&visit.app.hub, &own.account.id).await?;
    let Some(which) = which(wanted, &standing) else {
        return Ok(Redirect::to("/account/password").into_response());
    };
    let wish = match wish(which, &standing, &form) {
        Ok(wish) => access::change(&visit.app.hub, own, wish).await,
        Err(e) => Err(e),
    };
    match wish {
        Ok(codes) => done(visit, own, codes).await,
        Err(e) if e.problem().status() == StatusCode::UNPROCESSABLE_ENTITY => {
            let (typed, why) = (form.text("login").to_owned(), trouble::explain(visit, &e));
            let page = page(visit, own, which, &standing, typed, Some(why)).await?;
            Ok(visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(e) => Err(e),
    }
}

/// What the form asks for.
fn wish(which: Which, standing: &Standing, form: &SmallForm) -> Result<Change, HubError> {
    let code = form.text("code").to_owned();
    if which == Which::Phone {
        return Ok(Change::Phone(code));
    }
    let (one, other) = (form.get("password").unwrap_or_default(), form.get("again"));
    if other != Some(one) {
        return Err(HubError::unprocessable(
            "password-differs",
            "The two passwords differ. Type the same one twice.",
        ));
    }
    let password = Password::typed(one);
    if which == Which::Password {
        return Ok(Change::Password(password));
    }
    let login = match standing.login {
        Some(_) => None,
        None => Some(Login::parse(form.text("login"))?),
    };
    Ok(Change::Set { login, password, code })
}

async fn page(
    visit: &Visit,
    own: &Session,
    which: Which,
    standing: &Standing,
    typed: String,
    problem: Option<String>,
) -> Result<Page, HubError> {
    let phone = match which {
        Which::Password => None,
        Which::First | Which::Phone => {
            let name = standing.login.as_deref().unwrap_or(&own.account.name);
            let Enrolment { secret, uri } = begin_enrolment(&visit.app.hub, own, name).await?;
            let drawing = qr::draw(&uri);
            Some(Phone { secret, uri, drawing })
        }
    };
    let (title, lead) = match which {
        Which::First => ("secret-first-title", "secret-first-lead"),
        Which::Password => ("secret-password-title", "secret-password-lead"),
        Which::Phone => ("secret-phone-title", "secret-phone-lead"),
    };
    Ok(Page {
        frame: visit.frame(visit.t(title)),
        csrf: visit.csrf(),
        title: visit.t(title),
        lead: visit.t(lead),
        action: which.place(),
        problem,
        login: standing.login.clone(),
        typed,
        asks_password: which != Which::Phone,
        minimum: MIN_PASSWORD,
        phone,
    })
}

/// Says that it is done; where there are codes, this once.
async fn done(
    visit: &Visit,
    own: &Session,
    codes: Vec<Zeroizing<String>>,
) -> Result<Response, HubError> {
    if codes.is_empty() {
        return Ok(Redirect::to("/account?saved=1").into_response());
    }
    let standing = access::standing(&visit.app.hub, &own.account.id).await?;
    let page = DonePage {
        frame: visit.frame(visit.t("codes-title")),
        codes,
        login: standing.login.unwrap_or_default(),
    };
    Ok(visit.show(StatusCode::OK, &page))
}
