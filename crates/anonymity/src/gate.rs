//! The gate: every indicator passes, waits for the desk, or ends here.
//!
//! One file per rule in [`rules`]; each says what it looks for and why. [`generalise`] first cuts
//! what may identify a victim out of an indicator (beacon ids in a URL, a user's security id); the
//! rules then judge what would be released.

mod generalise;
mod reason;
mod rules;
mod shapes;
mod subject;

use noroshi_stix::Observable;
pub use reason::{Confidence, Reason, Severity};

use self::generalise::Generalised;
use self::rules::{Rules, Target};
use self::subject::Subject;
use crate::register::Register;
use crate::warning::WarningLists;
use crate::{AnonymityError, Signal};

/// What the gate says about one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be released in this form, which says the same or less than what was given.
    Pass(Observable),
    /// It waits for the desk; the reporter sees why.
    Quarantine(Vec<Reason>),
    /// Nothing worth releasing is left of it.
    Drop(Vec<Reason>),
}

/// Judges indicators against one register and one set of warning lists. Build it once; it is
/// shared freely between threads.
pub struct Gate {
    rules: Rules,
}

impl Gate {
    /// Which rules these are: certificates name them.
    pub const VERSION: &'static str = "2";

    /// Prepares all rules.
    ///
    /// # Errors
    /// [`AnonymityError::TooManyNames`] where the register cannot be searched for.
    pub fn new(register: &Register, lists: &WarningLists) -> Result<Self, AnonymityError> {
        Ok(Self { rules: Rules::new(register, lists)? })
    }

    /// What may happen with the indicator without a person looking at it.
    pub fn judge(&self, observable: &Observable) -> Verdict {
        let released = match generalise::generalise(observable, &self.rules) {
            Generalised::Same => {
                let reasons = self.reasons(observable);
                return verdict(observable.clone(), reasons);
            }
            Generalised::To(released) => released,
            Generalised::Nothing => return Verdict::Drop(vec![Reason::nothing_left()]),
        };
        let mut reasons = self.reasons(&released);
        if reasons.is_empty() {
            // What was cut away stays away, but the desk learns that it pointed to a member.
            let cut = self.rules.check(&Subject::new(observable), Target::MembersOnly);
            if !cut.is_empty() {
                reasons.push(Reason::member_in_cut_part(&cut));
            }
        }
        verdict(released, reasons)
    }

    /// What may happen with an indicator the desk has read and cleared: it passes in its released
    /// form unless something about it is never releasable.
    pub fn judge_reviewed(&self, observable: &Observable) -> Verdict {
        let released = match generalise::generalise(observable, &self.rules) {
            Generalised::Same => observable.clone(),
            Generalised::To(released) => released,
            Generalised::Nothing => return Verdict::Drop(vec![Reason::nothing_left()]),
        };
        let mut reasons = self.reasons(&released);
        reasons.retain(|r| !r.releasable_after_review());
        verdict(released, reasons)
    }

    /// The signal of an indicator that passes [`Gate::judge`]; `None` for every other.
    pub fn signal(&self, observable: &Observable) -> Option<Signal> {
        match self.judge(observable) {
            Verdict::Pass(o) => Some(Signal::gated(o)),
            Verdict::Quarantine(_) | Verdict::Drop(_) => None,
        }
    }

    /// The signal of an indicator that the desk cleared, as [`Gate::judge_reviewed`] allows.
    pub fn signal_reviewed(&self, observable: &Observable) -> Option<Signal> {
        match self.judge_reviewed(observable) {
            Verdict::Pass(o) => Some(Signal::gated(o)),
            Verdict::Quarantine(_) | Verdict::Drop(_) => None,
        }
    }

    fn reasons(&self, observable: &Observable) -> Vec<Reason> {
        self.rules.check(&Subject::new(observable), Target::Everything)
    }
}

fn verdict(released: Observable, reasons: Vec<Reason>) -> Verdict {
    if reasons.is_empty() { Verdict::Pass(released) } else { Verdict::Quarantine(reasons) }
}
