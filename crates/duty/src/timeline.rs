//! Every duty of one report in the order in which it is due.

use crate::{
    Answers, CaseStanding, ClockError, Incident, Obligation, Reference, StageDeadline, Standing,
    deadlines,
};

/// The stages of these obligations that were not filed yet, the first deadline first: what has words
/// and no number, then what has a deadline or an expected one, then what waits. Obligations under
/// which the incident was withdrawn, closed or found not reportable are left out.
///
/// # Errors
/// [`ClockError::UnknownZone`]: the reporter's zone is not known.
pub fn timeline(
    reference: &Reference,
    obligations: &[&Obligation],
    answers: &Answers,
    incident: &Incident,
) -> Result<Vec<StageDeadline>, ClockError> {
    let clocks = answers.clocks(reference)?;
    let mut open = Vec::new();
    for obligation in obligations {
        let state = incident.state(obligation);
        if !matches!(state.standing, CaseStanding::Open | CaseStanding::Complete) {
            continue;
        }
        let clocks = incident.add_filed(obligation, clocks.clone());
        let stages = deadlines(obligation, &clocks, reference.calendar());
        // Once complete, only repetitions could follow.
        let owed = |s: &StageDeadline| s.filed.is_none() && state.standing == CaseStanding::Open;
        open.extend(stages.into_iter().filter(owed));
    }
    open.sort_by_key(|s| {
        let expected = s.due.or(s.projection.as_ref().map(|p| p.due));
        let wordy = s.standing == Standing::NoNumber && s.condition.is_none();
        (!wordy, expected.is_none(), expected, s.obligation.clone())
    });
    Ok(open)
}
