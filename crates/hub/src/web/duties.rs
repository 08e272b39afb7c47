//! Deadlines as people read them: of one report, and of all; and which laws a member is under.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_duty::{FactType, Finding, Lang, MemberQuestion, Standing, Text};
use serde_json::{Map, Value, json};

use super::frame::Frame;
use super::reminders;
use super::small_form::SmallForm;
use super::trouble;
use super::visit::Visit;
use crate::case::profile::{self, Profile};
use crate::case::{self, Case, Duty, builtin};
use crate::error::HubError;

/// What the fields of the form start with.
const FACT: &str = "fact-";

#[derive(Template)]
#[template(path = "duties.html")]
struct Page {
    frame: Frame,
    error: Option<String>,
    lines: Vec<DutyLine>,
    questions: Vec<FormQuestion>,
    zone: String,
    contracts: String,
    reminders: reminders::Summary,
}

/// One open duty.
pub(crate) struct DutyLine {
    pub(crate) report: String,
    pub(crate) title: String,
    pub(crate) obligation: String,
    pub(crate) stage: String,
    /// RFC 3339, where there is a deadline.
    pub(crate) due: Option<String>,
    /// The deadline in the reporter's zone, or why there is none.
    pub(crate) when: String,
    pub(crate) late: bool,
    pub(crate) rule: String,
    pub(crate) condition: Option<String>,
    pub(crate) extension: Option<String>,
    pub(crate) trust: String,
    pub(crate) missing: Vec<String>,
}

/// An obligation that may apply, and the questions that decide it.
pub(crate) struct Uncertain {
    pub(crate) name: String,
    pub(crate) ask: Vec<String>,
}

/// The duties of one report's case.
pub(crate) struct DutySection {
    pub(crate) lines: Vec<DutyLine>,
    /// Obligations of which it is not known whether they apply.
    pub(crate) uncertain: Vec<Uncertain>,
    /// What must be looked at.
    pub(crate) problems: Vec<String>,
}

/// A question about the member or an incident, in a form.
pub(crate) struct FormQuestion {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether several can be chosen.
    pub(crate) several: bool,
    /// Empty for a number or a day.
    pub(crate) choices: Vec<FormChoice>,
    pub(crate) number: String,
}

/// One choice of such a question.
pub(crate) struct FormChoice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// `GET /duties`
pub(crate) async fn overview(visit: Visit) -> Response {
    let result = async {
        let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
        let profile = profile::of(&visit.app.hub, &member).await?;
        let page = page(&visit, &member, &profile, None).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /duties`: which laws the member is under. What was typed comes back where it is refused.
pub(crate) async fn set_profile(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let member = visit.who.member().ok_or_else(HubError::not_found)?.to_owned();
        let typed = typed(&form)?;
        match profile::set(&visit.app.hub, &member, visit.who.actor(), typed.clone()).await {
            Ok(()) => Ok(Redirect::to("/duties").into_response()),
            Err(e) => {
                let status = e.problem().status();
                let error = Some(trouble::explain(&visit, &e));
                // The stored contracts decide the deadlines beside what was typed.
                let page = page(&visit, &member, &typed, error).await?;
                Ok(visit.show(status, &page))
            }
        }
    };
    visit.answer(result.await)
}

fn uncertain(finding: &Finding, lang: Lang) -> Uncertain {
    Uncertain {
        name: finding.name.lang(lang).to_owned(),
        ask: finding.ask.iter().map(|q| q.text.lang(lang).to_owned()).collect(),
    }
}

/// The section of one report.
pub(super) fn section(visit: &Visit, case: &Case, report: &str) -> Result<DutySection, HubError> {
    let lang = lang(visit);
    let found = case.duties(visit.app.hub.now())?;
    let problems = case.problems();
    Ok(DutySection {
        lines: found.open.iter().map(|d| line(visit, d, report, String::new())).collect(),
        uncertain: found.uncertain.iter().map(|f| uncertain(f, lang)).collect(),
        problems: problems.iter().map(|p| p.text(&case.reference).lang(lang).to_owned()).collect(),
    })
}

/// The language of the duties' texts.
pub(super) fn lang(visit: &Visit) -> Lang {
    if visit.japanese() { Lang::Ja } else { Lang::En }
}

async fn page(
    visit: &Visit,
    member: &str,
    profile: &Profile,
    error: Option<String>,
) -> Result<Page, HubError> {
    let cases = case::all_of(&visit.app.hub, member).await?;
    let now = visit.app.hub.now();
    let mut lines = Vec::new();
    for case in &cases {
        let title = case.answers.answer("title").map(|a| a.value.plain());
        let title = title.unwrap_or_else(|| visit.t("reports-untitled"));
        let duties = case.duties(now)?;
        lines.extend(duties.open.iter().map(|d| line(visit, d, &case.id, title.clone())));
    }
    // RFC 3339 in UTC sorts as time does; what has no moment comes last.
    lines.sort_by_key(|l| (l.due.is_none(), l.due.clone()));
    let questions = builtin()?.decisions().questions().iter().filter(|q| q.about == "member");
    Ok(Page {
        frame: visit.frame(visit.t("duties-title")),
        error,
        lines,
        questions: questions.map(|q| question(visit, q, &profile.facts, FACT)).collect(),
        zone: profile.zone.clone(),
        contracts: profile.contracts.clone(),
        reminders: reminders::summary(visit, member).await?,
    })
}

pub(super) fn line(visit: &Visit, duty: &Duty<'_>, report: &str, title: String) -> DutyLine {
    let lang = lang(visit);
    let text = |t: &Text| t.lang(lang).to_owned();
    let d = &duty.deadline;
    let when = match (&d.local, &d.projection, &d.standing) {
        (Some(local), _, _) => local.clone(),
        (None, Some(p), _) => visit.say.with("duty-expected", &[("when", p.local.clone().into())]),
        (None, None, Standing::Waiting(clock)) => waiting(visit, clock),
        (None, None, _) => visit.t("duty-no-number"),
    };
    DutyLine {
        report: report.to_owned(),
        title,
        obligation: text(&duty.obligation.name),
        stage: text(&d.name),
        due: d.due.map(|t| t.to_string()),
        when,
        late: duty.late == Some(true),
        rule: text(&d.rule),
        condition: d.condition.as_ref().map(text),
        extension: d.extension.as_ref().map(|e| format!("{} ({})", e.local, text(&e.rule))),
        trust: text(&d.trust.label()),
        missing: duty.missing.iter().map(|q| text(&q.name)).collect(),
    }
}

fn waiting(visit: &Visit, clock: &str) -> String {
    let lang = lang(visit);
    let clocks = builtin().map(noroshi_duty::Reference::clock_list).unwrap_or_default();
    let known = clocks.iter().find(|c| c.id == clock);
    let what = known.map_or_else(|| clock.to_owned(), |c| c.what.lang(lang).to_owned());
    visit.say.with("duty-waiting", &[("what", what.into())])
}

/// A question with what was answered; the name of its field starts with `prefix`.
pub(super) fn question(
    visit: &Visit,
    q: &MemberQuestion,
    facts: &Map<String, Value>,
    prefix: &str,
) -> FormQuestion {
    let given = facts.get(&q.id);
    let is = |value: &str| match given {
        Some(Value::Bool(b)) => value == if *b { "yes" } else { "no" },
        Some(Value::String(s)) => s == value,
        Some(Value::Array(all)) => all.iter().any(|v| v.as_str() == Some(value)),
        _ => false,
    };
    let choice = |value: &str, label: String| FormChoice {
        chosen: is(value),
        label,
        value: value.to_owned(),
    };
    let unknown = || FormChoice {
        value: "unknown".to_owned(),
        label: visit.t("duty-unknown"),
        chosen: given.is_none(),
    };
    let words = || q.values.iter().map(|v| choice(v, v.clone()));
    let choices = match q.kind {
        FactType::Flag => {
            vec![unknown(), choice("yes", visit.t("duty-yes")), choice("no", visit.t("duty-no"))]
        }
        FactType::Word => std::iter::once(unknown()).chain(words()).collect(),
        FactType::Words if q.values.is_empty() => {
            let sectors = builtin().map(noroshi_duty::Reference::sectors).unwrap_or_default();
            let label = |s: &noroshi_duty::Sector| match lang(visit) {
                Lang::Ja => s.ja.clone().unwrap_or_else(|| s.en.clone()),
                Lang::En => s.en.clone(),
            };
            sectors.iter().map(|s| choice(&s.id, label(s))).collect()
        }
        FactType::Words => words().collect(),
        FactType::Number | FactType::Date => Vec::new(),
    };
    FormQuestion {
        name: format!("{prefix}{}", q.id),
        text: q.text.lang(lang(visit)).to_owned(),
        several: q.kind == FactType::Words,
        choices,
        number: match given {
            Some(Value::String(s)) => s.clone(),
            Some(v) => v.to_string(),
            None => String::new(),
        },
    }
}

fn typed(form: &SmallForm) -> Result<Profile, HubError> {
    let mut facts = Map::new();
    for q in builtin()?.decisions().questions().iter().filter(|q| q.about == "member") {
        let name = format!("{FACT}{}", q.id);
        let given: Vec<&str> = form.all(&name).map(str::trim).filter(|v| !v.is_empty()).collect();
        let value = match (q.kind, given.as_slice()) {
            (_, []) => continue,
            (FactType::Words, all) => json!(all),
            (_, [first, ..]) => json!(first),
        };
        facts.insert(q.id.clone(), value);
    }
    let text = |name: &str| form.get(name).unwrap_or_default().trim().to_owned();
    // Browsers send lines that end with CR LF.
    let contracts = text("contracts").replace("\r\n", "\n");
    Ok(Profile { zone: text("zone"), facts, contracts })
}
