//! The hub over HTTP: one table of routes, each with the action it needs.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use noroshi_outlet::Asking;
use noroshi_outlet::i18n::Texts;
use noroshi_seal::ClientCertificate;

use crate::access::{Action, authenticate};
use crate::api;
use crate::error::HubError;
use crate::hub::Hub;
use crate::web;

/// What every handler gets.
#[derive(Clone)]
pub struct App {
    /// The hub.
    pub hub: Hub,
    /// Texts in both languages.
    pub texts: Arc<Texts>,
}

/// One row of the route table.
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What it does; the matrix in [`crate::access`] says who may.
    pub action: Action,
    handler: fn() -> MethodRouter<App>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    action: Action,
    handler: fn() -> MethodRouter<App>,
) -> Route {
    Route { method, path, action, handler }
}

/// Every route of the hub. The router is built from this table, so that the two cannot differ.
pub const ROUTES: &[Route] = &[
    route("GET", "/api/v1/openapi.json", Action::ReadPublic, || get(api::openapi::document)),
    route("POST", "/api/v1/preview", Action::FileReport, || post(api::reports::preview)),
    route("POST", "/api/v1/reports", Action::FileReport, || post(api::reports::file)),
    route("GET", "/api/v1/reports", Action::OwnReports, || get(api::reports::list)),
    route("GET", "/api/v1/reports/{id}", Action::OwnReports, || get(api::reports::one)),
    route("GET", "/api/v1/reports/{id}/proof", Action::OwnReports, || get(api::reports::proof)),
    route("POST", "/api/v1/reports/{id}/context", Action::OwnReports, || {
        post(api::reports::decide_context)
    }),
    route("GET", "/api/v1/reports/{id}/questions", Action::OwnReports, || get(api::mailbox::own)),
    route("POST", "/api/v1/reports/{id}/questions/{question}", Action::OwnReports, || {
        post(api::mailbox::answer)
    }),
    route("GET", "/mailbox", Action::ReadPublic, || get(api::mailbox::place)),
    route("POST", "/api/v1/mailbox", Action::AnswerMailbox, || post(api::mailbox::take)),
    route("GET", "/api/v1/desk/reports/{id}/questions", Action::Review, || {
        get(api::mailbox::asked)
    }),
    route("POST", "/api/v1/desk/reports/{id}/questions", Action::Review, || {
        post(api::mailbox::ask)
    }),
    route("GET", "/api/v1/desk/reports", Action::Review, || get(api::desk::reports)),
    route("GET", "/api/v1/desk/reports/{id}", Action::Review, || get(api::desk::report)),
    route("POST", "/api/v1/desk/reports/{id}/context", Action::Review, || {
        post(api::desk::decide_context)
    }),
    route("GET", "/api/v1/desk/quarantine", Action::Review, || get(api::desk::quarantine)),
    route("POST", "/api/v1/desk/quarantine/{id}", Action::Review, || post(api::desk::decide)),
    route("POST", "/api/v1/desk/revoke", Action::Review, || post(api::desk::revoke)),
    route("GET", "/api/v1/desk/groups", Action::Review, || get(api::desk::groups)),
    route("POST", "/api/v1/desk/reports/{id}/context/revoke", Action::Review, || {
        post(api::desk::revoke_context)
    }),
    route("GET", "/api/v1/desk/flags", Action::Review, || get(api::flags::list)),
    route("POST", "/api/v1/desk/flags", Action::Review, || post(api::flags::enter)),
    route("POST", "/api/v1/desk/flags/{id}/withdraw", Action::Review, || {
        post(api::flags::withdraw)
    }),
    route("GET", "/api/v1/desk/direct", Action::Review, || get(api::direct::list)),
    route("POST", "/api/v1/desk/direct", Action::Review, || post(api::direct::propose)),
    route("POST", "/api/v1/desk/direct/{proposal}", Action::Review, || post(api::direct::answer)),
    route("POST", "/api/v1/reports/{id}/direct/{proposal}", Action::OwnReports, || {
        post(api::direct::consent)
    }),
    route("GET", "/api/v1/direct", Action::OwnReports, || get(api::direct::received)),
    route("GET", "/api/v1/reports/{id}/answers", Action::OwnReports, || get(api::case::answers)),
    route("PUT", "/api/v1/reports/{id}/answers", Action::OwnReports, || put(api::case::answer)),
    route("GET", "/api/v1/reports/{id}/duties", Action::OwnReports, || get(api::case::duties)),
    route("POST", "/api/v1/reports/{id}/events", Action::OwnReports, || post(api::case::event)),
    route("POST", "/api/v1/reports/{id}/filings", Action::OwnReports, || post(api::filings::make)),
    route("GET", "/api/v1/reports/{id}/filings", Action::OwnReports, || get(api::filings::list)),
    route("GET", "/api/v1/reports/{id}/filings/{number}", Action::OwnReports, || {
        get(api::filings::one)
    }),
    route("POST", "/api/v1/reports/{id}/filings/{number}/consent", Action::OwnReports, || {
        post(api::filings::consent)
    }),
    route("GET", "/api/v1/duties/recipients", Action::OwnReports, || get(api::filings::recipients)),
    route("POST", "/reports/{id}/filings/{number}/consent", Action::OwnReports, || {
        post(web::filings::consent)
    }),
    route("GET", "/api/v1/authority/filings", Action::ReadFilings, || get(api::authority::list)),
    route("GET", "/api/v1/authority/filings/{id}", Action::ReadFilings, || {
        get(api::authority::envelope)
    }),
    route("POST", "/api/v1/authority/filings/{id}", Action::ReadFilings, || {
        post(api::authority::answer)
    }),
    route("GET", "/authority", Action::ReadFilings, || get(web::authority::inbox)),
    route("POST", "/authority/filings/{id}", Action::ReadFilings, || post(web::authority::answer)),
    route("POST", "/reports/{id}/filings", Action::OwnReports, || post(web::filings::make)),
    route("GET", "/reports/{id}/answers", Action::OwnReports, || get(web::answers::form)),
    route("POST", "/reports/{id}/answers", Action::OwnReports, || post(web::answers::send)),
    route("GET", "/reports/{id}/case", Action::OwnReports, || get(web::case::page)),
    route("POST", "/reports/{id}/case", Action::OwnReports, || post(web::case::send)),
    route("GET", "/api/v1/duties/profile", Action::OwnReports, || get(api::duties::profile)),
    route("PUT", "/api/v1/duties/profile", Action::OwnReports, || put(api::duties::set_profile)),
    route("GET", "/api/v1/duties.ics", Action::OwnReports, || get(api::duties::calendar)),
    route("GET", "/api/v1/duties/reminders", Action::OwnReports, || get(api::reminders::settings)),
    route("PUT", "/api/v1/duties/reminders", Action::OwnReports, || put(api::reminders::set)),
    route("POST", "/api/v1/duties/reminders/secret", Action::OwnReports, || {
        post(api::reminders::new_secret)
    }),
    route("POST", "/api/v1/duties/reminders/try", Action::OwnReports, || {
        post(api::reminders::try_out)
    }),
    route("POST", "/api/v1/duties/reminders/messages/{id}", Action::OwnReports, || {
        post(api::reminders::again)
    }),
    route("GET", "/duties/reminders", Action::OwnReports, || get(web::reminders::page)),
    route("POST", "/duties/reminders", Action::OwnReports, || post(web::reminders::change)),
    route("GET", "/operator/reminders", Action::Operate, || get(web::reminders::counts)),
    route("GET", "/duties", Action::OwnReports, || get(web::duties::overview)),
    route("POST", "/duties", Action::OwnReports, || post(web::duties::set_profile)),
    route("GET", "/sign-in", Action::SignIn, || get(web::sign_in::form)),
    route("POST", "/sign-in", Action::SignIn, || post(web::sign_in::with_password)),
    route("GET", "/account", Action::OwnAccount, || get(web::account::overview)),
    route("POST", "/account", Action::OwnAccount, || post(web::account::change)),
    route("GET", "/account/confirm", Action::OwnAccount, || get(web::account::confirm::form)),
    route("POST", "/account/confirm", Action::OwnAccount, || post(web::account::confirm::send)),
    route("GET", "/account/password", Action::OwnAccount, || get(web::account::secrets::password)),
    route("POST", "/account/password", Action::OwnAccount, || {
        post(web::account::secrets::set_password)
    }),
    route("GET", "/account/phone", Action::OwnAccount, || get(web::account::secrets::phone)),
    route("POST", "/account/phone", Action::OwnAccount, || post(web::account::secrets::set_phone)),
    route("POST", "/account/codes", Action::OwnAccount, || post(web::account::secrets::codes)),
    route("GET", "/sign-in/{token}", Action::SignIn, || get(web::sign_in::ask)),
    route("POST", "/sign-in/{token}", Action::SignIn, || post(web::sign_in::enter)),
    route("POST", "/sign-out", Action::SignIn, || post(web::sign_in::leave)),
    route("GET", "/home", Action::SignIn, || get(web::sign_in::home)),
    route("GET", "/report", Action::FileReport, || get(web::report::form)),
    route("POST", "/report", Action::FileReport, || post(web::report::send)),
    route("POST", "/report/panel", Action::FileReport, || post(web::report::panel::show)),
    route("POST", "/report/draft", Action::FileReport, || post(web::report::draft::save)),
    route("POST", "/report/files", Action::FileReport, || post(web::report::draft::add_files)),
    route("POST", "/report/files/{file}/remove", Action::FileReport, || {
        post(web::report::draft::remove_file)
    }),
    route("POST", "/report/drafts/{draft}/delete", Action::FileReport, || {
        post(web::report::draft::delete)
    }),
    route("GET", "/reports", Action::OwnReports, || get(web::report::list)),
    route("GET", "/reports/{id}", Action::OwnReports, || get(web::report::one)),
    route("GET", "/reports/{id}/answers/{version}", Action::OwnReports, || {
        get(web::report::version::show)
    }),
    route("POST", "/reports/{id}/context", Action::OwnReports, || post(web::report::decide)),
    route("GET", "/names", Action::OwnReports, || get(web::names::list)),
    route("POST", "/names", Action::OwnReports, || post(web::names::change)),
    route("GET", "/reports/{id}/proof", Action::OwnReports, || get(web::words::proof)),
    route("GET", "/reports/{id}/sent/{file}", Action::OwnReports, || get(web::sent::load)),
    route("GET", "/desk", Action::Review, || get(web::desk::queue)),
    route("POST", "/desk/keys", Action::Review, || post(web::desk::set_keys)),
    route("GET", "/desk/now", Action::Review, || get(web::desk::hours)),
    route("GET", "/desk/campaigns", Action::Review, || get(web::desk::campaigns)),
    route("POST", "/desk/campaigns", Action::Review, || post(web::desk::group)),
    route("GET", "/desk/campaigns/{id}", Action::Review, || get(web::desk::campaign)),
    route("POST", "/desk/campaigns/{id}/close", Action::Review, || post(web::desk::close_campaign)),
    route("POST", "/desk/campaigns/{id}/remove", Action::Review, || post(web::desk::part)),
    route("POST", "/desk/values/{print}", Action::Review, || post(web::desk::decide_value)),
    route("GET", "/desk/revoke", Action::Review, || get(web::desk::confirm_indicator)),
    route("GET", "/desk/reports/{id}/context/revoke", Action::Review, || {
        get(web::desk::confirm_context)
    }),
    route("POST", "/desk/reports/{id}/context/compose", Action::Review, || {
        post(web::desk::compose)
    }),
    route("GET", "/desk/reports/{id}/presence", Action::Review, || get(web::desk::presence)),
    route("GET", "/desk/reports/{id}/originals/{number}", Action::Review, || {
        get(web::desk::original)
    }),
    route("POST", "/desk/reports/{id}/seen", Action::Review, || post(web::desk::seen)),
    route("POST", "/desk/reports/{id}/act/{act}", Action::Review, || post(web::desk::change)),
    route("GET", "/desk/reports/{id}", Action::Review, || get(web::desk::report)),
    route("POST", "/desk/reports/{id}/context", Action::Review, || post(web::desk::decide_context)),
    route("POST", "/desk/quarantine/{id}", Action::Review, || post(web::desk::decide)),
    route("POST", "/desk/revoke", Action::Review, || post(web::desk::revoke)),
    route("POST", "/reports/{id}/direct/{proposal}", Action::OwnReports, || {
        post(web::direct::consent)
    }),
    route("GET", "/direct", Action::OwnReports, || get(web::direct::received)),
    route("POST", "/desk/reports/{id}/context/revoke", Action::Review, || {
        post(web::desk::revoke_context)
    }),
    route("POST", "/reports/{id}/questions/{question}", Action::OwnReports, || {
        post(web::mailbox::answer)
    }),
    route("POST", "/desk/reports/{id}/questions", Action::Review, || post(web::desk::ask)),
    route("POST", "/desk/reports/{id}/direct", Action::Review, || post(web::desk::propose)),
    route("POST", "/desk/reports/{id}/direct/{proposal}", Action::Review, || {
        post(web::desk::second)
    }),
    route("GET", "/desk/flags", Action::Review, || get(web::flags::list)),
    route("POST", "/desk/flags", Action::Review, || post(web::flags::enter)),
    route("POST", "/desk/flags/{id}/withdraw", Action::Review, || post(web::flags::withdraw)),
    route("GET", "/desk/services", Action::Review, || get(web::services::form)),
    route("POST", "/desk/services", Action::Review, || post(web::services::set)),
    route("GET", "/situation", Action::ReadPublic, || get(web::situation::show)),
    route("GET", "/operator", Action::Operate, || get(web::operator::overview)),
    route("GET", "/operator/members", Action::Operate, || get(web::operator::members::list)),
    route("POST", "/operator/members", Action::Operate, || post(web::operator::members::add)),
    route("GET", "/operator/members/{id}", Action::Operate, || get(web::operator::member::one)),
    route("POST", "/operator/members/{id}", Action::Operate, || {
        post(web::operator::member::change)
    }),
    route("GET", "/operator/agreements", Action::Operate, || get(web::operator::agreements::list)),
    route("POST", "/operator/agreements", Action::Operate, || {
        post(web::operator::agreements::publish)
    }),
    route("GET", "/operator/keys", Action::Operate, || get(web::operator::keys::list)),
    route("POST", "/operator/keys/{key}", Action::Operate, || post(web::operator::keys::change)),
    route("GET", "/operator/accounts", Action::Operate, || get(web::operator::accounts::list)),
    route("POST", "/operator/accounts", Action::Operate, || post(web::operator::accounts::add)),
    route("GET", "/operator/accounts/{id}", Action::Operate, || get(web::operator::accounts::one)),
    route("POST", "/operator/accounts/{id}", Action::Operate, || {
        post(web::operator::accounts::change)
    }),
    route("GET", "/operator/sessions", Action::Operate, || get(web::operator::sessions::list)),
    route("POST", "/operator/sessions/{id}", Action::Operate, || {
        post(web::operator::sessions::end)
    }),
    route("GET", "/operator/partners", Action::Operate, || get(web::operator::partners::list)),
    route("POST", "/operator/partners", Action::Operate, || post(web::operator::partners::add)),
    route("POST", "/operator/partners/{id}", Action::Operate, || {
        post(web::operator::partners::change)
    }),
    route("GET", "/operator/feeds", Action::Operate, || get(web::operator::jobs::feeds)),
    route("GET", "/operator/jobs", Action::Operate, || get(web::operator::jobs::list)),
    route("GET", "/operator/storage", Action::Operate, || get(web::operator::storage::show)),
    route("POST", "/operator/storage", Action::Operate, || post(web::operator::storage::backup)),
    route("GET", "/operator/audit", Action::Operate, || get(web::operator::audit::list)),
    route("GET", "/operator/audit.csv", Action::Operate, || get(web::operator::audit::csv)),
    route("GET", "/operator/audit.json", Action::Operate, || get(web::operator::audit::json)),
    route("GET", "/assets/hub/{file}", Action::ReadPublic, || get(web::asset)),
];

/// Where the report form is sent.
const REPORT: &str = "/report";

/// Where the size of what is sent is limited by the handler, which answers with what was typed.
pub const OWN_LIMITS: &[&str] = &[REPORT];

/// What an open page asks for by itself, again and again: that keeps no session awake.
const BY_ITSELF: &[&str] = &["/desk/reports/{id}/presence"];

/// The router of the hub's own routes, to be merged with the outlet's.
pub fn router(app: App) -> Router {
    let mut router: Router<App> = Router::new();
    for r in ROUTES {
        let action = r.action;
        let asking = if BY_ITSELF.contains(&r.path) { Asking::Page } else { Asking::Person };
        let guard = middleware::from_fn_with_state(
            app.clone(),
            move |State(app): State<App>, request: Request, next: Next| async move {
                guard(app, action, asking, request, next).await
            },
        );
        router = router.route(r.path, (r.handler)().layer(guard));
    }
    router.with_state(app)
}

/// Authenticates, checks the action, refuses forged forms, and keeps answers out of caches.
async fn guard(
    app: App,
    action: Action,
    asking: Asking,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let wants_page = !request.uri().path().starts_with("/api/");
    let refuse = |request: &Request<Body>, e: HubError| {
        if wants_page { web::refusal(&app, request, &e) } else { e.into_response() }
    };
    // People sign in, tools show certificates: a browser that sends one is no tool because of it.
    let certificate = match action {
        Action::SignIn | Action::OwnAccount => None,
        _ => request.extensions().get::<ClientCertificate>().copied(),
    };
    let certificate = certificate.as_ref();
    let principal = match authenticate(&app.hub, request.headers(), certificate, asking).await {
        Ok(p) => p,
        Err(e) => return refuse(&request, e),
    };
    request.extensions_mut().insert(principal.clone());
    let here = match no_id_looks_so(request.uri().path()) {
        true => Err(HubError::not_found()),
        false => Ok(()),
    };
    let posted = !matches!(*request.method(), Method::GET | Method::HEAD);
    let from_here = if posted { same_origin(&app.hub, request.headers()) } else { Ok(()) };
    let allowed = principal.allow(action).and(here).and(from_here);
    if let Err(e) = allowed {
        // Whoever typed a report while the session ended gets it back.
        if posted
            && request.uri().path() == REPORT
            && e.problem().status() == StatusCode::UNAUTHORIZED
        {
            return web::report_without_session(app, request, e).await;
        }
        return refuse(&request, e);
    }
    // Forms carry their token in a field, which their handlers check; calls carry it in a header.
    if !wants_page && posted {
        let token = request.headers().get("x-csrf-token").and_then(|v| v.to_str().ok());
        if let Err(e) = principal.check_form(token) {
            return e.into_response();
        }
    }
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a path holds bytes no id has: NUL, or what is not UTF-8. It answers like any id that
/// does not exist, before a database or the web framework finds a word of its own for it.
fn no_id_looks_so(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(b) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |d: Option<u8>| d.and_then(|d| char::from(d).to_digit(16));
        match (b, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = ahead;
            }
            _ => bytes.push(b),
        }
    }
    std::str::from_utf8(&bytes).map_or(true, |text| text.contains('\0'))
}

/// A browser that posts says from where; another site's form is refused before it is read. Forms
/// also carry the session's token, which their handlers check.
///
/// # Errors
/// 403 `wrong-origin`.
pub(crate) fn same_origin(hub: &Hub, headers: &HeaderMap) -> Result<(), HubError> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|s| s != "same-origin" && s != "none") {
        return Err(forged());
    }
    let host = text(header::HOST.as_str());
    match text(header::ORIGIN.as_str()) {
        None => Ok(()),
        Some(o) if o == hub.config().public_url() => Ok(()),
        Some(o) if host.is_some_and(|h| o.split_once("://").is_some_and(|(_, r)| r == h)) => Ok(()),
        Some(_) => Err(forged()),
    }
}

fn forged() -> HubError {
    HubError::Request {
        status: StatusCode::FORBIDDEN,
        code: "wrong-origin",
        detail: "This form was sent from another site. Open the page again and send it from there."
            .to_owned(),
    }
}
