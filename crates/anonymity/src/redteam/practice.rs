//! The practices that are compared, each ready to be attacked.

use super::attack::{Outcome, Terms, attack};
use super::register::{Exposures, merge_order};
use super::specimen::Handling;
use super::system::{Cut, CutSetup, Fault, Forward, Forwarder, Greedy, System};
use super::world::World;
use crate::policy::{FacetRule, Neighbour, Parameters, Ratio, Settings};
use crate::{AnonymityError, Words};

/// One way to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Practice {
    /// A model of what is passed on today.
    Forward(Forwarder),
    /// k-anonymity for each record by itself.
    PerRecord,
    /// The policy with the settings the reference model was measured with: products nobody can
    /// scan for are trusted to be unknown, no weekly batch, the smallest groups merged.
    Reference,
    /// The same without a ledger.
    ReferenceWithoutLedger,
    /// The policy as the product runs it.
    Noroshi,
    /// The policy as the product runs it, with a deliberate fault.
    Faulty(Fault),
}

/// How large a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Campaigns per world; the reference model has 150.
    pub campaigns: usize,
    /// Reports per world that go through the byte-wise part.
    pub specimens: usize,
    /// Every how-many-eth certificate is recomputed.
    pub audit_every: usize,
    /// Which adversaries attack, by name, beside A-min; all of them where there is no choice.
    pub only: Option<&'static [&'static str]>,
}

impl Default for Extent {
    fn default() -> Self {
        Self { campaigns: 150, specimens: 130, audit_every: 10, only: None }
    }
}

impl Practice {
    /// Those of the comparison, from the most to the least talkative.
    pub const COMPARED: [Self; 8] = [
        Self::Forward(Forwarder::MispDelegation),
        Self::Forward(Forwarder::AisMarked),
        Self::PerRecord,
        Self::Forward(Forwarder::Analyst),
        Self::Forward(Forwarder::AisBare),
        Self::ReferenceWithoutLedger,
        Self::Reference,
        Self::Noroshi,
    ];

    /// The policy broken in five ways.
    pub const BROKEN: [Self; 5] = [
        Self::Faulty(Fault::NoLedger),
        Self::PerRecord,
        Self::Faulty(Fault::NoAbsenceTest),
        Self::Faulty(Fault::ClosingByReports),
        Self::Faulty(Fault::LeakingTick),
    ];

    /// What tables call it.
    pub fn words(self) -> Words {
        let (ja, en) = match self {
            Self::Forward(Forwarder::MispDelegation) => {
                ("MISPのイベント委任", "MISP event delegation")
            }
            Self::Forward(Forwarder::AisBare) => ("AIS型(業種なし)", "AIS-style, no industry"),
            Self::Forward(Forwarder::AisMarked) => {
                ("AIS型(業種・地域あり)", "AIS-style, industry and area")
            }
            Self::Forward(Forwarder::Analyst) => {
                ("慎重な分析者(業種と製品)", "careful analyst, sector and product")
            }
            Self::PerRecord => ("報告ごとのk匿名化", "k-anonymity per report"),
            Self::ReferenceWithoutLedger => ("参照設定・台帳なし", "reference, no ledger"),
            Self::Reference => ("参照設定", "reference settings"),
            Self::Noroshi => ("noroshi", "noroshi"),
            Self::Faulty(Fault::NoLedger) => ("欠陥: 台帳なし", "fault: no ledger"),
            Self::Faulty(Fault::NoAbsenceTest) => ("欠陥: 欠落検査なし", "fault: no absence test"),
            Self::Faulty(Fault::ClosingByReports) => {
                ("欠陥: 未公開の報告で閉鎖", "fault: closing by unpublished reports")
            }
            Self::Faulty(Fault::LeakingTick) => ("欠陥: 時刻の漏れ", "fault: leaking the tick"),
        };
        Words { ja: ja.into(), en: en.into() }
    }

    /// Whether it claims to keep the bounds.
    pub fn makes_promises(self) -> bool {
        matches!(self, Self::Noroshi | Self::Faulty(_))
    }

    /// Lets it publish about the world of a seed and attacks what came of it.
    ///
    /// # Errors
    /// As [`attack`].
    pub fn run(
        self,
        seed: u32,
        settings: &Settings,
        extent: Extent,
    ) -> Result<Outcome, AnonymityError> {
        let world = World::make(seed, extent.campaigns);
        let passes = matches!(self, Self::Forward(Forwarder::MispDelegation));
        let forwards = matches!(self, Self::Forward(_) | Self::PerRecord);
        let terms = Terms {
            c: usize::try_from(settings.c).unwrap_or(usize::MAX),
            handling: match (passes, forwards) {
                (true, _) => Handling::Passed,
                (false, true) => Handling::Cleaned,
                (false, false) => Handling::Rebuilt,
            },
            specimens: extent.specimens,
            sector_counters: passes,
            only: extent.only,
        };
        let mut system = self.system(&world, settings, extent)?;
        attack(&world, system.as_mut(), terms)
    }

    fn system(
        self,
        world: &World,
        settings: &Settings,
        extent: Extent,
    ) -> Result<Box<dyn System>, AnonymityError> {
        let k = usize::try_from(settings.k).unwrap_or(usize::MAX);
        let fault = match self {
            Self::Forward(kind) => return Ok(Box::new(Forward::new(kind, world))),
            Self::PerRecord => return Ok(Box::new(Greedy::new(k, world))),
            Self::ReferenceWithoutLedger => Some(Fault::NoLedger),
            Self::Faulty(fault) => Some(fault),
            Self::Reference | Self::Noroshi => None,
        };
        let reference = matches!(self, Self::Reference | Self::ReferenceWithoutLedger);
        let mut settings = settings.clone();
        let with = if reference { Neighbour::Smallest } else { settings.merge.with };
        settings.merge = merge_order(with);
        if self == Self::ReferenceWithoutLedger {
            // The model compares it without closing nodes either.
            settings.rho = Ratio::ONE;
        }
        // What is left out only speaks where everything else could have been said.
        if reference || fault == Some(Fault::NoAbsenceTest) {
            settings.facets = FacetRule::Trust;
        }
        let setup = CutSetup {
            parameters: Parameters::new(settings)?,
            exposures: Exposures::Scans,
            weekly: !reference,
            reference_hits: reference,
            fault,
            audit_every: extent.audit_every,
        };
        Ok(Box::new(Cut::new(world, setup)?))
    }
}
