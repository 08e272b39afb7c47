//! One system in one world, attacked by everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::adversary::{
    Adversary, Believed, Bytes, Coalition, Difference, Hit, Join, Link, Minimality, Prior, Text,
    TextHunter, Time, fingerprint,
};
use super::evidence;
use super::score::Score;
use super::specimen::{Handling, Specimens, TOOLS};
use super::system::{Level, Published, System};
use super::view::{Message, Objects, PublicFirm, Target, View, public_firms};
use super::world::{Incident, World};
use crate::AnonymityError;

/// How a system's bytes and statistics are handled, and how many colluders there are.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Colluding members.
    pub c: usize,
    /// What becomes of bytes.
    pub handling: Handling,
    /// How many reports go through the byte-wise part; the rest have no objects.
    pub specimens: usize,
    /// Whether weekly counters per sector are published, else bands over all members.
    pub sector_counters: bool,
    /// Which adversaries attack, by name; all of them where there is no choice.
    pub only: Option<&'static [&'static str]>,
}

impl Terms {
    fn invites(&self, adversary: &dyn Adversary) -> bool {
        self.only.is_none_or(|names| names.contains(&adversary.name()))
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Each release on its own, by adversary.
    pub alone: BTreeMap<&'static str, Score>,
    /// All releases on a case, by adversary; for A-hit windows.
    pub joined: BTreeMap<&'static str, Score>,
    /// Releases.
    pub released: usize,
    /// Reports that were held.
    pub held: usize,
    /// Decisions made again from public data.
    pub replayed: usize,
    /// How many of them came out differently.
    pub mismatches: usize,
    /// Releases that kept the product.
    pub product_kept: usize,
    /// Releases by how specific their label is.
    pub levels: BTreeMap<Level, usize>,
    /// Sum over releases of what they say about the sector, in bits.
    pub sector_bits: f64,
    /// The largest share of a labelled cell that was published as victims.
    pub worst_cell_share: f64,
    /// Certificates recomputed from public data, and how many did not follow.
    pub certificates: (usize, usize),
    /// Marks planted in reports, and reports in whose release the text adversary found its victim.
    pub marks: (usize, usize),
    /// Indicators of attackers alone, and how many were released.
    pub indicators: (usize, usize),
    /// Different looks of released bytes.
    pub looks: usize,
}

/// Runs the system over the world and lets every adversary at what it published.
///
/// # Errors
/// As [`Specimens::of`].
pub fn attack(
    world: &World,
    system: &mut dyn System,
    terms: Terms,
) -> Result<Outcome, AnonymityError> {
    let mut outcome = Outcome::default();
    let mut published: Vec<(Published, &Incident)> = Vec::new();
    for incident in &world.incidents {
        if !world.firms.get(incident.victim).is_some_and(|f| f.is_member(incident.day)) {
            continue;
        }
        match system.publish(world, incident) {
            Some(p) => published.push((p, incident)),
            None => outcome.held += 1,
        }
    }
    outcome.count(&published);
    let mut specimens = Specimens::of(world)?;
    let mut released = vec![Vec::new(); published.len()];
    let hunter = TextHunter::new(specimens.register())?;
    for ((_, incident), bytes) in published.iter().zip(&mut released).take(terms.specimens) {
        let specimen = specimens.make(incident, terms.handling);
        outcome.marks.0 += specimen.planted;
        outcome.marks.1 += usize::from(hunter.find(&specimen.bytes).contains(&incident.victim));
        outcome.indicators.0 += specimen.attackers.0;
        outcome.indicators.1 += specimen.attackers.1;
        *bytes = specimen.bytes;
    }
    let looks: Vec<String> =
        (0..TOOLS).map(|tool| fingerprint(&specimens.look(tool, terms.handling))).collect();
    let seen = released.iter().filter(|b| !b.is_empty()).map(|b| fingerprint(b));
    outcome.looks = seen.collect::<BTreeSet<_>>().len();
    let objects = Objects {
        released: &released,
        tool_of: specimens.tool_of(),
        looks: &looks,
        hunter: &hunter,
    };

    let firms = public_firms(world);
    let messages: Vec<Message> = published.iter().map(|(p, _)| p.message.clone()).collect();
    let inventories: Vec<u32> = world.firms.iter().map(|f| f.products).collect();
    let activity = evidence::activity(world);
    let told: Vec<&Incident> = published.iter().map(|(_, i)| *i).collect();
    let statistics = evidence::statistics(world, &messages, &told, terms.sector_counters);
    let labels = |epoch, node| system.named(epoch, node);
    let mut view = View {
        algorithm: system.algorithm(),
        labels: Some(&labels),
        activity: Some(&activity),
        statistics: Some(&statistics),
        objects: Some(&objects),
        ..View::bare(&firms, &messages)
    };
    outcome.replay(&view, &published);

    let victim_of: BTreeMap<usize, usize> = told.iter().map(|i| (i.case, i.victim)).collect();
    let minimality = Minimality::default();
    let everybody: Vec<Box<dyn Adversary + '_>> = vec![
        Box::new(Prior),
        Box::new(Link { knows_inventories: false }),
        Box::new(Join(&minimality)),
        Box::new(Believed(&minimality)),
        Box::new(Time(&minimality)),
        Box::new(Difference(&minimality)),
        Box::new(Bytes(&minimality)),
        Box::new(Text),
    ];
    outcome.score(&view, &minimality, &victim_of);
    for adversary in everybody.into_iter().filter(|a| terms.invites(a.as_ref())) {
        outcome.score(&view, adversary.as_ref(), &victim_of);
    }
    let colluders = |target| colluders(&view, &minimality, &victim_of, target, terms.c);
    let with_colluders = View { colluders: Some(&colluders), ..view_of(&view) };
    if terms.invites(&Coalition(&minimality)) {
        outcome.score(&with_colluders, &Coalition(&minimality), &victim_of);
    }
    if terms.invites(&Hit(&minimality)) {
        outcome.windows(&view, &Hit(&minimality), &told);
    }
    view.inventories = Some(&inventories);
    let informed = Minimality::with_inventories();
    if terms.invites(&informed) {
        outcome.score(&view, &informed, &victim_of);
    }
    Ok(outcome)
}

/// The same view once more.
fn view_of<'a>(view: &View<'a>) -> View<'a> {
    View { ..*view }
}

/// The members, not the victim, whose silence helps most: the heaviest of those still possible.
fn colluders(
    view: &View<'_>,
    minimality: &Minimality,
    victim_of: &BTreeMap<usize, usize>,
    target: Target,
    c: usize,
) -> Vec<usize> {
    let case = match target {
        Target::Case(case) => Some(case),
        Target::Release(index) => view.messages.get(index).map(|m| m.case),
        Target::Window(_) => None,
    };
    let victim = case.and_then(|case| victim_of.get(&case));
    let belief = minimality.posterior(view, target);
    let mut others: Vec<usize> = belief
        .iter()
        .enumerate()
        .filter(|(i, b)| **b > 0.0 && Some(i) != victim)
        .map(|(i, _)| i)
        .collect();
    let weight = |i: &usize| view.firms.get(*i).map_or(0.0, |f: &PublicFirm| f.weight);
    others.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    others.truncate(c);
    others
}

impl Outcome {
    fn count(&mut self, published: &[(Published, &Incident)]) {
        self.released = published.len();
        for (p, _) in published {
            self.product_kept += usize::from(p.message.fields.product.is_some());
            self.sector_bits += p.sector_bits.unwrap_or(0.0);
            self.worst_cell_share = self.worst_cell_share.max(p.cell_share.unwrap_or(0.0));
            if let Some(level) = p.level {
                *self.levels.entry(level).or_default() += 1;
            }
            if let Some(holds) = p.certificate_holds {
                self.certificates.0 += 1;
                self.certificates.1 += usize::from(!holds);
            }
        }
    }

    /// Makes every decision again, from public data, for everybody it is said to fit.
    fn replay(&mut self, view: &View<'_>, published: &[(Published, &Incident)]) {
        let Some(algorithm) = view.algorithm else { return };
        let mut ledger: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, (p, incident)) in published.iter().enumerate() {
            let Some(claimed) = &p.candidates else { continue };
            let before = ledger.get(&incident.case).filter(|_| algorithm.remembers());
            let known: Vec<bool> = match before {
                Some(before) => (0..view.firms.len()).map(|i| before.contains(&i)).collect(),
                None => vec![true; view.firms.len()],
            };
            let product = incident.product..incident.product + 1;
            let outputs = algorithm.outputs(view, index, &known, product);
            let same = outputs.iter().find(|o| o.fields == p.message.fields).map(|o| &o.firms);
            let fits = |firm: &usize| {
                same.is_some_and(|firms| firms.len() == claimed.len() && firms.contains(firm))
            };
            self.replayed += claimed.len();
            self.mismatches += claimed.iter().filter(|f| !fits(f)).count();
            ledger.insert(incident.case, claimed.clone());
        }
    }

    fn score(
        &mut self,
        view: &View<'_>,
        adversary: &dyn Adversary,
        victim_of: &BTreeMap<usize, usize>,
    ) {
        let mut alone = Score::default();
        for (index, message) in view.messages.iter().enumerate() {
            let victim = victim_of.get(&message.case);
            alone.add(&adversary.posterior(view, Target::Release(index)), |f| Some(&f) == victim);
        }
        let mut joined = Score::default();
        for (case, victim) in victim_of {
            joined.add(&adversary.posterior(view, Target::Case(*case)), |f| f == *victim);
        }
        self.alone.insert(adversary.name(), alone);
        self.joined.insert(adversary.name(), joined);
    }

    fn windows(&mut self, view: &View<'_>, adversary: &dyn Adversary, told: &[&Incident]) {
        let mut score = Score::default();
        let last = view.messages.iter().map(|m| m.at).fold(0.0, f64::max);
        let mut number = 0;
        while super::world::index(number) * super::adversary::WINDOW_DAYS <= last {
            let begin = super::world::index(number) * super::adversary::WINDOW_DAYS;
            let inside = |at: f64| begin <= at && at < begin + super::adversary::WINDOW_DAYS;
            let victims: BTreeSet<usize> = view
                .messages
                .iter()
                .zip(told)
                .filter(|(m, _)| inside(m.at))
                .map(|(_, i)| i.victim)
                .collect();
            if !victims.is_empty() {
                let belief = adversary.posterior(view, Target::Window(number));
                score.add(&belief, |f| victims.contains(&f));
            }
            number += 1;
        }
        self.joined.insert(adversary.name(), score);
    }

    /// Both together.
    pub fn merge(&mut self, other: Self) {
        for (name, score) in other.alone {
            self.alone.entry(name).or_default().merge(&score);
        }
        for (name, score) in other.joined {
            self.joined.entry(name).or_default().merge(&score);
        }
        for (level, count) in other.levels {
            *self.levels.entry(level).or_default() += count;
        }
        self.released += other.released;
        self.held += other.held;
        self.replayed += other.replayed;
        self.mismatches += other.mismatches;
        self.product_kept += other.product_kept;
        self.sector_bits += other.sector_bits;
        self.worst_cell_share = self.worst_cell_share.max(other.worst_cell_share);
        self.looks = self.looks.max(other.looks);
        for (mine, theirs) in [
            (&mut self.certificates, other.certificates),
            (&mut self.marks, other.marks),
            (&mut self.indicators, other.indicators),
        ] {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
    }
}
