//! What the desk would say of an attack: chosen, never typed.

use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use noroshi_anonymity::Group;
use noroshi_intake::Facts;
use serde::Deserialize;

use super::conflict::{self, Wanted};
use super::find;
use crate::context::stand;
use crate::desk_review::{self, Composition};
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::vault::reports::{ContextState, ReportRow};
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// Fields of a form, in the order of the groups.
const FIELDS: [(Group, &str, &str); 4] = [
    (Group::AttackType, "attack_type", "fact-attack-type"),
    (Group::InitialAccess, "initial_access", "fact-initial-access"),
    (Group::Impact, "impact", "fact-impact"),
    (Group::CourseOfAction, "course_of_action", "fact-course-of-action"),
];

static TEMPLATES: LazyLock<Result<File, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../../reference/context-templates.toml"))
        .map_err(|e| format!("reference/context-templates.toml: {e}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Schema,
    template: Vec<Starting>,
}

#[derive(Deserialize)]
enum Schema {
    #[serde(rename = "noroshi-context-templates/1")]
    One,
}

/// A starting point.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Starting {
    id: String,
    ja: String,
    en: String,
    attack_type: Option<String>,
    initial_access: Option<String>,
    impact: Option<String>,
    course_of_action: Option<String>,
    #[serde(default)]
    techniques: Vec<String>,
}

/// The form.
pub(super) struct Compose {
    /// Starting points: address, name.
    pub(super) templates: Vec<(String, String)>,
    pub(super) fields: Vec<Field>,
    /// Techniques: id, name, whether it is chosen.
    pub(super) techniques: Vec<(String, String, bool)>,
    /// How many of them are chosen.
    pub(super) chosen: String,
    /// Whether it shows something that is not kept yet.
    pub(super) open: bool,
    /// Where the context stands ([`stand`]).
    pub(super) from: String,
}

/// One closed choice.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    /// Id, words, whether it is chosen.
    pub(super) options: Vec<(String, String, bool)>,
}

/// The form for a report, where something may still be composed; `template` names a starting point.
///
/// # Errors
/// None in a build whose tests passed.
pub(super) fn form(
    visit: &Visit,
    report: &ReportRow,
    template: Option<&str>,
) -> Result<Option<Compose>, HubError> {
    if !is_open(report.context) {
        return Ok(None);
    }
    let file = TEMPLATES.as_ref().map_err(|e| HubError::Register(e.clone()))?;
    let Schema::One = file.schema;
    let vocabulary = &visit.app.hub.policy().vocabulary;
    let language = visit.language();
    let start = template.and_then(|id| file.template.iter().find(|t| t.id == id));
    let facts = match start {
        Some(start) => start.composition().facts(vocabulary),
        None => facts_from_json(report.composed.as_ref().unwrap_or(&report.facts)),
    };
    let field = |(group, name, label): (Group, &'static str, &str)| {
        let chosen = of(&facts, group).and_then(|text| vocabulary.term(group, text));
        let options = vocabulary.terms(group).map(|t| {
            let is_chosen = chosen.as_ref().is_some_and(|c| c.id() == t.id());
            (t.id().to_owned(), t.text(language).to_owned(), is_chosen)
        });
        Field { name, label: visit.t(label), options: options.collect() }
    };
    let known = facts.techniques.iter().filter_map(|t| vocabulary.technique(t));
    let known: Vec<String> = known.map(|t| t.id().to_owned()).collect();
    let techniques = vocabulary.techniques().map(|t| {
        (t.id().to_owned(), t.name(language).to_owned(), known.iter().any(|k| k == t.id()))
    });
    let named = |t: &Starting| {
        let name = if visit.japanese() { &t.ja } else { &t.en };
        (format!("/desk/reports/{}?template={}#compose", report.id, t.id), name.clone())
    };
    Ok(Some(Compose {
        templates: file.template.iter().map(named).collect(),
        fields: FIELDS.into_iter().map(field).collect(),
        techniques: techniques.collect(),
        chosen: visit.count("compose-techniques", known.len()),
        open: start.is_some(),
        from: stand(vocabulary, report),
    }))
}

const fn is_open(state: ContextState) -> bool {
    use ContextState::{Approved, DeskApproved, Nothing, Proposed};
    matches!(state, Nothing | Proposed | DeskApproved | Approved)
}

fn of(facts: &Facts, group: Group) -> Option<&str> {
    match group {
        Group::AttackType => facts.attack_type.as_deref(),
        Group::InitialAccess => facts.initial_access.as_deref(),
        Group::Impact => facts.impact.as_deref(),
        Group::CourseOfAction => facts.course_of_action.as_deref(),
    }
}

impl Starting {
    fn composition(&self) -> Composition {
        Composition {
            attack_type: self.attack_type.clone(),
            initial_access: self.initial_access.clone(),
            impact: self.impact.clone(),
            course_of_action: self.course_of_action.clone(),
            techniques: self.techniques.clone(),
        }
    }
}

/// `POST /desk/reports/{id}/context/compose`: keeps the choice; the page then shows the exact words.
pub(crate) async fn compose(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let row = find(&visit, &id).await?;
        let text = |name: &str| form.get(name).filter(|v| !v.is_empty()).map(str::to_owned);
        let composition = Composition {
            attack_type: text("attack_type"),
            initial_access: text("initial_access"),
            impact: text("impact"),
            course_of_action: text("course_of_action"),
            techniques: form.all("technique").map(str::to_owned).collect(),
        };
        let place = format!("/desk/reports/{}#context", row.id);
        let from = form.get("from").unwrap_or_default();
        let (hub, actor) = (&visit.app.hub, visit.who.actor());
        match desk_review::compose(hub, &row.id, actor, from, &composition).await {
            Ok(()) => return Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() != "conflict" => return Err(e),
            Err(_) => {}
        }
        let now = find(&visit, &row.id).await?;
        let again = is_open(now.context).then(|| again(&now, &composition, &visit));
        let typed = words(&visit, &composition);
        let action = "context.compose";
        let wanted = Wanted { action, subject: &row.id, place, typed, again };
        conflict::answer(&visit, wanted).await
    };
    visit.answer(result.await)
}

/// What was chosen, in words.
fn words(visit: &Visit, composition: &Composition) -> Vec<(String, String)> {
    let vocabulary = &visit.app.hub.policy().vocabulary;
    let facts = composition.facts(vocabulary);
    let term = |(group, _, label): (Group, &str, &str)| {
        let term = vocabulary.term(group, of(&facts, group)?)?;
        Some((visit.t(label), term.text(visit.language()).to_owned()))
    };
    let mut out: Vec<(String, String)> = FIELDS.into_iter().filter_map(term).collect();
    if !facts.techniques.is_empty() {
        out.push((visit.t("fact-techniques"), facts.techniques.join(", ")));
    }
    out
}

fn again(now: &ReportRow, composition: &Composition, visit: &Visit) -> conflict::Again {
    let mut fields = vec![("from", stand(&visit.app.hub.policy().vocabulary, now))];
    let c = composition;
    for ((_, name, _), value) in
        FIELDS.into_iter().zip([&c.attack_type, &c.initial_access, &c.impact, &c.course_of_action])
    {
        fields.extend(value.clone().map(|v| (name, v)));
    }
    fields.extend(c.techniques.iter().map(|t| ("technique", t.clone())));
    conflict::Again {
        action: format!("/desk/reports/{}/context/compose", now.id),
        fields,
        button: visit.t("conflict-again"),
    }
}

#[cfg(test)]
mod tests {
    use noroshi_anonymity::Vocabulary;

    use super::*;
    use crate::context::context_facts;

    #[test]
    fn every_template_says_only_terms_of_the_vocabulary() {
        let vocabulary = Vocabulary::builtin().unwrap();
        let file = TEMPLATES.as_ref().unwrap();
        assert!(file.template.len() >= 8);
        for t in &file.template {
            let facts = t.composition().facts(&vocabulary);
            let given = [&t.attack_type, &t.initial_access, &t.impact, &t.course_of_action];
            let kept =
                [&facts.attack_type, &facts.initial_access, &facts.impact, &facts.course_of_action];
            assert_eq!(given, kept, "{}", t.id);
            assert_eq!(t.techniques, facts.techniques, "{}", t.id);
            assert!(!context_facts(&vocabulary, &facts).is_empty(), "{}", t.id);
        }
    }

    #[test]
    fn what_is_no_term_is_not_said() {
        let vocabulary = Vocabulary::builtin().unwrap();
        let typed = Composition {
            attack_type: Some("the night shift of Kure".to_owned()),
            techniques: vec!["Aozora".to_owned(), "T1566.001".to_owned()],
            ..Composition::default()
        };
        let facts = typed.facts(&vocabulary);
        assert!(facts.attack_type.is_none());
        assert_eq!(facts.techniques, ["T1566.001"]);
    }
}
