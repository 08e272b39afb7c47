//! A person's own account: how they sign in, where they are signed in, language and time zone.

pub(crate) mod confirm;
pub(crate) mod secrets;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_outlet::i18n::Locale;
use noroshi_store::Tx;

use super::frame::{Frame, role_label};
use super::sign_in::redirect;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::access::{self, Standing};
use crate::error::HubError;
use crate::vault::accounts::{self, Preferences};
use crate::vault::sessions::{Means, Session};

/// Most sessions that are listed; nobody sits at more.
const SESSIONS: i64 = 50;
/// Recovery codes at which the page says to make new ones.
const FEW_CODES: i64 = 3;

/// Time zones to choose from: those of the hub's likely readers, and UTC.
const ZONES: [&str; 34] = [
    "Asia/Tokyo",
    "UTC",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Jakarta",
    "Asia/Manila",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Australia/Sydney",
    "Australia/Perth",
    "Pacific/Auckland",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Rome",
    "Europe/Warsaw",
    "Europe/Helsinki",
    "Europe/Athens",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Pacific/Honolulu",
];

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    frame: Frame,
    csrf: String,
    name: String,
    role: String,
    login: Option<String>,
    /// Since when there is a password; `None` where there is none.
    password: Option<Moment>,
    codes: i64,
    few: bool,
    /// Signed in without the phone: it may be lost.
    recovered: bool,
    sessions: Vec<Line>,
    languages: Vec<Choice>,
    zones: Vec<Choice>,
    saved: bool,
}

struct Line {
    id: String,
    means: String,
    started: Moment,
    seen: Moment,
    here: bool,
}

struct Choice {
    id: String,
    label: String,
    chosen: bool,
}

/// `GET /account`
pub(crate) async fn overview(visit: Visit) -> Response {
    let result = page(&visit).await;
    visit.answer(result.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /account`: ends sessions, keeps language and zone.
pub(crate) async fn change(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let own = own_session(&visit)?.clone();
        let hub = &visit.app.hub;
        match form.get("do").unwrap_or_default() {
            "end" => access::end_own_session(hub, &own, form.text("session")).await?,
            "end-others" => access::end_other_sessions(hub, &own).await.map(drop)?,
            "end-all" => {
                access::end_other_sessions(hub, &own).await?;
                access::end_own_session(hub, &own, &own.id).await?;
                return redirect("/home", &[visit.cookie("", 0)]);
            }
            "keep" => return keep(&visit, &own, &form).await,
            _ => return Err(HubError::bad("unknown", "Choose a button of the page.")),
        }
        Ok(Redirect::to("/account").into_response())
    };
    visit.answer(result.await)
}

/// Keeps the preferences; the browser has the language from now on.
async fn keep(visit: &Visit, own: &Session, form: &SmallForm) -> Result<Response, HubError> {
    let (language, zone) = (Locale::from_tag(form.text("language")), form.text("zone"));
    if !zone.is_empty() && times::zone(zone).is_none() {
        return Err(HubError::unprocessable("unknown-zone", "Choose a time zone of the list."));
    }
    let kept = Preferences {
        language: language.map(|l| l.tag().to_owned()),
        zone: Some(zone.to_owned()).filter(|z| !z.is_empty()),
    };
    let id = own.account.id.clone();
    let work = move |tx: &mut Tx<'_>| accounts::set_preferences(tx, &id, &kept);
    visit.app.hub.vault().write("account.preferences", work).await?;
    let cookie: Vec<String> = language.map(Locale::set_cookie).into_iter().collect();
    redirect("/account?saved=1", &cookie)
}

async fn page(visit: &Visit) -> Result<Page, HubError> {
    let own = own_session(visit)?;
    let hub = &visit.app.hub;
    let id = own.account.id.clone();
    let Standing { login, password, codes } = access::standing(hub, &id).await?;
    let sessions = access::list_sessions(hub, &id, Default::default(), SESSIONS).await?;
    let read = move |tx: &mut Tx<'_>| accounts::preferences(tx, &id);
    let kept = hub.vault().read("account.preferences_of", read).await?;
    let choice = |id: &str, label: String, kept: Option<&str>| Choice {
        chosen: kept.unwrap_or_default() == id,
        id: id.to_owned(),
        label,
    };
    let mut languages = vec![choice("", visit.t("account-as-browser"), kept.language.as_deref())];
    languages.extend(
        Locale::ALL.map(|l| choice(l.tag(), l.name().to_owned(), kept.language.as_deref())),
    );
    let mut zones = vec![choice("", visit.t("account-as-language"), kept.zone.as_deref())];
    zones.extend(ZONES.map(|z| choice(z, z.replace('_', " "), kept.zone.as_deref())));
    Ok(Page {
        frame: visit.frame(visit.t("account-title")),
        csrf: visit.csrf(),
        name: own.account.name.clone(),
        role: role_label(own.account.role, &visit.say),
        login,
        password: password.map(times::day),
        codes,
        few: codes <= FEW_CODES,
        recovered: own.means == Means::Recovery,
        sessions: sessions.iter().map(|s| line(visit, own, s)).collect(),
        languages,
        zones,
        saved: visit.saved(),
    })
}

fn line(visit: &Visit, own: &Session, s: &Session) -> Line {
    Line {
        id: s.id.clone(),
        means: means_label(visit, s.means),
        started: times::hour(s.started, visit),
        seen: times::hour(s.seen, visit),
        here: s.id == own.id,
    }
}

/// How somebody signed in, in words.
pub(super) fn means_label(visit: &Visit, means: Means) -> String {
    match means {
        Means::Link => visit.t("means-link"),
        Means::Password => visit.t("means-password"),
        Means::Recovery => visit.t("means-recovery"),
    }
}

/// The visitor's session; the matrix lets nobody else come here.
fn own_session(visit: &Visit) -> Result<&Session, HubError> {
    visit.who.session().ok_or_else(HubError::not_found)
}
