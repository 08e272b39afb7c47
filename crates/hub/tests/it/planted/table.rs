//! What was kept back, for people to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use super::plants::Plant;
use super::sorts::SORTS;

/// Counts by kind of identifier.
pub(super) struct Table {
    rows: Vec<Row>,
    /// By writing and by format: in values, and of these released.
    variants: BTreeMap<String, (usize, usize)>,
    formats: BTreeMap<&'static str, (usize, usize)>,
    leaked_fields: Vec<String>,
    /// What left, for whoever mends it.
    leaked_values: Vec<String>,
}

#[derive(Clone, Copy, Default)]
struct Row {
    fields: usize,
    leaked_fields: usize,
    values: usize,
    leaked_values: usize,
}

impl Table {
    /// Values that no report took for an indicator were not put to the gates and do not count.
    pub(super) fn of(
        plants: &[Plant],
        leaked: &BTreeSet<usize>,
        understood: &BTreeSet<String>,
    ) -> Self {
        let mut table = Self {
            rows: vec![Row::default(); SORTS.len()],
            variants: BTreeMap::new(),
            formats: BTreeMap::new(),
            leaked_fields: Vec::new(),
            leaked_values: Vec::new(),
        };
        for (number, plant) in plants.iter().enumerate() {
            let out = leaked.contains(&number);
            let row = &mut table.rows[plant.sort];
            let about = format!("{} in {}", SORTS[plant.sort].name, plant.format);
            match &plant.value {
                None => {
                    row.fields += 1;
                    row.leaked_fields += usize::from(out);
                    table.leaked_fields.extend(out.then_some(about));
                }
                Some((kind, value)) if out || understood.contains(value) => {
                    row.values += 1;
                    row.leaked_values += usize::from(out);
                    let counts = [
                        table.variants.entry(format!("{:?}", plant.variant)).or_default(),
                        table.formats.entry(plant.format).or_default(),
                    ];
                    for count in counts {
                        count.0 += 1;
                        count.1 += usize::from(out);
                    }
                    let line = format!("{about}, {:?}: {kind} {value}", plant.variant);
                    table.leaked_values.extend(out.then_some(line));
                }
                Some(_) => {}
            }
        }
        table
    }

    pub(super) fn fields(&self) -> usize {
        self.rows.iter().map(|r| r.fields).sum()
    }

    /// What left although it stood in a field that is never released.
    pub(super) fn leaked_fields(&self) -> Vec<String> {
        self.leaked_fields.clone()
    }

    /// Panics where the gates keep back fewer than promised: of each kind its own share, of all
    /// kinds that the hub can know `least` of a hundred.
    pub(super) fn assert_recall(&self, least: usize) {
        let (mut values, mut kept) = (0, 0);
        for (row, sort) in self.rows.iter().zip(&SORTS) {
            assert!(row.values >= 8, "{}: only {} in values", sort.name, row.values);
            let back = row.values - row.leaked_values;
            assert!(
                back * 100 >= row.values * sort.least,
                "{}: {back} of {}",
                sort.name,
                row.values
            );
            if sort.least > 0 {
                values += row.values;
                kept += back;
            }
        }
        assert!(kept * 100 >= values * least, "{kept} of {values}");
    }

    /// Prints the table and writes it beside the build.
    pub(super) fn publish(&self, engine: &str) {
        let text = self.text();
        println!("{text}");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("planted-{engine}.txt"));
        std::fs::write(&path, text.as_bytes()).unwrap();
        // Past the test harness, which hides the output of tests that pass.
        let at = format!("\nplanted identifiers on {engine}: see {}\n", path.display());
        std::io::stderr().write_all(at.as_bytes()).unwrap();
    }

    fn text(&self) -> String {
        let mut out = String::from(
            "Planted identifiers: in fields that are never released, and inside values that may be.\n\
             Recall is the share of the latter that no outlet byte, log line or figure held.\n\
             Rows marked * name what only the member's own list knows; the hub promises nothing.\n\n",
        );
        let _ = writeln!(
            out,
            "{:26} {:>7} {:>7} {:>8} {:>9} {:>8}",
            "kind", "fields", "leaked", "values", "released", "recall"
        );
        let mut sum = Row::default();
        for (row, sort) in self.rows.iter().zip(&SORTS) {
            let star = if sort.least == 0 { "*" } else { "" };
            line(&mut out, &format!("{}{star}", sort.name), row);
            sum.fields += row.fields;
            sum.leaked_fields += row.leaked_fields;
            sum.values += row.values;
            sum.leaked_values += row.leaked_values;
        }
        line(&mut out, "all", &sum);
        out.push_str("\nby writing\n");
        for (name, (values, leaked)) in &self.variants {
            let _ =
                writeln!(out, "  {name:24} {values:5} {leaked:5} {:>8}", recall(*values, *leaked));
        }
        out.push_str("\nby format\n");
        for (name, (values, leaked)) in &self.formats {
            let _ =
                writeln!(out, "  {name:24} {values:5} {leaked:5} {:>8}", recall(*values, *leaked));
        }
        out.push_str("\nreleased\n");
        for value in &self.leaked_values {
            let _ = writeln!(out, "  {value}");
        }
        out
    }
}

fn line(out: &mut String, name: &str, row: &Row) {
    let _ = writeln!(
        out,
        "{name:26} {:7} {:7} {:8} {:9} {:>8}",
        row.fields,
        row.leaked_fields,
        row.values,
        row.leaked_values,
        recall(row.values, row.leaked_values)
    );
}

/// In per cent with one digit.
fn recall(values: usize, leaked: usize) -> String {
    let permille = (values - leaked) * 1_000 / values.max(1);
    format!("{}.{} %", permille / 10, permille % 10)
}
