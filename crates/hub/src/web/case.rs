//! What happens to a case, on a page: clocks are set and corrected, it is reclassified, withdrawn,
//! closed; every step is added to a history that is shown whole.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_duty::{Event, Text};

use super::duties::{self, DutyLine};
use super::frame::Frame;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::case::history::{self, Entry, What};
use crate::case::{self, Case, Happening, jiff_of};
use crate::error::HubError;

/// The fields of the page's forms.
const FIELDS: [&str; 7] = ["clock", "at", "zone", "obligation", "reportable", "why", "stage"];
/// Most characters of a reason.
const MAX_WHY: usize = 500;

#[derive(Template)]
#[template(path = "case.html")]
struct Page {
    frame: Frame,
    report: String,
    lines: Vec<DutyLine>,
    submitted: Vec<SubmittedLine>,
    problems: Vec<String>,
    zone: String,
    clocks: Vec<Choice>,
    obligations: Vec<Choice>,
    stages: Vec<Choice>,
    history: Vec<Line>,
    typed: Option<Typed>,
    /// What a clock would change, once somebody asked.
    moved: Option<Vec<Moved>>,
}

/// What was typed into one of the forms.
struct Typed {
    form: String,
    fields: Vec<(&'static str, String)>,
    /// Field, sentence.
    wrong: Option<(&'static str, String)>,
}

impl Page {
    fn value(&self, form: &str, field: &str) -> &str {
        let typed = self.typed.as_ref().filter(|t| t.form == form);
        let found = typed.and_then(|t| t.fields.iter().find(|(f, _)| *f == field));
        found.map_or("", |(_, v)| v.as_str())
    }

    fn zone_of(&self, form: &str) -> &str {
        let typed = self.value(form, "zone");
        let here = self.typed.as_ref().is_some_and(|t| t.form == form);
        if here { typed } else { &self.zone }
    }

    fn wrong(&self, form: &str, field: &str) -> Option<&str> {
        let typed = self.typed.as_ref().filter(|t| t.form == form)?;
        typed.wrong.as_ref().filter(|(f, _)| *f == field).map(|(_, text)| text.as_str())
    }

    fn contradicts(&self) -> bool {
        self.wrong("clock", "despite").is_some()
    }
}

struct Choice {
    value: String,
    label: String,
}

struct SubmittedLine {
    what: String,
    filed: String,
    due: Option<String>,
    late: bool,
}

struct Line {
    at: Moment,
    who: String,
    what: String,
}

/// A deadline before and after.
struct Moved {
    what: String,
    before: String,
    after: String,
    late: bool,
}

/// `GET /reports/{id}/case`
pub(crate) async fn page(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let known = case::load(&visit.app.hub, &report).await?;
        let page = build(&visit, &known, &report.id, None, None).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /reports/{id}/case`
pub(crate) async fn send(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let known = case::load(&visit.app.hub, &report).await?;
        let (mut wrong, mut moved) = (None, None);
        match read(&visit, &known, &form) {
            Ok(Read { happening, preview: Some(then) }) if form.get("do") == Some("preview") => {
                drop(happening);
                moved = Some(what_moves(&visit, &known, &then)?);
            }
            Ok(Read { happening, .. }) => {
                let actor = visit.who.actor();
                match case::happened(&visit.app.hub, &known, actor, happening).await {
                    Ok(()) => {
                        let place = format!("/reports/{}/case", report.id);
                        return Ok(Redirect::to(&place).into_response());
                    }
                    Err(e) => match field_of(&e) {
                        Some(field) => wrong = Some((field, super::trouble::explain(&visit, &e))),
                        None => return Err(e),
                    },
                }
            }
            Err(found) => wrong = Some(found),
        }
        let status =
            if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let text = |f: &&'static str| (*f, form.get(f).unwrap_or_default().to_owned());
        let typed = Typed {
            form: form.get("form").unwrap_or_default().to_owned(),
            fields: FIELDS.iter().map(text).collect(),
            wrong,
        };
        let page = build(&visit, &known, &report.id, Some(typed), moved).await?;
        Ok(visit.show(status, &page))
    };
    visit.answer(result.await)
}

/// A form that can be acted on.
struct Read {
    happening: Happening,
    /// The case as it would be with the clock.
    preview: Option<Case>,
}

type Wrong = (&'static str, String);

fn read(visit: &Visit, case: &Case, form: &SmallForm) -> Result<Read, Wrong> {
    let text = |name: &str| form.get(name).map(str::trim).unwrap_or_default();
    let some = |name: &str| Some(text(name)).filter(|t| !t.is_empty()).map(str::to_owned);
    let why = || match text("why") {
        "" => Err(("why", visit.t("history-no-why"))),
        w if w.chars().count() > MAX_WHY => Err(("why", visit.t("history-long-why"))),
        w => Ok(w.to_owned()),
    };
    // Empty: now.
    let at = || match text("at") {
        "" => Ok(None),
        _ => moment(visit, case, form).map(|at| Some(at.to_string())),
    };
    let plain = |happening| Ok(Read { happening, preview: None });
    match text("form") {
        "clock" => {
            if text("at").is_empty() {
                return Err(("at", visit.t("history-no-moment")));
            }
            let at = moment(visit, case, form)?;
            let clock = text("clock").to_owned();
            let happening = Happening::ClockSet { clock: clock.clone(), at: at.to_string() };
            let then =
                case.with_clock(&clock, at).map_err(|_| ("clock", visit.t("history-no-clock")))?;
            contradiction(visit, &then, &clock, text("despite") == "yes")?;
            Ok(Read { happening, preview: Some(then) })
        }
        "reclassify" => plain(Happening::Reclassified {
            obligation: some("obligation"),
            reportable: match text("reportable") {
                "yes" => true,
                "no" => false,
                _ => return Err(("reportable", visit.t("history-no-choice"))),
            },
            why: why()?,
            at: at()?,
        }),
        "withdraw" => {
            plain(Happening::Withdrawn { obligation: some("obligation"), why: why()?, at: at()? })
        }
        "filed" => {
            let (obligation, stage) =
                text("stage").split_once('/').ok_or(("stage", visit.t("history-no-choice")))?;
            let (obligation, stage) = (obligation.to_owned(), stage.to_owned());
            plain(Happening::StageFiled { obligation, stage, at: at()? })
        }
        "close" => plain(Happening::Closed { at: at()? }),
        _ => Err(("form", visit.t("history-no-choice"))),
    }
}

/// The moment that was typed, with the zone beside it.
fn moment(visit: &Visit, case: &Case, form: &SmallForm) -> Result<jiff::Zoned, Wrong> {
    let text = |name: &str| form.get(name).map(str::trim).unwrap_or_default();
    let zone = text("zone");
    let zone = if zone.is_empty() { case.answers.zone() } else { zone };
    // The zones this program knows, not those of the machine.
    let Ok(clocks) = noroshi_duty::Clocks::new(zone) else {
        return Err(("zone", visit.t("history-no-zone")));
    };
    let wrong = || ("at", visit.t("history-bad-moment"));
    let at = clocks.moment(&format!("{}[{zone}]", text("at"))).map_err(|_| wrong())?;
    if at.timestamp() > jiff_of(visit.app.hub.now()) {
        return Err(("at", visit.t("history-to-come")));
    }
    Ok(at)
}

/// Refuses a clock that contradicts another, unless it was said that it is right all the same.
fn contradiction(visit: &Visit, then: &Case, clock: &str, despite: bool) -> Result<(), Wrong> {
    let Ok(clocks) = then.answers.clocks(&then.reference) else { return Ok(()) };
    let all = clocks.contradictions();
    let Some(found) = all.iter().find(|c| c.earlier == clock || c.later == clock) else {
        return Ok(());
    };
    if despite {
        return Ok(());
    }
    let name = |id: &str| clock_name(visit, then, id);
    let args = [("later", name(&found.later).into()), ("earlier", name(&found.earlier).into())];
    Err(("despite", visit.say.with("history-contradiction", &args)))
}

fn what_moves(visit: &Visit, now: &Case, then: &Case) -> Result<Vec<Moved>, HubError> {
    let lang = duties::lang(visit);
    let moment = visit.app.hub.now();
    let (before, after) = (now.duties(moment)?.open, then.duties(moment)?.open);
    let none = || visit.t("history-no-deadline");
    let mut all = Vec::new();
    for duty in &after {
        let d = &duty.deadline;
        let old = before
            .iter()
            .find(|b| (&b.deadline.obligation, &b.deadline.stage) == (&d.obligation, &d.stage));
        let old = old.and_then(|b| b.deadline.local.clone());
        if old != d.local {
            all.push(Moved {
                what: format!("{}: {}", duty.obligation.name.lang(lang), d.name.lang(lang)),
                before: old.unwrap_or_else(none),
                after: d.local.clone().unwrap_or_else(none),
                late: duty.late == Some(true),
            });
        }
    }
    Ok(all)
}

async fn build(
    visit: &Visit,
    case: &Case,
    report: &str,
    typed: Option<Typed>,
    moved: Option<Vec<Moved>>,
) -> Result<Page, HubError> {
    let lang = duties::lang(visit);
    let section = duties::section(visit, case, report)?;
    let entries = history::of(&visit.app.hub, case).await?;
    let running = history::clocks(&case.reference, &case.answers);
    let label = |c: &noroshi_duty::Clock| match running.get(&c.id) {
        Some(at) => visit.say.with(
            "history-clock-at",
            &[("what", c.what.lang(lang).into()), ("at", at.clone().into())],
        ),
        None => c.what.lang(lang).to_owned(),
    };
    let clocks = case.reference.clock_list().iter().filter(|c| c.id != "prior-stage");
    let open = case.duties(visit.app.hub.now())?.open;
    let name = |o: &noroshi_duty::Obligation| o.name.lang(lang).to_owned();
    let mut obligations: Vec<Choice> = Vec::new();
    let submitted = case.submitted()?;
    let known = open.iter().map(|d| d.obligation).chain(submitted.iter().map(|(o, _)| *o));
    for o in known {
        if !obligations.iter().any(|c| c.value == o.id) {
            obligations.push(Choice { value: o.id.clone(), label: name(o) });
        }
    }
    let stage = |d: &case::Duty<'_>| Choice {
        value: format!("{}/{}", d.deadline.obligation, d.deadline.stage),
        label: format!("{}: {}", name(d.obligation), d.deadline.name.lang(lang)),
    };
    Ok(Page {
        frame: visit.frame(visit.t("history-title")),
        report: report.to_owned(),
        lines: section.lines,
        problems: section.problems,
        zone: case.answers.zone().to_owned(),
        clocks: clocks.map(|c| Choice { value: c.id.clone(), label: label(c) }).collect(),
        stages: open.iter().map(stage).collect(),
        obligations,
        submitted: submitted
            .into_iter()
            .map(|(o, d)| SubmittedLine {
                what: format!("{}: {}", name(o), d.name.lang(lang)),
                late: d.is_late(jiff_of(visit.app.hub.now())) == Some(true),
                filed: d.filed_local.unwrap_or_default(),
                due: d.local,
            })
            .collect(),
        history: entries.iter().rev().map(|e| line(visit, case, e)).collect(),
        typed,
        moved,
    })
}

fn line(visit: &Visit, case: &Case, entry: &Entry) -> Line {
    Line {
        at: times::moment(entry.at, visit),
        who: entry.who.clone(),
        what: words(visit, case, &entry.what),
    }
}

fn words(visit: &Visit, case: &Case, what: &What) -> String {
    let none = || visit.t("history-not-set");
    match what {
        What::Answered { version, answers } => visit.say.with(
            "history-answered",
            &[("version", (*version).into()), ("count", (*answers).into())],
        ),
        What::Clock { clock, before, after } => visit.say.with(
            if before.is_some() { "history-clock-corrected" } else { "history-clock-set" },
            &[
                ("what", clock_name(visit, case, clock).into()),
                ("before", before.clone().unwrap_or_else(none).into()),
                ("after", after.clone().unwrap_or_else(none).into()),
            ],
        ),
        What::Event(event) => event_words(visit, case, event),
    }
}

fn event_words(visit: &Visit, case: &Case, event: &Event) -> String {
    let lang = duties::lang(visit);
    let under = |obligation: &Option<String>| match obligation {
        None => visit.t("history-everywhere"),
        Some(id) => case
            .reference
            .obligation(id)
            .map_or_else(|| id.clone(), |o| o.name.lang(lang).to_owned()),
    };
    let stage_of = |obligation: &str, stage: &str| {
        let found = case.reference.obligation(obligation);
        match found.and_then(|o| Some((o, o.stage(stage)?))) {
            Some((o, s)) => format!("{}: {}", o.name.lang(lang), s.name.lang(lang)),
            None => format!("{obligation}: {stage}"),
        }
    };
    let at = local(case, event.at());
    let say = |key: &str, what: String, why: &str| {
        let args = [("what", what.into()), ("why", why.into()), ("at", at.clone().into())];
        visit.say.with(key, &args)
    };
    match event {
        Event::Opened { .. } => say("history-opened", String::new(), ""),
        Event::StageFiled { obligation, stage, .. } => {
            say("history-filed", stage_of(obligation, stage), "")
        }
        Event::Supplement { obligation, stage, .. } => {
            say("history-supplement", stage_of(obligation, stage), "")
        }
        Event::Reclassified { obligation, reportable: true, why, .. } => {
            say("history-reportable", under(obligation), why)
        }
        Event::Reclassified { obligation, why, .. } => {
            say("history-not-reportable", under(obligation), why)
        }
        Event::Withdrawn { obligation, why, .. } => {
            say("history-withdrawn", under(obligation), why)
        }
        Event::Closed { .. } => say("history-closed", String::new(), ""),
    }
}

/// A moment in the reporter's zone.
fn local(case: &Case, at: jiff::Timestamp) -> String {
    match at.in_tz(case.answers.zone()) {
        Ok(zoned) => zoned.strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
        Err(_) => at.to_string(),
    }
}

fn clock_name(visit: &Visit, case: &Case, id: &str) -> String {
    let found = case.reference.clock_list().iter().find(|c| c.id == id);
    let text = |t: &Text| t.lang(duties::lang(visit)).to_owned();
    found.map_or_else(|| id.to_owned(), |c| text(&c.what))
}

/// The field a refusal names, if this page has it.
fn field_of(error: &HubError) -> Option<&'static str> {
    let json = error.problem().to_json();
    let field = json.get("field").and_then(serde_json::Value::as_str)?;
    FIELDS.into_iter().find(|f| *f == field)
}
