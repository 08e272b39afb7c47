//! The pages of the console.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use noroshi_duty::{Lang, Reference};
use noroshi_outlet::i18n::{Locale, Speech};

use super::super::opened::Opened;
use super::super::session::Listed;

#[derive(Template)]
#[template(path = "console_start.html")]
struct StartPage<'a> {
    say: &'a Speech,
    root: &'a str,
    hub: &'a str,
    signed_in: bool,
    filings: Vec<Line>,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "console_filing.html")]
struct FilingPage<'a> {
    say: &'a Speech,
    root: &'a str,
    line: Line,
    pdf: bool,
    head: Vec<(String, String)>,
    items: Vec<Item>,
    late: bool,
}

struct Line {
    id: String,
    what: String,
    at: String,
    version: i64,
    state: String,
    pass_on: String,
    passed_on: bool,
}

struct Item {
    name: String,
    places: String,
    value: Option<String>,
}

/// Where an officer signs in or, signed in, what there is.
pub(super) fn start(
    say: &Speech,
    root: &str,
    hub: &str,
    signed_in: bool,
    filings: &[Listed],
    trouble: Option<String>,
    status: StatusCode,
) -> Response {
    let reference = Reference::builtin().ok();
    let filings = filings.iter().map(|f| line(say, reference.as_ref(), f)).collect();
    show(status, &StartPage { say, root, hub, signed_in, filings, trouble })
}

/// One filing, opened.
pub(super) fn filing(say: &Speech, root: &str, listed: &Listed, opened: &Opened) -> Response {
    let lang = lang(say);
    let reference = Reference::builtin().ok();
    let mut head = Vec::new();
    let mut items = Vec::new();
    let mut late = false;
    if let Some(filing) = &opened.filing {
        let mut add = |key: &str, text: &str| head.push((say.t(key), text.to_owned()));
        add("console-law", filing.instrument(lang));
        add("console-form", filing.form_name.lang(lang));
        add("console-made", &filing.made_local);
        if let Some(due) = &filing.due_local {
            add("console-due", due);
        }
        late = filing.late;
        items = filing
            .items
            .iter()
            .map(|i| Item {
                name: i.name.lang(lang).to_owned(),
                places: i.places.join(", "),
                value: i.shown.as_ref().map(|t| t.lang(lang).to_owned()),
            })
            .collect();
    }
    let mut line = line(say, reference.as_ref(), listed);
    // What the envelope says counts more than what stands beside it.
    line.passed_on |= opened.passed_on;
    let pdf = opened.pdf.is_some();
    show(StatusCode::OK, &FilingPage { say, root, line, pdf, head, items, late })
}

fn line(say: &Speech, reference: Option<&Reference>, listed: &Listed) -> Line {
    let lang = lang(say);
    let obligation = reference.and_then(|r| r.obligation(&listed.obligation));
    let what = match obligation.and_then(|o| Some((o, o.stage(&listed.stage)?))) {
        Some((o, s)) => format!("{}: {}", o.name.lang(lang), s.name.lang(lang)),
        None => format!("{}: {}", listed.obligation, listed.stage),
    };
    Line {
        id: listed.id.clone(),
        what,
        at: listed.at.clone(),
        version: listed.version,
        state: match listed.state.as_str() {
            "acknowledged" => say.t("console-acknowledged"),
            "supplement-asked" => say.t("console-asked"),
            _ => say.t("console-new"),
        },
        pass_on: match listed.pass_on.as_str() {
            "national-office" => say.t("console-to-office"),
            "partners" => say.t("console-to-partners"),
            _ => say.t("console-to-nobody"),
        },
        passed_on: listed.passed_on_by_consent,
    }
}

fn lang(say: &Speech) -> Lang {
    if say.locale() == Locale::Ja { Lang::Ja } else { Lang::En }
}

fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
