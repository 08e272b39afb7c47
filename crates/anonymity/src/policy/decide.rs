//! The decision about one context release. Every choice somebody can see is made here.

use super::cut::{Origin, Part, Plan};
use super::label::{CertifiedLabel, Replay};
use super::ledger::Candidates;
use super::moment::Moment;
use crate::Language;

/// What is to be done with a context release.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It may be published under this label.
    Publish(Box<CertifiedLabel>),
    /// Nothing may be said now. A normal answer: the signal lane is not touched by it.
    Hold(HoldReason),
}

/// Why nothing may be said now. For the reporter and the desk; nobody else learns that anything is
/// held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldReason {
    /// The reporter's cell is in quarantine: the public speaks of somebody in it.
    Quarantine,
    /// The reporter is not in the label tree in force: it joined after the tree was made, or left.
    NotInTree,
    /// Earlier releases on this case say that it is somebody else: the candidates never held it.
    NotACandidate,
    /// The public data does not show the product at the reporter, so naming it would be wrong.
    NotExposed,
    /// Even the widest label leaves too few candidates, or one of them too likely.
    TooFew,
    /// The replay came out differently. This is a fault in the program: tell the operator.
    ReplayDiffers,
}

impl HoldReason {
    /// Stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::NotInTree => "not-in-tree",
            Self::NotACandidate => "not-a-candidate",
            Self::NotExposed => "not-exposed",
            Self::TooFew => "too-few",
            Self::ReplayDiffers => "replay-differs",
        }
    }

    /// One sentence for the reporter.
    pub const fn explain(self, language: Language) -> &'static str {
        let (ja, en) = match self {
            Self::Quarantine => (
                "貴組織の区分に、すでに公に知られている事案があります。いま公開すると、その事案の組織に関する情報と受け取られるため、状況情報の公開を保留します。",
                "The public already speaks of a case in your group. A context release now would be read as being about that case, so it is held for the time being.",
            ),
            Self::NotInTree => (
                "貴組織はまだ現行の区分表に載っていません。次の区分表から状況情報を公開できます。",
                "Your organisation is not in the label tree in force. Context can be released from the next tree on.",
            ),
            Self::NotACandidate => (
                "この事案についてすでに公開した内容は、貴組織に当てはまりません。別の事案として報告してください。",
                "What was already released about this case does not fit your organisation. File it as a case of its own.",
            ),
            Self::NotExposed => (
                "公開情報では、貴組織がこの製品を利用していることは確認できません。製品名を添えると誤った推測を招くため、公開を保留します。製品を除いて報告すると公開できます。",
                "Public data does not show this product at your organisation, so a label beside it would point elsewhere. Report without the product to have the context released.",
            ),
            Self::TooFew => (
                "どの区分を用いても候補となる組織が少なすぎるため、状況情報は公開しません。指標は通常どおり共有されます。",
                "Every label would leave too few candidates, so no context is released. Indicators are shared as usual.",
            ),
            Self::ReplayDiffers => (
                "匿名性の検算が一致しなかったため、公開を中止しました。運用者に連絡してください。",
                "The anonymity check did not come out the same twice, so nothing was released. Tell the operator of the hub.",
            ),
        };
        match language {
            Language::Ja => ja,
            Language::En => en,
        }
    }
}

/// Decides about a context release on a case whose candidates so far are `known` (`None` before its
/// first release), reported from `origin`, with a facet or without one.
///
/// The decision is replayed for every candidate; unless each would have got the same label, nothing
/// is published.
pub fn decide(
    moment: &Moment<'_>,
    known: Option<&Candidates>,
    origin: Origin,
    facet: Option<&str>,
) -> Decision {
    let known = known.map(|k| k.in_roster(moment.record().roster));
    let Some(plan) = Plan::draw(moment, known.as_ref(), facet) else {
        return Decision::Hold(
            reason(moment, known.as_ref(), origin).unwrap_or(HoldReason::TooFew),
        );
    };
    let Some(part) = plan.part_of(moment, origin) else {
        let reason = reason(moment, known.as_ref(), origin);
        // Without a facet only a token wider than a label ends here.
        let otherwise = facet.map_or(HoldReason::TooFew, |_| HoldReason::NotExposed);
        return Decision::Hold(reason.unwrap_or(otherwise));
    };
    let replay = replay(moment, known.as_ref(), facet, &plan, part);
    if replay.mismatches != 0 {
        return Decision::Hold(HoldReason::ReplayDiffers);
    }
    let facet = facet.filter(|_| plan.keeps_facet);
    match CertifiedLabel::of(moment, known.is_none(), facet, part, replay) {
        Some(label) => Decision::Publish(Box::new(label)),
        None => Decision::Hold(HoldReason::ReplayDiffers),
    }
}

/// Why a reporter has no part, as far as it lies with the reporter.
fn reason(
    moment: &Moment<'_>,
    known: Option<&super::MemberSet>,
    origin: Origin,
) -> Option<HoldReason> {
    let tree = moment.record().tree;
    let is_in = |set: &super::MemberSet| match origin {
        Origin::Member(position) => set.contains(position),
        Origin::Cell(cell) => tree.node(cell).is_some_and(|c| set.meets(c.members())),
    };
    if is_in(moment.quarantined()) {
        Some(HoldReason::Quarantine)
    } else if !is_in(moment.population()) {
        Some(HoldReason::NotInTree)
    } else if known.is_some_and(|known| !is_in(known)) {
        Some(HoldReason::NotACandidate)
    } else {
        None
    }
}

/// Decides once more, from the public record alone and for every candidate of `part` by its base
/// cell, and counts who would have got something else.
fn replay(
    moment: &Moment<'_>,
    known: Option<&super::MemberSet>,
    facet: Option<&str>,
    plan: &Plan,
    part: &Part,
) -> Replay {
    let tree = moment.record().tree;
    let again = Moment::new(*moment.record());
    let again_plan = Plan::draw(&again, known, facet);
    let same = |position: usize| {
        let cell = tree.cell(position)?;
        let plan_again = again_plan.as_ref()?;
        let by_cell = plan_again.part_of(&again, Origin::Cell(cell))?;
        let by_name = plan_again.part_of(&again, Origin::Member(position))?;
        let same = plan_again.keeps_facet == plan.keeps_facet && by_cell == part && by_name == part;
        same.then_some(())
    };
    let mismatches = part.candidates.iter().filter(|i| same(*i).is_none()).count();
    Replay { replayed: part.candidates.len() as u64, mismatches: mismatches as u64 }
}
