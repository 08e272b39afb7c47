//! A case and its duties: what the reporter answered, what happened, which reports are owed to whom
//! by when.
//!
//! Everything is computed when it is asked from what is stored (answers, events, the member's
//! [`profile`]) and the time of the moment, so that no clock is lost when the hub restarts. Nothing
//! of a case leaves but inside a filing that its reporter makes.

mod change;
pub mod consent;
pub mod desk;
pub mod filings;
mod foresee;
pub mod history;
mod ical;
mod known;
pub mod profile;

use std::sync::{Arc, LazyLock};

use noroshi_duty::{
    Answers, CaseStanding, Event, Fact, Facts, Finding, Incident, Obligation, Question, Reference,
    StageDeadline, Verdict, applies, deadlines, missing_for, timeline,
};
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};
use serde_json::{Map, Value as Json, json};

pub use change::{Changes, Happening, change, happened};
pub use foresee::foresee;
pub use ical::calendar;
pub use profile::Profile;

use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::cases::{self, AnswersRow};
use crate::vault::reports::{self, ReportRow};

/// The zone of a case whose member named none: most members are Japanese.
pub const ZONE: &str = "Asia/Tokyo";

static BUILTIN: LazyLock<Result<Arc<Reference>, String>> =
    LazyLock::new(|| Reference::builtin().map(Arc::new).map_err(|e| e.to_string()));

/// The duties this program is built with.
///
/// # Errors
/// None in a build whose tests passed.
pub fn builtin() -> Result<&'static Reference, HubError> {
    BUILTIN.as_ref().map(Arc::as_ref).map_err(|e| HubError::Register(e.clone()))
}

/// The same, to keep.
fn shared() -> Result<Arc<Reference>, HubError> {
    BUILTIN.as_ref().map(Arc::clone).map_err(|e| HubError::Register(e.clone()))
}

/// One case as it stands. Attributed: it names its reporter; prints nothing.
pub struct Case {
    /// The id all reports of the case share.
    pub id: String,
    /// Number of the newest answers; 0 where nobody gave any.
    pub version: i64,
    /// The duties of law and of the member's contracts.
    pub reference: Arc<Reference>,
    /// What the reporter answered, or what the hub knows where it answered nothing yet.
    pub answers: Answers,
    /// What is known of the incident beside the answers: question, answer.
    pub facts: Map<String, Json>,
    /// What happened.
    pub incident: Incident,
    /// What is known of the member.
    pub profile: Profile,
}

/// One stage that is owed.
pub struct Duty<'c> {
    /// Its deadline.
    pub deadline: StageDeadline,
    /// The obligation.
    pub obligation: &'c Obligation,
    /// What it cannot do without and the answers do not say.
    pub missing: Vec<Question>,
    /// Whether it is late now; `None` without a deadline.
    pub late: Option<bool>,
}

/// Every duty of a case.
pub struct Duties<'c> {
    /// What is owed, the first deadline first.
    pub open: Vec<Duty<'c>>,
    /// What may be owed, with what to answer.
    pub uncertain: Vec<Finding>,
    /// What is not owed but can be given: invitations, proposals.
    pub voluntary: Vec<Finding>,
}

/// Reads the case of a report.
///
/// # Errors
/// When the vault cannot be read or a contract of the member no longer loads.
pub async fn load(hub: &Hub, report: &ReportRow) -> Result<Case, HubError> {
    let row = report.clone();
    let stored = hub.vault().read("case.load", move |tx| Stored::read(tx, &row)).await?;
    let reference = stored.profile.reference()?;
    stored.case(hub, reference)
}

/// Reads the cases of a member's reports, newest first; each case once.
///
/// # Errors
/// As [`load`].
pub async fn all_of(hub: &Hub, member: &str) -> Result<Vec<Case>, HubError> {
    /// Most reports looked at.
    const LIMIT: i64 = 500;
    let member = member.to_owned();
    let stored = hub
        .vault()
        .read("case.all", move |tx| {
            let mut seen = std::collections::BTreeSet::new();
            let mut all = Vec::new();
            for row in reports::of_member(tx, &member, LIMIT)? {
                if seen.insert(row.case().to_owned()) {
                    all.push(Stored::read(tx, &row)?);
                }
            }
            Ok(all)
        })
        .await?;
    // One member, one profile: its duties are loaded once.
    let Some(first) = stored.first() else { return Ok(Vec::new()) };
    let reference = first.profile.reference()?;
    stored.into_iter().map(|s| s.case(hub, Arc::clone(&reference))).collect()
}

/// What the vault holds of a case.
struct Stored {
    case: String,
    reports: Vec<ReportRow>,
    answers: Option<AnswersRow>,
    events: Vec<String>,
    profile: Profile,
}

impl Stored {
    fn read(tx: &mut Tx<'_>, report: &ReportRow) -> Result<Self, StoreError> {
        let case = report.case();
        // A case is one member's; a row of anybody else never becomes part of it.
        let mut rows = reports::of_case(tx, case)?;
        rows.retain(|r| r.member == report.member);
        Ok(Self {
            reports: rows,
            answers: cases::answers(tx, case)?,
            events: cases::events(tx, case)?,
            profile: Profile::of(cases::profile(tx, &report.member)?),
            case: case.to_owned(),
        })
    }

    fn case(self, hub: &Hub, reference: Arc<Reference>) -> Result<Case, HubError> {
        let (version, answers, facts) = match &self.answers {
            Some(row) => {
                let body: Json = serde_json::from_str(&row.body).unwrap_or(Json::Null);
                let facts = serde_json::from_str(&row.facts).unwrap_or_default();
                (row.version, Answers::from_json(&reference, &body), facts)
            }
            None => {
                let known = known::answers(hub, &reference, &self.profile.zone, &self.reports)?;
                (0, known, Map::new())
            }
        };
        let events: Vec<Event> =
            self.events.iter().filter_map(|e| serde_json::from_str(e).ok()).collect();
        let accepted = self.reports.iter().map(|r| jiff_of(r.accepted));
        // The case is as old as the first thing that is known of it.
        let first = accepted.chain(events.iter().map(Event::at)).min().unwrap_or_default();
        let mut incident = Incident::opened(first);
        events.into_iter().for_each(|e| incident.add(e));
        Ok(Case {
            id: self.case,
            version,
            reference,
            answers,
            facts,
            incident,
            profile: self.profile,
        })
    }
}

impl Case {
    /// The case as it stood at a moment, with the answers of that time.
    fn at(&self, answers: Option<AnswersRow>, at: jiff::Timestamp) -> Self {
        let read = |row: AnswersRow| {
            let body: Json = serde_json::from_str(&row.body).unwrap_or(Json::Null);
            (row.version, Answers::from_json(&self.reference, &body))
        };
        let now = || (self.version, self.answers.clone());
        let (version, answers) = answers.map_or_else(now, read);
        let mut events = self.incident.events().iter().filter(|e| e.at() < at);
        let mut incident = Incident::opened(events.next().map_or(at, Event::at));
        events.for_each(|e| incident.add(e.clone()));
        Self {
            id: self.id.clone(),
            version,
            reference: Arc::clone(&self.reference),
            answers,
            facts: self.facts.clone(),
            incident,
            profile: self.profile.clone(),
        }
    }

    /// What decides which duties apply: the member, the incident, the answers.
    pub fn facts(&self) -> Facts {
        let mut facts = self.profile.facts(&self.reference);
        for (question, given) in &self.facts {
            // They were checked when they were given; a question that is gone decides nothing.
            let _gone = facts.set(&self.reference, question, given);
        }
        let day = ["aware_at", "detected_at", "occurred_at"]
            .into_iter()
            .find_map(|field| Some(self.answers.answer(field)?.value.moment()?.date().to_string()));
        if let (None, Some(day)) = (facts.fact("incident_date"), day) {
            let _gone = facts.set(&self.reference, "incident_date", &json!(day));
        }
        facts.with_answers(&self.reference, &self.answers)
    }

    /// The incident's day, if anything says it.
    pub fn incident_day(&self) -> Option<String> {
        match self.facts().fact("incident_date") {
            Some(Fact::Date(day)) => Some(day.to_string()),
            _ => None,
        }
    }

    /// What applies, what is owed by when, what may be.
    ///
    /// # Errors
    /// 409 `unknown-zone` where the stored zone is none any more.
    pub fn duties(&self, now: Timestamp) -> Result<Duties<'_>, HubError> {
        let findings = applies(&self.reference, &self.facts());
        let holds = |f: &&Finding| f.verdict == Verdict::Applies && f.binding;
        let mut obligations: Vec<&Obligation> = findings
            .iter()
            .filter(holds)
            .filter_map(|f| self.reference.obligation(&f.obligation))
            .collect();
        // Clauses of contracts apply to whoever registered them.
        let clauses = self.reference.obligations().iter();
        obligations.extend(clauses.filter(|o| o.id.starts_with("contract-")));
        let open = timeline(&self.reference, &obligations, &self.answers, &self.incident)
            .map_err(|e| HubError::bad("unknown-zone", format!("{e}.")))?;
        let now = jiff_of(now);
        let duty = |deadline: StageDeadline| {
            let obligation = self.reference.obligation(&deadline.obligation)?;
            let stage = obligation.stage(&deadline.stage)?;
            let missing = missing_for(&self.reference, obligation, stage, &self.answers);
            Some(Duty { late: deadline.is_late(now), obligation, missing, deadline })
        };
        let standing = |f: &Finding| {
            let obligation = self.reference.obligation(&f.obligation);
            obligation.map(|o| self.incident.state(o).standing)
        };
        let ended = |f: &Finding| {
            use CaseStanding::{Closed, NotReportable, Withdrawn};
            matches!(standing(f), Some(Closed | NotReportable | Withdrawn))
        };
        let pick = |wanted: &dyn Fn(&Finding) -> bool| {
            findings.iter().filter(|f| wanted(f) && !ended(f)).cloned().collect()
        };
        Ok(Duties {
            open: open.into_iter().filter_map(duty).collect(),
            uncertain: pick(&|f| f.verdict == Verdict::Uncertain),
            voluntary: pick(&|f| f.verdict == Verdict::Applies && !f.binding),
        })
    }

    /// The same with a clock at another moment: what would be if it were set.
    ///
    /// # Errors
    /// Where there is no such clock.
    pub fn with_clock(&self, clock: &str, at: jiff::Zoned) -> Result<Self, noroshi_duty::Problem> {
        let mut answers = self.answers.clone();
        answers.set_clock(&self.reference, clock, at)?;
        Ok(Self {
            id: self.id.clone(),
            version: self.version,
            reference: Arc::clone(&self.reference),
            answers,
            facts: self.facts.clone(),
            incident: self.incident.clone(),
            profile: self.profile.clone(),
        })
    }

    /// Every stage that was submitted, with the deadline it had.
    ///
    /// # Errors
    /// 409 `unknown-zone` where the stored zone is none any more.
    pub fn submitted(&self) -> Result<Vec<(&Obligation, StageDeadline)>, HubError> {
        let clocks = self
            .answers
            .clocks(&self.reference)
            .map_err(|e| HubError::bad("unknown-zone", format!("{e}.")))?;
        let mut all = Vec::new();
        for obligation in self.reference.obligations() {
            let mut stages = self.incident.state(obligation).stages.into_iter();
            if stages.all(|s| s.filed.is_none()) {
                continue;
            }
            let clocks = self.incident.add_filed(obligation, clocks.clone());
            let found = deadlines(obligation, &clocks, self.reference.calendar());
            all.extend(found.into_iter().filter(|d| d.filed.is_some()).map(|d| (obligation, d)));
        }
        Ok(all)
    }

    /// What a person must look at: in the answers and in the history.
    pub fn problems(&self) -> Vec<noroshi_duty::Problem> {
        let mut all = self.answers.problems(&self.reference);
        for obligation in self.reference.obligations() {
            for problem in self.incident.state(obligation).problems {
                if !all.contains(&problem) {
                    all.push(problem);
                }
            }
        }
        all
    }
}

/// The same instant for the duties.
pub(crate) fn jiff_of(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default()
}
