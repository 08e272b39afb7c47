//! Whether essential services work: the desk's form, and the lines everybody sees.

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_outlet::i18n::Speech;

use super::frame::Frame;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::trouble;
use super::visit::Visit;
use crate::error::HubError;
use crate::situation::services::{self, Area, Change, MAX_NOTE, Service, State};

#[derive(Template)]
#[template(path = "services.html")]
struct Page {
    frame: Frame,
    csrf: String,
    css: String,
    error: Option<String>,
    lines: Vec<Line>,
    services: Vec<Choice>,
    states: Vec<Choice>,
    areas: Vec<Choice>,
    note_ja: String,
    note_en: String,
    max_note: usize,
}

/// A choice of the form: name, words, whether chosen.
type Choice = (&'static str, String, bool);

/// One service as everybody sees it.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) service: &'static str,
    /// `normal`, `impaired`, `down`, `unknown`, or `unset`.
    pub(crate) state: &'static str,
    pub(crate) state_text: String,
    pub(crate) area: Option<String>,
    pub(crate) note: String,
    pub(crate) since: Option<Moment>,
}

/// What was typed, when it has to be shown again.
#[derive(Default)]
struct Typed {
    service: String,
    state: String,
    area: String,
    note_ja: String,
    note_en: String,
}

/// `GET /desk/services`
pub(crate) async fn form(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Response {
    let asked = query.into_iter().find(|(name, _)| name == "service").map(|(_, value)| value);
    let page = filled(&visit, asked.unwrap_or_default()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /desk/services`
pub(crate) async fn set(visit: Visit, request: Request<Body>) -> Response {
    let form = match SmallForm::read(&visit, request).await {
        Ok(form) => form,
        Err(e) => return visit.refuse(&e),
    };
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let typed = Typed {
        service: text("service"),
        state: text("state"),
        area: text("area"),
        note_ja: text("note_ja"),
        note_en: text("note_en"),
    };
    let done = match change(&typed) {
        Ok(change) => services::set(&visit.app.hub, change, visit.who.actor()).await,
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => Redirect::to("/desk/services").into_response(),
        Err(e) => {
            let (status, text) = (e.problem().status(), explain(&visit, &e));
            let page = page(&visit, Some(text), typed).await;
            visit.answer(page.map(|page| visit.show(status, &page)))
        }
    }
}

fn explain(visit: &Visit, error: &HubError) -> String {
    match error.problem().code() {
        "service-choose" => visit.t("services-error-choose"),
        "note-too-long" => visit.t("services-error-long"),
        "note-in-one-language" => visit.t("services-error-languages"),
        "note-names-member" => visit.t("services-error-member"),
        _ => trouble::explain(visit, error),
    }
}

fn change(typed: &Typed) -> Result<Change, HubError> {
    let broken = || HubError::bad("service-choose", "Choose a service, its state and where.");
    let service = Service::from_name(&typed.service).ok_or_else(broken)?;
    let to = match typed.state.as_str() {
        UNSET => None,
        state => {
            let state = State::from_name(state).ok_or_else(broken)?;
            Some((state, Area::from_name(&typed.area).ok_or_else(broken)?))
        }
    };
    let (note_ja, note_en) = (typed.note_ja.clone(), typed.note_en.clone());
    Ok(Change { service, to, note_ja, note_en })
}

/// The form as it stands for a service that has a status.
async fn filled(visit: &Visit, service: String) -> Result<Page, HubError> {
    let all = services::all(&visit.app.hub).await?;
    let mut typed = Typed { service, ..Typed::default() };
    if let Some(status) = all.into_iter().find(|s| s.service.as_str() == typed.service) {
        typed.state = status.state.as_str().to_owned();
        typed.area = status.area.as_str().to_owned();
        (typed.note_ja, typed.note_en) = (status.note_ja, status.note_en);
    }
    page(visit, None, typed).await
}

async fn page(visit: &Visit, error: Option<String>, typed: Typed) -> Result<Page, HubError> {
    let say = &visit.say;
    let choose = |name: &'static str, text: String, on: &str| (name, text, name == on);
    let states = State::ALL.iter().map(|s| choose(s.as_str(), state_text(*s, say), &typed.state));
    let unset = choose(UNSET, say.t("services-unset-choice"), &typed.state);
    Ok(Page {
        frame: visit.frame(visit.t("services-title")),
        csrf: visit.csrf(),
        css: super::assets::address("situation.css"),
        error,
        lines: lines(visit).await?,
        services: Service::ALL
            .iter()
            .map(|s| choose(s.as_str(), service_text(*s, say), &typed.service))
            .collect(),
        states: states.chain([unset]).collect(),
        areas: Area::ALL
            .iter()
            .map(|a| choose(a.as_str(), area_text(*a, say), &typed.area))
            .collect(),
        note_ja: typed.note_ja,
        note_en: typed.note_en,
        max_note: MAX_NOTE,
    })
}

/// Every service with its status, also those that have none.
pub(super) async fn lines(visit: &Visit) -> Result<Vec<Line>, HubError> {
    let all = services::all(&visit.app.hub).await?;
    let say = &visit.say;
    let line = |service: &Service| {
        let name = service_text(*service, say);
        let Some(status) = all.iter().find(|s| s.service == *service) else {
            let state_text = say.t("services-unset");
            return Line {
                name,
                service: service.as_str(),
                state: UNSET,
                state_text,
                area: None,
                note: String::new(),
                since: None,
            };
        };
        let note = if visit.japanese() { &status.note_ja } else { &status.note_en };
        Line {
            name,
            service: service.as_str(),
            state: status.state.as_str(),
            state_text: state_text(status.state, say),
            area: Some(area_text(status.area, say)),
            note: note.clone(),
            since: Some(times::moment(status.at, visit)),
        }
    };
    Ok(Service::ALL.iter().map(line).collect())
}

/// The choice that takes a status back.
const UNSET: &str = "unset";

fn service_text(service: Service, say: &Speech) -> String {
    match service {
        Service::Power => say.t("services-power"),
        Service::Gas => say.t("services-gas"),
        Service::Water => say.t("services-water"),
        Service::Rail => say.t("services-rail"),
        Service::Air => say.t("services-air"),
        Service::Ports => say.t("services-ports"),
        Service::Logistics => say.t("services-logistics"),
        Service::Finance => say.t("services-finance"),
        Service::Telecom => say.t("services-telecom"),
        Service::Broadcast => say.t("services-broadcast"),
        Service::Medical => say.t("services-medical"),
        Service::Government => say.t("services-government"),
        Service::Fuel => say.t("services-fuel"),
    }
}

fn state_text(state: State, say: &Speech) -> String {
    match state {
        State::Normal => say.t("services-normal"),
        State::Impaired => say.t("services-impaired"),
        State::Down => say.t("services-down"),
        State::Unknown => say.t("services-unknown"),
    }
}

fn area_text(area: Area, say: &Speech) -> String {
    match area {
        Area::Nationwide => say.t("services-nationwide"),
        Area::Hokkaido => say.t("services-hokkaido"),
        Area::Tohoku => say.t("services-tohoku"),
        Area::Kanto => say.t("services-kanto"),
        Area::Chubu => say.t("services-chubu"),
        Area::Kinki => say.t("services-kinki"),
        Area::Chugoku => say.t("services-chugoku"),
        Area::Shikoku => say.t("services-shikoku"),
        Area::Kyushu => say.t("services-kyushu"),
        Area::Several => say.t("services-several"),
    }
}
