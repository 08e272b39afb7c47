//! Cases: the answers of a reporter in every version, what happened, and which laws a member is under.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    ADD_ANSWERS = "INSERT INTO case_answers (case_id, version, at, actor, body, facts)
        VALUES ($1, $2, $3, $4, $5, $6)";
    ANSWERS = "SELECT version, at, actor, body, facts FROM case_answers WHERE case_id = $1
        ORDER BY version DESC LIMIT 1";
    ANSWERS_OF = "SELECT version, at, actor, body, facts FROM case_answers
        WHERE case_id = $1 AND version = $2";
    ALL_ANSWERS = "SELECT version, at, actor, body, facts FROM case_answers WHERE case_id = $1
        ORDER BY version";
    LAST_EVENT = "SELECT number FROM case_event WHERE case_id = $1 ORDER BY number DESC LIMIT 1";
    ADD_EVENT = "INSERT INTO case_event (case_id, number, at, actor, body)
        VALUES ($1, $2, $3, $4, $5)";
    EVENTS = "SELECT body FROM case_event WHERE case_id = $1 ORDER BY number";
    RECORDED = "SELECT at, actor, body FROM case_event WHERE case_id = $1 ORDER BY number";
    PROFILE = "SELECT zone, facts, contracts FROM member_duty_profile WHERE member = $1";
    SET_PROFILE = "INSERT INTO member_duty_profile (member, at, zone, facts, contracts)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (member) DO UPDATE SET at = excluded.at,
        zone = excluded.zone, facts = excluded.facts, contracts = excluded.contracts";
}

/// One version of a case's answers. Attributed: prints nothing.
#[derive(Clone)]
pub struct AnswersRow {
    /// Counts from 1.
    pub version: i64,
    /// When it was given.
    pub at: Timestamp,
    /// Account or key that gave it.
    pub actor: String,
    /// The answers, as JSON.
    pub body: String,
    /// What is known of the incident beside them, as JSON: question, answer.
    pub facts: String,
}

/// What is known of a member.
#[derive(Clone)]
pub struct ProfileRow {
    /// IANA name of the zone its people live in.
    pub zone: String,
    /// Question, answer; as JSON.
    pub facts: String,
    /// Its contract clauses, as TOML; empty where there are none.
    pub contracts: String,
}

/// Adds a version of the answers.
///
/// # Errors
/// When the version exists or the vault cannot be written.
pub fn add_answers(tx: &mut Tx<'_>, case: &str, a: &AnswersRow) -> Result<(), StoreError> {
    let params = [
        case.into(),
        a.version.into(),
        a.at.as_micros().into(),
        (&a.actor).into(),
        (&a.body).into(),
        (&a.facts).into(),
    ];
    tx.execute(ADD_ANSWERS, &params).map(drop)
}

/// The newest version of a case's answers.
///
/// # Errors
/// When the vault cannot be read.
pub fn answers(tx: &mut Tx<'_>, case: &str) -> Result<Option<AnswersRow>, StoreError> {
    tx.query_one(ANSWERS, &[case.into()], answers_row)
}

/// One version of a case's answers.
///
/// # Errors
/// When the vault cannot be read.
pub fn answers_of(
    tx: &mut Tx<'_>,
    case: &str,
    version: i64,
) -> Result<Option<AnswersRow>, StoreError> {
    tx.query_one(ANSWERS_OF, &[case.into(), version.into()], answers_row)
}

/// Every version of a case's answers, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn all_answers(tx: &mut Tx<'_>, case: &str) -> Result<Vec<AnswersRow>, StoreError> {
    tx.query(ALL_ANSWERS, &[case.into()], answers_row)
}

/// An event as it was recorded.
pub struct RecordedRow {
    /// When it was recorded.
    pub at: Timestamp,
    /// Account or key that recorded it.
    pub actor: String,
    /// The event, as JSON.
    pub body: String,
}

/// A case's events in the order they were recorded, with who recorded them.
///
/// # Errors
/// When the vault cannot be read.
pub fn recorded(tx: &mut Tx<'_>, case: &str) -> Result<Vec<RecordedRow>, StoreError> {
    tx.query(RECORDED, &[case.into()], |r| {
        Ok(RecordedRow {
            at: Timestamp::from_micros(r.int(0)?),
            actor: r.text(1)?,
            body: r.text(2)?,
        })
    })
}

/// Adds an event at the end of a case's history.
///
/// # Errors
/// When the vault cannot be written.
pub fn add_event(
    tx: &mut Tx<'_>,
    case: &str,
    at: Timestamp,
    actor: &str,
    body: &str,
) -> Result<(), StoreError> {
    let number = tx.query_one(LAST_EVENT, &[case.into()], |r| r.int(0))?.unwrap_or(0) + 1;
    let params = [case.into(), number.into(), at.as_micros().into(), actor.into(), body.into()];
    tx.execute(ADD_EVENT, &params).map(drop)
}

/// A case's events in the order they were recorded, as JSON.
///
/// # Errors
/// When the vault cannot be read.
pub fn events(tx: &mut Tx<'_>, case: &str) -> Result<Vec<String>, StoreError> {
    tx.query(EVENTS, &[case.into()], |r| r.text(0))
}

/// What is known of a member.
///
/// # Errors
/// When the vault cannot be read.
pub fn profile(tx: &mut Tx<'_>, member: &str) -> Result<Option<ProfileRow>, StoreError> {
    tx.query_one(PROFILE, &[member.into()], |r| {
        Ok(ProfileRow { zone: r.text(0)?, facts: r.text(1)?, contracts: r.text(2)? })
    })
}

/// Replaces what is known of a member.
///
/// # Errors
/// When there is no such member or the vault cannot be written.
pub fn set_profile(
    tx: &mut Tx<'_>,
    member: &str,
    at: Timestamp,
    p: &ProfileRow,
) -> Result<(), StoreError> {
    let params = [
        member.into(),
        at.as_micros().into(),
        (&p.zone).into(),
        (&p.facts).into(),
        (&p.contracts).into(),
    ];
    tx.execute(SET_PROFILE, &params).map(drop)
}

fn answers_row(r: &Row<'_>) -> Result<AnswersRow, StoreError> {
    Ok(AnswersRow {
        version: r.int(0)?,
        at: Timestamp::from_micros(r.int(1)?),
        actor: r.text(2)?,
        body: r.text(3)?,
        facts: r.text(4)?,
    })
}
