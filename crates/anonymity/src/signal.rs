//! The signal lane: an indicator that passed the gate, and nothing about anybody.

use noroshi_seal::{Entropy, random_bytes};
use noroshi_stix::{IndicatorFacts, Observable, StixId, Timestamp, Tlp, emit, emitted_type};

use crate::register::MemberId;
use crate::release::{Lane, Release};

/// How well an indicator is supported, without saying by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfidenceClass {
    /// One anonymous report, or several on one occasion.
    SingleReport,
    /// At least two distinct members, at least two days apart.
    Corroborated,
}

/// Least distance between the first and the last report of a corroborated indicator.
const CORROBORATION_DAYS: i64 = 2;

impl ConfidenceClass {
    /// The class of an indicator that these members reported at these times.
    pub fn of_reports<'a>(reports: impl IntoIterator<Item = (&'a MemberId, Timestamp)>) -> Self {
        // Two members two days apart exist exactly if somebody else reported two days after the
        // first or before the last report.
        let reports: Vec<(&MemberId, Timestamp)> = reports.into_iter().collect();
        let first = reports.iter().min_by_key(|(_, at)| *at);
        let last = reports.iter().max_by_key(|(_, at)| *at);
        let apart = |(who, at): &(&MemberId, Timestamp)| {
            reports.iter().any(|(other, then)| {
                other != who && (*at.min(then)).plus_days(CORROBORATION_DAYS) <= *at.max(then)
            })
        };
        if first.is_some_and(apart) || last.is_some_and(apart) {
            Self::Corroborated
        } else {
            Self::SingleReport
        }
    }

    /// STIX confidence, 0 to 100 (STIX 2.1, appendix A: low 30, high 85 on the three-step scale).
    pub const fn stix_confidence(self) -> u8 {
        match self {
            Self::SingleReport => 30,
            Self::Corroborated => 85,
        }
    }

    /// The stable machine name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SingleReport => "single-report",
            Self::Corroborated => "corroborated",
        }
    }
}

/// An indicator that passed the gate, ready for the next tick. It has no room for a reporter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    observable: Observable,
    class: ConfidenceClass,
}

/// What a version of a signal says besides the indicator: all of it the hub's, none the report's.
#[derive(Clone, Debug)]
pub struct Emission<'a> {
    /// A fresh id for a first version ([`Signal::fresh_id`]), the same again for a later one.
    pub id: StixId,
    /// The hub's identity object.
    pub creator: &'a StixId,
    /// The tick of the first version.
    pub created: Timestamp,
    /// The tick of this version.
    pub tick: Timestamp,
    /// When tools should forget it.
    pub valid_until: Option<Timestamp>,
    /// Set by the hub's policy, never by the reporter.
    pub tlp: Tlp,
    /// Whether this version takes it back.
    pub revoked: bool,
}

impl Signal {
    /// Only the gate makes signals.
    pub(crate) fn gated(observable: Observable) -> Self {
        Self { observable, class: ConfidenceClass::SingleReport }
    }

    /// The indicator in its released form.
    pub fn observable(&self) -> &Observable {
        &self.observable
    }

    /// How well it is supported.
    pub fn class(&self) -> ConfidenceClass {
        self.class
    }

    /// The same with another class.
    #[must_use]
    pub fn with_class(self, class: ConfidenceClass) -> Self {
        Self { class, ..self }
    }

    /// A new random id of the right type for this indicator.
    pub fn fresh_id(&self, entropy: &(impl Entropy + ?Sized)) -> StixId {
        StixId::random(emitted_type(&self.observable), random_bytes(entropy))
    }

    /// The release: built from the typed indicator alone.
    pub fn emit(&self, emission: &Emission<'_>) -> Release {
        let id = emission.id.with_type(emitted_type(&self.observable));
        let json = emit(&IndicatorFacts {
            id: id.clone(),
            creator: emission.creator,
            tick: emission.tick,
            valid_until: emission.valid_until,
            observable: &self.observable,
            confidence: self.class.stix_confidence(),
            tlp: emission.tlp,
            created: emission.created,
            revoked: emission.revoked,
        });
        Release::new(id, Lane::Signal, json)
    }
}

/// The version that takes a released indicator back. It needs no gate: what it names is out
/// already, and today's gate might not let it through a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal(Observable);

impl Withdrawal {
    /// Of an indicator the hub has on record as released.
    pub fn of_released(observable: Observable) -> Self {
        Self(observable)
    }

    /// The last version: revoked, whatever the emission says.
    pub fn emit(&self, emission: &Emission<'_>) -> Release {
        let emission = Emission { revoked: true, ..emission.clone() };
        Signal { observable: self.0.clone(), class: ConfidenceClass::SingleReport }.emit(&emission)
    }
}
