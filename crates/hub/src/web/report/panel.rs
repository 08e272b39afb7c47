//! "What others will see", beside the form: what is shared, what is removed and why, what could be
//! said about the attack, and which clocks start. Made anew as somebody types; stores nothing.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_intake::Facts;
use noroshi_outlet::i18n::Speech;
use tokio::sync::Semaphore;

use super::preview::{self, Preview};
use super::typed::{Kept, Typed};
use super::{contents, incoming, same_person, stored};
use crate::case::{self, Case};
use crate::context;
use crate::error::HubError;
use crate::intake::{Understanding, understand};
use crate::vault::reports as rows;
use crate::web::duties;
use crate::web::look::SHOWN;
use crate::web::trouble;
use crate::web::visit::Visit;
use noroshi_duty::{StageDeadline, Standing};

/// Lines of each list while somebody types: more would keep the browser busy.
const LIVE: usize = 40;
/// Deadlines shown before sending.
const DEADLINES: usize = 4;

/// Panels that are made at a time, so that long pastes leave the hub its breath.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The panel.
#[derive(Default)]
pub(crate) struct Panel {
    /// Where it stands, in a few words; empty where nothing was given yet.
    pub(crate) short: String,
    pub(crate) preview: Option<Preview>,
    /// Why nothing can be shown.
    pub(crate) trouble: Option<String>,
    pub(crate) clocks: Clocks,
}

/// The first deadlines that sending would start.
#[derive(Default)]
pub(crate) struct Clocks {
    pub(crate) lines: Vec<Clock>,
    /// How many there are beyond those.
    pub(crate) more: usize,
    /// The first of each duty that may apply, too.
    pub(crate) possible: Vec<Clock>,
    /// How many of those there are beyond.
    pub(crate) possible_more: usize,
    /// Whether the member never said which laws it is under.
    pub(crate) unknown_member: bool,
    /// Whether they wait for the moment it was noticed.
    pub(crate) needs_time: bool,
    /// Whether they are counted as if the firm knew when it noticed.
    pub(crate) assumed: bool,
}

impl Clocks {
    /// The first deadline with a moment.
    pub(crate) fn first(&self) -> Option<&Clock> {
        self.lines.iter().find(|c| c.due.is_some())
    }
}

/// One deadline.
pub(crate) struct Clock {
    pub(crate) law: String,
    pub(crate) stage: String,
    /// RFC 3339, where there is a moment.
    pub(crate) due: Option<String>,
    pub(crate) when: String,
    pub(crate) late: bool,
}

#[derive(Template)]
#[template(path = "report_panel.html")]
struct Fragment {
    say: Speech,
    panel: Panel,
    csrf: String,
}

/// `POST /report/panel`: the panel alone. It needs no token, for it changes nothing, and brings the
/// token of the present session to a form that was opened in an earlier one.
pub(crate) async fn show(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let limit = visit.app.hub.config().limits.report_bytes;
        let posted = incoming::read(request, limit).await?;
        let (typed, kept) = Typed::read(posted, String::new());
        same_person(&visit, &typed)?;
        let panel = live(&visit, &typed, kept).await?;
        let page = Fragment { say: visit.say.clone(), panel, csrf: visit.csrf() };
        Ok(visit.show(StatusCode::OK, &page))
    };
    match result.await {
        Ok(response) => response,
        Err(e) => super::draft::notice(&visit, &e),
    }
}

/// The panel as somebody types, or when a page is opened: whatever is wrong stands in it.
pub(super) async fn live(visit: &Visit, typed: &Typed, kept: Kept) -> Result<Panel, HubError> {
    // An empty form waits for nobody's turn.
    if typed.is_empty(&kept) && stored(visit, typed).await?.is_none_or(|d| d.files.is_empty()) {
        return Ok(Panel::default());
    }
    let made = match made(visit, typed, kept, LIVE).await {
        Err(e) if e.problem().status().is_client_error() => Panel {
            short: visit.t("panel-trouble"),
            trouble: Some(trouble::explain(visit, &e)),
            ..Panel::default()
        },
        other => other?,
    };
    Ok(made)
}

/// The panel of a form that was checked.
///
/// # Errors
/// When it cannot be read, or there is nothing in it.
pub(super) async fn checked(visit: &Visit, typed: &Typed, kept: Kept) -> Result<Panel, HubError> {
    made(visit, typed, kept, SHOWN).await
}

async fn made(visit: &Visit, typed: &Typed, kept: Kept, most: usize) -> Result<Panel, HubError> {
    let hub = &visit.app.hub;
    let member = visit.who.member().ok_or_else(HubError::not_found)?;
    let understood = {
        // Before the draft's files are read: whoever waits holds none of them in memory.
        let _turn = TURNS.acquire().await.map_err(closed)?;
        let files = kept.after(contents(visit, typed).await?);
        let submission = typed.submission(files, hub.now(), false)?;
        let (policy, limits) = (hub.policy(), hub.config().limits.clone());
        // Megabytes take a while, and others are served meanwhile.
        tokio::task::spawn_blocking(move || understand(&policy, &limits, &submission))
            .await
            .map_err(closed)??
    };
    let continues = typed.fields.continues.as_deref();
    let prospect = context::prospect_of(hub, member, continues, &understood.facts).await?;
    let clocks = clocks(visit, member, continues, &understood.facts).await?;
    Ok(Panel {
        short: short(visit, &understood),
        preview: Some(preview::of(visit, &understood, prospect.as_ref(), most)),
        trouble: None,
        clocks,
    })
}

fn closed(error: impl std::fmt::Display) -> HubError {
    HubError::Register(format!("the report could not be looked at: {error}"))
}

fn short(visit: &Visit, understood: &Understanding) -> String {
    let shared = understood.count(rows::ItemVerdict::Passed);
    let kept = understood.items.len() - shared;
    visit.say.with("panel-short", &[("shared", shared.into()), ("kept", kept.into())])
}

/// What sending would start, for the member as it described itself. A report that adds to another
/// one is of a case whose clocks run already.
async fn clocks(
    visit: &Visit,
    member: &str,
    continues: Option<&str>,
    facts: &Facts,
) -> Result<Clocks, HubError> {
    let hub = &visit.app.hub;
    let case = match continues {
        Some(id) => {
            let (id, member) = (id.to_owned(), member.to_owned());
            let read = move |tx: &mut noroshi_store::Tx<'_>| rows::one(tx, &id);
            let first = hub.vault().read("web.continued", read).await?;
            match first.filter(|r| r.member == member) {
                Some(report) => case::load(hub, &report).await?,
                None => return Ok(Clocks::default()),
            }
        }
        None => case::foresee(hub, member, facts).await?,
    };
    let mut clocks = of_case(visit, &case, facts)?;
    // What a running case counts from is known.
    clocks.assumed = clocks.assumed && continues.is_none();
    Ok(clocks)
}

fn of_case(visit: &Visit, case: &Case, facts: &Facts) -> Result<Clocks, HubError> {
    let found = case.duties(visit.app.hub.now())?;
    // What waits for an earlier report is no clock that this one starts.
    let starts = |d: &StageDeadline| !matches!(&d.standing, Standing::Waiting(clock) if clock.starts_with("filed:"));
    let open: Vec<_> = found.open.iter().filter(|d| starts(&d.deadline)).collect();
    let lines: Vec<Clock> = open.iter().take(DEADLINES).map(|d| clock(visit, d)).collect();
    let unknown_member = case.profile.facts.is_empty();
    let possible = if unknown_member { Vec::new() } else { case.possible()? };
    let may = |d: &StageDeadline| {
        let duty = case.duty(d.clone())?;
        Some(clock(visit, &duty))
    };
    let shown: Vec<Clock> = possible.iter().take(DEADLINES).filter_map(may).collect();
    Ok(Clocks {
        more: open.len() - lines.len(),
        possible_more: possible.len().saturating_sub(shown.len()),
        unknown_member,
        assumed: facts.detected_at.is_some() && !(lines.is_empty() && shown.is_empty()),
        needs_time: facts.detected_at.is_none()
            && lines.iter().chain(&shown).any(|l| l.due.is_none()),
        possible: shown,
        lines,
    })
}

fn clock(visit: &Visit, duty: &case::Duty<'_>) -> Clock {
    let line = duties::line(visit, duty, "", String::new());
    Clock {
        law: line.obligation,
        stage: line.stage,
        due: line.due,
        when: line.when,
        late: line.late,
    }
}
