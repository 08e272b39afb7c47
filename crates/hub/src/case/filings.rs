//! Filings: the report to one authority, made from the answers.
//!
//! Where the operator has imported the authority's key, a filing that is filed is sealed to it and
//! kept as nothing else; its reporter can make it again from its answers. Without a key it stays
//! the reporter's own document, to be sent by itself.

use noroshi_duty::{Draft, Filing, FilingError, Lang, Obligation, Stage};
use noroshi_outlet::problem::Problem;
use noroshi_seal::{KeyStatement, SealError, SealingKey};
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::change::filed;
use super::consent::{self, Consent};
use super::profile::wrong_in;
use super::{Case, jiff_of};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::authorities::{self, AuthorityRow};
use crate::vault::filings::{self, CopyRow, FilingEvent, FilingRow, NewCopy};
use crate::vault::{audit, cases, desk_reports, reminders};

/// To whom the authority may pass a filing on. Nothing goes anywhere without the reporter's word.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PassOn {
    /// To nobody.
    #[default]
    None,
    /// To the national cyber security office.
    NationalOffice,
    /// To the office and its partners.
    Partners,
}

impl PassOn {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::None, Self::NationalOffice, Self::Partners];

    /// Stable name in tables, envelopes and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NationalOffice => "national-office",
            Self::Partners => "partners",
        }
    }
}

/// The language of a filing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum FilingLang {
    Ja,
    En,
}

impl FilingLang {
    fn of_duty(self) -> Lang {
        match self {
            Self::Ja => Lang::Ja,
            Self::En => Lang::En,
        }
    }
}

/// A filing to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The obligation.
    pub obligation: String,
    /// The stage.
    pub stage: String,
    /// The language, if not the authority's.
    #[serde(default)]
    pub lang: Option<FilingLang>,
    /// A form other than the usual one.
    #[serde(default)]
    pub form: Option<String>,
    /// Keep it as a draft, also where something is missing.
    #[serde(default)]
    pub draft: bool,
    /// The member has sent it by itself: only where the hub has no key of the authority.
    #[serde(default)]
    pub sent: bool,
    /// File it although something in it contradicts itself.
    #[serde(default)]
    pub despite_problems: bool,
    /// To whom the authority may pass it on.
    #[serde(default)]
    pub pass_on: PassOn,
    /// Ids of the authorities that were shown as those it would be passed on to; without it, those
    /// there are.
    #[serde(default)]
    pub named: Option<Vec<String>>,
}

/// A filing with what became of it.
pub struct Kept {
    /// The filing.
    pub row: FilingRow,
    /// What its authority did.
    pub events: Vec<FilingEvent>,
    /// To whom its reporter had it passed on; empty for an authority that looks at it.
    pub copies: Vec<CopyRow>,
    /// Whether the authority that looks at it has it by consent of the reporter only.
    pub passed_on: bool,
}

impl Kept {
    /// `draft`, `filed`, `acknowledged` or `supplement-asked`.
    pub fn state(&self) -> &str {
        match (self.row.filed, self.events.last()) {
            (false, _) => "draft",
            (true, None) => "filed",
            (true, Some(e)) => &e.event,
        }
    }
}

/// Makes a filing and returns its number.
///
/// # Errors
/// 422 `missing-fields` or `look-first`; nothing is stored then. 409 `authority-key-expired`: it is
/// kept as a draft, whose number the problem names.
pub async fn make(hub: &Hub, case: &Case, actor: &str, wish: &Wish) -> Result<i64, HubError> {
    let now = hub.now();
    let filing = fill(case, wish, now)?;
    if !wish.draft {
        ready(case, &filing, wish)?;
    }
    let obligation = wish.obligation.clone();
    let find = move |tx: &mut Tx<'_>| authorities::for_obligation(tx, &obligation);
    let authority = match wish.draft {
        true => None,
        false => hub.vault().read("filing.authority", find).await?,
    };
    let mut row = FilingRow {
        id: ids::fresh("f", hub.entropy()),
        case: case.id.clone(),
        number: 0,
        obligation: filing.obligation.clone(),
        stage: filing.stage.clone(),
        form: filing.form.clone(),
        language: filing.language.clone(),
        version: filing.version.into(),
        answers: case.version,
        at: now,
        filed: false,
        pass_on: wish.pass_on.as_str().to_owned(),
        body: Some(filing.to_json()),
        authority: None,
        envelope: None,
    };
    let word = Consent { pass_on: wish.pass_on, named: wish.named.clone() };
    let to = if wish.draft { Vec::new() } else { consent::named(hub, &word).await? };
    let Some(authority) = authority else {
        row.filed = wish.sent && !wish.draft;
        let to = if row.filed { to } else { Vec::new() };
        let copies = consent::copies(hub, &row, wish.pass_on, &filing, &to, now);
        return store(hub, case, row, actor, copies).await;
    };
    match sealing_key(&authority, now) {
        Ok(key) => {
            let envelope = consent::envelope(hub, &key, &row.id, wish.pass_on, &filing, false)
                .map_err(|e| HubError::bad("not-sealed", format!("It was not sealed: {e}.")))?;
            row.filed = true;
            row.body = None;
            row.authority = Some(authority.id);
            row.envelope = Some(envelope);
            let copies = consent::copies(hub, &row, wish.pass_on, &filing, &to, now);
            store(hub, case, row, actor, copies).await
        }
        Err(e) => {
            let number = store(hub, case, row, actor, Vec::new()).await?;
            let status = axum::http::StatusCode::CONFLICT;
            let title = "The key of the authority does not hold";
            let problem = Problem::new(status, "authority-key-expired", title)
                .detail(format!(
                    "It was kept as draft {number} and not filed; {e}. Tell the hub's operator, or \
                     send the draft to the authority by yourself."
                ))
                .member("filing", number);
            Err(HubError::Detailed(Box::new(problem)))
        }
    }
}

/// The filings of a case, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub async fn of_case(hub: &Hub, case: &str) -> Result<Vec<Kept>, HubError> {
    let case = case.to_owned();
    let read = move |tx: &mut Tx<'_>| {
        let rows = filings::of_case(tx, &case)?;
        let with = |row: FilingRow| {
            let events = filings::events(tx, &row.id)?;
            Ok(Kept { copies: filings::copies(tx, &row.id)?, passed_on: false, events, row })
        };
        rows.into_iter().map(with).collect()
    };
    Ok(hub.vault().read("filing.of_case", read).await?)
}

/// What a filing says: as it was stored or, where it was sealed, made again from the answers of
/// that time.
///
/// # Errors
/// 409 where it can no longer be made.
pub async fn content(hub: &Hub, case: &Case, row: &FilingRow) -> Result<Filing, HubError> {
    let gone = |e: FilingError| HubError::conflict(format!("It cannot be made again: {e}."));
    if let Some(body) = &row.body {
        return Filing::from_json(body).map_err(gone);
    }
    let (id, version) = (case.id.clone(), row.answers);
    let read = move |tx: &mut Tx<'_>| cases::answers_of(tx, &id, version);
    let then = hub.vault().read("filing.answers", read).await?;
    let then = case.at(then, jiff_of(row.at));
    let wish = Wish {
        obligation: row.obligation.clone(),
        stage: row.stage.clone(),
        lang: Some(if row.language == "ja" { FilingLang::Ja } else { FilingLang::En }),
        form: Some(row.form.clone()),
        draft: true,
        sent: false,
        despite_problems: true,
        pass_on: PassOn::None,
        named: None,
    };
    fill(&then, &wish, row.at)
}

fn fill(case: &Case, wish: &Wish, at: Timestamp) -> Result<Filing, HubError> {
    let (obligation, stage) = stage_of(case, &wish.obligation, &wish.stage)?;
    Filing::fill(&Draft {
        reference: &case.reference,
        obligation,
        stage,
        form: wish.form.as_deref(),
        answers: &case.answers,
        incident: Some(&case.incident),
        at: jiff_of(at),
        lang: wish.lang.map(FilingLang::of_duty),
    })
    .map_err(|e| {
        let ja = "この様式では作成できません。ページを開き直し、様式を選び直してください。";
        wrong_in("form", &format!("{e}."), ja)
    })
}

fn stage_of<'c>(
    case: &'c Case,
    obligation: &str,
    stage: &str,
) -> Result<(&'c Obligation, &'c Stage), HubError> {
    let Some(obligation) = case.reference.obligation(obligation) else {
        let ja = "そのような義務はありません。ページを開き直して選んでください。";
        return Err(wrong_in("obligation", "There is no such obligation: see GET .../duties.", ja));
    };
    let stage = obligation.stage(stage);
    let ja = "この義務にそのような段階はありません。ページを開き直して選んでください。";
    let none = || wrong_in("stage", "The obligation has no such stage: see GET .../duties.", ja);
    Ok((obligation, stage.ok_or_else(none)?))
}

/// Whether it can go out as it is.
fn ready(case: &Case, filing: &Filing, wish: &Wish) -> Result<(), HubError> {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    let refuse = |problem: Problem| Err(HubError::Detailed(Box::new(problem)));
    if !filing.missing.is_empty() {
        let missing = filing.missing.iter().map(|id| {
            let field = case.reference.field(id);
            json!({ "field": id, "name": field.map(|f| &f.name) })
        });
        let names = filing.missing.join(", ");
        let problem = Problem::new(status, "missing-fields", "Mandatory fields are missing")
            .detail(format!("Answer these first, or keep a draft with draft=true: {names}."))
            .member("missing", missing.collect::<Vec<Json>>());
        return refuse(problem);
    }
    if !filing.problems.is_empty() && !wish.despite_problems {
        let first = filing.problems.first().map(|t| t.en.clone()).unwrap_or_default();
        let problem = Problem::new(status, "look-first", "Something contradicts itself")
            .detail(format!("Look at this first, or file with despite_problems=true: {first}."))
            .member("problems", json!(filing.problems));
        return refuse(problem);
    }
    Ok(())
}

pub(super) fn sealing_key(
    authority: &AuthorityRow,
    now: Timestamp,
) -> Result<SealingKey, SealError> {
    let statement = KeyStatement::parse(&authority.statement)?;
    let day = now.as_micros().div_euclid(86_400_000_000);
    statement.key_on(day).cloned()
}

async fn store(
    hub: &Hub,
    case: &Case,
    mut row: FilingRow,
    actor: &str,
    copies: Vec<NewCopy>,
) -> Result<i64, HubError> {
    let event = row
        .filed
        .then(|| filed(case, jiff_of(row.at), &row.obligation, &row.stage))
        .map(|e| serde_json::to_string(&e).unwrap_or_default());
    let action = if row.filed { "filing.file" } else { "filing.draft" };
    let entry = audit::Entry::new(row.at, actor, action, &row.id);
    let consent = (row.filed && row.pass_on != PassOn::None.as_str()).then(|| {
        let entry = audit::Entry::new(row.at, actor, "filing.consent", &row.id);
        (ids::fresh("a", hub.entropy()), entry)
    });
    let audit_id = ids::fresh("a", hub.entropy());
    let write = move |tx: &mut Tx<'_>| {
        row.number = filings::next_number(tx, &row.case)?;
        filings::insert(tx, &row)?;
        for copy in &copies {
            filings::add_copy(tx, &row.id, &entry.actor, row.at, copy)?;
        }
        if let Some((id, entry)) = &consent {
            audit::append(tx, id, entry)?;
        }
        if let Some(event) = &event {
            cases::add_event(tx, &row.case, entry.at, &entry.actor, event)?;
            reminders::look_now(tx, &row.case)?;
            desk_reports::look_again(tx, &row.case)?;
        }
        audit::append(tx, &audit_id, &entry)?;
        Ok(row.number)
    };
    Ok(hub.vault().write("filing.store", write).await?)
}
