//! Tables of indicators: comma, tab, semicolon or bar between cells, headers in English or Japanese.
//!
//! A column whose name we know is read as what it says; every other cell is read as text. What
//! stands in a column of remarks counts only where it is defanged.

mod columns;

use noroshi_stix::{Kind, Observable};

use crate::draft::Collector;
use crate::text::{self, Outcome};
use crate::{DropReason, Origin, Place};
use columns::{Column, meaning, meaning_of_type};

/// The separator of a table whose first row is a header we know; nothing where it is no table.
pub(crate) fn guess(bytes: &[u8]) -> Option<u8> {
    let head = crate::charset::decode(bytes.get(..bytes.len().min(8192))?);
    let mut lines = head.text.lines().filter(|l| !l.trim().is_empty());
    let (first, second) = (lines.next()?, lines.next()?);
    SEPARATORS.into_iter().find(|separator| {
        let cells = |line: &str| line.bytes().filter(|b| b == separator).count();
        let header =
            first.split(char::from(*separator)).map(|c| meaning(c.trim().trim_matches('"')));
        let known = header.filter(|m| !matches!(m, Column::Other | Column::Remark)).count();
        cells(first) > 0 && known > 0 && cells(second) + 1 >= cells(first)
    })
}

const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The separator that splits the first lines most evenly.
fn likely_separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(10).collect();
    let score = |separator: u8| {
        let counts: Vec<usize> =
            lines.iter().map(|l| l.bytes().filter(|b| *b == separator).count()).collect();
        counts.iter().copied().min().unwrap_or(0)
    };
    SEPARATORS.into_iter().max_by_key(|s| (score(*s), *s == b',')).unwrap_or(b',')
}

/// Reads a table, row by row.
pub(crate) fn read(text: &str, out: &mut Collector<'_>) {
    let separator = guess(text.as_bytes()).unwrap_or_else(|| likely_separator(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut columns: Vec<Column> = Vec::new();
    // Looked up once: rows and columns may both be as many as the table has bytes.
    let mut type_column = None;
    let mut record = csv::StringRecord::new();
    let mut row = 0_u64;
    loop {
        row += 1;
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(_) => {
                out.problem(
                    format!("row {row}"),
                    "bad-row",
                    "This row is not readable as a table.",
                );
                continue;
            }
        }
        if row == 1 {
            let header: Vec<Column> = record.iter().map(meaning).collect();
            if header.iter().any(|m| *m != Column::Other) {
                type_column = header.iter().position(|c| *c == Column::Type);
                columns = header;
                continue;
            }
        }
        let of_row = type_column.and_then(|i| record.get(i)).map(meaning_of_type);
        read_row(&record, row, &columns, of_row.as_ref(), out);
    }
}

/// Reads a row; `of_row` is what its own cell says its values are.
fn read_row(
    record: &csv::StringRecord,
    row: u64,
    columns: &[Column],
    of_row: Option<&Column>,
    out: &mut Collector<'_>,
) {
    for (index, cell) in record.iter().enumerate() {
        let cell = cell.trim();
        if cell.is_empty() || columns::is_blank(cell) {
            continue;
        }
        let place = Place::Cell(row, index as u64 + 1);
        match columns.get(index).unwrap_or(&Column::Other) {
            Column::Type => {}
            Column::Value => match of_row {
                Some(Column::Kinds(kinds)) => read_cell(cell, kinds, place, out),
                Some(Column::Victim) => out.drop(cell, DropReason::Recipient, Origin::plain(place)),
                _ => {
                    if read_text(cell, &place, false, out) == 0 {
                        nothing(&place, out);
                    }
                }
            },
            Column::Kinds(kinds) => read_cell(cell, kinds, place, out),
            Column::Victim => out.drop(cell, DropReason::Recipient, Origin::plain(place)),
            Column::Remark => {
                read_text(cell, &place, true, out);
            }
            Column::Other => {
                read_text(cell, &place, false, out);
            }
        }
    }
}

/// Reads a cell that should be of one of `kinds`; else as text; else it is a problem.
fn read_cell(cell: &str, kinds: &[Kind], place: Place, out: &mut Collector<'_>) {
    let one_line = !cell.contains(['\n', '\r']);
    for kind in kinds.iter().filter(|_| one_line) {
        let bare = match kind {
            Kind::FileName => cell.rsplit(['\\', '/']).next().unwrap_or(cell),
            _ => cell,
        };
        if let Ok(observable) = Observable::parse(*kind, bare) {
            return out.find(observable, Origin::plain(place));
        }
        if let Some(observable) = text::refang_as(*kind, bare) {
            return out.find(observable, Origin { place, defanged: true });
        }
    }
    if read_text(cell, &place, false, out) == 0 {
        nothing(&place, out);
    }
}

/// The cell itself stays out of the message: problems may be logged.
fn nothing(place: &Place, out: &mut Collector<'_>) {
    out.problem(place.to_string(), "bad-value", "No indicator was recognised in this cell.");
}

/// Reads a cell as text; of remarks only what is defanged. Returns how many candidates it had.
fn read_text(cell: &str, place: &Place, remark: bool, out: &mut Collector<'_>) -> usize {
    let mut candidates = 0;
    text::extract(cell.as_bytes(), &mut |candidate| {
        candidates += 1;
        let origin = Origin { place: place.clone(), defanged: candidate.defanged };
        match candidate.outcome {
            Outcome::Found(o) if remark && !candidate.defanged => {
                out.drop(&o.value(), DropReason::Remark, origin);
            }
            Outcome::Found(o) => out.find(o, origin),
            Outcome::Dropped(text, reason) => out.drop(text, reason, origin),
        }
    });
    candidates
}
