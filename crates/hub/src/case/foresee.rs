//! The duties a report would start, before it is sent. Nothing is stored.

use std::collections::BTreeSet;

use noroshi_duty::{Obligation, Provenance, StageDeadline, Text, Verdict, applies, timeline};
use noroshi_intake::Facts;
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde_json::json;

use super::{Case, Duty, Profile, Stored};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::intake::facts_to_json;
use crate::vault::cases;
use crate::vault::reports::{ContextState, ReportRow};

/// The case that a report of this member with these fields would open. When a firm knew is for the
/// firm to say; to foresee the earliest deadlines, it knew when it noticed.
///
/// # Errors
/// When the vault cannot be read or a contract of the member no longer loads.
pub async fn foresee(hub: &Hub, member: &str, facts: &Facts) -> Result<Case, HubError> {
    let row = would_be(hub, member, facts, hub.now());
    let member = member.to_owned();
    let read = move |tx: &mut Tx<'_>| cases::profile(tx, &member);
    let profile = Profile::of(hub.vault().read("case.foresee", read).await?);
    let reference = profile.reference()?;
    let stored = Stored {
        case: row.id.clone(),
        reports: vec![row],
        answers: None,
        events: Vec::new(),
        profile,
    };
    let mut case = stored.case(hub, reference)?;
    if let (Some(at), Some(field)) = (facts.detected_at, case.reference.field_id("aware_at")) {
        let rule = Text::new("when it was noticed", "気付いた時刻");
        let from = Provenance::Derived { fields: vec!["detected_at".to_owned()], rule };
        // A field that no longer takes a moment starts no clock.
        let _refused = case.answers.set(&case.reference, &field, &json!(at), from);
    }
    Ok(case)
}

impl Case {
    /// A deadline of this case with its obligation.
    pub fn duty(&self, deadline: StageDeadline) -> Option<Duty<'_>> {
        let obligation = self.reference.obligation(&deadline.obligation)?;
        Some(Duty { obligation, missing: Vec::new(), late: None, deadline })
    }

    /// The first stage of each duty of which it is not known yet whether it applies, the first
    /// deadline first.
    ///
    /// # Errors
    /// As [`Case::duties`].
    pub fn possible(&self) -> Result<Vec<StageDeadline>, HubError> {
        let findings = applies(&self.reference, &self.facts());
        let open = findings.iter().filter(|f| f.verdict == Verdict::Uncertain && f.binding);
        let obligations: Vec<&Obligation> =
            open.filter_map(|f| self.reference.obligation(&f.obligation)).collect();
        let all = timeline(&self.reference, &obligations, &self.answers, &self.incident)
            .map_err(|e| HubError::bad("unknown-zone", format!("{e}.")))?;
        let mut seen = BTreeSet::new();
        Ok(all.into_iter().filter(|d| seen.insert(d.obligation.clone())).collect())
    }
}

fn would_be(hub: &Hub, member: &str, facts: &Facts, now: Timestamp) -> ReportRow {
    ReportRow {
        id: ids::fresh("r", hub.entropy()),
        member: member.to_owned(),
        accepted: now,
        hold_until: None,
        content_hash: Vec::new(),
        facts: facts_to_json(facts),
        receipt: String::new(),
        context: ContextState::Nothing,
        continues: None,
        composed: None,
    }
}
