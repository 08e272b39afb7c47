//! Reminders of deadlines, as an API of the member.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Request, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_json;
use super::reports::member;
use crate::access::Principal;
use crate::app::App;
use crate::error::HubError;
use crate::reminders::{self, Wish};
use crate::vault::reminders::MessageRow;

/// Where and when a member is reminded.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderBody {
    /// `ja`, `en` or `both`.
    #[serde(default = "both")]
    pub language: String,
    /// Whether a message names obligation, stage and deadline. Whoever carries mail reads it.
    #[serde(default)]
    pub detailed: bool,
    /// Percent of the time that are gone (`80`; `100` is the deadline), or hours after it (`+24h`).
    pub marks: Vec<String>,
    /// Mail addresses, at most five.
    #[serde(default)]
    pub mails: Vec<String>,
    /// An https address that is called; empty for none.
    #[serde(default)]
    pub webhook: String,
}

/// The same with what became of the newest messages.
#[derive(Serialize, ToSchema)]
pub struct ReminderView {
    /// What is set.
    #[serde(flatten)]
    pub settings: ReminderBody,
    /// The secret of the webhook's signatures (Standard Webhooks): in the answer that made it, never
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The newest messages, at most 100.
    pub messages: Vec<MessageView>,
}

/// A message and what became of it.
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    /// Its id: in a webhook's `webhook-id`, in the `Message-ID` of a mail.
    pub id: String,
    /// `mail` or `webhook`.
    pub channel: String,
    /// Where it goes.
    pub address: String,
    /// `waiting`, `sent`, `dead` (given up), `cancelled` (pointless) or `superseded` (a later reminder says more).
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Class of the last failure, such as `unreachable` or `http-500`.
    pub trouble: String,
    /// When it was queued, RFC 3339.
    pub queued: String,
    /// When it is tried next, if it waits.
    pub next_attempt: Option<String>,
    /// When it was sent or ended.
    pub done: Option<String>,
    /// The report it is about; nothing for a trial.
    pub report: Option<String>,
    /// The obligation.
    pub obligation: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// The deadline.
    pub due: Option<String>,
    /// The mark that was reached.
    pub mark: Option<String>,
}

/// How many messages were queued.
#[derive(Serialize, ToSchema)]
pub struct Queued {
    /// One for each address.
    pub queued: usize,
}

fn both() -> String {
    "both".to_owned()
}

/// What is set, and what became of the newest messages.
#[utoipa::path(get, path = "/api/v1/duties/reminders", tag = "duties",
    responses((status = 200, body = ReminderView)))]
pub async fn settings(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<ReminderView>, HubError> {
    view(&app, member(&principal)?, None).await
}

/// Replaces what is set. A new webhook gets a new secret, which is in this answer only.
#[utoipa::path(put, path = "/api/v1/duties/reminders", tag = "duties", request_body = ReminderBody,
    responses((status = 200, body = ReminderView), (status = 422, description = "problem+json with the `field`")))]
pub async fn set(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    request: Request<Body>,
) -> Result<Json<ReminderView>, HubError> {
    let body: ReminderBody = read_json(request).await?;
    let ReminderBody { language, detailed, marks, mails, webhook } = body;
    let wish = Wish { language, detailed, marks, mails, webhook };
    let member = member(&principal)?;
    let secret = reminders::set(&app.hub, member, principal.actor(), &wish).await?;
    view(&app, member, secret).await
}

/// Makes a new secret for the webhook; the old one ends at once.
#[utoipa::path(post, path = "/api/v1/duties/reminders/secret", tag = "duties",
    responses((status = 200, body = ReminderView), (status = 404, description = "problem+json: there is no webhook")))]
pub async fn new_secret(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<ReminderView>, HubError> {
    let member = member(&principal)?;
    let secret = reminders::renew_secret(&app.hub, member, principal.actor()).await?;
    view(&app, member, Some(secret)).await
}

/// Sends a trial message to every address that is set.
#[utoipa::path(post, path = "/api/v1/duties/reminders/try", tag = "duties",
    responses((status = 200, body = Queued), (status = 409, description = "problem+json: trials wait already")))]
pub async fn try_out(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Queued>, HubError> {
    let queued = reminders::try_out(&app.hub, member(&principal)?, principal.actor()).await?;
    Ok(Json(Queued { queued }))
}

/// Tries a message anew that was given up.
#[utoipa::path(post, path = "/api/v1/duties/reminders/messages/{id}", tag = "duties",
    params(("id" = String, Path, description = "id of the message")),
    responses((status = 200, body = ReminderView), (status = 404, description = "problem+json")))]
pub async fn again(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
) -> Result<Json<ReminderView>, HubError> {
    let member = member(&principal)?;
    reminders::again(&app.hub, member, &id).await?;
    view(&app, member, None).await
}

async fn view(
    app: &App,
    member: &str,
    secret: Option<String>,
) -> Result<Json<ReminderView>, HubError> {
    let set = reminders::of(&app.hub, member).await?;
    let messages = reminders::recent(&app.hub, member).await?;
    Ok(Json(ReminderView {
        settings: ReminderBody {
            language: set.language.as_str().to_owned(),
            detailed: set.detailed,
            marks: set.marks.iter().map(|m| m.name()).collect(),
            mails: set.mails,
            webhook: set.webhook,
        },
        secret,
        messages: messages.into_iter().map(message).collect(),
    }))
}

fn message(m: MessageRow) -> MessageView {
    let waits = m.state == "waiting";
    let about = m.about;
    let part = |take: fn(&crate::vault::reminders::About) -> String| about.as_ref().map(take);
    MessageView {
        report: part(|a| a.case.clone()),
        obligation: part(|a| a.obligation.clone()),
        stage: part(|a| a.stage.clone()),
        due: part(|a| a.due.to_string()),
        mark: part(|a| a.mark.clone()),
        id: m.id,
        channel: m.channel,
        address: m.address,
        state: m.state,
        attempts: m.attempts,
        trouble: m.trouble,
        queued: m.queued.to_string(),
        next_attempt: waits.then(|| m.next_attempt.to_string()),
        done: m.done.map(|at| at.to_string()),
    }
}
