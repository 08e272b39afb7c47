//! The questions of a case on a page: what the next stages ask, and what was answered.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_duty::{Field, Lang, MemberQuestion, Value as Answer, next_questions};
use serde_json::{Map, Value as Json, json};

use super::duties::{self, FormQuestion};
use super::frame::Frame;
use super::small_form::SmallForm;
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::case::{self, Case, Changes};
use crate::error::HubError;

/// What the names of form fields start with: fields of the report, questions about the incident.
const FIELD: &str = "field-";
const INCIDENT: &str = "incident-";
/// Largest form, in bytes: Japanese text is nine bytes a character there.
const FORM_BYTES: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "answers.html")]
struct Page {
    frame: Frame,
    report: String,
    version: i64,
    zone: String,
    errors: Vec<String>,
    problems: Vec<String>,
    fields: Vec<Entry>,
    incident: Vec<FormQuestion>,
}

/// A field of the form.
struct Entry {
    name: String,
    label: String,
    mandatory: bool,
    /// How to write it, where that is not plain.
    hint: String,
    /// Where the answer came from.
    from: Option<String>,
    input: Input,
}

impl Entry {
    /// The field.
    fn id(&self) -> &str {
        self.name.strip_prefix(FIELD).unwrap_or(&self.name)
    }
}

/// How a field is typed.
enum Input {
    /// A day and time in the reporter's zone.
    Moment(String),
    /// One or several words.
    Choice { several: bool, choices: Vec<Choice> },
    /// Anything else.
    Text { value: String, rows: usize },
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// `GET /reports/{id}/answers`
pub(crate) async fn form(visit: Visit, Path(id): Path<String>) -> Response {
    let result = async {
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let known = case::load(&visit.app.hub, &report).await?;
        let page = page(&visit, &known, &report.id, None, Vec::new())?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /reports/{id}/answers`: what was typed comes back whenever something of it is refused.
pub(crate) async fn send(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read_to(&visit, request, FORM_BYTES).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let known = case::load(&visit.app.hub, &report).await?;
        let changes = changes(&known, &form);
        match case::change(&visit.app.hub, &known, visit.who.actor(), changes).await {
            Ok(()) => {
                let place = format!("/reports/{}/answers", report.id);
                Ok(Redirect::to(&place).into_response())
            }
            Err(e) => {
                let errors = sentences(&visit, &e);
                let page = page(&visit, &known, &report.id, Some(&form), errors)?;
                Ok(visit.show(e.problem().status(), &page))
            }
        }
    };
    visit.answer(result.await)
}

/// What is different from what the page showed.
fn changes(case: &Case, form: &SmallForm) -> Changes {
    let mut out = Changes {
        version: form.get("version").and_then(|v| v.parse().ok()),
        zone: form
            .get("zone")
            .map(str::trim)
            .filter(|z| *z != case.answers.zone())
            .map(str::to_owned),
        ..Changes::default()
    };
    for field in case.reference.fields() {
        let name = format!("{FIELD}{}", field.id);
        let typed: Vec<&str> = form.all(&name).map(str::trim).filter(|v| !v.is_empty()).collect();
        let known = case.answers.answer(&field.id).map(|a| &a.value);
        // A browser leaves a list of which nothing is chosen out of the form; the page names it.
        let asked = form.get(&name).is_some() || form.all("asked").any(|f| f == field.id);
        let same = known.map(|v| shown(field, v)).unwrap_or_default()
            == typed.join("\n").replace("\r\n", "\n");
        if !asked || same {
            continue;
        }
        let value = if typed.is_empty() { Json::Null } else { given(case, field, &typed) };
        out.answers.insert(field.id.clone(), value);
    }
    for q in case.reference.decisions().questions().iter().filter(|q| q.about == "incident") {
        let name = format!("{INCIDENT}{}", q.id);
        let typed: Vec<&str> = form.all(&name).map(str::trim).filter(|v| !v.is_empty()).collect();
        let value = match typed.as_slice() {
            [] if form.get(&name).is_some() => json!("unknown"),
            [] => continue,
            [one] => json!(one),
            several => json!(several),
        };
        out.incident.insert(q.id.clone(), value);
    }
    out
}

/// What was typed, in the shape the field takes. What does not fit goes on as it is, to be refused
/// with a sentence.
fn given(case: &Case, field: &Field, typed: &[&str]) -> Json {
    let text = typed.join("\n").replace("\r\n", "\n");
    let lines = || text.lines().map(str::trim).filter(|l| !l.is_empty());
    match field.value_type.as_str() {
        "datetime" if text.len() < 20 && text.contains('T') => {
            json!(format!("{text}[{}]", case.answers.zone()))
        }
        "integer" => text.parse::<u64>().map_or_else(|_| json!(text), |n| json!(n)),
        "list<record>" => text.split("\n\n").filter_map(|r| record(r.lines())).collect(),
        kind if kind.starts_with("list<") => lines().map(|l| json!(l)).collect(),
        kind if kind == "record" || kind.starts_with("map<") => {
            record(lines()).unwrap_or_else(|| json!(text))
        }
        _ => json!(text),
    }
}

/// Lines of `name: value`.
fn record<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Json> {
    let mut out = Map::new();
    for line in lines.map(str::trim).filter(|l| !l.is_empty()) {
        let (name, value) = line.split_once(':').or_else(|| line.split_once('\u{ff1a}'))?;
        out.insert(name.trim().to_owned(), json!(value.trim()));
    }
    (!out.is_empty()).then_some(Json::Object(out))
}

/// An answer as the form shows it and [`given`] reads it.
fn shown(field: &Field, value: &Answer) -> String {
    let lines = |r: &std::collections::BTreeMap<String, String>| {
        r.iter().map(|(k, v)| format!("{k}: {v}")).collect::<Vec<_>>().join("\n")
    };
    match value {
        Answer::Moment(at) => at.strftime("%Y-%m-%dT%H:%M").to_string(),
        Answer::Record(r) => lines(r),
        Answer::Records(all) => all.iter().map(lines).collect::<Vec<_>>().join("\n\n"),
        // The form says yes and no for both kinds of flags.
        Answer::Flag(yes) if field.value_type == "bool" => {
            if *yes {
                "yes".to_owned()
            } else {
                "no".to_owned()
            }
        }
        other => other.plain(),
    }
}

fn page(
    visit: &Visit,
    case: &Case,
    report: &str,
    typed: Option<&SmallForm>,
    errors: Vec<String>,
) -> Result<Page, HubError> {
    let lang = duties::lang(visit);
    let found = case.duties(visit.app.hub.now())?;
    let stages: Vec<_> = found
        .open
        .iter()
        .filter_map(|d| Some((d.obligation, d.obligation.stage(&d.deadline.stage)?)))
        .collect();
    let questions = next_questions(&case.reference, &stages, &case.answers);
    let mut fields: Vec<Entry> = Vec::new();
    let mut add = |id: &str, mandatory: bool| {
        if let Some(field) = case.reference.field(id) {
            fields.push(entry(visit, case, field, mandatory, typed));
        }
    };
    questions.iter().for_each(|q| add(q.field.as_str(), q.mandatory));
    // Without the moment of awareness no clock starts, whoever asks.
    for id in ["aware_at", "detected_at", "occurred_at"] {
        let there = questions.iter().any(|q| q.field.as_str() == id);
        if !there && case.answers.answer(id).is_none() {
            add(id, false);
        }
    }
    case.answers.iter().for_each(|(id, _)| add(id.as_str(), false));
    let asks = |q: &MemberQuestion| {
        let asked = || found.uncertain.iter().any(|f| f.ask.iter().any(|a| a.id == q.id));
        q.about == "incident" && (case.facts.contains_key(&q.id) || asked())
    };
    let incident = case.reference.decisions().questions().iter().filter(|q| asks(q));
    let known = typed.map_or_else(
        || case.facts.clone(),
        |form| {
            let mut facts = case.facts.clone();
            facts.extend(changes(case, form).incident);
            facts
        },
    );
    let problems = case.problems();
    Ok(Page {
        frame: visit.frame(visit.t("answers-title")),
        report: report.to_owned(),
        version: case.version,
        zone: typed.and_then(|t| t.get("zone")).unwrap_or(case.answers.zone()).to_owned(),
        errors,
        problems: problems.iter().map(|p| p.text(&case.reference).lang(lang).to_owned()).collect(),
        fields,
        incident: incident.map(|q| duties::question(visit, q, &known, INCIDENT)).collect(),
    })
}

fn entry(
    visit: &Visit,
    case: &Case,
    field: &Field,
    mandatory: bool,
    typed: Option<&SmallForm>,
) -> Entry {
    let lang = duties::lang(visit);
    let name = format!("{FIELD}{}", field.id);
    let answer = case.answers.answer(&field.id);
    let stored = answer.map(|a| shown(field, &a.value)).unwrap_or_default();
    let value = match typed {
        Some(form) => form.all(&name).collect::<Vec<_>>().join("\n"),
        None => stored,
    };
    let chosen = |v: &str| value.lines().any(|l| l == v);
    let choice = |v: &str, label: String| Choice { chosen: chosen(v), label, value: v.to_owned() };
    let list = field.enumeration.as_deref();
    let list = case.reference.enumerations().iter().find(|e| Some(e.id.as_str()) == list);
    let open = || Choice { value: String::new(), label: visit.t("answers-open"), chosen: false };
    let kind = field.value_type.as_str();
    let input = match (kind, list) {
        ("datetime", _) => Input::Moment(value.clone()),
        ("tristate" | "bool", _) => {
            let mut choices = vec![open(), choice("yes", visit.t("duty-yes"))];
            choices.push(choice("no", visit.t("duty-no")));
            if kind == "tristate" {
                choices.push(choice("unknown", visit.t("duty-unknown")));
            }
            Input::Choice { several: false, choices }
        }
        ("enum" | "list<enum>", Some(list)) => {
            let labels = list.values.iter().enumerate().map(|(i, v)| {
                let ja = list.values_ja.get(i).filter(|_| lang == Lang::Ja);
                choice(v, ja.unwrap_or(v).clone())
            });
            let several = kind == "list<enum>";
            let choices = (!several).then(open).into_iter().chain(labels).collect();
            Input::Choice { several, choices }
        }
        _ => {
            let long = kind == "text" || kind.contains('<') || kind == "record";
            Input::Text { value: value.clone(), rows: if long { 3 } else { 1 } }
        }
    };
    let hint = match kind {
        "list<record>" => visit.t("answers-hint-records"),
        kind if kind == "record" || kind.starts_with("map<") => visit.t("answers-hint-record"),
        kind if kind.starts_with("list<") && list.is_none() => visit.t("answers-hint-list"),
        "duration" => visit.t("answers-hint-duration"),
        _ => String::new(),
    };
    Entry {
        name,
        label: field.name.lang(lang).to_owned(),
        mandatory,
        hint,
        from: answer.map(|a| a.from.text().lang(lang).to_owned()),
        input,
    }
}

/// Every sentence of a refusal, in the reader's language.
fn sentences(visit: &Visit, error: &HubError) -> Vec<String> {
    let json = error.problem().to_json();
    let language = if visit.japanese() { "ja" } else { "en" };
    let errors = json.get("errors").and_then(Json::as_array);
    let all: Vec<String> = errors
        .into_iter()
        .flatten()
        .filter_map(|e| e.get(language)?.as_str().map(str::to_owned))
        .collect();
    if all.is_empty() { vec![super::trouble::explain(visit, error)] } else { all }
}
