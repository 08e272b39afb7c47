//! The search for observations that satisfy a whole pattern together.
//!
//! A pattern is laid out as a flat program of places to fill with observations. Each observation
//! fills at most `count` places. The search goes depth first with its own stack, so that neither
//! nesting nor `REPEATS` can exhaust the machine's, and every step is paid from a [`Budget`]. Time
//! conditions are checked at each place: they can only get worse as places are filled, so a branch
//! is left at the first place that breaks one.

use super::EvaluationError;
use super::observed::Observed;

/// What may still be spent on one evaluation.
pub(super) struct Budget {
    left: u64,
    max: u64,
}

impl Budget {
    pub(super) fn new(max: u64) -> Self {
        Self { left: max, max }
    }

    pub(super) fn spend(&mut self, steps: u64) -> Result<(), EvaluationError> {
        self.left =
            self.left.checked_sub(steps).ok_or(EvaluationError::TooMuchWork { max: self.max })?;
        Ok(())
    }
}

/// One step of the program.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instruction {
    /// Fill a place from the list of candidates of this number.
    Place {
        candidates: usize,
        /// Not before the observation of the place just filled: places of a `REPEATS` are alike,
        /// so that trying them in every order would only repeat work.
        ordered: bool,
    },
    /// Go on at the next instruction; if that fails, here.
    OrElse(usize),
    /// Go on here.
    Jump(usize),
    /// A group of places opens; with a number, all within so many microseconds.
    Open(Option<i64>),
    /// Places of the innermost group from here on are not before those so far.
    ThenAfter,
    /// The innermost group closes.
    Close,
}

/// What is known of an open group.
#[derive(Clone, Copy)]
struct Group {
    /// Latest of the first and earliest of the last instants at which its places were observed.
    latest_first: i64,
    earliest_last: i64,
    within: Option<i64>,
    /// Not before this.
    after: i64,
}

/// A state to come back to.
struct Branch {
    instruction: usize,
    /// The candidate to try next, by position in its list.
    candidate: usize,
    filled: usize,
    groups: Vec<Group>,
}

/// A program and the candidates of its places.
#[derive(Default)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    /// Numbers of observations, ascending.
    pub(super) candidates: Vec<Vec<usize>>,
}

impl Program {
    /// The observations that fill the places, in their order; `None` where no choice does.
    pub(super) fn run(
        &self,
        observed: &[Observed<'_>],
        budget: &mut Budget,
    ) -> Result<Option<Vec<usize>>, EvaluationError> {
        let mut used: Vec<u64> = vec![0; observed.len()];
        let mut filled: Vec<usize> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut branches: Vec<Branch> = Vec::new();
        let (mut at, mut from) = (0, 0);
        loop {
            budget.spend(1)?;
            let mut failed = false;
            match self.instructions.get(at) {
                None => return Ok(Some(filled)),
                Some(Instruction::Jump(to)) => at = *to,
                Some(Instruction::OrElse(other)) => {
                    budget.spend(groups.len() as u64)?;
                    branches.push(Branch {
                        instruction: *other,
                        candidate: 0,
                        filled: filled.len(),
                        groups: groups.clone(),
                    });
                    at += 1;
                }
                Some(Instruction::Open(within)) => {
                    groups.push(Group {
                        latest_first: i64::MIN,
                        earliest_last: i64::MAX,
                        within: *within,
                        after: i64::MIN,
                    });
                    at += 1;
                }
                Some(Instruction::ThenAfter) => {
                    if let Some(group) = groups.last_mut() {
                        group.after = group.latest_first;
                    }
                    at += 1;
                }
                Some(Instruction::Close) => {
                    groups.pop();
                    at += 1;
                }
                Some(Instruction::Place { candidates, ordered }) => {
                    let list = self.candidates.get(*candidates).map_or(&[][..], Vec::as_slice);
                    if from == 0
                        && *ordered
                        && let Some(previous) = filled.last()
                    {
                        from = list.partition_point(|n| n < previous);
                    }
                    let mut choice = None;
                    while let Some(&number) = list.get(from) {
                        budget.spend(1 + groups.len() as u64)?;
                        from += 1;
                        let free = match (observed.get(number), used.get(number)) {
                            (Some(o), Some(n)) if *n < o.count => Some(o),
                            _ => None,
                        };
                        if let Some(o) = free
                            && let Some(updated) = joined(&groups, o)
                        {
                            choice = Some((number, updated));
                            break;
                        }
                    }
                    match choice {
                        Some((number, updated)) => {
                            branches.push(Branch {
                                instruction: at,
                                candidate: from,
                                filled: filled.len(),
                                groups: std::mem::replace(&mut groups, updated),
                            });
                            filled.push(number);
                            if let Some(n) = used.get_mut(number) {
                                *n += 1;
                            }
                            at += 1;
                        }
                        None => failed = true,
                    }
                }
            }
            from = 0;
            if failed {
                let Some(branch) = branches.pop() else { return Ok(None) };
                for number in filled.drain(branch.filled..) {
                    if let Some(n) = used.get_mut(number) {
                        *n -= 1;
                    }
                }
                groups = branch.groups;
                at = branch.instruction;
                from = branch.candidate;
            }
        }
    }
}

/// The open groups with one more observation in each; `None` where it breaks a condition.
fn joined(groups: &[Group], observed: &Observed<'_>) -> Option<Vec<Group>> {
    let (first, last) = (observed.first.as_micros(), observed.last.as_micros());
    groups
        .iter()
        .map(|group| {
            let latest_first = group.latest_first.max(first);
            let earliest_last = group.earliest_last.min(last);
            let in_time = group.within.is_none_or(|within| {
                // An instant of each can be chosen so that all are within the time.
                latest_first <= earliest_last.saturating_add(within)
            });
            (in_time && group.after <= last).then_some(Group {
                latest_first,
                earliest_last,
                ..*group
            })
        })
        .collect()
}
