//! The desk's page of publicity flags: cases the public knows of anyway.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_stix::Timestamp;

use super::frame::Frame;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::trouble;
use super::visit::Visit;
use crate::error::HubError;
use crate::labels::flags::{self, NewFlag};
use crate::vault::flags as rows;

/// Most flags on the page.
const LIMIT: i64 = 200;

#[derive(Template)]
#[template(path = "flags.html")]
struct Page {
    frame: Frame,
    csrf: String,
    error: Option<String>,
    flags: Vec<Line>,
    members: Vec<(String, String)>,
    typed: Typed,
}

/// What was typed, when it has to be shown again.
#[derive(Default)]
struct Typed {
    member: String,
    since: String,
    basis: String,
}

struct Line {
    id: String,
    member: String,
    since: Moment,
    until: Moment,
    basis: String,
    withdrawn: bool,
    over: bool,
}

/// `GET /desk/flags`
pub(crate) async fn list(visit: Visit) -> Response {
    let page = page(&visit, None, Typed::default()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /desk/flags`
pub(crate) async fn enter(visit: Visit, request: Request<Body>) -> Response {
    let form = match SmallForm::read(&visit, request).await {
        Ok(form) => form,
        Err(e) => return visit.refuse(&e),
    };
    let text = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
    let typed = Typed { member: text("member"), since: text("since"), basis: text("basis") };
    let since = format!("{}T00:00:00Z", typed.since).parse::<Timestamp>();
    let entered = match since {
        Err(_) => Err(HubError::bad("no-day", "Choose the day since when the public knows.")),
        Ok(since) => {
            let (member, basis) = (typed.member.clone(), typed.basis.clone());
            flags::enter(&visit.app.hub, NewFlag { member, since, basis }, visit.who.actor()).await
        }
    };
    match entered {
        Ok(_) => Redirect::to("/desk/flags").into_response(),
        Err(e) => {
            let (status, text) = (e.problem().status(), trouble::explain(&visit, &e));
            let page = page(&visit, Some(text), typed).await;
            visit.answer(page.map(|page| visit.show(status, &page)))
        }
    }
}

/// `POST /desk/flags/{id}/withdraw`
pub(crate) async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        SmallForm::read(&visit, request).await?;
        flags::withdraw(&visit.app.hub, &id, visit.who.actor()).await?;
        Ok(Redirect::to("/desk/flags").into_response())
    };
    visit.answer(result.await)
}

async fn page(visit: &Visit, error: Option<String>, typed: Typed) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let found = hub.vault().read("web.flags", |tx| rows::all(tx, LIMIT)).await?;
    let policy = hub.policy();
    let days = i64::from(hub.config().anonymity.quarantine_days);
    let japanese = visit.japanese();
    let mut members: Vec<(String, String)> = policy
        .members
        .values()
        .filter(|m| m.left.is_none())
        .map(|m| (m.id.clone(), m.name(japanese).to_owned()))
        .collect();
    members.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Page {
        frame: visit.frame(visit.t("flags-title")),
        csrf: visit.csrf(),
        error,
        flags: found
            .iter()
            .map(|f| Line {
                id: f.id.clone(),
                member: policy.name_of(&f.member, japanese),
                since: times::day(f.since),
                until: times::day(f.since.plus_days(days)),
                basis: f.basis.clone(),
                withdrawn: f.withdrawn.is_some(),
                over: f.since.plus_days(days) <= hub.now(),
            })
            .collect(),
        members,
        typed,
    })
}
