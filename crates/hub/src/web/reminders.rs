//! Where and when a member is reminded of deadlines, and what became of the messages; for the
//! operator, how many stand where.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::duties;
use super::frame::Frame;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::trouble;
use super::visit::Visit;
use crate::case::builtin;
use crate::error::HubError;
use crate::reminders::{self, Language, Mark, Wish};
use crate::vault::reminders::{Count, MessageRow};

#[derive(Template)]
#[template(path = "reminders.html")]
struct Page {
    frame: Frame,
    /// Name of the field that is wrong, and what to write instead.
    error: Option<(String, String)>,
    /// Shown this once.
    secret: Option<String>,
    mails: String,
    webhook: String,
    detailed: bool,
    languages: Vec<Choice>,
    marks: Vec<Choice>,
    /// Whether the operator has set up the way.
    by_mail: bool,
    by_webhook: bool,
    /// Whether there is anywhere to send a trial to.
    set: bool,
    has_webhook: bool,
    messages: Vec<Line>,
}

impl Page {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.error.as_ref().filter(|(f, _)| f == field).map(|(_, text)| text.as_str())
    }
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Line {
    id: String,
    address: String,
    what: String,
    report: Option<String>,
    state: String,
    trouble: Option<String>,
    queued: Moment,
    next: Option<Moment>,
    attempts: i64,
    dead: bool,
}

#[derive(Template)]
#[template(path = "reminder_counts.html")]
struct CountsPage {
    frame: Frame,
    rows: Vec<CountLine>,
}

struct CountLine {
    channel: String,
    state: String,
    trouble: String,
    count: i64,
}

/// What stands on the page of deadlines.
pub(super) struct Summary {
    pub(super) says: String,
    pub(super) dead: bool,
}

/// `GET /duties/reminders`
pub(crate) async fn page(visit: Visit) -> Response {
    let result = async { show(&visit, StatusCode::OK, None, None, None).await };
    visit.answer(result.await)
}

/// `POST /duties/reminders`: save, make a new secret, send a trial, try one again.
pub(crate) async fn change(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        let secret = match form.get("do") {
            Some("secret") => Some(reminders::renew_secret(hub, &member, actor).await?),
            Some("try") => {
                reminders::try_out(hub, &member, actor).await?;
                None
            }
            Some("again") => {
                reminders::again(hub, &member, form.get("message").unwrap_or_default()).await?;
                None
            }
            Some("save") => {
                let wish = typed(&form);
                match reminders::set(hub, &member, actor, &wish).await {
                    Ok(secret) => secret,
                    Err(e) => {
                        let status = e.problem().status();
                        return show(&visit, status, Some(&wish), Some(&e), None).await;
                    }
                }
            }
            _ => return Err(HubError::bad("broken-form", "Press one of the buttons.")),
        };
        match secret {
            // A page that holds the secret is no place to go back to.
            Some(secret) => show(&visit, StatusCode::OK, None, None, Some(secret)).await,
            None => Ok(Redirect::to("/duties/reminders").into_response()),
        }
    };
    visit.answer(result.await)
}

/// `GET /operator/reminders`
pub(crate) async fn counts(visit: Visit) -> Response {
    let result = async {
        let line = |c: Count| CountLine {
            channel: visit.t(if c.channel == "mail" {
                "reminder-mail"
            } else {
                "reminder-webhook"
            }),
            state: state(&visit, &c.state),
            trouble: trouble_words(&visit, &c.trouble).unwrap_or_default(),
            count: c.count,
        };
        let page = CountsPage {
            frame: visit.frame(visit.t("reminder-counts-title")),
            rows: reminders::counts(&visit.app.hub).await?.into_iter().map(line).collect(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// One sentence about what is set, for the page of deadlines.
pub(super) async fn summary(visit: &Visit, member: &str) -> Result<Summary, HubError> {
    let set = reminders::of(&visit.app.hub, member).await?;
    let messages = reminders::recent(&visit.app.hub, member).await?;
    let count = |s: &str| messages.iter().filter(|m| m.state == s).count();
    let (waiting, dead) = (count("waiting"), count("dead"));
    let mut says = match (set.mails.len(), set.webhook.is_empty()) {
        (0, true) => visit.t("reminder-none-set"),
        (0, false) => visit.t("reminder-set-webhook"),
        (mails, true) => visit.count("reminder-set-mail", mails),
        (mails, false) => visit.count("reminder-set-both", mails),
    };
    for (number, key) in [(waiting, "reminder-some-wait"), (dead, "reminder-some-dead")] {
        if number > 0 {
            says = format!("{says} {}", visit.count(key, number));
        }
    }
    Ok(Summary { says, dead: dead > 0 })
}

fn typed(form: &SmallForm) -> Wish {
    Wish {
        language: form.get("language").unwrap_or_default().to_owned(),
        detailed: form.get("detailed") == Some("yes"),
        marks: form.all("mark").map(str::to_owned).collect(),
        mails: form.get("mails").unwrap_or_default().lines().map(str::to_owned).collect(),
        webhook: form.get("webhook").unwrap_or_default().to_owned(),
    }
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    wish: Option<&Wish>,
    error: Option<&HubError>,
    secret: Option<String>,
) -> Result<Response, HubError> {
    let member = visit.who.member().ok_or_else(HubError::not_found)?;
    let (hub, config) = (&visit.app.hub, visit.app.hub.config());
    let set = reminders::of(hub, member).await?;
    let stored = Wish {
        language: set.language.as_str().to_owned(),
        detailed: set.detailed,
        marks: set.marks.iter().map(|m| m.name()).collect(),
        mails: set.mails.clone(),
        webhook: set.webhook.clone(),
    };
    let shown = wish.unwrap_or(&stored);
    let messages = reminders::recent(hub, member).await?;
    let field = error.map(|e| {
        let json = e.problem().to_json();
        let field = json.get("field").and_then(serde_json::Value::as_str).unwrap_or_default();
        (field.to_owned(), trouble::explain(visit, e))
    });
    let page = Page {
        frame: visit.frame(visit.t("reminder-title")),
        error: field,
        secret,
        mails: shown.mails.join("\n"),
        webhook: shown.webhook.clone(),
        detailed: shown.detailed,
        languages: Language::ALL
            .into_iter()
            .map(|l| Choice {
                value: l.as_str().to_owned(),
                label: language(visit, l),
                chosen: shown.language == l.as_str(),
            })
            .collect(),
        marks: reminders::offered(config)
            .into_iter()
            .map(|m| Choice {
                chosen: shown.marks.contains(&m.name()),
                label: mark(visit, m),
                value: m.name(),
            })
            .collect(),
        by_mail: !config.smtp.host.is_empty(),
        by_webhook: config.reminders.webhooks,
        set: !set.mails.is_empty() || !set.webhook.is_empty(),
        has_webhook: !set.webhook.is_empty(),
        messages: messages.iter().map(|m| line(visit, m)).collect::<Result<_, _>>()?,
    };
    Ok(visit.show(status, &page))
}

fn language(visit: &Visit, language: Language) -> String {
    match language {
        Language::Ja => "日本語".to_owned(),
        Language::En => "English".to_owned(),
        Language::Both => visit.t("reminder-both-languages"),
    }
}

fn mark(visit: &Visit, mark: Mark) -> String {
    match mark {
        Mark::Percent(100) => visit.t("reminder-mark-deadline"),
        Mark::Percent(p) => {
            visit.say.with("reminder-mark-percent", &[("percent", u32::from(p).into())])
        }
        Mark::Over(h) => visit.say.with("reminder-mark-over", &[("hours", u32::from(h).into())]),
    }
}

fn line(visit: &Visit, m: &MessageRow) -> Result<Line, HubError> {
    let lang = duties::lang(visit);
    let what = match &m.about {
        None => visit.t("reminder-trial"),
        Some(about) => {
            let obligation = builtin()?.obligation(&about.obligation);
            let stage = obligation.and_then(|o| o.stage(&about.stage));
            let name = match (obligation, stage) {
                (Some(o), Some(s)) => format!("{}: {}", o.name.lang(lang), s.name.lang(lang)),
                _ => format!("{}: {}", about.obligation, about.stage),
            };
            let mark = Mark::parse(&about.mark).map(|m| mark(visit, m)).unwrap_or_default();
            format!("{name} ({mark})")
        }
    };
    let moment = |at| times::moment(at, visit);
    Ok(Line {
        id: m.id.clone(),
        address: m.address.clone(),
        what,
        report: m.about.as_ref().map(|a| a.case.clone()),
        state: state(visit, &m.state),
        trouble: trouble_words(visit, &m.trouble).filter(|_| m.state != "sent"),
        queued: moment(m.queued),
        next: (m.state == "waiting" && m.attempts > 0).then(|| moment(m.next_attempt)),
        attempts: m.attempts,
        dead: m.state == "dead",
    })
}

fn state(visit: &Visit, state: &str) -> String {
    match state {
        "waiting" => visit.t("reminder-waiting"),
        "sent" => visit.t("reminder-sent"),
        "dead" => visit.t("reminder-dead"),
        "superseded" => visit.t("reminder-superseded"),
        _ => visit.t("reminder-cancelled"),
    }
}

/// What a class of failure means.
fn trouble_words(visit: &Visit, class: &str) -> Option<String> {
    let text = match class {
        "" => return None,
        "unreachable" => visit.t("reminder-trouble-unreachable"),
        "timeout" => visit.t("reminder-trouble-timeout"),
        "tls" => visit.t("reminder-trouble-tls"),
        "sign-in" | "not-set-up" | "server" => visit.t("reminder-trouble-operator"),
        "refused-for-now" => visit.t("reminder-trouble-later"),
        "refused" => visit.t("reminder-trouble-refused"),
        "not-allowed" => visit.t("reminder-trouble-not-allowed"),
        "redirect" => visit.t("reminder-trouble-redirect"),
        "gone" => visit.t("reminder-trouble-gone"),
        other => {
            let status = other.strip_prefix("http-").unwrap_or(other).to_owned();
            visit.say.with("reminder-trouble-status", &[("status", status.into())])
        }
    };
    Some(text)
}
