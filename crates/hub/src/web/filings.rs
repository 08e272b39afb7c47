//! Filings on the page of their report.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};

use super::duties;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::case::filings::{self, Kept, PassOn, Wish};
use crate::case::{self, Case};
use crate::error::HubError;

/// A filing on its report's page.
pub(crate) struct FilingLine {
    pub(crate) number: i64,
    pub(crate) what: String,
    pub(crate) at: Moment,
    pub(crate) state: String,
    pub(crate) pass_on: String,
    pub(crate) sealed: bool,
    /// What the authority did, in order.
    pub(crate) events: Vec<(String, String)>,
}

/// A filing that can be made: value of the choice, name.
pub(crate) struct FilingChoice {
    pub(crate) value: String,
    pub(crate) label: String,
}

/// The filings of a case, and what can be filed now.
pub(crate) struct FilingSection {
    pub(crate) lines: Vec<FilingLine>,
    pub(crate) choices: Vec<FilingChoice>,
    pub(crate) consents: Vec<FilingChoice>,
}

/// `POST /reports/{id}/filings`: makes a filing.
pub(crate) async fn make(visit: Visit, Path(id): Path<String>, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let what = form.get("what").and_then(|w| w.split_once('/'));
        let (obligation, stage) =
            what.ok_or_else(|| HubError::bad("broken-form", "Choose what to file."))?;
        let pass_on = form.get("pass_on").unwrap_or_default();
        let wish = Wish {
            obligation: obligation.to_owned(),
            stage: stage.to_owned(),
            lang: None,
            form: None,
            draft: form.get("do") == Some("draft"),
            sent: form.get("do") == Some("sent"),
            despite_problems: form.get("despite_problems") == Some("yes"),
            // Nobody's consent is read out of a form that was cut off.
            pass_on: PassOn::ALL.into_iter().find(|p| p.as_str() == pass_on).unwrap_or_default(),
        };
        let found = case::load(&visit.app.hub, &report).await?;
        filings::make(&visit.app.hub, &found, visit.who.actor(), &wish).await?;
        Ok(Redirect::to(&format!("/reports/{}#filings", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// The section of one report.
pub(super) async fn section(visit: &Visit, case: &Case) -> Result<FilingSection, HubError> {
    let kept = filings::of_case(&visit.app.hub, &case.id).await?;
    let lang = duties::lang(visit);
    let open = case.duties(visit.app.hub.now())?.open;
    let mut choices: Vec<FilingChoice> = open
        .iter()
        .map(|d| FilingChoice {
            value: format!("{}/{}", d.deadline.obligation, d.deadline.stage),
            label: format!("{}: {}", d.obligation.name.lang(lang), d.deadline.name.lang(lang)),
        })
        .collect();
    // What was filed can be filed again: an authority asks for more, or something was wrong.
    for filed in &kept {
        let value = format!("{}/{}", filed.row.obligation, filed.row.stage);
        if choices.iter().any(|c| c.value == value) {
            continue;
        }
        let what = name(visit, case, filed);
        let label = visit.say.with("filing-again", &[("what", what.as_str().into())]);
        let choice = FilingChoice { value, label };
        match filed.state() {
            "supplement-asked" => choices.insert(0, choice),
            _ => choices.push(choice),
        }
    }
    let consents = PassOn::ALL
        .into_iter()
        .map(|p| FilingChoice { value: p.as_str().to_owned(), label: pass_on(visit, p.as_str()) });
    Ok(FilingSection {
        lines: kept.iter().map(|k| line(visit, case, k)).collect(),
        choices,
        consents: consents.collect(),
    })
}

/// Where a filing stands, in words.
pub(super) fn state(visit: &Visit, kept: &Kept) -> String {
    word(visit, kept.state())
}

/// To whom it may be passed on, in words.
pub(super) fn pass_on(visit: &Visit, name: &str) -> String {
    match name {
        "national-office" => visit.t("pass-on-national-office"),
        "partners" => visit.t("pass-on-partners"),
        _ => visit.t("pass-on-none"),
    }
}

fn word(visit: &Visit, state: &str) -> String {
    match state {
        "draft" => visit.t("filing-draft"),
        "filed" => visit.t("filing-filed"),
        "acknowledged" => visit.t("filing-acknowledged"),
        _ => visit.t("filing-supplement-asked"),
    }
}

/// Obligation and stage in words.
fn name(visit: &Visit, case: &Case, kept: &Kept) -> String {
    let (row, lang) = (&kept.row, duties::lang(visit));
    let obligation = case.reference.obligation(&row.obligation);
    match obligation.and_then(|o| Some((o, o.stage(&row.stage)?))) {
        Some((o, s)) => format!("{}: {}", o.name.lang(lang), s.name.lang(lang)),
        None => format!("{}: {}", row.obligation, row.stage),
    }
}

fn line(visit: &Visit, case: &Case, kept: &Kept) -> FilingLine {
    let row = &kept.row;
    FilingLine {
        number: row.number,
        what: name(visit, case, kept),
        at: times::moment(row.at, visit.japanese()),
        state: state(visit, kept),
        pass_on: pass_on(visit, &row.pass_on),
        sealed: row.envelope.is_some(),
        events: kept.events.iter().map(|e| (word(visit, &e.event), e.note.clone())).collect(),
    }
}
