//! Sets of members as bits.

/// A set of positions of one roster. Sets of different rosters do not mix: see
/// [`crate::policy::Candidates`] for the form that outlives a roster.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct MemberSet {
    words: Vec<u64>,
}

impl MemberSet {
    /// The empty set of a roster with `size` members.
    pub fn empty(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(64)] }
    }

    /// The set of these positions; positions outside the roster are left out.
    pub fn of(size: usize, positions: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::empty(size);
        for position in positions {
            if position < size {
                set.insert(position);
            }
        }
        set
    }

    /// Adds a position of the roster.
    pub fn insert(&mut self, position: usize) {
        if let Some(word) = self.words.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    /// Whether it holds the position.
    pub fn contains(&self, position: usize) -> bool {
        self.words.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    /// How many it holds.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether everything in it is in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
    }

    /// Whether both hold something in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// What is in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    fn zip(&self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(a, b)| join(*a, *b)).collect() }
    }

    /// The positions, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, word)| bits(*word).map(move |bit| i * 64 + bit))
    }

    /// The words of what is in both, without building it.
    pub(super) fn words_of_both<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u64> + 'a {
        self.words.iter().zip(&other.words).map(|(a, b)| a & b)
    }
}

/// The positions of the bits that are set, ascending.
pub(super) fn bits(word: u64) -> impl Iterator<Item = usize> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let bit = rest.trailing_zeros() as usize;
        (rest != 0).then(|| {
            rest &= rest - 1;
            bit
        })
    })
}

impl std::fmt::Debug for MemberSet {
    /// How many, never who.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberSet({} members)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaves_as_a_set() {
        let a = MemberSet::of(200, [0, 1, 63, 64, 130, 199, 200, 999]);
        let b = MemberSet::of(200, [1, 64, 131]);
        assert_eq!(a.iter().collect::<Vec<_>>(), [0, 1, 63, 64, 130, 199]);
        assert_eq!(a.len(), 6);
        assert_eq!(a.and(&b).iter().collect::<Vec<_>>(), [1, 64]);
        assert_eq!(a.without(&b).iter().collect::<Vec<_>>(), [0, 63, 130, 199]);
        assert!(a.meets(&b) && !b.is_subset_of(&a) && a.and(&b).is_subset_of(&b));
        assert_eq!(format!("{a:?}"), "MemberSet(6 members)");
    }
}
