//! Which laws and contracts a member is under, as it says itself.

use std::sync::Arc;

use noroshi_duty::{Answers, Facts, Reference};
use noroshi_outlet::problem::Problem;
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde_json::{Map, Value as Json};

use super::{ZONE, builtin, shared};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::cases::{self, ProfileRow};
use crate::vault::{audit, reminders};

/// What errors call a member's clauses.
const CONTRACTS: &str = "contracts";
/// Most bytes of a member's clauses.
pub const MAX_CONTRACTS: usize = 64 * 1024;

/// What is known of a member.
#[derive(Clone)]
pub struct Profile {
    /// IANA name of the zone its people live in.
    pub zone: String,
    /// Question, answer.
    pub facts: Map<String, Json>,
    /// Its contract clauses, as TOML; empty where there are none.
    pub contracts: String,
}

impl Profile {
    pub(super) fn of(row: Option<ProfileRow>) -> Self {
        let Some(row) = row else {
            let zone = ZONE.to_owned();
            return Self { zone, facts: Map::new(), contracts: String::new() };
        };
        let facts = serde_json::from_str(&row.facts).unwrap_or_default();
        Self { zone: row.zone, facts, contracts: row.contracts }
    }

    /// The duties of law with those of the member's contracts.
    ///
    /// # Errors
    /// When a clause that was taken once does not load with this program's data.
    pub fn reference(&self) -> Result<Arc<Reference>, HubError> {
        if self.contracts.trim().is_empty() {
            return shared();
        }
        let reference = builtin()?.clone();
        reference.with_contracts(CONTRACTS, &self.contracts).map(Arc::new).map_err(|e| {
            HubError::bad("bad-contracts", format!("The contract clauses cannot be read: {e}."))
        })
    }

    /// The answers about the member.
    pub fn facts(&self, reference: &Reference) -> Facts {
        let mut facts = Facts::default();
        for (question, given) in &self.facts {
            // They were checked when they were given; a question that is gone decides nothing.
            let _gone = facts.set(reference, question, given);
        }
        facts
    }

    /// Checks everything about it.
    ///
    /// # Errors
    /// 422 with the `field` that is wrong.
    fn check(&self) -> Result<(), HubError> {
        if Answers::new(&self.zone).is_err() {
            return Err(wrong("zone", "Write a time zone such as Asia/Tokyo."));
        }
        let reference = builtin()?;
        let mut facts = Facts::default();
        for (question, given) in &self.facts {
            let member = reference.decisions().question(question);
            if member.is_some_and(|q| q.about != "member") {
                return Err(wrong(question, "This is asked of each incident, not of the member."));
            }
            facts
                .set(reference, question, given)
                .map_err(|e| wrong(question, &format!("It cannot be taken: {e}.")))?;
        }
        if self.contracts.len() > MAX_CONTRACTS {
            return Err(wrong("contracts", "The contract clauses have more than 64 KiB."));
        }
        self.reference().map(drop).map_err(|e| wrong("contracts", &e.to_string()))
    }
}

/// A value that is not taken.
pub(super) fn wrong(field: &str, detail: &str) -> HubError {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    let field: String = field.chars().take(64).collect();
    let problem = Problem::new(status, "bad-answer", "An answer cannot be taken");
    HubError::Detailed(Box::new(problem.detail(detail).member("field", field)))
}

/// The same in both languages, for what pages show.
pub(super) fn wrong_in(field: &str, en: &str, ja: &str) -> HubError {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    let field: String = field.chars().take(64).collect();
    let told = serde_json::json!([{ "field": &field, "en": en, "ja": ja }]);
    let problem = Problem::new(status, "bad-answer", "An answer cannot be taken");
    HubError::Detailed(Box::new(problem.detail(en).member("field", field).member("errors", told)))
}

/// The profile of a member.
///
/// # Errors
/// When the vault cannot be read.
pub async fn of(hub: &Hub, member: &str) -> Result<Profile, HubError> {
    let member = member.to_owned();
    let read = move |tx: &mut Tx<'_>| cases::profile(tx, &member);
    Ok(Profile::of(hub.vault().read("case.profile", read).await?))
}

/// Replaces the profile of a member. `"unknown"` as an answer takes it back.
///
/// # Errors
/// 422 `bad-answer` with the `field`; nothing is stored then.
pub async fn set(
    hub: &Hub,
    member: &str,
    actor: &str,
    mut profile: Profile,
) -> Result<(), HubError> {
    profile.facts.retain(|_, given| given.as_str() != Some("unknown"));
    profile.check()?;
    let row = ProfileRow {
        zone: profile.zone,
        facts: Json::Object(profile.facts).to_string(),
        contracts: profile.contracts,
    };
    let entry = audit::Entry::new(hub.now(), actor, "duty.profile", member);
    let (member, audit_id) = (member.to_owned(), ids::fresh("a", hub.entropy()));
    let write = move |tx: &mut Tx<'_>| {
        cases::set_profile(tx, &member, entry.at, &row)?;
        reminders::look_at(tx, &member, Timestamp::from_micros(0))?;
        audit::append(tx, &audit_id, &entry)
    };
    Ok(hub.vault().write("case.set_profile", write).await?)
}
