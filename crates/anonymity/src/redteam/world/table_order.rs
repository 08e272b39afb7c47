//! In which order the reference model walks through a set of small numbers: that of CPython's hash
//! table of machine words (open addressing, runs of ten, growth to more than four times its use).

/// The numbers of a set that were added in this order, as the table is walked.
pub(super) fn table_order(added: &[usize]) -> Vec<usize> {
    let mut table: Vec<Option<usize>> = vec![None; 8];
    let mut used = 0;
    for &number in added {
        if table.contains(&Some(number)) {
            continue;
        }
        place(&mut table, number);
        used += 1;
        if used * 5 >= (table.len() - 1) * 3 {
            let mut larger = 8;
            while larger <= used * 4 {
                larger *= 2;
            }
            let old = std::mem::replace(&mut table, vec![None; larger]);
            old.into_iter().flatten().for_each(|n| place(&mut table, n));
        }
    }
    table.into_iter().flatten().collect()
}

/// Slots looked at beside the first before jumping.
const RUN: usize = 9;

fn place(table: &mut [Option<usize>], number: usize) {
    let mask = table.len() - 1;
    let mut at = number & mask;
    let mut rest = number;
    loop {
        let run = if at + RUN <= mask { RUN } else { 0 };
        let free = (at..=at + run).find(|i| table.get(*i) == Some(&None));
        if let Some(slot) = free.and_then(|i| table.get_mut(i)) {
            *slot = Some(number);
            return;
        }
        rest >>= 5;
        at = (at * 5 + 1 + rest) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::table_order;

    #[test]
    fn walks_as_cpython_does() {
        // list({...}) of CPython 3.11 for sets built with add() in this order.
        for (added, walked) in CASES {
            assert_eq!(table_order(added), *walked, "{added:?}");
        }
    }

    type Case = (&'static [usize], &'static [usize]);
    const CASES: &[Case] = &[
        (&[318], &[318]),
        (&[130, 379], &[130, 379]),
        (&[183, 407, 353], &[407, 353, 183]),
        (&[430, 378, 333, 271], &[378, 333, 430, 271]),
        (&[14, 430, 238, 397, 127], &[397, 430, 14, 238, 127]),
        (&[332, 26, 461, 80, 57, 190], &[332, 461, 80, 57, 26, 190]),
        (&[240, 444, 126, 194, 278, 52], &[194, 240, 52, 278, 444, 126]),
        (&[293, 127, 6, 374, 110, 208], &[293, 6, 110, 208, 374, 127]),
        (&[143, 93, 469, 444], &[469, 444, 93, 143]),
        (&[392, 199, 81, 390], &[392, 81, 390, 199]),
        (&[408, 36, 71, 316, 316, 227], &[227, 36, 71, 408, 316]),
        (&[64, 67, 0, 446, 2], &[64, 0, 2, 67, 446]),
        (&[8, 16, 24, 0], &[8, 16, 24, 0]),
    ];
}
