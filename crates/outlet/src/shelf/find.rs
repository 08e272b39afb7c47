//! Searching what is released: newest first, with filters, page by page.

use std::ops::Range;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::catalog::{Piece, Row, band_number};
use super::facts::{Band, Sort};
use super::index::Place;
use super::{Shelf, View};
use crate::collection::Collection;
use crate::cursor::Position;

/// Whether an object still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Neither withdrawn nor past its end.
    Current,
    /// Past its end.
    Expired,
    /// Withdrawn.
    Revoked,
}

/// What is looked for. Everything left out wants everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Folded words that all have to be there ([`crate::search::words`]).
    pub(crate) words: Vec<String>,
    /// The one object of this id.
    pub(crate) id: Option<String>,
    /// Only what is TLP:CLEAR.
    pub(crate) clear_only: bool,
    pub(crate) collection: Option<Collection>,
    pub(crate) sort: Option<Sort>,
    /// Rank of the marking.
    pub(crate) tlp: Option<u8>,
    pub(crate) standing: Option<Standing>,
    pub(crate) band: Option<Band>,
    /// Added at this moment or later, microseconds.
    pub(crate) since: Option<i64>,
    /// Added before this moment, microseconds.
    pub(crate) until: Option<i64>,
    /// Only what stands before this place.
    pub(crate) before: Option<Position>,
    /// Only what stands after this place.
    pub(crate) after: Option<Position>,
    /// The present moment, microseconds.
    pub(crate) now: i64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The newest first.
    pub(crate) places: Vec<Place>,
    /// How many there are in all, before any cursor; no more than were counted.
    pub(crate) count: usize,
    /// Whether there are more than were counted.
    pub(crate) uncounted: bool,
    /// Whether older ones follow.
    pub(crate) more: bool,
}

impl Shelf {
    /// Finds the newest objects that are wanted, at most `limit`, and counts up to `cap`.
    pub(crate) async fn find(&self, wanted: Wanted, limit: usize, cap: usize) -> Found {
        let shelf = self.clone();
        // Some milliseconds of work: not among those who wait for the network.
        let scan = tokio::task::spawn_blocking(move || shelf.scan(&wanted, limit, cap));
        scan.await.unwrap_or_default()
    }

    fn scan(&self, wanted: &Wanted, limit: usize, cap: usize) -> Found {
        let (pieces, bounds) = {
            let view = self.view();
            (view.catalog.pieces(), view.bounds(wanted))
        };
        let mut found = Found::default();
        if let Some(id) = &wanted.id {
            let view = self.view();
            if let Some(place) = view.current(id)
                && let Some(row) = view.catalog.row(place)
                && bounds.contains(&place)
                && wanted.row(&row)
            {
                found.take(place, wanted, limit, cap);
            }
            return found;
        }
        let needles: Vec<Finder<'_>> = wanted.words.iter().map(Finder::new).collect();
        for piece in pieces.iter().rev() {
            let hits = hits(piece, &needles, wanted, &bounds);
            if hits.is_empty() {
                continue;
            }
            let view = self.view();
            for place in hits.into_iter().rev() {
                let mark = view.index.mark(place);
                if mark.is_some_and(|m| m.newest() && !m.gone())
                    && !found.take(place, wanted, limit, cap)
                {
                    return found;
                }
            }
        }
        found
    }
}

impl Found {
    /// Counts one; false where no further one is needed.
    fn take(&mut self, place: Place, wanted: &Wanted, limit: usize, cap: usize) -> bool {
        if self.count < cap {
            self.count += 1;
        } else {
            self.uncounted = true;
        }
        let sequence = i64::from(place) + 1;
        if wanted.before.is_none_or(|before| sequence < before.sequence) {
            if self.places.len() < limit {
                self.places.push(place);
            } else {
                self.more = true;
            }
        }
        !(self.uncounted && self.more)
    }
}

impl View {
    /// The newest version of an id, where it is released.
    pub(super) fn current(&self, id: &str) -> Option<Place> {
        let released = Collection::ALL.into_iter().filter(|c| c.is_released());
        let mut newest = released.filter_map(|c| self.index.newest_of(c, id).next());
        newest.find(|place| self.index.mark(*place).is_some_and(|m| !m.gone()))
    }

    /// The places between two dates, and after a place.
    fn bounds(&self, wanted: &Wanted) -> Range<Place> {
        let first_from = |date: i64| {
            let before = Position::after(date.saturating_sub(1));
            let released = Collection::ALL.into_iter().filter(|c| c.is_released());
            released.filter_map(|c| self.index.after(c, before).first().copied()).min()
        };
        let start = wanted.since.map_or(0, |date| first_from(date).unwrap_or(Place::MAX));
        let end = wanted.until.and_then(first_from).unwrap_or(Place::MAX);
        let after = wanted.after.map_or(0, |p| Place::try_from(p.sequence.max(0)).unwrap_or(0));
        start.max(after)..end
    }
}

impl Wanted {
    /// Whether a row passes every filter.
    fn row(&self, row: &Row) -> bool {
        (!self.clear_only || row.tlp == 0)
            && self.collection.is_none_or(|c| c == row.collection())
            && self.sort.is_none_or(|s| s.number() == row.sort)
            && self.tlp.is_none_or(|t| t == row.tlp)
            && self.band.is_none_or(|b| band_number(b) == row.band)
            && self.standing.is_none_or(|s| s == self.standing_of(row))
    }

    fn standing_of(&self, row: &Row) -> Standing {
        let now = u32::try_from(self.now.div_euclid(1_000_000)).unwrap_or_default();
        match (row.revoked(), row.until != u32::MAX && row.until <= now) {
            (true, _) => Standing::Revoked,
            (false, true) => Standing::Expired,
            (false, false) => Standing::Current,
        }
    }
}

/// The rows of a piece with all words that pass the filters, in order.
fn hits(
    piece: &Arc<Piece>,
    needles: &[Finder<'_>],
    wanted: &Wanted,
    bounds: &Range<Place>,
) -> Vec<Place> {
    let fits = |row: &Row| bounds.contains(&row.place) && wanted.row(row);
    if piece.rows.last().is_none_or(|row| row.place < bounds.start) {
        return Vec::new();
    }
    let Some((first, others)) = needles.split_first() else {
        return piece.rows.iter().filter(|row| fits(row)).map(|row| row.place).collect();
    };
    let (mut hits, mut at, mut number) = (Vec::new(), 0, 0);
    while let Some(hit) = piece.text.get(at..).and_then(|text| first.find(text)) {
        let hit = at + hit;
        while piece.rows.get(number).is_some_and(|row| row.end as usize <= hit) {
            number += 1;
        }
        let Some(row) = piece.rows.get(number) else { break };
        let text = piece.text_of(number);
        if fits(row) && others.iter().all(|other| other.find(text).is_some()) {
            hits.push(row.place);
        }
        at = row.end as usize;
    }
    hits
}
