//! Reading the lines of a block list.

use noroshi_stix::Kind;
use noroshi_store::Param;

use super::entries::EntryTag;
use super::index::Place;
use super::{Shelf, schema};
use crate::error::OutletError;

/// The lines of a block list at one moment.
#[derive(Debug)]
pub(crate) struct ListLines {
    /// One value per line, sorted by byte, each once.
    pub(crate) text: String,
    /// How many.
    pub(crate) count: usize,
    /// When the first of them ends, microseconds; `i64::MAX` when none does.
    pub(crate) next_expiry: i64,
}

impl Shelf {
    /// The values of these kinds that are valid at `now` (microseconds): of the newest version of
    /// an object that is neither revoked nor past its `valid_until`.
    pub(crate) async fn list(
        &self,
        kinds: &'static [Kind],
        clear_only: bool,
        now: i64,
    ) -> Result<ListLines, OutletError> {
        let shelf = self.clone();
        let lines = self.0.store.read("list", move |tx| {
            let through = shelf.through();
            let end = Place::try_from(through).unwrap_or(Place::MAX);
            let (mut values, mut next_expiry) = (Vec::new(), i64::MAX);
            let max_tlp = if clear_only { 0_i64 } else { i64::MAX };
            for kind in kinds.iter().map(|k| k.as_str()) {
                let params = [
                    Param::from(kind),
                    Param::from(now),
                    Param::from(max_tlp),
                    Param::from(through),
                ];
                tx.each(schema::LIST, &params, |row| {
                    let (value, sequence, until) = (row.blob_ref(0)?, row.int(1)?, row.int(2)?);
                    let tlp = row.int(3)?;
                    // A value with a line break would be two lines.
                    let Ok(text) = str::from_utf8(value) else { return Ok(()) };
                    let tag = EntryTag::new(sequence, kind, value, until, tlp);
                    if text.contains(['\n', '\r']) {
                        return Ok(());
                    }
                    let view = shelf.view();
                    let place = Place::try_from(sequence.saturating_sub(1)).unwrap_or(Place::MAX);
                    let current = view.index.was_newest(place, end);
                    if !current || !view.entries.has(&tag) {
                        drop(view);
                        shelf.reject(1);
                        return Ok(());
                    }
                    next_expiry = next_expiry.min(until);
                    values.push(text.to_owned());
                    Ok(())
                })?;
            }
            values.sort_unstable();
            values.dedup();
            let count = values.len();
            let mut text = values.join("\n");
            if count > 0 {
                text.push('\n');
            }
            Ok(ListLines { text, count, next_expiry })
        });
        Ok(lines.await?)
    }
}
