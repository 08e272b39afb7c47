//! The direct lane: the logged exception, when a few members must act now and the label the policy
//! allows is too vague. It names the kind of victim exactly, so whoever receives it may guess who it
//! is: such releases are outside the guarantee, and counted.
//!
//! It takes the reporter's consent, or two officers of the desk and a legal ground. Recipients are
//! named one by one. Every member can read that there was one: the day, how many received it, which
//! ground; never about whom.

use noroshi_anonymity::{ContextFacts, Language};
use noroshi_stix::{Timestamp, Tlp, canonical_json};
use noroshi_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::context::facts_of;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::labels::publish::Publisher;
use crate::register::Policy;
use crate::vault::direct::{self, DirectRow, DirectState};
use crate::vault::reports::{self, ReportRow};
use crate::vault::{agreements, audit};

/// Most recipients: beyond that it is no circle.
pub const MAX_CIRCLE: usize = 50;
/// Most characters of a legal ground.
const MAX_BASIS: usize = 500;

/// On what a direct release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// The reporter agrees.
    Consent,
    /// Two officers and a legal ground.
    Law,
}

impl Ground {
    /// Stable name in tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Law => "law",
        }
    }

    /// The ground of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Consent, Self::Law].into_iter().find(|g| g.as_str() == name)
    }
}

/// What an officer proposes.
pub struct Proposal {
    /// The report it is about.
    pub report: String,
    /// Ids of the members that are to receive it.
    pub recipients: Vec<String>,
    /// On what it stands.
    pub ground: Ground,
    /// The legal ground in words, for [`Ground::Law`].
    pub basis: String,
}

/// What recipients read, in both languages.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct DirectText {
    /// Title in Japanese.
    pub title_ja: String,
    /// Text in Japanese.
    pub text_ja: String,
    /// Title in English.
    pub title_en: String,
    /// Text in English.
    pub text_en: String,
}

/// The marking of every direct release.
pub const MARKING: Tlp = Tlp::AmberStrict;

/// Proposes a direct release. Nothing leaves before the reporter or a second officer agreed.
///
/// # Errors
/// 400 where the circle or the ground is missing, 404 for an unknown report or member, 409 where there
/// is nothing to say in the closed vocabulary.
pub async fn propose(hub: &Hub, proposal: Proposal, officer: &str) -> Result<String, HubError> {
    let basis = proposal.basis.trim().to_owned();
    if proposal.recipients.is_empty() || proposal.recipients.len() > MAX_CIRCLE {
        return Err(HubError::bad(
            "no-circle",
            "Name 1 to 50 members that are to receive it: a direct release goes to nobody else.",
        ));
    }
    let needs_basis = proposal.ground == Ground::Law;
    if (needs_basis && basis.is_empty()) || basis.chars().count() > MAX_BASIS {
        return Err(HubError::bad(
            "no-basis",
            "Write the legal ground, in up to 500 characters: the act and its article.",
        ));
    }
    let (policy, now, officer) = (hub.policy(), hub.now(), officer.to_owned());
    let (audit_id, id) = (ids::fresh("a", hub.entropy()), ids::fresh("d", hub.entropy()));
    let done = hub
        .vault()
        .write("direct.propose", move |tx| {
            let Some(report) = reports::one(tx, &proposal.report)? else {
                return Ok(Proposed::NotFound);
            };
            for member in &proposal.recipients {
                if agreements::valid_until(tx, member, now)?.is_none() || *member == report.member {
                    return Ok(Proposed::NotFound);
                }
            }
            let Some(text) = wording(&policy, &report) else { return Ok(Proposed::Nothing) };
            let mut recipients = proposal.recipients.clone();
            recipients.sort();
            recipients.dedup();
            let row = DirectRow {
                id: id.clone(),
                logged: None,
                report: report.id.clone(),
                at: now,
                recipients,
                body: serde_json::to_string(&text).unwrap_or_default(),
                ground: proposal.ground.as_str().to_owned(),
                basis: basis.clone(),
                first_officer: officer.clone(),
                second_officer: None,
                state: DirectState::Proposed,
            };
            direct::insert(tx, &row)?;
            audit::note(tx, &audit_id, now, &officer, "direct.propose", &report.id)?;
            Ok(Proposed::Done(row.id))
        })
        .await?;
    match done {
        Proposed::Done(id) => Ok(id),
        Proposed::NotFound => Err(HubError::not_found()),
        Proposed::Nothing => Err(HubError::conflict(
            "The report has nothing in the closed vocabulary to say: choose the kind of attack first.",
        )),
    }
}

enum Proposed {
    Done(String),
    NotFound,
    Nothing,
}

/// Who answers a proposal.
pub enum Answerer<'a> {
    /// The member whose report it is about.
    Reporter {
        /// Its id.
        member: &'a str,
        /// Account or key that answers.
        actor: &'a str,
    },
    /// An officer of the desk: not the one who proposed it.
    Officer(&'a str),
}

/// Settles a proposal. After a yes its recipients can read it; with the next batch of context the
/// public log has a line more.
///
/// # Errors
/// 404 where this answerer is not asked, 409 where it was settled before or the same officer proposed
/// it.
pub async fn settle(
    hub: &Hub,
    id: &str,
    answerer: Answerer<'_>,
    agrees: bool,
) -> Result<(), HubError> {
    let (member, actor) = match answerer {
        Answerer::Reporter { member, actor } => (Some(member.to_owned()), actor.to_owned()),
        Answerer::Officer(actor) => (None, actor.to_owned()),
    };
    let now = hub.now();
    let (id, audit_id) = (id.to_owned(), ids::fresh("a", hub.entropy()));
    let done = hub
        .vault()
        .write("direct.settle", move |tx| {
            let Some(row) = direct::one(tx, &id)? else { return Ok(Settled::NotFound) };
            let ground = Ground::from_name(&row.ground);
            let asked = match (&member, ground) {
                (Some(member), Some(Ground::Consent)) => {
                    reports::one(tx, &row.report)?.is_some_and(|r| r.member == *member)
                }
                // Whoever refuses needs no second pair of eyes.
                (None, Some(Ground::Law)) => true,
                (None, Some(Ground::Consent)) => !agrees,
                _ => false,
            };
            if !asked {
                return Ok(Settled::NotFound);
            }
            if agrees && member.is_none() && row.first_officer == actor {
                return Ok(Settled::SameOfficer);
            }
            if agrees && !all_signed(tx, &row, member.as_deref(), now)? {
                return Ok(Settled::NoAgreement);
            }
            let to = if agrees { DirectState::Sent } else { DirectState::Refused };
            let second = member.is_none().then_some(actor.as_str());
            if !direct::settle(tx, &id, to, second, now)? {
                return Ok(Settled::Before);
            }
            let action = if agrees { "direct.send" } else { "direct.refuse" };
            audit::note(tx, &audit_id, now, &actor, action, &row.report)?;
            Ok(Settled::Done)
        })
        .await?;
    match done {
        Settled::Done => Ok(()),
        Settled::NoAgreement => Err(HubError::no_agreement()),
        Settled::NotFound => Err(HubError::not_found()),
        Settled::Before => Err(HubError::conflict("This was settled before. Load it again.")),
        Settled::SameOfficer => Err(HubError::conflict(
            "A second officer has to agree: the one who proposed it cannot be both.",
        )),
    }
}

enum Settled {
    Done,
    NotFound,
    NoAgreement,
    Before,
    SameOfficer,
}

/// Whether the reporter that consents and every recipient still stand under the agreement.
fn all_signed(
    tx: &mut Tx<'_>,
    row: &DirectRow,
    reporter: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for member in row.recipients.iter().map(String::as_str).chain(reporter) {
        if agreements::valid_until(tx, member, now)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A line for each release that does not stand in the public log yet. It goes out with a batch of
/// context, so that its time is no moment of somebody's decision; only members may read it.
///
/// # Errors
/// When the vault cannot be written.
pub(crate) fn log_sent(tx: &mut Tx<'_>, publisher: &Publisher<'_>) -> Result<(), StoreError> {
    for row in direct::to_log(tx)? {
        let number = direct::log(tx, &row.id)?;
        let day = row.at.to_string().chars().take(10).collect::<String>();
        let line = json!({
            "schema": "noroshi-direct-log/1",
            "number": number,
            "day": day,
            "recipients": row.recipients.len(),
            "ground": row.ground,
        });
        let body = canonical_json(&line);
        publisher.put(tx, format!("direct/{number}"), body.clone())?;
        publisher.put(tx, "direct/latest".to_owned(), body)?;
    }
    Ok(())
}

/// What recipients would read: the closed vocabulary, and the step of the register the reporter
/// stands at.
pub fn wording(policy: &Policy, report: &ReportRow) -> Option<DirectText> {
    let facts: ContextFacts = facts_of(&policy.vocabulary, report);
    let member = policy.members.get(&report.member)?;
    let step = member.label_path.last()?;
    let kind = policy.standing.roster.step_words(step);
    if facts.is_empty() {
        return None;
    }
    let (title_ja, text_ja) = facts.preview(Language::Ja);
    let (title_en, text_en) = facts.preview(Language::En);
    Some(DirectText {
        title_ja: format!("[{}] {title_ja}", kind.ja),
        text_ja: format!("会員の業種: {}。{text_ja}", kind.ja),
        title_en: format!("[{}] {title_en}", kind.en),
        text_en: format!("Kind of member: {}. {text_en}", kind.en),
    })
}

/// What a stored release says.
pub fn text_of(row: &DirectRow) -> Option<DirectText> {
    serde_json::from_str(&row.body).ok()
}

/// The direct releases a member received, newest first; nothing without a valid signature under the
/// agreement.
///
/// # Errors
/// When the vault cannot be read.
pub async fn received(hub: &Hub, member: &str) -> Result<Vec<DirectRow>, HubError> {
    let (member, now) = (member.to_owned(), hub.now());
    let read = move |tx: &mut Tx<'_>| {
        if agreements::valid_until(tx, &member, now)?.is_none() {
            return Ok(Vec::new());
        }
        let mut all = direct::sent(tx)?;
        all.retain(|d| d.recipients.contains(&member));
        Ok(all)
    };
    Ok(hub.vault().read("direct.received", read).await?)
}
