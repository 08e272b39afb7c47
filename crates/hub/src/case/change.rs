//! Answering, and saying what happened. Both only add: a version, an event.

use noroshi_duty::{Answers, Event, Facts, Provenance, Reference};
use noroshi_outlet::problem::Problem;
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use super::profile::{wrong, wrong_in};
use super::{Case, jiff_of};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::cases::{self, AnswersRow};
use crate::vault::{audit, desk_reports, reminders};

/// Most characters of a reason.
const MAX_WHY: usize = 500;
/// What a page says of a moment that cannot be read.
const NO_MOMENT: &str = "日時を読めません。2026-11-26T09:00+09:00 のように書いてください。";

/// New answers. What is not named stays as it is; `null` takes an answer back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// The version they are based on; the answer is 409 where somebody was faster.
    #[serde(default)]
    pub version: Option<i64>,
    /// IANA name of the reporter's zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// Field, value.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub answers: Map<String, Json>,
    /// Question about the incident, answer.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub incident: Map<String, Json>,
}

/// Something that happened to a case. Without a moment: now.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Happening {
    /// A clock that no field states has started.
    ClockSet {
        /// The clock, such as `reasonable-belief`.
        clock: String,
        /// RFC 3339, or with a zone in brackets.
        at: String,
    },
    /// It was found reportable or not; without an obligation, under all.
    Reclassified {
        /// The obligation.
        #[serde(default)]
        obligation: Option<String>,
        /// Whether it is.
        reportable: bool,
        /// Why.
        why: String,
        /// When.
        #[serde(default)]
        at: Option<String>,
    },
    /// It was withdrawn; without an obligation, everywhere.
    Withdrawn {
        /// The obligation.
        #[serde(default)]
        obligation: Option<String>,
        /// Why.
        why: String,
        /// When.
        #[serde(default)]
        at: Option<String>,
    },
    /// The member submitted a stage by itself: by telephone, on paper, in a portal.
    StageFiled {
        /// The obligation.
        obligation: String,
        /// The stage.
        stage: String,
        /// When.
        #[serde(default)]
        at: Option<String>,
    },
    /// Nothing more will be reported.
    Closed {
        /// When.
        #[serde(default)]
        at: Option<String>,
    },
}

/// Adds a version of the answers.
///
/// # Errors
/// 422 `bad-answer` with each `field` that is wrong, 409 where the version is not the newest; the
/// answers stay as they were then.
pub async fn change(hub: &Hub, case: &Case, actor: &str, changes: Changes) -> Result<(), HubError> {
    let now = hub.now();
    if changes.version.is_some_and(|v| v != case.version) {
        return Err(overtaken());
    }
    if changes.zone.is_none() && changes.answers.is_empty() && changes.incident.is_empty() {
        return Ok(());
    }
    let reference = &case.reference;
    let mut answers = case.answers.clone();
    if let Some(zone) = &changes.zone {
        if Answers::new(zone).is_err() {
            return Err(wrong("zone", "Write a time zone such as Asia/Tokyo."));
        }
        let mut json = answers.to_json();
        json["zone"] = json!(zone);
        answers = Answers::from_json(reference, &json);
    }
    let mut bad: Vec<Json> = Vec::new();
    for (name, given) in &changes.answers {
        let Some(field) = reference.field_id(name) else {
            bad.push(told(name, "there is no such field", "そのような項目はありません"));
            continue;
        };
        if given.is_null() {
            answers.remove(&field);
            continue;
        }
        let from = Provenance::Typed { by: actor.to_owned(), at: Some(jiff_of(now).to_string()) };
        if let Err(problem) = answers.set(reference, &field, given, from) {
            let text = problem.text(reference);
            bad.push(told(name, &text.en, &text.ja));
        }
    }
    let facts = incident_facts(reference, &case.facts, &changes.incident, &mut bad);
    if let Some(first) = bad.first() {
        return Err(refusal(first, &bad));
    }
    let row = AnswersRow {
        version: case.version + 1,
        at: now,
        actor: actor.to_owned(),
        body: answers.to_json().to_string(),
        facts: Json::Object(facts).to_string(),
    };
    store(hub, case, row, "case.answer").await
}

/// Adds what happened.
///
/// # Errors
/// 422 where the clock, obligation or moment is none, or the moment is still to come.
pub async fn happened(
    hub: &Hub,
    case: &Case,
    actor: &str,
    happening: Happening,
) -> Result<(), HubError> {
    let now = hub.now();
    let moment = |at: &Option<String>| moment(case, now, at.as_deref());
    let known = |obligation: &Option<String>| match obligation {
        Some(id) if case.reference.obligation(id).is_none() => {
            let ja = "そのような義務はありません。ページを開き直して選んでください。";
            Err(wrong_in("obligation", "There is no such obligation: see GET .../duties.", ja))
        }
        _ => Ok(obligation.clone()),
    };
    let reason = |why: &str| match why.trim() {
        "" => {
            let ja = "理由を短く書いてください。当局から尋ねられることがあります。";
            Err(wrong_in("why", "Say why in a few words: an authority may ask.", ja))
        }
        w if w.chars().count() > MAX_WHY => {
            let ja = "理由は500文字以内で書いてください。";
            Err(wrong_in("why", "Say why in at most 500 characters.", ja))
        }
        w => Ok(w.to_owned()),
    };
    let event = match &happening {
        Happening::ClockSet { clock, at } => {
            moment(&Some(at.clone()))?;
            let mut answers = case.answers.clone();
            let start = answers
                .clocks(&case.reference)
                .and_then(|c| c.moment(at))
                .map_err(|e| wrong_in("at", &format!("{e}."), NO_MOMENT))?;
            answers.set_clock(&case.reference, clock, start).map_err(|p| {
                let text = p.text(&case.reference);
                wrong_in("clock", &format!("{}.", text.en), &format!("{}。", text.ja))
            })?;
            let row = AnswersRow {
                version: case.version + 1,
                at: now,
                actor: actor.to_owned(),
                body: answers.to_json().to_string(),
                facts: Json::Object(case.facts.clone()).to_string(),
            };
            return store(hub, case, row, "case.clock").await;
        }
        Happening::Reclassified { obligation, reportable, why, at } => Event::Reclassified {
            at: moment(at)?,
            obligation: known(obligation)?,
            reportable: *reportable,
            why: reason(why)?,
        },
        Happening::Withdrawn { obligation, why, at } => {
            Event::Withdrawn { at: moment(at)?, obligation: known(obligation)?, why: reason(why)? }
        }
        Happening::Closed { at } => Event::Closed { at: moment(at)? },
        Happening::StageFiled { obligation, stage, at } => {
            known(&Some(obligation.clone()))?;
            let found = case.reference.obligation(obligation).and_then(|o| o.stage(stage));
            if found.is_none() {
                let ja = "この義務にそのような段階はありません。ページを開き直して選んでください。";
                return Err(wrong_in(
                    "stage",
                    "The obligation has no such stage: see GET .../duties.",
                    ja,
                ));
            }
            filed(case, moment(at)?, obligation, stage)
        }
    };
    let body = serde_json::to_string(&event).unwrap_or_default();
    let entry = audit::Entry::new(now, actor, &format!("case.{}", name(&happening)), &case.id);
    let (id, audit_id) = (case.id.clone(), ids::fresh("a", hub.entropy()));
    let write = move |tx: &mut Tx<'_>| {
        cases::add_event(tx, &id, entry.at, &entry.actor, &body)?;
        reminders::look_now(tx, &id)?;
        desk_reports::look_again(tx, &id)?;
        audit::append(tx, &audit_id, &entry)
    };
    Ok(hub.vault().write("case.event", write).await?)
}

/// A submission: the first of a stage, or what is added to it.
pub(super) fn filed(case: &Case, at: jiff::Timestamp, obligation: &str, stage: &str) -> Event {
    let (obligation, stage) = (obligation.to_owned(), stage.to_owned());
    match case.incident.next_version(&obligation, &stage) {
        1 => Event::StageFiled { at, obligation, stage, version: 1 },
        version => Event::Supplement { at, obligation, stage, version },
    }
}

async fn store(hub: &Hub, case: &Case, row: AnswersRow, action: &str) -> Result<(), HubError> {
    let entry = audit::Entry::new(row.at, &row.actor, action, &case.id);
    let (id, audit_id) = (case.id.clone(), ids::fresh("a", hub.entropy()));
    let done = hub
        .vault()
        .write("case.answer", move |tx| {
            let newest = cases::answers(tx, &id)?.map_or(0, |a| a.version);
            if newest + 1 != row.version {
                return Ok(false);
            }
            cases::add_answers(tx, &id, &row)?;
            reminders::look_now(tx, &id)?;
            desk_reports::look_again(tx, &id)?;
            audit::append(tx, &audit_id, &entry)?;
            Ok(true)
        })
        .await?;
    if done { Ok(()) } else { Err(overtaken()) }
}

/// The moment of an event; none can be still to come.
fn moment(case: &Case, now: Timestamp, at: Option<&str>) -> Result<jiff::Timestamp, HubError> {
    let Some(text) = at else { return Ok(jiff_of(now)) };
    let clocks = case.answers.clocks(&case.reference);
    let at = clocks
        .and_then(|c| c.moment(text))
        .map_err(|e| wrong_in("at", &format!("{e}."), NO_MOMENT))?;
    if at.timestamp() > jiff_of(now) {
        let ja = "この日時はまだ来ていません。すでに起きたことを書いてください。";
        let en = "This moment is still to come: say what happened already.";
        return Err(wrong_in("at", en, ja));
    }
    Ok(at.timestamp())
}

fn incident_facts(
    reference: &Reference,
    before: &Map<String, Json>,
    given: &Map<String, Json>,
    bad: &mut Vec<Json>,
) -> Map<String, Json> {
    let mut facts = before.clone();
    let mut check = Facts::default();
    for (question, answer) in given {
        let about = reference.decisions().question(question).map(|q| q.about.as_str());
        if about == Some("member") {
            let en =
                "this is asked of the member, not of each incident: PUT /api/v1/duties/profile";
            bad.push(told(question, en, "会員についての質問です(PUT /api/v1/duties/profile)"));
            continue;
        }
        if answer.is_null() || answer.as_str() == Some("unknown") {
            facts.remove(question);
            continue;
        }
        match check.set(reference, question, answer) {
            Ok(()) => drop(facts.insert(question.clone(), answer.clone())),
            Err(e) => bad.push(told(question, &e.to_string(), &e.to_string())),
        }
    }
    facts
}

fn told(field: &str, en: &str, ja: &str) -> Json {
    let field: String = field.chars().take(64).collect();
    json!({ "field": field, "en": en, "ja": ja })
}

fn refusal(first: &Json, bad: &[Json]) -> HubError {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    let text = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
    let problem = Problem::new(status, "bad-answer", "An answer cannot be taken")
        .detail(format!("Nothing was changed; {}.", text("en")))
        .member("field", text("field"))
        .member("errors", bad.to_vec());
    HubError::Detailed(Box::new(problem))
}

fn overtaken() -> HubError {
    HubError::conflict(
        "Somebody else answered meanwhile. Load the answers again; nothing was changed.",
    )
}

fn name(happening: &Happening) -> &'static str {
    match happening {
        Happening::ClockSet { .. } => "clock",
        Happening::Reclassified { .. } => "reclassify",
        Happening::Withdrawn { .. } => "withdraw",
        Happening::StageFiled { .. } => "stage-filed",
        Happening::Closed { .. } => "close",
    }
}
