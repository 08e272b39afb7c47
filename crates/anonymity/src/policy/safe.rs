//! The bound itself: what the best guess is worth once colluding members took themselves out.

use super::member_set::{MemberSet, bits};
use super::parameters::Settings;
use super::ratio::Ratio;
use super::roster::Roster;

/// What the bound needs to know about a set of candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Crowd {
    pub(super) count: u64,
    weight: u64,
    /// The heaviest, descending: one guess and the colluders.
    heaviest: Vec<u32>,
}

impl Crowd {
    /// Measures what is in both sets, for coalitions of `c`. Positions are in order of weight, so
    /// the first bits are the heaviest and most words weigh what one multiplication says.
    pub(super) fn of_both(roster: &Roster, a: &MemberSet, b: &MemberSet, c: u32) -> Self {
        let wanted = (c as usize).saturating_add(1);
        let mut crowd = Self { count: 0, weight: 0, heaviest: Vec::new() };
        for (index, word) in a.words_of_both(b).enumerate() {
            if word == 0 {
                continue;
            }
            let weight_of = |bit: usize| roster.weight(index * 64 + bit);
            crowd.count += u64::from(word.count_ones());
            crowd.weight += match roster.even_weight(index) {
                Some(weight) => u64::from(word.count_ones()) * u64::from(weight),
                None => bits(word).map(|bit| u64::from(weight_of(bit))).sum(),
            };
            let missing = wanted - crowd.heaviest.len();
            crowd.heaviest.extend(bits(word).take(missing).map(weight_of));
        }
        crowd
    }

    /// The largest share of weight anybody holds after the worst coalition of `c` others left: the
    /// guess is on the heaviest, the coalition are the next heaviest. 1 where nobody remains.
    pub(super) fn worst_posterior(&self) -> Ratio {
        let Some((first, others)) = self.heaviest.split_first() else { return Ratio::ONE };
        let gone: u64 = others.iter().map(|w| u64::from(*w)).sum();
        Ratio::new(u64::from(*first), self.weight - gone).unwrap_or(Ratio::ONE)
    }

    /// Whether the promise holds: enough candidates, none too likely.
    pub(super) fn is_safe(&self, settings: &Settings) -> bool {
        self.count >= u64::from(settings.k) + u64::from(settings.c)
            && self.worst_posterior() <= settings.p_max
    }
}
