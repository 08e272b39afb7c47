//! Two analysts on one thing: the second sees who decided what and when, and loses nothing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_stix::Timestamp;

use super::people::People;
use crate::error::HubError;
use crate::vault::audit::Entry;
use crate::vault::desk_now;
use crate::web::frame::Frame;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Microseconds within which the same person doing the same again is a second click.
const SECOND_CLICK: i64 = 60_000_000;

/// What somebody wanted to do when it was done already.
pub(super) struct Wanted<'a> {
    /// Its action in the audit trail; `family.` for one that is never a second click.
    pub(super) action: &'a str,
    /// What it is done to.
    pub(super) subject: &'a str,
    /// Where to go where it is done; also the way back.
    pub(super) place: String,
    /// What was typed, to be kept: heading, words.
    pub(super) typed: Vec<(String, String)>,
    /// The way on all the same, where there is one.
    pub(super) again: Option<Again>,
}

/// A form that does it all the same.
pub(super) struct Again {
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) button: String,
}

#[derive(Template)]
#[template(path = "desk_conflict.html")]
struct Page {
    frame: Frame,
    csrf: String,
    /// Who, what, when.
    by: Option<(String, String, Moment)>,
    typed: Vec<(String, String)>,
    again: Option<Again>,
    back: String,
}

/// Whether this is the second click of somebody whose first did it.
pub(super) fn is_second_click(last: &Entry, actor: &str, action: &str, now: Timestamp) -> bool {
    last.actor == actor
        && last.action == action
        && now.as_micros() - last.at.as_micros() <= SECOND_CLICK
}

/// The answer to a decision that came second.
///
/// # Errors
/// When the vault cannot be read.
pub(super) async fn answer(visit: &Visit, wanted: Wanted<'_>) -> Result<Response, HubError> {
    let subject = wanted.subject.to_owned();
    let family = wanted.action.split('.').next().unwrap_or_default().to_owned();
    let hub = &visit.app.hub;
    let last =
        hub.vault().read("web.conflict", move |tx| desk_now::last(tx, &subject, &family)).await?;
    let again = |e: &Entry| is_second_click(e, visit.who.actor(), wanted.action, hub.now());
    if last.as_ref().is_some_and(again) {
        return Ok(Redirect::to(&wanted.place).into_response());
    }
    let people = People::read(visit).await?;
    let page = Page {
        frame: visit.frame(visit.t("conflict-title")),
        csrf: visit.csrf(),
        by: last.map(|e| {
            let when = times::moment(e.at, visit);
            (people.name(visit, &e), people.deed(visit, &e.action), when)
        }),
        typed: wanted.typed,
        again: wanted.again,
        back: wanted.place,
    };
    Ok(visit.show(StatusCode::CONFLICT, &page))
}
