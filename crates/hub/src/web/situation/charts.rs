//! The pictures of the situation: bars as SVG, drawn here. Patterns and numbers carry the meaning,
//! so they can be read in print and without colours; a table says the same.

use crate::metrics::WAIT_SECONDS;
use crate::situation::suppress::Cell;
use crate::web::visit::Visit;

/// Width of a week's bar and height of the picture, in its units.
const STEP: u32 = 20;
const HEIGHT: u32 = 80;
/// Room above the highest bar for its number.
const ABOVE: u32 = 16;
/// Height of the stub of a number that is kept back.
const STUB: u32 = 6;

/// Bars of one kind of attack, one for each week.
pub(crate) struct Weeks {
    pub(crate) name: String,
    /// The picture in a sentence.
    pub(crate) summary: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bars: Vec<Bar>,
}

/// One bar.
pub(crate) struct Bar {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) height: u32,
    /// The middle, where the number stands.
    pub(crate) middle: u32,
    /// The number; none where it is kept back.
    pub(crate) number: Option<u32>,
}

impl Weeks {
    pub(super) fn of(name: String, summary: String, cells: &[Cell]) -> Self {
        let numbers: Vec<Option<u32>> = cells.iter().map(|c| c.shown()).collect();
        let most = numbers.iter().flatten().max().copied().unwrap_or(1).max(1);
        let bars = numbers.iter().zip(0_u32..).map(|(number, at)| {
            let height = number.map_or(STUB, |n| {
                let room = u64::from(HEIGHT - ABOVE) * u64::from(n) / u64::from(most);
                u32::try_from(room).unwrap_or(HEIGHT - ABOVE).max(STUB)
            });
            let x = at * STEP + 1;
            Bar { x, y: HEIGHT - height, height, middle: x + STEP / 2 - 1, number: *number }
        });
        Self {
            name,
            summary,
            width: u32::try_from(cells.len()).unwrap_or(0) * STEP,
            height: HEIGHT,
            bars: bars.collect(),
        }
    }
}

/// Bars of one distribution of times.
pub(crate) struct Bars(pub(crate) Vec<(String, u64, u64)>);

impl Bars {
    /// Words, number and length (0 to 100) of each class up to the last that has any.
    pub(super) fn of(visit: &Visit, classes: &[u64]) -> Self {
        let most = classes.iter().max().copied().unwrap_or(0).max(1);
        let last = classes.iter().rposition(|n| *n > 0).map_or(0, |at| at + 1);
        let lines = classes.iter().take(last).enumerate().map(|(at, number)| {
            let words = match WAIT_SECONDS.get(at) {
                Some(end) => visit.say.with("situation-within", &[("seconds", (*end).into())]),
                None => visit.t("situation-longer"),
            };
            (words, *number, number * 100 / most)
        });
        Self(lines.collect())
    }
}

/// One way out and how long it takes.
pub(crate) struct Spread {
    pub(crate) title: String,
    /// In a sentence.
    pub(crate) summary: String,
    pub(crate) bars: Vec<(String, u64, u64)>,
}

impl Spread {
    pub(super) fn of(visit: &Visit, title: String, bars: Bars, classes: &[u64]) -> Self {
        let total: u64 = classes.iter().sum();
        let summary = match (within(classes, total, 50), within(classes, total, 99)) {
            _ if total == 0 => visit.t("situation-no-times"),
            (Some(half), Some(most)) => visit.say.with(
                "situation-times",
                &[("count", total.into()), ("half", half.into()), ("most", most.into())],
            ),
            _ => visit.say.with("situation-slow", &[("count", total.into())]),
        };
        Self { title, summary, bars: bars.0 }
    }
}

/// Within how many seconds so many per cent were there; `None` where longer than the last class.
fn within(classes: &[u64], total: u64, per_cent: u64) -> Option<u64> {
    let mut reached = 0;
    for (count, end) in classes.iter().zip(WAIT_SECONDS) {
        reached += count;
        if reached * 100 >= total * per_cent {
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_inside_their_picture() {
        let cells = [Cell::Shown(3), Cell::Hidden, Cell::Shown(900), Cell::Shown(450)];
        let chart = Weeks::of("a".into(), "b".into(), &cells);
        for bar in &chart.bars {
            assert!(bar.height >= STUB && bar.y + bar.height == chart.height);
            assert!(bar.y >= ABOVE && bar.x + STEP - 2 < chart.width);
        }
        assert_eq!(chart.bars[1].number, None);
        assert_eq!((chart.bars[2].height, chart.bars[3].height), (64, 32));
    }

    #[test]
    fn shares_are_those_of_the_first_class_that_reaches_them() {
        let mut classes = [0; 10];
        classes[2] = 98;
        classes[4] = 2;
        assert_eq!((within(&classes, 100, 50), within(&classes, 100, 99)), (Some(5), Some(15)));
        classes[9] = 100;
        assert_eq!(within(&classes, 200, 99), None);
    }
}
