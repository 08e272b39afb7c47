//! Filings on the page of their report.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};

use super::duties;
use super::small_form::SmallForm;
use super::times::{self, Moment};
use super::visit::Visit;
use crate::api::reports::own_report;
use crate::case::consent::Consent;
use crate::case::filings::{self, Kept, PassOn, Wish};
use crate::case::{self, Case};
use crate::error::HubError;
use crate::vault::authorities::AuthorityRow;

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
    /// To whom it was passed on, and whether they have it.
    pub(crate) copies: Vec<String>,
    /// What can still be consented to.
    pub(crate) more: Vec<FilingChoice>,
    /// Whether it came after its deadline.
    pub(crate) late: bool,
}

/// A filing that can be made: value of the choice, name.
#[derive(Clone)]
pub(crate) struct FilingChoice {
    pub(crate) value: String,
    pub(crate) label: String,
}

/// The filings of a case, and what can be filed now.
pub(crate) struct FilingSection {
    pub(crate) lines: Vec<FilingLine>,
    pub(crate) choices: Vec<FilingChoice>,
    pub(crate) consents: Vec<FilingChoice>,
    /// Ids of the authorities that are named in them.
    pub(crate) named: Vec<String>,
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
            pass_on: PassOn::from_name(pass_on).unwrap_or_default(),
            named: Some(named(&visit, &form, pass_on).await?),
        };
        let found = case::load(&visit.app.hub, &report).await?;
        filings::make(&visit.app.hub, &found, visit.who.actor(), &wish).await?;
        Ok(Redirect::to(&format!("/reports/{}#filings", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// `POST /reports/{id}/filings/{number}/consent`: has an earlier filing passed on.
pub(crate) async fn consent(
    visit: Visit,
    Path((id, number)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let report = own_report(&visit.app, &visit.who, &id).await?;
        let number: i64 = number.parse().map_err(|_| HubError::not_found())?;
        let pass_on = form.get("pass_on").unwrap_or_default();
        let scope = PassOn::from_name(pass_on)
            .ok_or_else(|| HubError::bad("broken-form", "Choose to whom."))?;
        let word = Consent { pass_on: scope, named: Some(named(&visit, &form, pass_on).await?) };
        let found = case::load(&visit.app.hub, &report).await?;
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        case::consent::later(hub, &found, actor, number, &word).await?;
        Ok(Redirect::to(&format!("/reports/{}#filings", report.id)).into_response())
    };
    visit.answer(result.await)
}

/// Of the authorities the page named, those the choice reaches. One that is none any more stays in the
/// list, to be refused.
async fn named(visit: &Visit, form: &SmallForm, pass_on: &str) -> Result<Vec<String>, HubError> {
    let hub = &visit.app.hub;
    let scope = PassOn::from_name(pass_on).unwrap_or_default();
    let reached = case::consent::recipients(hub, scope).await?;
    let all = case::consent::recipients(hub, PassOn::Partners).await?;
    let counts =
        |id: &&str| reached.iter().any(|a| a.id == *id) || !all.iter().any(|a| a.id == *id);
    let shown = form.all("named").filter(counts).map(str::to_owned).collect();
    Ok(if scope == PassOn::None { Vec::new() } else { shown })
}

/// A choice of consent, and the authorities it reaches.
struct Reach {
    scope: PassOn,
    authorities: Vec<AuthorityRow>,
    choice: FilingChoice,
}

/// The section of one report.
pub(super) async fn section(visit: &Visit, case: &Case) -> Result<FilingSection, HubError> {
    let kept = filings::of_case(&visit.app.hub, &case.id).await?;
    let reaches = reaches(visit).await?;
    let late = case.submitted()?;
    let now = case::jiff_of(visit.app.hub.now());
    // What is late is the first filing of a stage; a supplement has no deadline.
    let was_late = |k: &Kept| {
        let row = &k.row;
        row.filed
            && row.version == 1
            && late.iter().any(|(o, d)| {
                o.id == row.obligation && d.stage == row.stage && d.is_late(now) == Some(true)
            })
    };
    let lines = kept.iter().map(|k| FilingLine {
        late: was_late(k),
        more: still_open(k, &reaches),
        ..line(visit, case, k)
    });
    // The widest choice names all that any names.
    let widest = reaches.iter().find(|r| r.scope == PassOn::Partners);
    let named = widest.map(|r| r.authorities.iter().map(|a| a.id.clone()).collect());
    Ok(FilingSection {
        lines: lines.collect(),
        choices: to_file(visit, case, &kept)?,
        named: named.unwrap_or_default(),
        consents: reaches.into_iter().map(|r| r.choice).collect(),
    })
}

/// What is owed; then what was filed, which can be filed again: an authority asks for more, or
/// something was wrong.
fn to_file(visit: &Visit, case: &Case, kept: &[Kept]) -> Result<Vec<FilingChoice>, HubError> {
    let lang = duties::lang(visit);
    let open = case.duties(visit.app.hub.now())?.open;
    let mut choices: Vec<FilingChoice> = open
        .iter()
        .map(|d| FilingChoice {
            value: format!("{}/{}", d.deadline.obligation, d.deadline.stage),
            label: format!("{}: {}", d.obligation.name.lang(lang), d.deadline.name.lang(lang)),
        })
        .collect();
    for filed in kept {
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
    Ok(choices)
}

async fn reaches(visit: &Visit) -> Result<Vec<Reach>, HubError> {
    let mut reaches = Vec::new();
    for scope in PassOn::ALL {
        let authorities = case::consent::recipients(&visit.app.hub, scope).await?;
        let names: Vec<&str> = authorities.iter().map(|a| a.name.as_str()).collect();
        let label = pass_on(visit, scope.as_str());
        let label = match (scope, names.is_empty()) {
            (PassOn::None, _) => label,
            (_, true) => format!("{label} ({})", visit.t("pass-on-nobody-here")),
            (_, false) => format!("{label}: {}", names.join(", ")),
        };
        let choice = FilingChoice { value: scope.as_str().to_owned(), label };
        reaches.push(Reach { scope, authorities, choice });
    }
    Ok(reaches)
}

/// What can still be consented to for a filing: no less than before, and only where somebody new
/// would get it.
fn still_open(kept: &Kept, reaches: &[Reach]) -> Vec<FilingChoice> {
    let before = PassOn::from_name(&kept.row.pass_on).unwrap_or_default();
    let lacks = |a: &AuthorityRow| {
        kept.row.authority.as_deref() != Some(&a.id)
            && !kept.copies.iter().any(|c| c.authority == a.id)
    };
    let open = |r: &&Reach| kept.row.filed && r.scope >= before && r.authorities.iter().any(lacks);
    reaches.iter().filter(open).map(|r| r.choice.clone()).collect()
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
        at: times::moment(row.at, visit),
        state: state(visit, kept),
        pass_on: pass_on(visit, &row.pass_on),
        sealed: row.envelope.is_some(),
        copies: kept
            .copies
            .iter()
            .map(|c| {
                let key = match c.acknowledged {
                    Some(_) => "passed-on-acknowledged",
                    None => "passed-on-to",
                };
                visit.say.with(key, &[("name", c.name.clone().into())])
            })
            .collect(),
        more: Vec::new(),
        late: false,
        events: kept.events.iter().map(|e| (word(visit, &e.event), e.note.clone())).collect(),
    }
}
