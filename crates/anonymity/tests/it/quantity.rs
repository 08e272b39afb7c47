//! Quantities: what a cell shows depends on its public sizes alone, and tells nobody apart.

use noroshi_anonymity::quantity::{Quantities, Quantity, Size, may_show, released};
use proptest::prelude::*;

fn size() -> impl Strategy<Value = Size> {
    (1_u64..5_000, 0_u64..50_000).prop_map(|(least, more)| Size::new(least, least + more).unwrap())
}

fn cell() -> impl Strategy<Value = Vec<Size>> {
    let registered = (0_u32..6).prop_map(Size::of_weight);
    prop_oneof![prop::collection::vec(size(), 1..12), prop::collection::vec(registered, 1..12),]
}

/// Every class that a firm of this size could show, tried out.
fn shown_by_a_firm_of(machines: u64, size: Size) -> Vec<Quantity> {
    let mut shown: Vec<Quantity> = (0..=machines).filter_map(|n| Quantity::of(n, size)).collect();
    shown.dedup();
    shown
}

proptest! {
    /// Whatever was reported: whether something is said is the cell's doing.
    #[test]
    fn silence_tells_nothing(cell in cell(), a in 1_u64.., b in 1_u64.., x in size(), y in size()) {
        let say = |count, size| released(Some(count), size, cell.iter().copied(), Quantities::Classes);
        prop_assert_eq!(say(a, x).is_some(), say(b, y).is_some());
        prop_assert_eq!(say(a, x).is_some(), may_show(cell.iter().copied()));
    }

    /// What is said could have been said by every firm of the cell, the smallest of its size too.
    #[test]
    fn everybody_could_show_what_is_said(
        cell in prop::collection::vec((1_u64..40, 0_u64..300), 1..8),
        count in 1_u64..1_000,
        reporter in 0_usize..8,
    ) {
        let cell: Vec<(u64, Size)> = cell
            .into_iter()
            .map(|(least, more)| (least, Size::new(least, least + more).unwrap()))
            .collect();
        let sizes = || cell.iter().map(|(_, size)| *size);
        let own = cell[reporter % cell.len()].1;
        if let Some(said) = released(Some(count), own, sizes(), Quantities::Classes) {
            for (least, size) in &cell {
                prop_assert!(shown_by_a_firm_of(*least, *size).contains(&said), "{said:?} {size:?}");
            }
        }
    }

    /// A cell that shows quantities still does without one of its members: whoever leaves or
    /// colludes takes nothing away.
    #[test]
    fn fewer_candidates_show_no_less(cell in cell(), out in 0_usize..12) {
        if may_show(cell.iter().copied()) && cell.len() > 1 {
            let mut fewer = cell.clone();
            fewer.remove(out % cell.len());
            prop_assert!(may_show(fewer));
        }
    }

    /// More is never a smaller class, and nothing is none.
    #[test]
    fn classes_grow_with_numbers(size in size(), a in 0_u64..100_000, b in 0_u64..100_000) {
        let (a, b) = (a.min(b), a.max(b));
        prop_assert!(Quantity::of(a, size) <= Quantity::of(b, size));
        prop_assert_eq!(Quantity::of(0, size), None);
    }

    /// Off unless somebody decides otherwise.
    #[test]
    fn withheld_by_default(cell in cell(), count in any::<u64>(), size in size()) {
        prop_assert_eq!(released(Some(count), size, cell, Quantities::default()), None);
    }
}

#[test]
fn eighty_servers() {
    let (small, large) = (Size::of_weight(1), Size::of_weight(4));
    let cell = [small, large, Size::of_weight(2)];
    let say = |count, size| released(Some(count), size, cell, Quantities::Classes);
    // The same number is much for one and little for another, and neither gives its size away.
    assert_eq!(say(80, small), Some(Quantity::Many));
    assert_eq!(say(80, large), Some(Quantity::Several));
    assert_eq!((say(1, small), say(1, large)), (Some(Quantity::One), Some(Quantity::One)));
    assert_eq!(released(None, small, cell, Quantities::Classes), None);
    // One firm so small that it cannot have several of anything silences the whole cell.
    let tiny = Size::new(1, 9).unwrap();
    for count in [1, 80, 5_000] {
        assert_eq!(released(Some(count), large, [large, tiny], Quantities::Classes), None);
    }
    assert_eq!(released(Some(1), large, [], Quantities::Classes), None);
}

#[test]
fn sizes_are_between_two_numbers() {
    assert!(Size::new(0, 9).is_err() && Size::new(9, 8).is_err() && Size::new(9, 9).is_ok());
    for quantity in Quantity::ALL {
        let words = quantity.words();
        assert!(words.en.starts_with(quantity.as_str()) && !words.ja.is_empty());
    }
}
