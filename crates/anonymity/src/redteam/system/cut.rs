//! The policy of this crate at work, and five ways to get it wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Level, Published, System};
use crate::AnonymityError;
use crate::policy::{
    Candidates, Decision, Hit, MemberSet, Moment, NodeId, Origin, Parameters, Plan, PublicRecord,
    Tree, decide,
};
use crate::redteam::audit;
use crate::redteam::register::{Exposures, PublicWorld, epoch, instant, product_id};
use crate::redteam::view::{Algorithm, Fields, Message, Output, View};
use crate::redteam::world::{Incident, World, index};

/// Longest window the harness runs with, in days.
const WINDOW_DAYS: f64 = 91.0;

/// A deliberate fault, to see whether the attacks find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Every release is decided as if it were the first on its case.
    NoLedger,
    /// A product that cannot be named is left out in silence.
    NoAbsenceTest,
    /// Nodes close by the reports that came in, held ones too, instead of by what was published.
    ClosingByReports,
    /// The public time of a release is the moment of its report.
    LeakingTick,
}

/// How the policy is run.
#[derive(Clone, Debug)]
pub struct CutSetup {
    /// The promise.
    pub parameters: Parameters,
    /// What is known about products.
    pub exposures: Exposures,
    /// Whether releases wait for the week's batch. The reference model publishes at once.
    pub weekly: bool,
    /// Whether only first reports count as victims and a cell's departures make it forget, as in
    /// the reference model; else every case counts in every cell that was named.
    pub reference_hits: bool,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// Every how-many-eth certificate is recomputed from public data; 0 for none.
    pub audit_every: usize,
}

/// The policy publishing about one world.
pub struct Cut {
    setup: CutSetup,
    public: PublicWorld,
    hits: Vec<(Hit, bool)>,
    ledger: BTreeMap<usize, Candidates>,
    counted: usize,
}

impl Cut {
    /// Makes register, products and trees.
    ///
    /// # Errors
    /// As [`PublicWorld::of`].
    pub fn new(world: &World, setup: CutSetup) -> Result<Self, AnonymityError> {
        let public = PublicWorld::of(world, &setup.parameters, setup.exposures)?;
        Ok(Self { setup, public, hits: Vec::new(), ledger: BTreeMap::new(), counted: 0 })
    }

    /// The day of publication and how precise it is.
    fn public_time(&self, day: f64) -> (f64, f64) {
        if self.setup.weekly { ((day / 7.0).floor() * 7.0 + 7.0, 7.0) } else { (day, 0.0) }
    }

    /// The hits that count, at a day under a tree.
    fn counting<'a>(&self, hits: impl Iterator<Item = &'a (Hit, bool)>, tree: &Tree) -> Vec<Hit> {
        let kept = hits.filter(|(hit, first)| {
            !self.setup.reference_hits || (*first && hit.members.is_subset_of(tree.members()))
        });
        kept.map(|(hit, _)| hit.clone()).collect()
    }

    fn record<'a>(&'a self, hits: &'a [Hit], day: f64) -> Option<PublicRecord<'a>> {
        Some(PublicRecord {
            roster: &self.public.roster,
            parameters: &self.setup.parameters,
            tree: self.public.tree(day)?,
            facets: &self.public.facets,
            hits,
            flags: &[],
            at: instant(day),
        })
    }

    fn firms(&self, set: &MemberSet) -> Vec<usize> {
        set.iter().filter_map(|p| self.public.firm_at.get(p).copied()).collect()
    }

    /// The labels for everybody, as this policy draws them.
    fn plan(&self, moment: &Moment<'_>, known: Option<&MemberSet>, product: &str) -> Option<Plan> {
        let plan = Plan::draw(moment, known, Some(product));
        if self.setup.fault == Some(Fault::NoAbsenceTest)
            && plan.as_ref().is_none_or(|plan| !plan.keeps_facet)
        {
            return Plan::draw(moment, known, None);
        }
        plan
    }

    /// What this policy knows of a case before its next release.
    fn known(&self, case: usize) -> Option<&Candidates> {
        let ledger = self.setup.fault != Some(Fault::NoLedger);
        self.ledger.get(&case).filter(|_| ledger)
    }
}

/// What came out of a decision, in one form for the policy and its faulty versions.
struct Outcome {
    node: NodeId,
    keeps_product: bool,
    candidates: MemberSet,
    hit: Hit,
    certificate_holds: Option<bool>,
}

impl System for Cut {
    fn publish(&mut self, world: &World, incident: &Incident) -> Option<Published> {
        let (day, _) = self.public_time(incident.day);
        let judged = self.judge(world, incident, day);
        if self.setup.fault == Some(Fault::ClosingByReports) && incident.first {
            let hit = self.true_cell(incident, day);
            self.hits.extend(hit.map(|hit| (hit, true)));
        }
        let (published, outcome) = judged?;
        let ids = outcome.candidates.iter().filter_map(|p| self.public.roster.member(p).cloned());
        self.ledger.insert(incident.case, Candidates::from_ids(ids));
        if self.setup.fault != Some(Fault::ClosingByReports) {
            self.hits.push((outcome.hit, incident.first));
        }
        self.counted += 1;
        Some(published)
    }

    fn algorithm(&self) -> Option<&dyn Algorithm> {
        Some(self)
    }

    fn named(&self, epoch: usize, node: NodeId) -> Vec<bool> {
        let tree = self.public.trees.get(epoch).or(self.public.trees.last());
        let members = tree.and_then(|t| t.node(node)).map(|n| n.members());
        let is_in = |p: &usize| members.is_some_and(|m| m.contains(*p));
        self.public.position_of.iter().map(is_in).collect()
    }
}

impl Cut {
    /// Decides, and says what everybody sees of it.
    fn judge(&self, world: &World, incident: &Incident, day: f64) -> Option<(Published, Outcome)> {
        let tree = self.public.tree(day)?;
        let hits = self.counting(self.hits.iter(), tree);
        let moment = Moment::new(self.record(&hits, day)?);
        let outcome = self.decide(&moment, incident)?;
        let node = tree.node(outcome.node)?;
        let size = index(node.members().len());
        let present = world.firms.iter().filter(|f| f.is_member(day)).count();
        let level = match node.parts() {
            _ if outcome.node == Tree::ROOT => Level::Root,
            parts if parts.iter().all(|p| p.len() == 1) => Level::Above,
            _ => Level::Cell,
        };
        let (at, precision) = match self.setup.fault {
            Some(Fault::LeakingTick) => (incident.day, 0.0),
            _ => self.public_time(incident.day),
        };
        let message = Message {
            case: incident.case,
            first: incident.first,
            at,
            precision,
            fields: Fields {
                product: outcome.keeps_product.then_some(incident.product),
                label: Some((epoch(day), outcome.node)),
                ..Fields::default()
            },
            stated_candidates: Some(outcome.candidates.len()),
        };
        let victims = || index(cases_inside(&hits, &outcome.hit, day));
        let published = Published {
            message,
            candidates: Some(self.firms(&outcome.candidates)),
            sector_bits: Some((index(present) / size).log2()),
            cell_share: (level != Level::Root).then(|| victims() / size),
            level: Some(level),
            certificate_holds: outcome.certificate_holds,
        };
        Some((published, outcome))
    }

    /// The base cell of the victim: what nobody may count by.
    fn true_cell(&self, incident: &Incident, day: f64) -> Option<Hit> {
        let tree = self.public.tree(day)?;
        let cell = tree.cell(*self.public.position_of.get(incident.victim)?)?;
        let members = tree.node(cell)?.members().clone();
        Some(Hit { at: instant(day), members, case: u64::try_from(incident.case).ok() })
    }

    fn decide(&self, moment: &Moment<'_>, incident: &Incident) -> Option<Outcome> {
        let position = *self.public.position_of.get(incident.victim)?;
        let product = product_id(incident.product);
        let known = self.known(incident.case);
        let case = u64::try_from(incident.case).ok();
        if self.setup.fault == Some(Fault::NoAbsenceTest) {
            let set = known.map(|k| k.in_roster(&self.public.roster));
            let plan = self.plan(moment, set.as_ref(), &product)?;
            let part = plan.part_of(moment, Origin::Member(position))?;
            let members = moment.record().tree.node(part.node)?.members().clone();
            return Some(Outcome {
                node: part.node,
                keeps_product: plan.keeps_facet,
                candidates: part.candidates.clone(),
                hit: Hit { at: moment.record().at, members, case },
                certificate_holds: None,
            });
        }
        let Decision::Publish(label) =
            decide(moment, known, Origin::Member(position), Some(&product))
        else {
            return None;
        };
        let audited =
            self.setup.audit_every > 0 && self.counted.is_multiple_of(self.setup.audit_every);
        Some(Outcome {
            node: label.node(),
            keeps_product: label.facet().is_some(),
            candidates: label.candidates().in_roster(&self.public.roster),
            hit: label.hit(case),
            certificate_holds: audited.then(|| audit::follows(moment.record(), &label)),
        })
    }
}

/// How many cases the record shows inside the cell of `new`, itself included.
fn cases_inside(hits: &[Hit], new: &Hit, day: f64) -> usize {
    let begin = instant(day - 90.0);
    let inside =
        hits.iter().chain([new]).filter(|h| h.at > begin && h.members.is_subset_of(&new.members));
    inside.map(|h| h.case).collect::<BTreeSet<_>>().len()
}

impl Algorithm for Cut {
    fn remembers(&self) -> bool {
        self.setup.fault != Some(Fault::NoLedger)
    }

    fn outputs(
        &self,
        view: &View<'_>,
        index: usize,
        known: &[bool],
        products: Range<usize>,
    ) -> Vec<Output> {
        self.replay(view, index, known, products).unwrap_or_default()
    }
}

impl Cut {
    /// Everything from public data: earlier messages, register, trees, the candidates an outsider
    /// can work out.
    fn replay(
        &self,
        view: &View<'_>,
        index: usize,
        known: &[bool],
        products: Range<usize>,
    ) -> Option<Vec<Output>> {
        let message = view.messages.get(index)?;
        let (epoch, _) = message.fields.label?;
        // The batch day of a message follows from its own time.
        let batch = |at: f64| if self.setup.weekly { (at / 7.0).ceil() * 7.0 } else { at };
        let day = batch(message.at);
        let recent = view.messages.get(..index)?.iter().filter(|m| batch(m.at) > day - WINDOW_DAYS);
        let earlier: Vec<(Hit, bool)> = recent
            .filter_map(|m| {
                let (epoch, node) = m.fields.label?;
                let members = self.public.trees.get(epoch)?.node(node)?.members().clone();
                let case = u64::try_from(m.case).ok();
                Some((Hit { at: instant(batch(m.at)), members, case }, m.first))
            })
            .collect();
        let hits = self.counting(earlier.iter(), self.public.tree(day)?);
        let moment = Moment::new(self.record(&hits, day)?);
        let positions = known.iter().zip(&self.public.position_of).filter(|(k, _)| **k);
        let known = MemberSet::of(self.public.roster.len(), positions.map(|(_, p)| *p));
        let known = self.remembers().then_some(known);
        let mut outputs = Vec::new();
        for product in products {
            let Some(plan) = self.plan(&moment, known.as_ref(), &product_id(product)) else {
                continue;
            };
            let fields = |node| Fields {
                product: plan.keeps_facet.then_some(product),
                label: Some((epoch, node)),
                ..Fields::default()
            };
            outputs.extend(plan.parts.iter().map(|part| Output {
                product,
                fields: fields(part.node),
                firms: self.firms(&part.candidates),
            }));
        }
        Some(outputs)
    }
}
