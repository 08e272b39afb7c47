//! The life of a report, as types.
//!
//! ```text
//! Submitted --gate--> Gated --approve--> Approved --context--> ContextRelease
//!                       |
//!                       +--signals--> Signal (forgets the reporter)
//! ```
//!
//! The way that exists:
//!
//! ```
//! # use noroshi_anonymity::{Approval, ContextEmission, ContextRelease, Gate, Report, Signal, Submitted};
//! # use noroshi_anonymity::policy::CertifiedLabel;
//! # use noroshi_seal::Entropy;
//! fn way(
//!     report: Report<Submitted>,
//!     gate: &Gate,
//!     approval: Approval,
//!     label: &CertifiedLabel,
//!     emission: &ContextEmission<'_>,
//!     entropy: &dyn Entropy,
//! ) -> (Vec<Signal>, Option<ContextRelease>) {
//!     let gated = report.gate(gate);
//!     let signals = gated.signals();
//!     (signals, gated.approve(approval).context(label, emission, entropy))
//! }
//! ```
//!
//! Every step consumes the one before. A report can neither be printed nor serialised, and a
//! submitted one cannot be released:
//!
//! ```compile_fail,E0599
//! # use noroshi_anonymity::{Report, Submitted};
//! fn leak(report: Report<Submitted>) {
//!     report.signals(); // only a gated report has signals
//! }
//! ```
//!
//! ```compile_fail,E0599
//! # use noroshi_anonymity::{ContextEmission, Gated, Report, policy::CertifiedLabel};
//! # use noroshi_seal::SeededEntropy;
//! fn leak(report: Report<Gated>, label: &CertifiedLabel, emission: &ContextEmission<'_>) {
//!     report.context(label, emission, &SeededEntropy::new(0)); // needs the desk and the reporter
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use noroshi_anonymity::{Gated, Report};
//! fn leak(report: Report<Gated>) -> Vec<u8> {
//!     serde_json::to_vec(&report).unwrap_or_default()
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use noroshi_anonymity::{Report, Submitted};
//! fn leak(report: Report<Submitted>) -> String {
//!     report.to_string()
//! }
//! ```
//!
//! ```compile_fail,E0382
//! # use noroshi_anonymity::{Gate, Report, Submitted};
//! fn twice(report: Report<Submitted>, gate: &Gate) {
//!     report.gate(gate);
//!     report.gate(gate); // moved
//! }
//! ```
//!
//! Its `Debug` says only which state it is in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use noroshi_seal::Entropy;
use noroshi_stix::{Observable, Timestamp};

use crate::context::{ContextEmission, ContextFacts, ContextRelease};
use crate::gate::{Gate, Reason, Verdict};
use crate::policy::CertifiedLabel;
use crate::register::MemberId;
use crate::signal::Signal;

/// What a member sent, in one of the states [`Submitted`], [`Gated`], [`Approved`].
pub struct Report<S> {
    member: MemberId,
    facts: ContextFacts,
    state: S,
}

/// As it came in.
pub struct Submitted {
    observables: BTreeSet<Observable>,
}

/// Every indicator judged.
pub struct Gated {
    passed: Vec<Passed>,
    quarantined: Vec<(Observable, Vec<Reason>)>,
    dropped: Vec<(Observable, Vec<Reason>)>,
}

/// Judged, and its context cleared by the desk and the reporter.
pub struct Approved {
    gated: Gated,
    approval: Approval,
}

/// An indicator that may be released, beside what it was made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Passed {
    /// As reported.
    pub given: Observable,
    /// As it is released.
    pub released: Observable,
}

impl Passed {
    /// Whether something was cut away.
    pub fn is_generalised(&self) -> bool {
        self.given != self.released
    }
}

/// Both consents a context release needs. There is no way to make one without the other.
pub struct Approval {
    /// The desk's.
    pub desk: DeskApproval,
    /// The reporter's.
    pub reporter: ReporterApproval,
}

/// An analyst of the desk read the exact wording and cleared it.
pub struct DeskApproval {
    /// Who, for the audit log inside the vault.
    pub officer: String,
    /// When.
    pub at: Timestamp,
}

/// The reporter saw the exact wording and agreed.
pub struct ReporterApproval {
    /// When.
    pub at: Timestamp,
    /// How.
    pub consent: Consent,
}

/// How a reporter agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It said so.
    Given,
    /// It was asked and said nothing for the time the agreement gives it.
    Silence,
}

impl Report<Submitted> {
    /// A report by `member`. Repeated indicators count once; their order is forgotten, because it
    /// is the reporter's.
    pub fn new(
        member: MemberId,
        observables: impl IntoIterator<Item = Observable>,
        facts: ContextFacts,
    ) -> Self {
        let observables = observables.into_iter().collect();
        Self { member, facts, state: Submitted { observables } }
    }

    /// Judges every indicator.
    pub fn gate(self, gate: &Gate) -> Report<Gated> {
        self.gate_with(gate, &BTreeSet::new())
    }

    /// As [`Report::gate`], where the desk has read and cleared the indicators in `cleared`. What
    /// is never releasable stays back all the same.
    pub fn gate_with(self, gate: &Gate, cleared: &BTreeSet<Observable>) -> Report<Gated> {
        // By released form: several URLs may become one.
        let mut passed: BTreeMap<Observable, Passed> = BTreeMap::new();
        let mut quarantined = Vec::new();
        let mut dropped = Vec::new();
        for given in self.state.observables {
            let verdict = if cleared.contains(&given) {
                gate.judge_reviewed(&given)
            } else {
                gate.judge(&given)
            };
            match verdict {
                Verdict::Pass(released) => {
                    passed.entry(released.clone()).or_insert(Passed { given, released });
                }
                Verdict::Quarantine(reasons) => quarantined.push((given, reasons)),
                Verdict::Drop(reasons) => dropped.push((given, reasons)),
            }
        }
        let passed = passed.into_values().collect();
        let state = Gated { passed, quarantined, dropped };
        Report { member: self.member, facts: self.facts, state }
    }
}

impl Report<Gated> {
    /// Indicators that may be released, each released form once.
    pub fn passed(&self) -> &[Passed] {
        &self.state.passed
    }

    /// Indicators that wait for the desk, with the reasons to show the reporter.
    pub fn quarantined(&self) -> &[(Observable, Vec<Reason>)] {
        &self.state.quarantined
    }

    /// Indicators of which nothing is left.
    pub fn dropped(&self) -> &[(Observable, Vec<Reason>)] {
        &self.state.dropped
    }

    /// The indicators that passed, without a trace of who sent them.
    pub fn signals(&self) -> Vec<Signal> {
        self.state.passed.iter().map(|p| Signal::gated(p.released.clone())).collect()
    }

    /// With both consents the context may be released.
    pub fn approve(self, approval: Approval) -> Report<Approved> {
        let state = Approved { gated: self.state, approval };
        Report { member: self.member, facts: self.facts, state }
    }
}

impl Report<Approved> {
    /// What the desk and the reporter agreed to, for the audit log inside the vault.
    pub fn approval(&self) -> &Approval {
        &self.state.approval
    }

    /// The indicators that passed, as before approval.
    pub fn signals(&self) -> Vec<Signal> {
        self.state.gated.passed.iter().map(|p| Signal::gated(p.released.clone())).collect()
    }

    /// The context release: closed-vocabulary facts in both languages, and of the victim what the
    /// policy decided may be said, and no more. `None` where the report has no such facts.
    pub fn context(
        self,
        label: &CertifiedLabel,
        emission: &ContextEmission<'_>,
        entropy: &(impl Entropy + ?Sized),
    ) -> Option<ContextRelease> {
        ContextRelease::of(&self.facts, label, emission, entropy)
    }
}

impl<S> Report<S> {
    /// Who sent it, for the vault.
    pub fn member(&self) -> &MemberId {
        &self.member
    }

    /// Its closed-vocabulary facts.
    pub fn facts(&self) -> &ContextFacts {
        &self.facts
    }
}

impl fmt::Debug for Report<Submitted> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report<Submitted>(..)")
    }
}

impl fmt::Debug for Report<Gated> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report<Gated>(..)")
    }
}

impl fmt::Debug for Report<Approved> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report<Approved>(..)")
    }
}
