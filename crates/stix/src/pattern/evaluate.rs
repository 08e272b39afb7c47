//! Whether a pattern matches observed data (STIX 2.1, section 9).
//!
//! A comparison holds for an observation when it holds for one of its cyber observables as a whole:
//! `[file:name = 'a' AND file:size = 5]` is about one file. Different places of a pattern are filled
//! by different observations, where an observed-data object with `number_observed` of three is three
//! of them. Between `first_observed` and `last_observed` the instant is chosen in favour of the
//! match, for each condition on its own.

use super::EvaluationError;
use super::ast::{Comparison, Observation, Qualifier};
use super::compare::Check;
use super::observed::Observed;
use super::search::{Budget, Instruction, Program};

/// How much one evaluation may cost, whoever wrote the pattern and the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluationLimits {
    /// Steps of work: looking at a value, trying an observation in a place.
    pub steps: u64,
    /// Most observations one match may consist of, `REPEATS` multiplied out.
    pub places: usize,
}

impl Default for EvaluationLimits {
    fn default() -> Self {
        Self { steps: 10_000_000, places: 100_000 }
    }
}

impl Observation {
    /// The numbers of the observations that satisfy the pattern together, one for each place of it,
    /// in its order; `None` where the pattern does not match. Of several matches the one given is
    /// always the same for the same input.
    ///
    /// # Errors
    /// [`EvaluationError`] where an expression after `MATCHES` cannot be used, or the work exceeds
    /// `limits`: then nothing is known about the match.
    pub fn evaluate(
        &self,
        observed: &[Observed<'_>],
        limits: &EvaluationLimits,
    ) -> Result<Option<Vec<usize>>, EvaluationError> {
        let mut layout = Layout {
            observed,
            program: Program::default(),
            budget: Budget::new(limits.steps),
            places: limits.places,
            placed: 0,
        };
        let every: Vec<usize> = (0..observed.len()).collect();
        if !layout.lay(self, &every)? {
            return Ok(None);
        }
        let Layout { program, mut budget, .. } = layout;
        program.run(observed, &mut budget)
    }
}

/// Lays a pattern out as a program.
struct Layout<'o> {
    observed: &'o [Observed<'o>],
    program: Program,
    budget: Budget,
    places: usize,
    placed: usize,
}

impl Layout<'_> {
    /// Appends what fills `node` from the observations `allowed`; `false`, with nothing to rely on
    /// appended, where it is clear already that nothing can.
    fn lay(&mut self, node: &Observation, allowed: &[usize]) -> Result<bool, EvaluationError> {
        match node {
            Observation::Single(comparison) => self.places(comparison, 1, allowed),
            Observation::And(parts) => self.each(parts, allowed, None),
            Observation::FollowedBy(parts) => {
                self.emit(Instruction::Open(None))?;
                let laid = self.each(parts, allowed, Some(Instruction::ThenAfter))?;
                self.emit(Instruction::Close)?;
                Ok(laid)
            }
            Observation::Or(parts) => self.one_of(parts, allowed),
            Observation::Qualified(inner, qualifiers) => self.qualified(inner, qualifiers, allowed),
        }
    }

    fn each(
        &mut self,
        parts: &[Observation],
        allowed: &[usize],
        between: Option<Instruction>,
    ) -> Result<bool, EvaluationError> {
        for (i, part) in parts.iter().enumerate() {
            if let (Some(instruction), true) = (between, i > 0) {
                self.emit(instruction)?;
            }
            if !self.lay(part, allowed)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `else a; jump end; else b; jump end; c; end:`, without the parts that cannot match.
    fn one_of(
        &mut self,
        parts: &[Observation],
        allowed: &[usize],
    ) -> Result<bool, EvaluationError> {
        let mut jumps = Vec::new();
        let mut last_choice = None;
        for part in parts {
            let choice = self.program.instructions.len();
            self.emit(Instruction::OrElse(choice))?;
            if self.lay(part, allowed)? {
                jumps.push(self.program.instructions.len());
                self.emit(Instruction::Jump(0))?;
                let next = self.program.instructions.len();
                self.set(choice, Instruction::OrElse(next));
                last_choice = Some(choice);
            } else {
                self.program.instructions.truncate(choice);
            }
        }
        let Some(last_choice) = last_choice else { return Ok(false) };
        // The last choice has no other.
        self.set(last_choice, Instruction::Jump(last_choice + 1));
        let end = self.program.instructions.len();
        for jump in jumps {
            self.set(jump, Instruction::Jump(end));
        }
        Ok(true)
    }

    /// From the outermost qualifier in, then from the innermost out: no recursion, because nothing
    /// but the length of a pattern bounds their number.
    fn qualified(
        &mut self,
        inner: &Observation,
        qualifiers: &[Qualifier],
        allowed: &[usize],
    ) -> Result<bool, EvaluationError> {
        let mut allowed = allowed.to_vec();
        let mut begins = Vec::with_capacity(qualifiers.len());
        for qualifier in qualifiers.iter().rev() {
            begins.push(self.program.instructions.len());
            match qualifier {
                Qualifier::Within(seconds) => {
                    // Saturates where the time is longer than any timestamp.
                    self.emit(Instruction::Open(Some((seconds * 1e6) as i64)))?;
                }
                Qualifier::StartStop(start, stop) => allowed.retain(|n| {
                    let seen = self.observed.get(*n);
                    start < stop && seen.is_some_and(|o| o.first < *stop && o.last >= *start)
                }),
                Qualifier::Repeats(_) => (),
            }
        }
        let mut outward = qualifiers.iter().zip(begins.into_iter().rev()).peekable();
        let laid = match (inner, outward.peek()) {
            (Observation::Single(comparison), Some((Qualifier::Repeats(times), _))) => {
                outward.next();
                self.places(comparison, *times, &allowed)?
            }
            _ => self.lay(inner, &allowed)?,
        };
        if !laid {
            return Ok(false);
        }
        for (qualifier, begin) in outward {
            match qualifier {
                Qualifier::Within(_) => self.emit(Instruction::Close)?,
                Qualifier::Repeats(times) => self.repeat(begin, *times)?,
                Qualifier::StartStop(..) => (),
            }
        }
        Ok(true)
    }

    /// Repeats what stands from `begin` on until it stands there `times` times.
    fn repeat(&mut self, begin: usize, times: u64) -> Result<(), EvaluationError> {
        let end = self.program.instructions.len();
        for _ in 1..times {
            let moved = self.program.instructions.len() - begin;
            for at in begin..end {
                let instruction = match self.program.instructions.get(at) {
                    Some(Instruction::OrElse(to)) => Instruction::OrElse(to + moved),
                    Some(Instruction::Jump(to)) => Instruction::Jump(to + moved),
                    Some(other) => *other,
                    None => break,
                };
                self.emit(instruction)?;
            }
        }
        Ok(())
    }

    /// `times` places for observations of which `comparison` holds.
    fn places(
        &mut self,
        comparison: &Comparison,
        times: u64,
        allowed: &[usize],
    ) -> Result<bool, EvaluationError> {
        let check = Check::new(comparison, &mut self.budget)?;
        let mut found = Vec::new();
        let mut total: u64 = 0;
        for &number in allowed {
            let Some(observed) = self.observed.get(number) else { continue };
            self.budget.spend(1)?;
            for (_, root) in &observed.objects {
                if check.holds(root, observed, &mut self.budget)? {
                    found.push(number);
                    total = total.saturating_add(observed.count);
                    break;
                }
            }
        }
        if total < times {
            return Ok(false);
        }
        let candidates = self.program.candidates.len();
        self.program.candidates.push(found);
        for i in 0..times {
            self.emit(Instruction::Place { candidates, ordered: i > 0 })?;
        }
        Ok(true)
    }

    fn emit(&mut self, instruction: Instruction) -> Result<(), EvaluationError> {
        self.placed += usize::from(matches!(instruction, Instruction::Place { .. }));
        if self.placed > self.places {
            return Err(EvaluationError::TooManyPlaces { max: self.places });
        }
        self.budget.spend(1)?;
        self.program.instructions.push(instruction);
        Ok(())
    }

    fn set(&mut self, at: usize, instruction: Instruction) {
        if let Some(place) = self.program.instructions.get_mut(at) {
            *place = instruction;
        }
    }
}
