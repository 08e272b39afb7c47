//! Small numbers are kept back, and so is whatever would give them away.
//!
//! A cell below [`FEW`] is not shown, nor is whether it is empty. Where the total of a table is
//! known, the only hidden cell is total minus the rest; then the smallest other one is hidden too
//! (complementary suppression, as official statistics do it). One who knows this rule and the total
//! still finds at least two values for each hidden cell, unless all hidden ones are empty: the tests
//! try all small tables.

/// The smallest number that is shown.
pub const FEW: u32 = 3;

/// A number as everybody may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As it is.
    Shown(u32),
    /// Fewer than [`FEW`], or kept back for another cell's sake.
    Hidden,
}

impl Cell {
    /// The number, where it is shown.
    pub fn shown(self) -> Option<u32> {
        match self {
            Cell::Shown(n) => Some(n),
            Cell::Hidden => None,
        }
    }
}

/// One list of counts whose total is known; `None` where nothing may be shown because no second
/// cell can be hidden.
fn protect_one(counts: &[u32]) -> Option<Vec<Cell>> {
    let hidden = |n: u32| n < FEW;
    let few = counts.iter().filter(|n| hidden(**n));
    let (number, sum) = few.fold((0_u64, 0_u64), |(n, s), c| (n + 1, s + u64::from(*c)));
    let most = u64::from(FEW - 1) * number;
    // One hidden cell is the total minus the rest; of several the sum may leave but one way.
    let told = sum > 0 && (number == 1 || sum == most);
    let mut cells: Vec<Cell> =
        counts.iter().map(|n| if hidden(*n) { Cell::Hidden } else { Cell::Shown(*n) }).collect();
    if told {
        // All that are equally small: which of them is chosen would tell on which side the other is.
        let smallest = cells.iter().filter_map(|c| c.shown()).min()?;
        for cell in cells.iter_mut().filter(|c| c.shown() == Some(smallest)) {
            *cell = Cell::Hidden;
        }
    }
    Some(cells)
}

/// Two lists over the same cases, such as by week and by sector: each tells the total of the other,
/// so where one cannot be protected, neither is shown.
pub fn protect(first: &[u32], second: &[u32]) -> (Vec<Cell>, Vec<Cell>) {
    match (protect_one(first), protect_one(second)) {
        (Some(first), Some(second)) => (first, second),
        _ => (vec![Cell::Hidden; first.len()], vec![Cell::Hidden; second.len()]),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every list of so many counts up to `most`.
    fn lists(length: usize, most: u32) -> Vec<Vec<u32>> {
        (0..length).fold(vec![Vec::new()], |all, _| {
            let longer = |list: Vec<u32>| {
                (0..=most).map(move |n| {
                    let mut list = list.clone();
                    list.push(n);
                    list
                })
            };
            all.into_iter().flat_map(longer).collect()
        })
    }

    #[test]
    fn whoever_knows_the_rule_and_the_total_finds_two_values_for_each_hidden_cell() {
        for length in 1..=4 {
            // What is shown, with the total, and every list that shows so.
            let mut worlds: BTreeMap<(String, u32), Vec<Vec<u32>>> = BTreeMap::new();
            for list in lists(length, 8) {
                if let Some(cells) = protect_one(&list) {
                    let seen = (format!("{cells:?}"), list.iter().sum());
                    worlds.entry(seen).or_default().push(list);
                }
            }
            for ((seen, total), possible) in worlds {
                let cells = protect_one(&possible[0]).unwrap();
                let hidden = cells.iter().enumerate().filter(|(_, c)| **c == Cell::Hidden);
                for (at, _) in hidden {
                    let values: BTreeSet<u32> = possible.iter().map(|list| list[at]).collect();
                    // The list of all lists ends at 8 a cell; none above it can be missing here.
                    let edge = total > 8;
                    assert!(
                        values.len() > 1 || values == BTreeSet::from([0]) || edge,
                        "{seen} with {total} in all is {values:?} at {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_large_is_shown() {
        let cells = protect_one(&[5, 0, 9, 1, 0, 4]).unwrap();
        let shown: Vec<_> = cells.iter().map(|c| c.shown()).collect();
        assert_eq!(shown, [Some(5), None, Some(9), None, None, Some(4)]);
        assert_eq!(protect_one(&[3, 4]).unwrap(), [Cell::Shown(3), Cell::Shown(4)]);
        assert!(protect_one(&[]).unwrap().is_empty());
    }

    #[test]
    fn a_single_small_cell_takes_the_smallest_other_one_along() {
        let shown = |list: &[u32]| -> Vec<_> {
            protect_one(list).unwrap().into_iter().map(Cell::shown).collect()
        };
        assert_eq!(shown(&[7, 1, 4, 9]), [Some(7), None, None, Some(9)]);
        assert_eq!(shown(&[2, 2, 6]), [None, None, None]);
        assert_eq!(protect_one(&[1]), None);
    }

    #[test]
    fn what_cannot_be_protected_in_one_list_is_shown_in_neither() {
        // Two cases, all in one week, would tell of two sectors with one each.
        let (weeks, sectors) = protect(&[0, 0, 4], &[2, 2]);
        assert!(weeks.iter().chain(&sectors).all(|c| *c == Cell::Hidden));
        let (weeks, sectors) = protect(&[4, 3], &[7, 0]);
        assert_eq!((weeks[0], sectors[0]), (Cell::Shown(4), Cell::Shown(7)));
    }
}
